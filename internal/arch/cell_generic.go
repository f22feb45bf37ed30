package arch

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// CommitCellGeneric is the whole write of a cell, W1 to W4, as one attempt: if the word
// at p is seen, which must be unlocked, it locks the cell, copies n words from src to the
// words behind the sequence word, and ends with the word next. It returns false, having
// changed nothing, if the word is not seen.
//
// It is nosplit and noinline, which gives it no point at which the Go scheduler can stop
// it: no goroutine is ever parked while a cell is locked. It is nocheckptr because the
// checks, which come with the race detector, are calls in which the scheduler can.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func CommitCellGeneric(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	if !CAS64(p, seen, seen|layout.Lock) { // W1, and W2 because the CAS is an acquire
		return false
	}
	for i := uintptr(1); i <= n; i++ { // W3
		Store64(unsafe.Add(p, i*8), *(*uint64)(unsafe.Add(src, (i-1)*8)))
	}
	Store64(p, next) // W4
	return true
}

// StoreCellGeneric is CommitCellGeneric for a cell that is live and unlocked, whatever its
// version: it ends with the next version. It returns false, having changed nothing, if the
// cell is not live, or locked, or written by somebody else at the same time.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func StoreCellGeneric(p, src unsafe.Pointer, n uintptr) bool {
	seen := Load64(p)
	if seen&(layout.StateMask|layout.Lock) != layout.Live {
		return false
	}
	if !CAS64(p, seen, seen|layout.Lock) { // W1, W2
		return false
	}
	for i := uintptr(1); i <= n; i++ { // W3
		Store64(unsafe.Add(p, i*8), *(*uint64)(unsafe.Add(src, (i-1)*8)))
	}
	Store64(p, seen+layout.Version) // W4
	return true
}
