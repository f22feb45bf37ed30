package seqmap

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The commonest lookup, in a bucket of the shape layout.WordSlots describes, is put together
// in Get from the functions below, because a call costs a good part of it. They have a type
// parameter that they do not need: the compiler stencils and inlines generic functions
// wherever Get is stenciled, in whatever package that is, but others only where the
// package imports theirs.

// line is a bucket of that shape.
type line[K comparable] struct{ at unsafe.Pointer }

// lineOf returns the home bucket of hash h in a table of word buckets.
func lineOf[K comparable](t *table, h uint64) line[K] {
	n, _ := bits.Mul64(h, t.buckets)
	// Safety: n < buckets, each of which is one line.
	return line[K]{unsafe.Add(t.base, uintptr(n)*layout.LineBytes)}
}

// wordHash returns the hash of a key of kind hashWord.
func wordHash[K comparable](t *table, key uint64) uint64 {
	hi, lo := bits.Mul64(key^t.hasher.seed, layout.FoldBy)
	return hi ^ lo
}

// Safety, in the three functions below: i < layout.WordSlots.

func (b line[K]) word(i uintptr) uint32 { return load32[K](unsafe.Add(b.at, 4*i)) }

func (b line[K]) key(i uintptr) uint64 { return load64[K](unsafe.Add(b.at, layout.WordKeysAt+8*i)) }

func (b line[K]) value(i uintptr) uint64 {
	return load64[K](unsafe.Add(b.at, layout.WordValuesAt+8*i))
}

// ends says whether the path of a key with hash h ends in the line, in this table.
func (b line[K]) ends(h uint64) bool {
	class := uint32(uint16(h>>layout.ClassShift)) * layout.Classes >> 16
	return load32[K](unsafe.Add(b.at, layout.WordControlAt))&(1<<class|layout.SealBit) == 0
}

// restful says whether a slot with word w is LIVE and nobody is inside.
func restful[K comparable](w uint32) bool {
	return w&(layout.StateMask|layout.Lock) == layout.Live
}

// firstEqual returns which of k0, k1 and k2, a line's keys, is the key, or layout.WordSlots. It
// takes no branch, because which slot has the key cannot be predicted.
func firstEqual[K comparable](k0, k1, k2, key uint64) (i uintptr) {
	n0, n1, n2 := differ[K](k0, key), differ[K](k1, key), differ[K](k2, key)
	return n0 + n0&n1 + n0&n1&n2
}

// differ returns 1 if a and b differ and 0 if not.
func differ[K comparable](a, b uint64) uintptr {
	if a != b {
		return 1
	}
	return 0
}

func load64[K comparable](p unsafe.Pointer) uint64 {
	if arch.Exploring {
		arch.Step()
	}
	return atomic.LoadUint64((*uint64)(p))
}

func load32[K comparable](p unsafe.Pointer) uint32 {
	if arch.Exploring {
		arch.Step()
	}
	return atomic.LoadUint32((*uint32)(p))
}
