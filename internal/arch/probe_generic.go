package arch

import (
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Found is how a probe ended.
type Found uint8

const (
	Absent  Found = iota // the key is not in the table, nor in a later one
	Present              // the key is there
	Unsure               // ask the plain routine: a lock, a DEAD slot, a migration, a long path
)

// GetLine looks up a key in a table of word buckets (see layout.WordSlots) at base. It is
// the reader of the map's protocol for the cases that occur in a table at rest.
func GetLine(base unsafe.Pointer, buckets, hash, key uint64) (value uint64, found Found) {
	n, _ := bits.Mul64(hash, buckets)
	for range layout.MaxProbe {
		// Safety: n < buckets, each of which is one line.
		b := unsafe.Add(base, uintptr(n)*layout.LineBytes)
		if i := firstEqual(wordKey(b, 0), wordKey(b, 1), wordKey(b, 2), key); i < layout.WordSlots {
			return readWord(b, i, key)
		}
		x := Load32(unsafe.Add(b, layout.WordControlAt))
		if x&uint32(layout.ClassBit(hash)) == 0 {
			if x&layout.SealBit != 0 {
				return 0, Unsure
			}
			return 0, Absent
		}
		if n++; n == buckets {
			n = 0
		}
	}
	return 0, Unsure
}

// firstEqual returns which of k0, k1 and k2, a bucket's keys, is the key, or layout.WordSlots. It
// takes no branch, because which slot has the key cannot be predicted.
func firstEqual(k0, k1, k2, key uint64) (i uintptr) {
	n0, n1, n2 := differ(k0, key), differ(k1, key), differ(k2, key)
	return n0 + n0&n1 + n0&n1&n2
}

func wordKey(b unsafe.Pointer, i uintptr) uint64 {
	// Safety: i < layout.WordSlots.
	return Load64(unsafe.Add(b, layout.WordKeysAt+8*i))
}

// differ returns 1 if a and b differ and 0 if not.
func differ(a, b uint64) uintptr {
	if a != b {
		return 1
	}
	return 0
}

// readWord reads the value of slot i of b if the slot is LIVE and unlocked and has the key.
func readWord(b unsafe.Pointer, i uintptr, key uint64) (value uint64, found Found) {
	// Safety: i < layout.WordSlots.
	word := unsafe.Add(b, 4*i)
	w := Load32(word) // R1
	// An EMPTY slot has the key 0, so what was seen before w does not count.
	if w&(layout.StateMask|layout.Lock) == layout.Live && wordKey(b, i) == key {
		value = Load64(unsafe.Add(b, layout.WordValuesAt+8*i)) // R2
		if Load32(word) == w {                                 // R3 is in the acquire load of R2; R4
			return value, Present
		}
	}
	return 0, Unsure
}

// GetGeneric looks up the key at key in a table of any geometry, and copies its value, if it is
// there, to value. It is for the cases that GetLine is for. All are in their packed sizes.
func GetGeneric(t *Table, key, value unsafe.Pointer) Found {
	bucket, i, found := t.findOne(key)
	if found != Present {
		return found
	}
	return t.copyValue(bucket, i, key, value)
}

// FindGeneric finds the first slot of any state that has the key at key, whose hash is given, or had
// it when its bucket was looked at, in a table of any geometry. If found is not Present, there is no
// bucket. Present says no more than that these bytes were there: an EMPTY slot has the key 0, and
// a CLAIMED one may have the key already. A caller looks at the slot's word and then at the key.
func FindGeneric(t *Table, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, i uintptr, found Found) {
	bucket, i, found, _ = t.find(hash, key, layout.MaxProbe-1)
	return bucket, i, found
}

// FindLine is GetLine for a writer: it returns the bucket of the key's slot, the
// slot's number there, and its word, which is LIVE and unlocked; or nil, if the plain routine
// must be asked or the key is absent.
func FindLine(base unsafe.Pointer, buckets, hash, key uint64) (bucket unsafe.Pointer, i uintptr, w uint64) {
	n, _ := bits.Mul64(hash, buckets)
	for range layout.MaxProbe {
		// Safety: as in GetLine.
		b := unsafe.Add(base, uintptr(n)*layout.LineBytes)
		if i := firstEqual(wordKey(b, 0), wordKey(b, 1), wordKey(b, 2), key); i < layout.WordSlots {
			w := Load32(unsafe.Add(b, 4*i))
			if w&(layout.StateMask|layout.Lock) == layout.Live && wordKey(b, i) == key {
				return b, i, uint64(w)
			}
			return nil, 0, 0
		}
		x := Load32(unsafe.Add(b, layout.WordControlAt))
		if x&uint32(layout.ClassBit(hash)) == 0 {
			return nil, 0, 0
		}
		if n++; n == buckets {
			n = 0
		}
	}
	return nil, 0, 0
}
