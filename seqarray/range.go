package seqarray

import (
	"fmt"
	"iter"

	"github.com/seqmap/seqmap-go/internal/arch/cell"
)

// All yields the index and value of every cell that is set, in the order of the indexes.
// Each value is read when its turn comes, with nothing locked while the loop body runs,
// so the body may use the array. A cell that is set throughout is yielded exactly once;
// cells that Grow adds after the start are not.
func (a *SeqArray[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := range a.Cap() {
			if v, ok := cell.LoadLive[T](a.cells.at(i)); ok && !yield(i, v) {
				return
			}
		}
	}
}

// Values yields the values that All yields, in the same order.
func (a *SeqArray[T]) Values() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, v := range a.All() {
			if !yield(v) {
				return
			}
		}
	}
}

// CopyTo copies the values of consecutive cells, beginning at index from, to dst, and
// returns how many it copied. It stops where dst is full, at the first cell that is
// unset, and at the end of the array. Each value is read by itself: CopyTo is not a
// snapshot of several cells. It panics if from is negative.
func (a *SeqArray[T]) CopyTo(dst []T, from int) int {
	if from < 0 {
		panic(fmt.Sprintf("seqarray: CopyTo from negative index %d", from))
	}
	for n := range dst {
		p := a.cells.at(from + n)
		if p == nil {
			return n
		}
		v, ok := cell.LoadLive[T](p)
		if !ok {
			return n
		}
		dst[n] = v
	}
	return len(dst)
}

// Fill writes v to every cell that the array has when Fill begins, one after the other.
// Cells that Grow adds meanwhile stay as they are.
func (a *SeqArray[T]) Fill(v T) {
	for i := range a.Cap() {
		a.put(a.cells.at(i), v, false)
	}
}
