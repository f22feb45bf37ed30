package seqmap

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// verdict is how a search ended.
type verdict uint8

const (
	notHere verdict = iota // the slot or bucket does not have the key
	present                // the key is there and LIVE
	absent                 // the key is there and DEAD, or its path ends here
	later                  // the key is in a later table, if anywhere
)

// get looks the canonical key up in t and the tables after it and copies its value to dst.
// It never waits for a mover, nor for a writer of another key, nor, if values are small,
// for any writer.
func (t *table) get(key unsafe.Pointer, h uint64, dst unsafe.Pointer) bool {
	for ; t != nil; t = t.loadNext() {
		if found := t.getHere(key, h, dst); found != later {
			return found == present
		}
	}
	return false
}

// getHere walks the path of key in t.
func (t *table) getHere(key unsafe.Pointer, h uint64, dst unsafe.Pointer) verdict {
	class := layout.ClassBit(h)
	n := t.home(h)
	for range t.buckets {
		b := t.bucket(n)
		if found := t.getInBucket(b, key, h, dst); found != notHere {
			return found
		}
		if x := t.control(b); x&class == 0 {
			return endOfPath(x)
		}
		n = t.after(n) // walk on, sealed or not
	}
	return later
}

// endOfPath is the verdict on a key that a bucket does not have, and whose class bit in the
// bucket's control word x is clear.
func endOfPath(x uint64) verdict {
	if x&layout.SealBit != 0 {
		return later
	}
	return absent
}

func (t *table) getInBucket(b, key unsafe.Pointer, h uint64, dst unsafe.Pointer) verdict {
	var x uint64
	if t.geo.Tagged {
		// A key published after this look was not there when it was taken.
		x = t.control(b)
	}
	for i := range t.geo.Slots {
		if t.geo.Tagged && !mayHold(x, i, layout.Tag(h)) {
			continue
		}
		if !t.geo.Tagged && !arch.EqualPacked(t.keyAt(b, i), key, t.geo.KeyBytes) {
			continue
		}
		if found := t.getInSlot(b, i, key, dst); found != notHere {
			return found
		}
	}
	return notHere
}

// getInSlot looks at a slot whose key may be key.
func (t *table) getInSlot(b unsafe.Pointer, i uintptr, key, dst unsafe.Pointer) verdict {
	var wait arch.Backoff
	for {
		w := t.word(b, i)
		if !published(w) || !arch.EqualPacked(t.keyAt(b, i), key, t.geo.KeyBytes) {
			return notHere // EMPTY, CLAIMED, SEALED, or another key
		}
		switch {
		case w == layout.Moved:
			return later
		case frozen(w): // the value changes no more
			arch.LoadPacked(dst, t.valueAt(b, i), t.geo.ValueBytes)
			return present
		case dead(w):
			return absent
		case inside(w) && !t.smallValues():
			wait.Wait()
		case t.stable(b, i, w, dst):
			return present
		}
	}
}

// holdsPublished says whether t has a published slot with the canonical key, in any state.
func (t *table) holdsPublished(key unsafe.Pointer, h uint64) bool {
	class := layout.ClassBit(h)
	n := t.home(h)
	for range t.buckets {
		b := t.bucket(n)
		for i := range t.geo.Slots {
			if published(t.word(b, i)) && t.holds(b, i, key, h) {
				return true
			}
		}
		if t.control(b)&class == 0 {
			return false
		}
		n = t.after(n)
	}
	return false
}

// seek finds the LIVE slot of the canonical key, beginning at t, for an operation that
// changes present keys only. The word that it returns is unlocked.
//
// It does not move the path of the key: a key that is present is changed where it is, and a
// key that is removed had better not be copied before.
func (m *core) seek(t *table, key unsafe.Pointer, h uint64) (s spot, ok bool) {
	for ; t != nil; t = t.loadNext() {
		if t.loadNext() != nil && t.moveOneBlock() {
			m.advance()
		}
		if t.words {
			if b, i, w := arch.FindLine(t.base, t.buckets, h, *(*uint64)(key)); b != nil {
				return spot{t, b, i, w}, true
			}
		}
		if s, found := t.seekFound(key, h); found != later {
			return s, found == present
		}
	}
	return s, false
}

// seekFound is seekHere, by a kernel that finds the slot, if there is one.
func (t *table) seekFound(key unsafe.Pointer, h uint64) (s spot, found verdict) {
	if !t.finds {
		return t.seekHere(key, h)
	}
	b, i, how := arch.Find(&t.head, key, h)
	if how == arch.Absent {
		return s, absent
	}
	// An EMPTY slot has the key 0, and a CLAIMED one may have the key already.
	if how == arch.Present && published(t.word(b, i)) {
		s = spot{t: t, b: b, i: i}
		if s.w, found = t.seekSlot(b, i, key, h); found != notHere {
			return s, found
		}
	}
	return t.seekHere(key, h)
}

// seekHere walks the path of key in t.
func (t *table) seekHere(key unsafe.Pointer, h uint64) (s spot, found verdict) {
	class := layout.ClassBit(h)
	first := t.homeSlot(h)
	n := t.home(h)
	for range t.buckets {
		b := t.bucket(n)
		i := first
		for range t.geo.Slots {
			if w, found := t.seekSlot(b, i, key, h); found != notHere {
				return spot{t, b, i, w}, found
			}
			if i++; i == t.geo.Slots {
				i = 0
			}
		}
		if x := t.control(b); x&class == 0 {
			return s, endOfPath(x)
		}
		n = t.after(n)
	}
	return s, later
}

// seekSlot looks at a slot on the path of key, in path order.
func (t *table) seekSlot(b unsafe.Pointer, i uintptr, key unsafe.Pointer, h uint64) (w uint64, found verdict) {
	var wait arch.Backoff
	for {
		w = t.word(b, i)
		switch {
		case w&layout.StateMask == layout.Empty: // CLAIMED included
			return w, absent
		case w == layout.Sealed:
			return w, later
		case !t.holds(b, i, key, h):
			return w, notHere
		case w == layout.Moved:
			return w, later
		case frozen(w):
			t.copySlot(b, i)
			return w, later
		case dead(w): // being revived included
			return w, absent
		case !inside(w):
			return w, present
		}
		wait.Wait()
	}
}
