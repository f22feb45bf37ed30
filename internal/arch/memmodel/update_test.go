package memmodel

import (
	"fmt"
	"strings"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks of the routines that find the slot of a key and change its value: of those that
// swap, of those that add, and of both.
var (
	swapChecks = append([]check{
		{"the value that was there", eachShape(swapSwap)},
	}, updateChecks...)
	addChecks = append([]check{
		{"the sums of two", eachShape(addAdd)},
		{"a sum and a value in its place", eachShape(addSwap)},
	}, updateChecks...)
	updateChecks = append([]check{
		{"a lock or a freeze, not both", eachShape(updateOrFreeze)},
		{"an EMPTY slot does not have the key 0 to be stored to", eachShape(updateZero)},
		{"what was done before is seen by who waits for nobody", eachShape(func(w *world, f form, sh shape) string { return w.updateUser(f, sh, false) })},
		{"what was read before is not of later, by who waits for nobody", eachShape(func(w *world, f form, sh shape) string { return w.updateUser(f, sh, true) })},
		{"a write, then a read of another key", (*world).slotsBuffered},
		{"a version that has come round", eachShape(comeRound)},
	}, probeChecks...)
)

func (f form) swaps() bool { return strings.HasPrefix(f.routine, "swap") }

func (f form) adds() bool { return strings.HasPrefix(f.routine, "add") }

// updates says whether the form finds a key by its hash and changes its value.
func (f form) updates() bool { return f.swaps() || f.adds() }

// update calls a form that stores x, or that adds x: both make x of the value 0. It returns the
// old value or the sum, unless ok is not set.
func (f form) update(c *CPU, t *testTable, key, x uint64) (result found) {
	var out []Value
	var prev uint64
	switch keyAt := buffer(c, t.claim(0, 0, key, 0).key); {
	case f.keys() == "Line":
		out = f.call(c, t.archTable(), key, x)
	case f.swaps():
		prev = c.Alloc(uint64(t.geo.ValueBytes))
		out = f.call(c, t.archTable(), keyAt, buffer(c, t.valueWords(x)), prev)
	default:
		out = f.call(c, t.archTable(), keyAt, x)
	}
	result.ok = out[len(out)-1]
	switch {
	case result.ok.Bits == 0:
	case prev != 0:
		result.value = packedWords(c, prev, t.geo.ValueBytes)
	default:
		result.value = out[:1]
	}
	return result
}

// eachShape makes a check of one that is about the sizes of keys and values.
func eachShape(run func(w *world, f form, sh shape) string) func(w *world, f form) string {
	return func(w *world, f form) string {
		for _, sh := range f.shapes() {
			if c := run(w, f, sh); c != "" {
				return fmt.Sprintf("%d-byte keys, %d-byte values: %s", sh.key, sh.value, c)
			}
		}
		return ""
	}
}

// updated is how an update of slot 1 ended: whether it took place, what it returned, and whether
// all words of that were the same.
type updated struct {
	ok, value uint64
	whole     bool
}

// twoUpdates has two threads that update a key in slot 1, whose value is 0. It complains unless
// good holds for what they returned and the value at the end, or if that is not whole or the
// version does not count those that took place, or if none does.
func (w *world) twoUpdates(a, b form, sh shape, x, y uint64, good func(a, b updated, final uint64) bool) string {
	p := New(a.model)
	key := sh.home(1)[0]
	t := sh.keyed(p, []uint64{0, key})
	p.Thread("a", func(c *CPU) { a.update(c, t, key, x).record(c, "") })
	p.Thread("b", func(c *CPU) { b.update(c, t, key, y).record(c, "") })
	of := func(s *State, i int) updated {
		return updated{s.Result(i, "ok"), s.Result(i, "value"), s.Result(i, "whole") == 1}
	}
	bad := func(s *State) bool {
		a, b := of(s, 0), of(s, 1)
		final, whole := t.finalValue(s, 1)
		return a.ok+b.ok == 0 || !a.whole || !b.whole || !whole ||
			s.Final(t.slot(0, 1).word) != liveV1+(a.ok+b.ok)*layout.Version || !good(a, b, final)
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 && s.Result(1, "ok") == 1 })
}

// swapSwap has two writers of the same key. Those that succeed follow one another.
func swapSwap(w *world, f form, sh shape) string {
	return w.twoUpdates(f, f, sh, 7, 8, func(a, b updated, final uint64) bool {
		switch {
		case a.ok+b.ok == 2:
			return a.value == 0 && b.value == 7 && final == 8 || b.value == 0 && a.value == 8 && final == 7
		case a.ok == 1:
			return a.value == 0 && final == 7
		}
		return b.value == 0 && final == 8
	})
}

// addAdd has two that add to the value of the same key. Each that succeeds gets the sum of what was
// added until then.
func addAdd(w *world, f form, sh shape) string {
	return w.twoUpdates(f, f, sh, 7, 8, func(a, b updated, final uint64) bool {
		if final != 7*a.ok+8*b.ok {
			return false
		}
		if a.ok+b.ok == 2 {
			return a.value == 7 && b.value == 15 || b.value == 8 && a.value == 15
		}
		return a.value == 7*a.ok && b.value == 8*b.ok
	})
}

// addSwap has one that adds to the value of a key and one that stores another, by each form that
// does so.
func addSwap(w *world, f form, sh shape) string {
	for _, o := range w.everyForm("swap"+f.keys(), f) {
		c := w.twoUpdates(f, o, sh, 7, 100, func(a, b updated, final uint64) bool {
			switch {
			case a.ok+b.ok == 2:
				return a.value == 7 && b.value == 7 && final == 100 || a.value == 107 && b.value == 0 && final == 107
			case a.ok == 1:
				return a.value == 7 && final == 7
			}
			return b.value == 0 && final == 100
		})
		if c != "" {
			return o.name + ": " + c
		}
	}
	return ""
}

// updateZero stores to the key 0 while the slot, whose key is 0 so far, gets another one.
func updateZero(w *world, f form, sh shape) string {
	p := New(f.model)
	t := sh.keyed(p, nil)
	p.Thread("inserter", func(c *CPU) { w.others("claimSlot", f)[0].claimSlot(c, t.slot(0, 0), t.claim(0, 0, 1, 7)) })
	p.Thread("writer", func(c *CPU) { c.Result("ok", f.update(c, t, 0, 9).ok) })
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 }, func(s *State) bool { return s.Has(1, "ok") })
}

// updateUser is probe.user for the Go reader, which takes small values also while the slot is
// locked.
func (w *world) updateUser(f form, sh shape, follows bool) string {
	p := New(f.model)
	key := sh.home(1)[0]
	t, user := sh.keyed(p, []uint64{key}), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		if follows {
			c.Result("user", c.Load(Const(user), 8, Plain))
		} else {
			c.Store(Const(user), 8, Const(1), Plain)
		}
		f.update(c, t, key, 7)
	})
	p.Thread("reader", func(c *CPU) {
		switch ok := t.read(w, c, 0, 0, key, ""); {
		case !ok:
		case follows:
			c.Store(Const(user), 8, Const(1), Plain)
		default:
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	seen := func(s *State) bool { x, _ := t.readValue(s, 1, ""); return s.Result(1, "ok") == 1 && x == 7 }
	bad := func(s *State) bool {
		if _, whole := t.readValue(s, 1, ""); !whole {
			return true
		}
		return seen(s) && (follows && s.Result(0, "user") == 1 || !follows && s.Result(1, "user") == 0)
	}
	return judge(p, bad, seen)
}

// updateOrFreeze has a mover that freezes the slot and then copies the value, which must be the
// last.
func updateOrFreeze(w *world, f form, sh shape) string {
	p := New(f.model)
	key := sh.home(1)[0]
	t := sh.keyed(p, []uint64{key})
	p.Thread("writer", func(c *CPU) { c.Result("ok", f.update(c, t, key, 7).ok) })
	p.Thread("mover", func(c *CPU) {
		g := w.src.On(c)
		seen := g.Call("seqmap.table.word", nil, t.object(), t.bucket(0), uint64(0))[0].(uint64)
		if seen&layout.Lock != 0 || w.src.casWord(c, t, seen, seen|layout.Final|layout.Lock).Bits == 0 {
			c.Drop()
		}
		copied := c.Alloc(uint64(t.geo.ValueBytes))
		g.Call("arch.LoadPacked", nil, copied, t.slot(0, 0).value, uint64(t.geo.ValueBytes))
		t.recordValue(c, copied)
	})
	bad := func(s *State) bool {
		x, whole := t.readValue(s, 1, "")
		return !whole || x != 7*s.Result(0, "ok")
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 })
}

// comeRound has another writer after whose write the word is what it was before, as it is when the
// version has come round, which words of 64 bits do not. Whoever updates the value on that word
// must have the value of that writer, and see what was done before. Values of 4 bytes are under
// the same lock.
func comeRound(w *world, f form, sh shape) string {
	if sh.value != 8 {
		return ""
	}
	p := New(f.model)
	key := sh.home(1)[0]
	t, user := sh.keyed(p, []uint64{key}), p.Words("user", 0)
	at := t.slot(0, 0)
	p.Thread("others", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		c.Result("ok", number(writeTo(c, at.word, 4, liveV1, liveV1, at.value)))
	})
	p.Thread("writer", func(c *CPU) {
		got := f.update(c, t, key, 7)
		if got.record(c, ""); c.Branch(got.ok) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	both := func(s *State) bool { return s.Result(0, "ok") == 1 && s.Result(1, "ok") == 1 }
	value, final := uint64(1), uint64(7)
	if f.adds() {
		value, final = 8, 8
	}
	bad := func(s *State) bool {
		return both(s) && (s.Result(1, "value") != value || s.Final(at.value) != final || s.Result(1, "user") == 0)
	}
	return judge(p, bad, both)
}
