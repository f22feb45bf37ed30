package seqmap

import (
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The commonest lookup, in a bucket of the shape layout.WordSlots describes, is put together
// in Get from the functions below, because a call costs a good part of it. They are here
// rather than in internal/arch because the compiler inlines into the instances of a generic
// function in a user's package only what the function's own package has.

// line returns the home bucket of hash h in a table of word buckets.
func (t *table) line(h uint64) unsafe.Pointer {
	n, _ := bits.Mul64(h, t.buckets)
	// Safety: n < buckets, each of which is one line.
	return unsafe.Add(t.base, uintptr(n)*layout.LineBytes)
}

// The functions of a line's slot i. Safety: i < layout.WordSlots.

func lineWord(b unsafe.Pointer, i uintptr) uint32 { return arch.Load32(unsafe.Add(b, 4*i)) }

func lineKey(b unsafe.Pointer, i uintptr) uint64 {
	return arch.Load64(unsafe.Add(b, layout.WordKeysAt+8*i))
}

func lineValue(b unsafe.Pointer, i uintptr) uint64 {
	return arch.Load64(unsafe.Add(b, layout.WordValuesAt+8*i))
}

// restful says whether a slot with word w is LIVE and nobody is inside.
func restful(w uint32) bool { return w&(layout.StateMask|layout.Lock) == layout.Live }

// lineEnds says whether the path of a key with hash h ends in the line, in this table.
func lineEnds(b unsafe.Pointer, h uint64) bool {
	x := arch.Load32(unsafe.Add(b, layout.WordControlAt))
	return x&(uint32(layout.ClassBit(h))|layout.SealBit) == 0
}

// firstEqual returns which of k0, k1 and k2, a line's keys, is the key, or layout.WordSlots. It
// takes no branch, because which slot has the key cannot be predicted.
func firstEqual(k0, k1, k2, key uint64) (i uintptr) {
	n0, n1, n2 := differ(k0, key), differ(k1, key), differ(k2, key)
	return n0 + n0&n1 + n0&n1&n2
}

// differ returns 1 if a and b differ and 0 if not.
func differ(a, b uint64) uintptr {
	if a != b {
		return 1
	}
	return 0
}
