package arch

import (
	"math/bits"
	"math/rand/v2"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A wordBucket is a word bucket as the constants of layout have it.
type wordBucket struct {
	words   [layout.WordSlots]uint32
	control uint32
	keys    [layout.WordSlots]uint64
	values  [layout.WordSlots]uint64
}

var _ = [1]struct{}{}[unsafe.Sizeof(wordBucket{})-layout.LineBytes]
var _ = [1]struct{}{}[unsafe.Offsetof(wordBucket{}.control)-layout.WordControlAt]
var _ = [1]struct{}{}[unsafe.Offsetof(wordBucket{}.keys)-layout.WordKeysAt]
var _ = [1]struct{}{}[unsafe.Offsetof(wordBucket{}.values)-layout.WordValuesAt]

// wordStates are all that the word of a slot can be.
var wordStates = []uint32{
	layout.Empty, layout.Claimed, layout.Sealed, layout.Moved,
	layout.Live, layout.Live | layout.Lock, layout.Dead, layout.Dead | layout.Lock,
	layout.Final | layout.Lock, // FROZEN
}

// scramble fills buckets with anything at all. Most slots are LIVE, so that something is found.
func scramble(r *rand.Rand, buckets []wordBucket) {
	for i := range buckets {
		b := &buckets[i]
		b.control = r.Uint32() & 0xff
		if r.IntN(2) == 0 {
			b.control &= r.Uint32() & r.Uint32()
		}
		for s := range b.words {
			b.words[s] = layout.Live
			if r.IntN(3) == 0 {
				b.words[s] = wordStates[r.IntN(len(wordStates))]
			}
			if w := b.words[s]; w != layout.Empty && w != layout.Claimed && w != layout.Sealed && w != layout.Moved {
				b.words[s] |= r.Uint32() &^ (layout.Version - 1)
			}
			b.keys[s], b.values[s] = smallKey(r), r.Uint64()
		}
	}
}

// smallKey is one of few keys, among which is that of EMPTY slots.
func smallKey(r *rand.Rand) uint64 { return uint64(r.IntN(40)) * 0x0123456789abcdef }

// put makes a LIVE slot for a key in the first EMPTY one on its path.
func put(buckets []wordBucket, key, seed, value uint64) {
	h := HashWord(key, seed)
	n, _ := bits.Mul64(h, uint64(len(buckets)))
	for {
		b := &buckets[n]
		for s := range b.words {
			if b.words[s] == layout.Empty {
				b.words[s], b.keys[s], b.values[s] = layout.Live, key, value
				return
			}
		}
		b.control |= uint32(layout.ClassBit(h))
		n = (n + 1) % uint64(len(buckets))
	}
}
