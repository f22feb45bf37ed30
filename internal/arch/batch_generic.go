package arch

import (
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// HashWord returns the hash of a key of at most one word: the product of 128 bits, folded. The
// upper bits of the result choose the bucket, the lower ones the home slot, the class, the
// tag and the counter stripe.
func HashWord(key, seed uint64) uint64 { return fold(key^seed, layout.FoldBy) }

// HashPair returns the hash of a key of two words.
func HashPair(first, second, seed uint64) uint64 {
	return fold(HashWord(first, seed)^second, layout.FoldByMore)
}

func fold(x, by uint64) uint64 {
	hi, lo := bits.Mul64(x, by)
	return hi ^ lo
}

// Batch is what a batch lookup needs besides its operands: the table, and memory to work in.
type Batch struct {
	Table
	// Odd are the positions of the keys for which the plain routine must be asked.
	Odd [layout.BatchKeys]uint8
	// ring holds hash and bucket of each key whose bucket has been asked for.
	ring [layout.BatchRing][2]uint64
}

// genericAhead is how many buckets are touched before the first of them is read.
const genericAhead = 16

// GetBatchGeneric looks up n keys, at most layout.BatchKeys, which stand one after the other
// at keys. For a key that is there it copies its value to its place at values and sets its
// byte of found to 1; for one that is absent it clears both. The positions of all others are put
// into b.Odd, in order, and their values and bytes of found are left alone: where a slot is
// locked, DEAD or being moved, where the table is sealed, and where the path goes on after
// layout.BatchWalks steps from bucket to bucket for all keys so far. It returns the number of
// keys found and that of odd ones.
//
// Each key is a lookup of its own. keys and values may be the same memory.
func GetBatchGeneric(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	var hashes [genericAhead]uint64
	walks := layout.BatchWalks
	for first := uintptr(0); first < n; first += genericAhead {
		end := min(n, first+genericAhead)
		for i := first; i < end; i++ {
			// Safety, here and below: i < n, which is the length of all three.
			h := b.hash(unsafe.Add(keys, i*b.keyBytes))
			hashes[i-first] = h
			n, _ := bits.Mul64(h, b.Buckets)
			Touch(b.bucket(n))
		}
		for i := first; i < end; i++ {
			key, value := unsafe.Add(keys, i*b.keyBytes), unsafe.Add(values, i*uintptr(b.valueBytes))
			bucket, slot, ok, left := b.find(hashes[i-first], key, walks)
			walks = left
			switch ok {
			case Absent:
				clear(unsafe.Slice((*uint8)(value), b.valueBytes))
			case Present:
				ok = b.copyValue(bucket, slot, key, value)
			}
			if ok == Unsure {
				b.Odd[odd] = uint8(i)
				odd++
				continue
			}
			*(*uint8)(unsafe.Add(found, i)) = uint8(ok)
			hits += int(ok)
		}
	}
	return hits, odd
}

// PrefetchGeneric asks for the first lines, at most layout.BatchLines, of the home bucket of
// each of n hashes, in a table of buckets of the given size at base.
func PrefetchGeneric(base unsafe.Pointer, buckets uint64, bytes uintptr, hashes unsafe.Pointer, n uintptr) {
	for i := range n {
		// Safety: i < n. The lines are in the bucket, and that is in the table.
		bucket, _ := bits.Mul64(*(*uint64)(unsafe.Add(hashes, 8*i)), buckets)
		for at := uintptr(0); at < min(bytes, layout.BatchLines*layout.LineBytes); at += layout.LineBytes {
			Touch(unsafe.Add(base, uintptr(bucket)*bytes+at))
		}
	}
}
