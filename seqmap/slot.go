package seqmap

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// published says whether the key of a slot with word w is valid, and so permanent.
func published(w uint64) bool { return w&layout.StateMask != 0 && w != layout.Sealed }

// inside says whether a writer is in the slot: the only thing that anybody waits for.
func inside(w uint64) bool {
	return w&layout.Lock != 0 && w&layout.StateMask != layout.Final
}

func frozen(w uint64) bool {
	return w&(layout.StateMask|layout.Lock) == layout.Final|layout.Lock
}

func live(w uint64) bool { return w&layout.StateMask == layout.Live }

func dead(w uint64) bool { return w&layout.StateMask == layout.Dead }

// smallValues says whether a value has at most 8 bytes. It cannot tear then, so
// its readers wait for nobody. Slot words have 32 bits in this case: they may come round to an
// old version, and the value is compared where that matters. Words that guard more must
// not, so they have 64 bits.
func (t *table) smallValues() bool { return t.geo.WordBytes == 4 }

func (t *table) wordAt(b unsafe.Pointer, i uintptr) unsafe.Pointer {
	// Safety, here and below: i < geo.Slots, because it is a homeSlot or comes from
	// turning it round that number.
	return unsafe.Add(b, i*t.geo.WordBytes)
}

func (t *table) word(b unsafe.Pointer, i uintptr) uint64 {
	if t.geo.WordBytes == 4 {
		return uint64(arch.Load32(t.wordAt(b, i)))
	}
	return arch.Load64(t.wordAt(b, i))
}

func (t *table) casWord(b unsafe.Pointer, i uintptr, old, x uint64) bool {
	if t.geo.WordBytes == 4 {
		return arch.CAS32(t.wordAt(b, i), uint32(old), uint32(x))
	}
	return arch.CAS64(t.wordAt(b, i), old, x)
}

func (t *table) keyAt(b unsafe.Pointer, i uintptr) unsafe.Pointer {
	return unsafe.Add(b, t.geo.KeyAt+i*t.geo.KeyBytes)
}

func (t *table) valueAt(b unsafe.Pointer, i uintptr) unsafe.Pointer {
	return unsafe.Add(b, t.geo.ValueAt+i*t.geo.ValueBytes)
}

// holds says whether the key of published slot i of b is the canonical key at key. The caller
// has loaded the slot's word before, so tag and key are those that were published.
func (t *table) holds(b unsafe.Pointer, i uintptr, key unsafe.Pointer, h uint64) bool {
	if t.geo.Tagged && !mayHold(t.control(b), i, layout.Tag(h)) {
		return false
	}
	return arch.EqualPacked(t.keyAt(b, i), key, t.geo.KeyBytes)
}

// mayHold says, from the control word x, whether the key of slot i can have the tag.
func mayHold(x uint64, i uintptr, tag uint64) bool {
	return x>>(layout.TagShift+8*i)&0xff == tag
}

func (t *table) controlAt(b unsafe.Pointer) unsafe.Pointer { return unsafe.Add(b, t.geo.ControlAt) }

func (t *table) control(b unsafe.Pointer) uint64 {
	if t.geo.ControlWide {
		return arch.Load64(t.controlAt(b))
	}
	return uint64(arch.Load32(t.controlAt(b)))
}

func (t *table) casControl(b unsafe.Pointer, old, x uint64) bool {
	if t.geo.ControlWide {
		return arch.CAS64(t.controlAt(b), old, x)
	}
	return arch.CAS32(t.controlAt(b), uint32(old), uint32(x))
}

// seal freezes the overflow bits of a bucket.
func (t *table) seal(b unsafe.Pointer) {
	switch {
	case t.control(b)&layout.SealBit != 0:
	case t.geo.ControlWide:
		arch.Or64(t.controlAt(b), layout.SealBit)
	default:
		arch.Or32(t.controlAt(b), layout.SealBit)
	}
}

// passOn is called by an inserter at the end of a full bucket that does not have its key.
// It sets the class bit and returns true, or false if the path ends here for ever.
func (t *table) passOn(b unsafe.Pointer, class uint64) bool {
	for {
		x := t.control(b)
		if x&class != 0 {
			return true
		}
		if x&layout.SealBit != 0 {
			return false
		}
		if t.casControl(b, x, x|class) {
			return true
		}
	}
}

// parts returns where the parts of slot i of b stand, and sizes what sizes all slots have. Who writes
// a slot sets the fields of its arch.Slot by them, one by one. The compiler would put a literal
// together elsewhere, word by word, and copy it by loads of two words, to which the stores before
// cannot be forwarded. (It does not do so with arch.Claim and arch.Write.) A function that sets the
// fields by way of a pointer would make the callers' buffers escape.
func (t *table) parts(b unsafe.Pointer, i uintptr) (word, key, value unsafe.Pointer) {
	return t.wordAt(b, i), t.keyAt(b, i), t.valueAt(b, i)
}

func (t *table) sizes() (key, value uintptr, wide bool) {
	return t.geo.KeyBytes, t.geo.ValueBytes, t.geo.WordBytes == 8
}

// stable reads the value of LIVE slot i of b to dst. It says whether the value belongs to the
// word w, which the caller has seen: unlocked, unless values are small.
func (t *table) stable(b unsafe.Pointer, i uintptr, w uint64, dst unsafe.Pointer) bool {
	arch.LoadPacked(dst, t.valueAt(b, i), t.geo.ValueBytes) // R2
	return t.same(t.word(b, i), w)                          // R3 is in the acquire loads of R2; R4
}

// same says whether a value read between the words w and w2 belongs to both. A small one
// has at most 8 bytes, so a lock that was only taken, or only given back, does it no harm.
func (t *table) same(w2, w uint64) bool {
	return w2 == w || w2^w == layout.Lock && t.smallValues()
}

// spot is a slot and the word that it had.
type spot struct {
	t *table
	b unsafe.Pointer
	i uintptr
	w uint64
}

// write stores value into the slot at s, or removes the key if value is nil, if the slot still
// has the word that it had. If values are small, it must also have the value at old, because
// the version may have come round.
func (s *spot) write(h uint64, old, value unsafe.Pointer) bool {
	s.check()
	var slot arch.Slot
	slot.Word, slot.Key, slot.Value = s.t.parts(s.b, s.i)
	slot.KeyBytes, slot.ValueBytes, slot.Wide = s.t.sizes()
	w := arch.Write{Value: value, Count: s.t.lineage.count.of(h), Remove: value == nil}
	if s.t.smallValues() {
		w.Expect = old
	}
	return arch.WriteSlot(&slot, s.w, &w)
}
