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
	base    unsafe.Pointer
	buckets uint64
	seed    uint64
	slots   uint64 // a bit for each slot of a bucket
	// These are as in layout.Bucket.
	bytes, wordBytes, controlAt, keyAt, valueAt, valueBytes uint64

	// Odd are the positions of the keys for which the plain routine must be asked.
	Odd [layout.BatchKeys]uint8
	// ring holds hash and bucket of each key whose bucket has been asked for.
	ring [layout.BatchRing][2]uint64

	keyBytes uintptr
	words    bool // layout.Bucket.IsWord
}

// Use makes b look up keys in the table at base, whose keys and values have sizes that
// layout.InBatch allows, and whose keys are hashed by HashWord or HashPair with the seed.
func (b *Batch) Use(base unsafe.Pointer, buckets, seed uint64, geo *layout.Bucket) {
	b.base, b.buckets, b.seed = base, buckets, seed
	b.slots = 1<<geo.Slots - 1
	b.bytes, b.wordBytes, b.controlAt = uint64(geo.Bytes), uint64(geo.WordBytes), uint64(geo.ControlAt)
	b.keyAt, b.valueAt, b.valueBytes = uint64(geo.KeyAt), uint64(geo.ValueAt), uint64(geo.ValueBytes)
	b.keyBytes, b.words = geo.KeyBytes, geo.IsWord()
}

// genericAhead is how many buckets are touched before the first of them is read.
const genericAhead = 16

// GetBatchGeneric looks up n keys, at most layout.BatchKeys, which stand one after the other
// at keys. For a key that is there it copies its value to its place at values and sets its
// byte of found to 1; for one that is absent it clears both. The positions of all others are put
// into b.Odd, in order, and their values and bytes of found are left alone: where a slot is
// locked, DEAD or being moved, where the table is sealed, and where the path is long. It
// returns the number of keys found and that of odd ones.
//
// Each key is a lookup of its own. keys and values may be the same memory.
func GetBatchGeneric(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	var hashes [genericAhead]uint64
	for first := uintptr(0); first < n; first += genericAhead {
		end := min(n, first+genericAhead)
		for i := first; i < end; i++ {
			// Safety, here and below: i < n, which is the length of all three.
			h := b.hash(unsafe.Add(keys, i*b.keyBytes))
			hashes[i-first] = h
			n, _ := bits.Mul64(h, b.buckets)
			Touch(b.bucket(n))
		}
		for i := first; i < end; i++ {
			ok := b.get(hashes[i-first], unsafe.Add(keys, i*b.keyBytes), unsafe.Add(values, i*uintptr(b.valueBytes)))
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

func (b *Batch) hash(key unsafe.Pointer) uint64 {
	switch b.keyBytes {
	case 4:
		return HashWord(uint64(*(*uint32)(key)), b.seed)
	case 8:
		return HashWord(*(*uint64)(key), b.seed)
	default:
		k := (*[2]uint64)(key)
		return HashPair(k[0], k[1], b.seed)
	}
}

func (b *Batch) bucket(n uint64) unsafe.Pointer {
	// Safety: n < buckets.
	return unsafe.Add(b.base, uintptr(n)*uintptr(b.bytes))
}

// get looks up the key with hash h and copies its value, or clears it if the key is absent.
func (b *Batch) get(h uint64, key, value unsafe.Pointer) Found {
	if !b.words {
		return b.walk(h, key, value)
	}
	v, found := GetWordGeneric(b.base, b.buckets, h, *(*uint64)(key))
	if found != Unsure {
		*(*uint64)(value) = v
	}
	return found
}

// walk is get in buckets of any geometry.
func (b *Batch) walk(h uint64, key, value unsafe.Pointer) Found {
	n, _ := bits.Mul64(h, b.buckets)
	for range maxProbe {
		at := b.bucket(n)
		if i, ok := b.firstEqual(at, key); ok {
			return b.read(at, i, key, value)
		}
		x := Load32(unsafe.Add(at, b.controlAt))
		if x&uint32(layout.ClassBit(h)) == 0 {
			if x&layout.SealBit != 0 {
				return Unsure
			}
			clear(unsafe.Slice((*uint8)(value), b.valueBytes))
			return Absent
		}
		if n++; n == b.buckets {
			n = 0
		}
	}
	return Unsure
}

// firstEqual returns the first slot of the bucket with the key. Tags are not looked at: the
// buckets of keys that have them are so small that comparing the keys takes no longer.
func (b *Batch) firstEqual(bucket, key unsafe.Pointer) (i uintptr, ok bool) {
	for i := uintptr(0); b.slots>>i != 0; i++ {
		if EqualPacked(b.key(bucket, i), key, b.keyBytes) {
			return i, true
		}
	}
	return 0, false
}

func (b *Batch) key(bucket unsafe.Pointer, i uintptr) unsafe.Pointer {
	// Safety, here and below: i is a slot of the bucket.
	return unsafe.Add(bucket, uintptr(b.keyAt)+i*b.keyBytes)
}

// read copies the value of slot i of the bucket if it is LIVE and unlocked and has the key.
func (b *Batch) read(bucket unsafe.Pointer, i uintptr, key, value unsafe.Pointer) Found {
	at := unsafe.Add(bucket, uintptr(b.valueAt+uint64(i)*b.valueBytes))
	word := unsafe.Add(bucket, i*uintptr(b.wordBytes))
	w := b.load(word) // R1
	// An EMPTY slot has the key 0, so what was seen before w does not count.
	if w&(layout.StateMask|layout.Lock) != layout.Live || !EqualPacked(b.key(bucket, i), key, b.keyBytes) {
		return Unsure
	}
	var buf [layout.BatchValueBytes / 8]uint64
	LoadPacked(unsafe.Pointer(&buf), at, uintptr(b.valueBytes)) // R2
	if b.load(word) != w {                                      // R3 is in the acquire loads of R2; R4
		return Unsure
	}
	from := unsafe.Slice((*uint8)(unsafe.Pointer(&buf)), b.valueBytes)
	copy(unsafe.Slice((*uint8)(value), b.valueBytes), from)
	return Present
}

func (b *Batch) load(word unsafe.Pointer) uint64 {
	if b.wordBytes == 4 {
		return uint64(Load32(word))
	}
	return Load64(word)
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
