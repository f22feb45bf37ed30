package seqmap

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// getWord is get for keys and values of at most 8 bytes each, which it takes and
// returns as plain.Bits has them. The protocol is that of get.
func (t *table) getWord(key, h uint64) (value uint64, ok bool) {
	if t.words {
		if value, found := arch.GetLine(t.base, t.buckets, h, key); found != arch.Unsure {
			return value, found == arch.Present
		}
	}
	return t.searchWord(key, h)
}

// swapLine is Insert of a key that has a value, by the kernel if there is one.
func (t *table) swapLine(key, value uint64) (old uint64, ok bool) {
	if arch.HasUpdate() {
		return arch.SwapLine(&t.head, key, value)
	}
	return arch.SwapLineGeneric(&t.head, key, value)
}

func (t *table) keyBits(b unsafe.Pointer, i uintptr) uint64 {
	if t.geo.KeyBytes == 8 {
		return arch.Load64(t.keyAt(b, i))
	}
	return arch.LoadBits(t.keyAt(b, i), t.geo.KeyBytes)
}

func (t *table) valueBits(b unsafe.Pointer, i uintptr) uint64 {
	if t.geo.ValueBytes == 8 {
		return arch.Load64(t.valueAt(b, i))
	}
	return arch.LoadBits(t.valueAt(b, i), t.geo.ValueBytes)
}

func (t *table) searchWord(key, h uint64) (value uint64, ok bool) {
	class := layout.ClassBit(h)
	for ; t != nil; t = t.loadNext() {
		n := t.home(h)
		found := later
		for range t.buckets {
			b := t.bucket(n)
			if value, found = t.searchBucket(b, key); found != notHere {
				break
			}
			if x := t.control(b); x&class == 0 {
				found = endOfPath(x)
				break
			}
			found = later
			n = t.after(n)
		}
		if found != later {
			return value, found == present
		}
	}
	return 0, false
}

func (t *table) searchBucket(b unsafe.Pointer, key uint64) (value uint64, found verdict) {
	slots := t.geo.Slots
	for i := uintptr(0); i < slots; i++ {
		if t.keyBits(b, i) == key {
			if value, found = t.searchSlot(b, i, key); found != notHere {
				return value, found
			}
		}
	}
	return 0, notHere
}

// searchSlot looks at a slot whose key may be key.
func (t *table) searchSlot(b unsafe.Pointer, i uintptr, key uint64) (value uint64, found verdict) {
	for {
		w := t.word(b, i)
		switch {
		case !published(w) || t.keyBits(b, i) != key: // an EMPTY slot has the key 0
			return 0, notHere
		case w == layout.Moved:
			return 0, later
		case dead(w):
			return 0, absent
		}
		v := t.valueBits(b, i)
		if frozen(w) || t.same(t.word(b, i), w) {
			return v, present
		}
	}
}
