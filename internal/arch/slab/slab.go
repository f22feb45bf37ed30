// Package slab allocates the memory that the containers cut into cells and buckets:
// zeroed, aligned to cache lines, on the Go heap, and not scanned by the garbage
// collector, because the objects that it consists of have no pointers.
package slab

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// line is one cache line. An array of words instead of bytes makes the collector's
// object 8-byte aligned on 32-bit platforms too.
type line [layout.LineBytes / layout.WordBytes]uint64

var _ [layout.LineBytes]byte = [unsafe.Sizeof(line{})]byte{}

// Bytes returns the bytes of n pieces of stride bytes each, and false if they are more
// than one allocation may take or n is negative. It never overflows.
func Bytes(n int, stride uintptr) (bytes uintptr, ok bool) {
	if n < 0 || stride != 0 && uint64(n) > MaxBytes/uint64(stride) {
		return 0, false
	}
	return uintptr(n) * stride, true
}

// Alloc returns a pointer to at least bytes bytes of zeroed memory that start on a cache
// line. Any unsafe.Pointer into them keeps them alive, and nothing else does: the
// collector does not look inside, so pointers must not be stored there.
//
// It panics if bytes is above MaxBytes. That is checked first, because a make that asks
// the operating system for too much ends the program and cannot be recovered from.
func Alloc(bytes uintptr) unsafe.Pointer {
	if uint64(bytes) > MaxBytes {
		panic(fmt.Sprintf("slab: %d bytes in one piece: the limit is %d", bytes, uint64(MaxBytes)))
	}
	n := max((bytes+layout.LineBytes-1)/layout.LineBytes, 1)
	if p := unsafe.Pointer(unsafe.SliceData(make([]line, n))); aligned(p) {
		return p
	}
	// The allocator aligns objects of whole lines by itself, except where a sanitizer
	// puts something in front of them.
	p := unsafe.Pointer(unsafe.SliceData(make([]line, n+1)))
	// Safety: the step is at most one line, and the object has one line to spare.
	return unsafe.Add(p, -uintptr(p)&(layout.LineBytes-1))
}

func aligned(p unsafe.Pointer) bool { return uintptr(p)%layout.LineBytes == 0 }
