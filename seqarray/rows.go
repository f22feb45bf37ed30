package seqarray

import (
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
)

// rows finds the cell of an index. Its fields but dir never change after New.
type rows struct {
	first      unsafe.Pointer // the cells of the first segment, in a row
	firstCells int
	stride     uintptr // bytes from one cell to the next; 0 in a zero value

	// dir lists all segments, the first included. It is nil until Grow enlarges the
	// array, and replaced as a whole, by CAS, whenever Grow does so again.
	dir atomic.Pointer[directory]
}

// directory lists the segments of an array that has been enlarged. It never changes.
type directory struct {
	capacity int
	stride   uintptr
	segments []segment // in the order of their indexes, which leave no gap
}

// segment is a row of cells for the indexes from start. It never moves.
type segment struct {
	cells unsafe.Pointer
	start int
}

// at returns the cell of index i, or nil if i is out of bounds.
func (r *rows) at(i int) unsafe.Pointer {
	if uint(i) < uint(r.firstCells) {
		// Safety: i is below the number of cells of the segment.
		return unsafe.Add(r.first, uintptr(i)*r.stride)
	}
	return r.atSlow(i)
}

// atSlow is at for an array that has been enlarged. It is kept out of line so that at is
// inlined.
//
//go:noinline
func (r *rows) atSlow(i int) unsafe.Pointer {
	d := r.directory()
	if d == nil || uint(i) >= uint(d.capacity) {
		return nil
	}
	// The last segment holds half of the cells or more, the one before it half of the
	// rest or more, …
	k := len(d.segments) - 1
	for d.segments[k].start > i { // ends, because the first segment starts at 0
		k--
	}
	s := &d.segments[k]
	// Safety: start <= i, and i is below the start of the next segment or below the
	// capacity, where the last one ends.
	return unsafe.Add(s.cells, uintptr(i-s.start)*d.stride)
}

func (r *rows) directory() *directory {
	arch.Step()
	return r.dir.Load()
}

func (r *rows) capacity() int {
	if d := r.directory(); d != nil {
		return d.capacity
	}
	return r.firstCells
}
