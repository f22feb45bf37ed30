package seqvec

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The tail word holds the reserved length in its low bits, and above them a version that
// grows with every change. The version keeps a CAS from succeeding when the length went
// away and came back meanwhile.
const (
	indexBits = 40
	indexMask = 1<<indexBits - 1
)

func index(tail uint64) int { return int(tail & indexMask) }

// moved returns the tail that replaces tail when the reserved length becomes n.
func moved(tail uint64, n int) uint64 {
	return (tail&^indexMask + 1<<indexBits) | uint64(n)
}

// outcome is how far a reservation got.
type outcome int

const (
	lost     outcome = iota // the tail was not what was seen; nothing has changed
	reserved                // the tail is moved, the cell is still to be filled or emptied
	done                    // the tail is moved and the cell filled or emptied
)

// pushCell reserves the index of the cell at p by a CAS of the tail, and then fills the
// cell with the n words at src if its word is still seen, which must be free.
//
// Like arch.CommitCellGeneric, and for the same reason, it is nosplit and noinline: the Go
// scheduler has no point in it at which it could stop a goroutine between the two steps,
// so other goroutines find an index reserved and not yet filled only for a moment. The
// entry of another function of Go would be such a point, so this is arch.CommitCell in line.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func pushCell(tailp unsafe.Pointer, tail, newTail uint64, p, src unsafe.Pointer, n uintptr, seen uint64) outcome {
	if !arch.CAS64(tailp, tail, newTail) {
		return lost
	}
	next, filled := layout.Next(seen, layout.Live), false
	switch {
	case arch.HasCommitCellBest(n):
		filled = arch.CommitCellBest(p, src, n, seen, next)
	case arch.HasCommitCellBase(n):
		filled = arch.CommitCellBase(p, src, n, seen, next)
	case arch.CAS64(p, seen, seen|layout.Lock): // W1, W2
		for i := uintptr(1); i <= n; i++ { // W3
			arch.Store64(unsafe.Add(p, i*8), *(*uint64)(unsafe.Add(src, (i-1)*8)))
		}
		arch.Store64(p, next) // W4
		filled = true
	}
	if !filled {
		return reserved
	}
	return done
}

// popCell reserves the removal of the cell at p by a CAS of the tail, and then empties
// the cell if its word is still seen, which must be live and unlocked. It is nosplit and
// noinline as pushCell is, which does the same the other way round.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func popCell(tailp unsafe.Pointer, tail, newTail uint64, p unsafe.Pointer, seen uint64) outcome {
	if !arch.CAS64(tailp, tail, newTail) {
		return lost
	}
	if !arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {
		return reserved
	}
	return done
}

// staged is a value on its way into a cell: the value, with enough room behind it to be
// read in whole words.
type staged[T any] struct {
	_ [0]uint64
	v T
	_ [layout.WordBytes - 1]byte
}

func (v *SeqVec[T]) tailWord() unsafe.Pointer { return unsafe.Pointer(&v.tail) }

func (v *SeqVec[T]) loadTail() uint64 { return arch.Load64(v.tailWord()) }
