package seqmap

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// policy says what an inserter does with a key that has a slot already.
type policy uint8

const (
	overwrite policy = iota
	keep             // leave a LIVE value as it is, and read it
	transfer         // a mover's: whatever the state, somebody has copied the key already
)

// inserter is one insertion on its way through the tables. The buffers are the caller's, in
// whole words; the key is canonical.
//
// Whoever makes one sets the fields one by one, for the reason that table.parts gives.
type inserter struct {
	key, value unsafe.Pointer
	previous   unsafe.Pointer // receives the value that was there
	hash       uint64
	policy     policy
	was        bool   // the key was present, with the value at previous
	used       uint64 // the count of used slots, or a part of it, if a slot was claimed
	at         spot   // where the value was, if it was kept
}

// insert carries ins out, beginning at t.
func (m *core) insert(t *table, ins *inserter) {
	for {
		if nx := t.loadNext(); nx != nil {
			m.help(t, ins.hash)
			t = nx
			continue
		}
		if ins.place(t) {
			if ins.used != 0 && t.overLimit(ins.used) {
				m.replace(t)
			}
			return
		}
		t = t.loadNext() // the path is closed, or the slot has MOVED: next is there
	}
}

// place puts the key into t. It returns false if the key can get no slot in t any more, or
// had one that has been moved; then t.next is there.
func (ins *inserter) place(t *table) bool {
	class := layout.ClassBit(ins.hash)
	first := t.homeSlot(ins.hash)
	n := t.home(ins.hash)
	for range t.buckets {
		b := t.bucket(n)
		i := first
		for range t.geo.Slots {
			switch ins.try(t, b, i) {
			case placed:
				return true
			case closed:
				return false
			}
			if i++; i == t.geo.Slots {
				i = 0
			}
		}
		if !t.passOn(b, class) {
			return false
		}
		n = t.after(n)
	}
	t.attachNext(t.sizeWhenFull())
	return false
}

// attempt is how an inserter's look at a slot ended.
type attempt uint8

const (
	otherKey attempt = iota // the slot belongs to another key for good
	placed                  // done
	closed                  // the key gets no slot in this table
)

// try deals with slot i of b, which it passes only if that belongs to another key. Whenever
// the slot has changed under it, it looks again.
func (ins *inserter) try(t *table, b unsafe.Pointer, i uintptr) attempt {
	var wait arch.Backoff
	for {
		w := t.word(b, i)
		switch {
		case w == layout.Empty:
			if ins.claim(t, b, i) {
				return placed
			}
			continue
		case w == layout.Sealed:
			return closed
		case w == layout.Claimed: // may be the same key
			wait.Wait()
			continue
		case !t.holds(b, i, ins.key, ins.hash): // key loaded after w
			return otherKey
		case ins.policy == transfer:
			return placed
		case w == layout.Moved:
			return closed
		case frozen(w):
			t.copySlot(b, i)
			return closed
		case ins.policy == keep && live(w):
			if ins.read(t, b, i, w) {
				return placed
			}
		case !inside(w) && ins.overwrite(t, b, i, w):
			return placed
		}
		if inside(w) {
			wait.Wait()
		}
	}
}

// claim makes the EMPTY slot i of b LIVE with the key. It fails if the slot is not EMPTY.
func (ins *inserter) claim(t *table, b unsafe.Pointer, i uintptr) bool {
	var s arch.Slot
	s.Word, s.Key, s.Value = t.parts(b, i)
	s.KeyBytes, s.ValueBytes, s.Wide = t.sizes()
	c := arch.Claim{Key: ins.key, Value: ins.value, Used: t.used.mine()}
	if ins.policy != transfer {
		c.Count = t.lineage.count.of(ins.hash)
	}
	if t.geo.Tagged {
		c.Control = t.controlAt(b)
		c.Tag = layout.Tag(ins.hash) << (layout.TagShift + 8*i)
		c.TagWide = t.geo.ControlWide
	}
	ins.used = arch.ClaimSlot(&s, &c)
	return ins.used != 0
}

// read takes the value of the LIVE slot with word w as the outcome.
func (ins *inserter) read(t *table, b unsafe.Pointer, i uintptr, w uint64) bool {
	if inside(w) && !t.smallValues() || !t.stable(b, i, w, ins.previous) {
		return false
	}
	ins.was, ins.at = true, spot{t, b, i, w}
	return true
}

// overwrite stores the value into the LIVE or DEAD slot with the unlocked word w.
func (ins *inserter) overwrite(t *table, b unsafe.Pointer, i uintptr, w uint64) bool {
	var s arch.Slot
	s.Word, s.Key, s.Value = t.parts(b, i)
	s.KeyBytes, s.ValueBytes, s.Wide = t.sizes()
	c := arch.Write{Value: ins.value, Count: t.lineage.count.of(ins.hash)}
	if live(w) {
		c.Prev = ins.previous
	}
	if !arch.WriteSlot(&s, w, &c) {
		return false
	}
	ins.was = live(w)
	return true
}
