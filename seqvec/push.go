package seqvec

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Push appends x and returns its index. The element is readable by that index before
// Push returns (G2). Indexes are given out without gaps: 0, 1, 2, … as long as nobody
// pops (G1).
//
// It takes constant time, but for the allocation of a new segment when the capacity is
// used up; that moves nothing, and nobody waits for it. Push waits for nobody except a
// Pop or Truncate that has lowered the length and not yet emptied the element's cell. It
// panics if T has pointers or is larger than a cell can be, or if the platform cannot
// hold more elements, and then nothing has been pushed.
func (v *SeqVec[T]) Push(x T) int {
	var b arch.Backoff
	src := staged[T]{v: x}
	for {
		tail := v.loadTail()
		i := index(tail)
		p := v.at(i)
		if p == nil {
			v.grow(i + 1)
			continue
		}
		seen := cell.Word(p)
		if !free(seen) {
			b.Wait() // for whoever takes the value that was there, or the tail has moved
			continue
		}
		switch pushCell(v.tailWord(), tail, moved(tail, i+1), p, unsafe.Pointer(&src), layout.Words(unsafe.Sizeof(x)), seen) {
		case done:
			return i
		case reserved:
			publish(p, x)
			return i
		}
	}
}

// PushSlice appends the values of vs at consecutive indexes and returns the first of
// these; if vs is empty, the length. The indexes are reserved at once, so the values of
// another Push never come between them, but the elements become readable one by one.
// Otherwise it is as Push, in time proportional to len(vs).
func (v *SeqVec[T]) PushSlice(vs []T) (first int) {
	var b arch.Backoff
	for {
		tail := v.loadTail()
		first = index(tail)
		if len(vs) == 0 {
			return first
		}
		n := first + len(vs)
		if n < first || uint64(n) > indexMask {
			panic(fmt.Sprintf("seqvec: PushSlice of %d values to a vector of length %d: too many", len(vs), first))
		}
		if v.at(n-1) == nil {
			v.grow(n)
		}
		if !v.allFree(first, n) {
			b.Wait()
			continue
		}
		if arch.CAS64(v.tailWord(), tail, moved(tail, n)) {
			break
		}
	}
	for k, x := range vs { // ascending: see "Who waits for whom" in doc.go
		publish(v.at(first+k), x)
	}
	return first
}

// allFree says whether a Push may fill the cells from first to n-1.
func (v *SeqVec[T]) allFree(first, n int) bool {
	for i := first; i < n; i++ {
		if !free(cell.Word(v.at(i))) {
			return false
		}
	}
	return true
}

// publish fills the cell at p, whose index the caller has reserved, waiting until the
// value that was there has been taken.
func publish[T any](p unsafe.Pointer, x T) {
	var b arch.Backoff
	for {
		seen := cell.Word(p)
		if free(seen) && cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), &x) {
			return
		}
		b.Wait()
	}
}

// grow makes room for n elements. It is the first use of a zero value, too.
func (v *SeqVec[T]) grow(n int) {
	checkType[T]()
	v.segments.grow(n, cell.Stride[T]())
}
