package cell

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// LoadLive reads the cell at p, and says false if it is not live. It waits for a writer of
// a live cell whose value is wider than a word, but not for one that makes the cell live.
func LoadLive[T any](p unsafe.Pointer) (v T, ok bool) {
	var b arch.Backoff
	for {
		word := Word(p) // R1
		if !IsLive(word) {
			var zero T
			return zero, false
		}
		v = Copy[T](p)                 // R2
		if Settled[T](word, Word(p)) { // R3, R4
			return v, true
		}
		b.Wait()
	}
}

// ReplaceLive makes one attempt to write *v, of a whole T, to the cell at p, whose word was seen
// (W1 to W4). It fails, having changed nothing, if the cell was not live, if somebody was inside, or
// if somebody came by. Writers make their first attempt by it, in line, because it is nearly always
// the last.
func ReplaceLive[T any](p unsafe.Pointer, seen uint64, v *T) bool {
	if seen&(layout.StateMask|layout.Lock) != layout.Live {
		return false
	}
	return arch.CommitCell(p, unsafe.Pointer(v), unsafe.Sizeof(*v)/layout.WordBytes, seen, seen+layout.Version)
}

// ReplaceWord is ReplaceLive for a T of one machine word, in which no kernel takes part.
func ReplaceWord[T any](p unsafe.Pointer, seen uint64, v *T) bool {
	// Safety: the caller says that *v is a word.
	return seen&(layout.StateMask|layout.Lock) == layout.Live &&
		arch.CommitWord(p, *(*uint64)(unsafe.Pointer(v)), seen, seen+layout.Version)
}

// Settled says whether a value read between two looks at the word is the value of a live
// cell. A value of one machine word cannot tear, so a lock taken or released in between
// does not matter to it.
func Settled[T any](word, again uint64) bool {
	if Small[T]() {
		return (word^again)&^layout.Lock == 0 && IsLive(word)
	}
	return word == again && word&(layout.StateMask|layout.Lock) == layout.Live
}

// IsLive says whether a cell with this word is live, locked or not.
func IsLive(word uint64) bool { return word&layout.StateMask == layout.Live }
