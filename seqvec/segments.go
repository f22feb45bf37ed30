package seqvec

import (
	"fmt"
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/slab"
	"github.com/seqmap/seqmap-go/seqcore"
)

const (
	// minShift: the first segment that doubling begins with holds 1<<minShift cells
	// at least.
	minShift = 4
	// maxSegments is more than doubling can reach before it meets slab.MaxBytes.
	maxSegments = 40
)

// segments holds the cells of a vector. Segment 0 has the capacity that New was asked
// for, and may be missing; segment 1 is as large, rounded up to a power of two, and each
// further one twice as large as the one before. A segment is allocated when the first
// index in it is needed, and neither moves nor goes away.
type segments struct {
	// firstCells and moreShift are set by init and never change.
	firstCells int   // cells of segment 0
	moreShift  uint8 // segment 1 holds 1<<(minShift+moreShift) cells

	// base holds the address of each segment. Each is set once, by CAS, in order.
	base [maxSegments]atomic.Pointer[byte]
}

// init fixes the sizes and allocates segment 0 for n cells.
func (s *segments) init(n int, stride uintptr) {
	checkLength("negative capacity", n)
	if n == 0 {
		return
	}
	p := allocate(n, stride)
	s.firstCells = n
	s.moreShift = uint8(max(bits.Len(uint(n-1)), minShift) - minShift)
	s.base[0].Store((*byte)(p))
}

// at returns the cell of index i, or nil if i is negative or its segment has not been
// allocated.
func (s *segments) at(i int, stride uintptr) unsafe.Pointer {
	if uint(i) < uint(s.firstCells) {
		// Safety: i is below the number of cells of the segment.
		return unsafe.Add(s.load(0), uintptr(i)*stride)
	}
	if i < 0 {
		return nil
	}
	k, offset := s.locate(i)
	if k >= maxSegments {
		return nil
	}
	base := s.load(k)
	if base == nil {
		return nil
	}
	// Safety: locate keeps offset below the number of cells of segment k.
	return unsafe.Add(base, uintptr(offset)*stride)
}

// locate returns the segment, 1 or above, and the place in it of an index that is not in
// segment 0.
func (s *segments) locate(i int) (k, offset int) {
	shift := s.shift()
	rest := uint(i - s.firstCells)
	k = bits.Len(rest>>shift + 1)
	return k, int(rest - (1<<(k-1)-1)<<shift)
}

// end returns the index that follows those of segment k.
func (s *segments) end(k int) int { return s.firstCells + (1<<k-1)<<s.shift() }

func (s *segments) shift() uint { return minShift + uint(s.moreShift) }

func (s *segments) load(k int) unsafe.Pointer {
	arch.Step()
	return unsafe.Pointer(s.base[k].Load())
}

// capacity returns the number of cells that have been allocated.
func (s *segments) capacity() int {
	k := 0
	for k+1 < maxSegments && s.load(k+1) != nil {
		k++
	}
	return s.end(k)
}

// grow allocates what is missing for the indexes below n. Nobody waits for it: of several
// callers that allocate the same segment one keeps its own, and the others drop theirs
// and use that one. It panics, having changed nothing that can be seen but Cap, if the
// platform cannot hold n cells.
func (s *segments) grow(n int, stride uintptr) {
	if n <= s.firstCells {
		return
	}
	last, _ := s.locate(n - 1)
	if last >= maxSegments {
		tooLarge(n, stride)
	}
	if _, ok := slab.Bytes(1<<(last-1)<<s.shift(), stride); !ok {
		tooLarge(n, stride)
	}
	for k := 1; k <= last; k++ {
		if s.load(k) != nil {
			continue
		}
		p := allocate(1<<(k-1)<<s.shift(), stride)
		arch.Step()
		s.base[k].CompareAndSwap(nil, (*byte)(p))
	}
}

func allocate(n int, stride uintptr) unsafe.Pointer {
	bytes, ok := slab.Bytes(n, stride)
	if !ok {
		tooLarge(n, stride)
	}
	return slab.Alloc(bytes)
}

func tooLarge(n int, stride uintptr) {
	panic(fmt.Sprintf("seqvec: %d cells of %d bytes: the limit is %d bytes in one segment", n, stride, uint64(slab.MaxBytes)))
}

// checkType panics if T cannot be kept in a cell.
func checkType[T any]() {
	if err := seqcore.CheckType[T](); err != nil {
		panic(err)
	}
}
