package memmodel

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks of swapLine, of addLine, and of both.
var (
	swapChecks = append([]check{
		{"the value that was there", swapSwap},
	}, updateChecks...)
	addChecks = append([]check{
		{"the sums of two", addAdd},
		{"a sum and a value in its place", addSwap},
	}, updateChecks...)
	updateChecks = append([]check{
		{"a lock or a freeze, not both", updateOrFreeze},
		{"an EMPTY slot does not have the key 0 to be stored to", updateZero},
		{"what was done before is seen by who waits for nobody", func(w *world, f form) string { return w.updateUser(f, false) }},
		{"what was read before is not of later, by who waits for nobody", func(w *world, f form) string { return w.updateUser(f, true) }},
		{"a write, then a read of another key", (*world).slotsBuffered},
		{"a version that has come round", comeRound},
	}, probeChecks...)
)

// swapSwap has two writers of the same key. Those that succeed follow one another.
func swapSwap(w *world, f form) string {
	p := New(f.model)
	key := oneWord.home(1)[0]
	t := oneWord.keyed(p, []uint64{0, key})
	for i := range uint64(2) {
		p.Thread(fmt.Sprint("writer", i), func(c *CPU) {
			old, ok := f.update(c, t, key, 7+i)
			c.Result("old", old)
			c.Result("ok", ok)
		})
	}
	bad := func(s *State) bool {
		a, b := s.Result(0, "ok"), s.Result(1, "ok")
		oldA, oldB := s.Result(0, "old"), s.Result(1, "old")
		x := s.Final(t.slot(0, 1).value)
		if s.Final(t.slot(0, 1).word) != liveV1+(a+b)*layout.Version {
			return true
		}
		switch {
		case a == 1 && b == 1:
			return !(oldA == 0 && oldB == 7 && x == 8 || oldB == 0 && oldA == 8 && x == 7)
		case a == 1:
			return oldA != 0 || x != 7
		}
		return b == 0 || oldB != 0 || x != 8
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 && s.Result(1, "ok") == 1 })
}

// addAdd has two that add to the value of the same key. Each that succeeds gets the sum of what was
// added until then.
func addAdd(w *world, f form) string {
	p := New(f.model)
	key := oneWord.home(1)[0]
	t := oneWord.keyed(p, []uint64{0, key})
	for i := range uint64(2) {
		p.Thread(fmt.Sprint("adder", i), func(c *CPU) {
			sum, ok := f.update(c, t, key, 7+i)
			c.Result("sum", sum)
			c.Result("ok", ok)
		})
	}
	bad := func(s *State) bool {
		a, b := s.Result(0, "ok"), s.Result(1, "ok")
		sumA, sumB := s.Result(0, "sum"), s.Result(1, "sum")
		if s.Final(t.slot(0, 1).word) != liveV1+(a+b)*layout.Version || s.Final(t.slot(0, 1).value) != 7*a+8*b {
			return true
		}
		if a == 1 && b == 1 {
			return !(sumA == 7 && sumB == 15 || sumB == 8 && sumA == 15)
		}
		return a+b == 0 || sumA != 7*a || sumB != 8*b
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 && s.Result(1, "ok") == 1 })
}

// addSwap has one that adds to the value of a key and one that stores another, by each form of
// swapLine.
func addSwap(w *world, f form) string {
	for _, o := range w.everyForm("swapLine", f) {
		if c := w.addSwap(f, o); c != "" {
			return o.name + ": " + c
		}
	}
	return ""
}

func (w *world) addSwap(f, swap form) string {
	p := New(f.model)
	key := oneWord.home(1)[0]
	t := oneWord.keyed(p, []uint64{0, key})
	p.Thread("adder", func(c *CPU) {
		sum, ok := f.update(c, t, key, 7)
		c.Result("sum", sum)
		c.Result("ok", ok)
	})
	p.Thread("writer", func(c *CPU) {
		old, ok := swap.update(c, t, key, 100)
		c.Result("old", old)
		c.Result("ok", ok)
	})
	bad := func(s *State) bool {
		a, b := s.Result(0, "ok"), s.Result(1, "ok")
		sum, old, x := s.Result(0, "sum"), s.Result(1, "old"), s.Final(t.slot(0, 1).value)
		switch {
		case a == 1 && b == 1:
			return !(sum == 7 && old == 7 && x == 100 || sum == 107 && old == 0 && x == 107)
		case a == 1:
			return sum != 7 || x != 7
		}
		return b == 0 || old != 0 || x != 100
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 && s.Result(1, "ok") == 1 })
}

// updateZero stores to the key 0 while the slot, whose key is 0 so far, gets another one.
func updateZero(w *world, f form) string {
	p := New(f.model)
	t := oneWord.keyed(p, nil)
	p.Thread("inserter", func(c *CPU) { w.others("claimSlot", f)[0].claimSlot(c, t.slot(0, 0), t.claim(0, 0, 1, 7)) })
	p.Thread("writer", func(c *CPU) {
		_, ok := f.update(c, t, 0, 9)
		c.Result("ok", ok)
	})
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 }, func(s *State) bool { return s.Has(1, "ok") })
}

// updateUser is probe.user for a reader that takes the value also while the slot is locked.
func (w *world) updateUser(f form, follows bool) string {
	p := New(f.model)
	key := oneWord.home(1)[0]
	t, user := oneWord.keyed(p, []uint64{key}), p.Words("user", 0)
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
	seen := func(s *State) bool { return s.Result(1, "ok") == 1 && s.Result(1, "d0") == 7 }
	bad := func(s *State) bool {
		return seen(s) && (follows && s.Result(0, "user") == 1 || !follows && s.Result(1, "user") == 0)
	}
	return judge(p, bad, seen)
}

// updateOrFreeze has a mover that freezes the slot and then copies the value, which must be the
// last.
func updateOrFreeze(w *world, f form) string {
	p := New(f.model)
	key := oneWord.home(1)[0]
	t := oneWord.keyed(p, []uint64{key})
	p.Thread("writer", func(c *CPU) {
		_, ok := f.update(c, t, key, 7)
		c.Result("ok", ok)
	})
	p.Thread("mover", func(c *CPU) {
		g, bucket := w.src.On(c), t.bucket(0)
		seen := g.Call("seqmap.table.word", nil, t.object(), bucket, uint64(0))[0].(uint64)
		if seen&layout.Lock != 0 || w.src.casWord(c, t, seen, seen|layout.Final|layout.Lock).Bits == 0 {
			c.Drop()
		}
		c.Result("copy", Const(g.Call("seqmap.table.valueBits", nil, t.object(), bucket, uint64(0))[0].(uint64)))
	})
	bad := func(s *State) bool { return s.Result(1, "copy") != 7*s.Result(0, "ok") }
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 })
}

// comeRound has another writer after whose write the word is what it was before, as it is when the
// version has come round. Whoever updates the value on that word must have the value of that
// writer, and see what was done before.
func comeRound(w *world, f form) string {
	p := New(f.model)
	key := oneWord.home(1)[0]
	t, user := oneWord.keyed(p, []uint64{key}), p.Words("user", 0)
	at := t.slot(0, 0)
	p.Thread("others", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		c.Result("ok", number(writeTo(c, at.word, 4, liveV1, liveV1, at.value)))
	})
	p.Thread("writer", func(c *CPU) {
		old, ok := f.update(c, t, key, 7)
		c.Result("old", old)
		if c.Result("ok", ok); c.Branch(ok) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	both := func(s *State) bool { return s.Result(0, "ok") == 1 && s.Result(1, "ok") == 1 }
	want := map[string][2]uint64{"swapLine": {1, 7}, "addLine": {8, 8}}[f.routine] // result and value
	bad := func(s *State) bool {
		return both(s) && (s.Result(1, "old") != want[0] || s.Final(at.value) != want[1] || s.Result(1, "user") == 0)
	}
	return judge(p, bad, both)
}
