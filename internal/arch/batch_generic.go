package arch

import (
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// HashWord returns the hash of a key of one word: the product of 128 bits, folded. The upper
// bits of the result choose the bucket, the lower ones the home slot, the class, the tag and
// the counter stripe.
func HashWord(key, seed uint64) uint64 {
	hi, lo := bits.Mul64(key^seed, layout.FoldBy)
	return hi ^ lo
}

// Batch is what a batch lookup needs besides its operands.
type Batch struct {
	// Odd are the positions of the keys for which the plain routine must be asked.
	Odd [layout.BatchKeys]uint8
	// ring holds hash and line of each key whose line has been asked for.
	ring [layout.BatchRing][2]uint64
}

// genericAhead is how many lines are touched before the first of them is read.
const genericAhead = 16

// GetWordBatchGeneric looks up n keys, at most layout.BatchKeys, in a table of word buckets at
// base, as GetWordGeneric does, with the hashes that HashWord gives for the seed. For a
// key that is there it sets its value and its byte of found to 1, for one that is absent
// both to 0. The positions of all others are put into b.Odd, in order, and their values and
// bytes of found are left alone. It returns the number of keys found and that of odd ones.
//
// Each key is a lookup of its own. keys and values may be the same memory.
func GetWordBatchGeneric(base unsafe.Pointer, buckets, seed uint64, keys, values, found unsafe.Pointer, n uintptr, b *Batch) (hits, odd int) {
	var hashes [genericAhead]uint64
	for first := uintptr(0); first < n; first += genericAhead {
		end := min(n, first+genericAhead)
		for i := first; i < end; i++ {
			// Safety, here and below: i < n, which is the length of all three.
			h := HashWord(*(*uint64)(unsafe.Add(keys, 8*i)), seed)
			hashes[i-first] = h
			line, _ := bits.Mul64(h, buckets)
			Touch(unsafe.Add(base, uintptr(line)*layout.LineBytes))
		}
		for i := first; i < end; i++ {
			value, ok := GetWordGeneric(base, buckets, hashes[i-first], *(*uint64)(unsafe.Add(keys, 8*i)))
			if ok == Unsure {
				b.Odd[odd] = uint8(i)
				odd++
				continue
			}
			*(*uint64)(unsafe.Add(values, 8*i)) = value
			*(*uint8)(unsafe.Add(found, i)) = uint8(ok)
			hits += int(ok)
		}
	}
	return hits, odd
}
