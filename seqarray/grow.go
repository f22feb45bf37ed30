package seqarray

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/slab"
	"github.com/seqmap/seqmap-go/seqcore"
)

// Cap returns the number of cells, set or not, in constant time.
func (a *SeqArray[T]) Cap() int {
	return a.cells.capacity()
}

// Grow makes the capacity at least n. The new cells are unset, and no cell moves, so no
// reader or writer ever waits for Grow. If it enlarges the array at all, it doubles it at
// least, so that any number of calls leaves few segments. It panics if n is negative or
// more than the platform can hold, and then nothing has changed.
//
// It takes time and memory in proportion to the cells added. Of several calls at once one
// adds its cells, and the others look whether that is enough for them.
func (a *SeqArray[T]) Grow(n int) {
	if n < 0 {
		panic(fmt.Sprintf("seqarray: Grow to negative capacity %d", n))
	}
	for {
		old := a.cells.directory()
		capacity := a.cells.firstCells
		if old != nil {
			capacity = old.capacity
		}
		if n <= capacity {
			return
		}
		arch.Step()
		if a.cells.dir.CompareAndSwap(old, a.enlarge(old, capacity, n)) {
			return
		}
	}
}

// enlarge returns a directory with one more segment than old, for at least n cells.
func (a *SeqArray[T]) enlarge(old *directory, capacity, n int) *directory {
	stride := a.cells.stride
	if stride == 0 { // a zero value
		checkType[T]()
		stride = cellBytes[T](false)
	}
	add := n - capacity
	if _, ok := slab.Bytes(capacity, stride); ok {
		add = max(add, capacity)
	}
	d := &directory{capacity: capacity + add, stride: stride}
	switch {
	case old != nil:
		d.segments = append(d.segments, old.segments...)
	case a.cells.firstCells > 0:
		d.segments = append(d.segments, segment{cells: a.cells.first})
	}
	d.segments = append(d.segments, segment{cells: allocate(add, stride), start: capacity})
	return d
}

// allocate returns n unset cells.
func allocate(n int, stride uintptr) unsafe.Pointer {
	if n < 0 {
		panic(fmt.Sprintf("seqarray: negative capacity %d", n))
	}
	bytes, ok := slab.Bytes(n, stride)
	if !ok {
		panic(fmt.Sprintf("seqarray: %d cells of %d bytes: the limit is %d bytes", n, stride, uint64(slab.MaxBytes)))
	}
	return slab.Alloc(bytes)
}

// cellBytes returns the bytes from one cell to the next.
func cellBytes[T any](padding bool) uintptr {
	stride := cell.Stride[T]()
	if padding {
		stride = (stride + layout.LineBytes - 1) &^ (layout.LineBytes - 1)
	}
	return stride
}

// checkType panics if T cannot be kept in a cell.
func checkType[T any]() {
	if err := seqcore.CheckType[T](); err != nil {
		panic(err)
	}
}
