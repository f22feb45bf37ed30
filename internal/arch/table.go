package arch

import (
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A Table is what the routines that look for a key need to know of a table of buckets, whose
// keys and values have packed sizes that layout.HasKernels allows. Those that hash the key take it
// for one that is hashed by HashWord or HashPair; Find is given the hash. Those for word buckets
// (see layout.WordSlots) need no more than the first three fields.
type Table struct {
	Base    unsafe.Pointer
	Buckets uint64
	Seed    uint64
	slots   uint64 // a bit for each slot of a bucket
	// These are as in layout.Bucket.
	bytes, wordBytes, controlAt, keyAt, valueAt, valueBytes uint64

	keyBytes uintptr
	words    bool // layout.Bucket.IsWord
}

// NewTable describes a table at base.
func NewTable(base unsafe.Pointer, buckets, seed uint64, geo *layout.Bucket) Table {
	return Table{
		Base: base, Buckets: buckets, Seed: seed, slots: 1<<geo.Slots - 1,
		bytes: uint64(geo.Bytes), wordBytes: uint64(geo.WordBytes), controlAt: uint64(geo.ControlAt),
		keyAt: uint64(geo.KeyAt), valueAt: uint64(geo.ValueAt), valueBytes: uint64(geo.ValueBytes),
		keyBytes: geo.KeyBytes, words: geo.IsWord(),
	}
}

func (t *Table) hash(key unsafe.Pointer) uint64 {
	switch t.keyBytes {
	case 4:
		return HashWord(uint64(*(*uint32)(key)), t.Seed)
	case 8:
		return HashWord(*(*uint64)(key), t.Seed)
	default:
		k := (*[2]uint64)(key)
		return HashPair(k[0], k[1], t.Seed)
	}
}

func (t *Table) bucket(n uint64) unsafe.Pointer {
	// Safety: n < Buckets.
	return unsafe.Add(t.Base, uintptr(n)*uintptr(t.bytes))
}

// find walks the path of the key with hash h to the first slot that has it, in any state, or had
// it when its bucket was looked at. If there is none, found is Absent or Unsure. It goes on to a
// next bucket at most so many times as walks says, and returns how many of them are left.
func (t *Table) find(h uint64, key unsafe.Pointer, walks int) (bucket unsafe.Pointer, i uintptr, found Found, left int) {
	n, _ := bits.Mul64(h, t.Buckets)
	for ; ; walks-- {
		at := t.bucket(n)
		if i, ok := t.firstEqual(at, key); ok {
			return at, i, Present, walks
		}
		x := Load32(unsafe.Add(at, t.controlAt))
		if x&uint32(layout.ClassBit(h)) == 0 {
			if x&layout.SealBit != 0 {
				return nil, 0, Unsure, walks
			}
			return nil, 0, Absent, walks
		}
		if walks == 0 {
			return nil, 0, Unsure, 0
		}
		if n++; n == t.Buckets {
			n = 0
		}
	}
}

// findOne is find for a key that is not one of a batch.
func (t *Table) findOne(key unsafe.Pointer) (bucket unsafe.Pointer, i uintptr, found Found) {
	return FindGeneric(t, key, t.hash(key))
}

// firstEqual returns the first slot of the bucket with the key. Tags are not looked at: the
// buckets of keys that have them are so small that comparing the keys takes no longer.
func (t *Table) firstEqual(bucket, key unsafe.Pointer) (i uintptr, ok bool) {
	for i := uintptr(0); t.slots>>i != 0; i++ {
		if EqualPacked(t.key(bucket, i), key, t.keyBytes) {
			return i, true
		}
	}
	return 0, false
}

// Safety, in the three functions below: i is a slot of the bucket.

func (t *Table) word(bucket unsafe.Pointer, i uintptr) unsafe.Pointer {
	return unsafe.Add(bucket, i*uintptr(t.wordBytes))
}

func (t *Table) key(bucket unsafe.Pointer, i uintptr) unsafe.Pointer {
	return unsafe.Add(bucket, uintptr(t.keyAt)+i*t.keyBytes)
}

func (t *Table) value(bucket unsafe.Pointer, i uintptr) unsafe.Pointer {
	return unsafe.Add(bucket, uintptr(t.valueAt)+i*uintptr(t.valueBytes))
}

// live loads the word of slot i of the bucket, and says whether the slot is LIVE and unlocked and
// has the key.
func (t *Table) live(bucket unsafe.Pointer, i uintptr, key unsafe.Pointer) (w uint64, ok bool) {
	w = t.load(t.word(bucket, i)) // R1
	// An EMPTY slot has the key 0, so what was seen before w does not count.
	return w, w&(layout.StateMask|layout.Lock) == layout.Live && EqualPacked(t.key(bucket, i), key, t.keyBytes)
}

func (t *Table) load(word unsafe.Pointer) uint64 {
	if t.wordBytes == 4 {
		return uint64(Load32(word))
	}
	return Load64(word)
}

// copyValue copies the value of slot i of the bucket to value, if the slot is LIVE and unlocked and
// has the key.
func (t *Table) copyValue(bucket unsafe.Pointer, i uintptr, key, value unsafe.Pointer) Found {
	if t.words {
		v, found := readWord(bucket, i, *(*uint64)(key))
		if found == Present {
			*(*uint64)(value) = v
		}
		return found
	}
	w, ok := t.live(bucket, i, key)
	if !ok {
		return Unsure
	}
	var buf [layout.BatchValueBytes / 8]uint64
	LoadPacked(unsafe.Pointer(&buf), t.value(bucket, i), uintptr(t.valueBytes)) // R2
	if t.load(t.word(bucket, i)) != w {                                         // R3 is in the acquire loads of R2; R4
		return Unsure
	}
	from := unsafe.Slice((*uint8)(unsafe.Pointer(&buf)), t.valueBytes)
	copy(unsafe.Slice((*uint8)(value), t.valueBytes), from)
	return Present
}
