package memmodel

import (
	"fmt"
	"math/bits"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks of the routines that know word buckets only: lookups, and swapWord.

// A lookup looks up keys one after the other in a table of word buckets and says of each what it
// found. A key that is odd may be there or not: the plain routine has to look.
type lookup struct {
	name string
	find func(c *CPU, t *testTable, keys ...uint64) []found
}

type found struct {
	odd   bool
	ok    Value
	value Value
}

// lookups returns all forms of the lookup that run under the model of f, or f alone if it is one.
func (w *world) lookups(f form) (ls []lookup) {
	for _, o := range w.others("getWordBatch", f) {
		ls = append(ls, lookup{o.name, o.getWordBatch})
	}
	if f.routine != "getWordBatch" {
		ls = append(ls, lookup{"GetWordGeneric", w.getWord})
	}
	return ls
}

// getWordBatch calls a form of getWordBatch.
func (f form) getWordBatch(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	in, n := buffer(c, keys), len(keys)
	values, hit, b := buffer(c, words(n, ^uint64(0))), buffer(c, words(n, 0)), c.Alloc(layout.BatchRingAt+16*layout.BatchRing)
	var out []Value
	if f.code != nil {
		out = f.call(c, t.base, uint64(t.buckets), 0, in, values, hit, uint64(n), b)
	} else {
		out = f.callGo(c, t.base, uint64(t.buckets), uint64(0), in, values, hit, uint64(n),
			&Object{Type: "arch.Batch", Fields: map[string]any{"Odd": &pointer{b, 1}}})
	}
	odd := map[uint64]bool{}
	for i := range out[1].Bits {
		odd[c.Load(Const(b+i), 1, Plain).Bits] = true
	}
	for i := range uint64(n) {
		fs = append(fs, found{odd[i], c.Load(Const(hit+i), 1, Plain), c.Load(Const(values+8*i), 8, Plain)})
	}
	return fs
}

// getWord is GetWordGeneric, with which a lookup of a single key begins.
func (w *world) getWord(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	for _, key := range keys {
		out := w.src.On(c).Call("arch.GetWordGeneric", nil, t.base, uint64(t.buckets), hashOf(key), key)
		how := out[1].(uint64)
		fs = append(fs, found{odd: how == 2, ok: Const(number(how == 1)), value: value(out[0])})
	}
	return fs
}

// hashOf is arch.HashWord with the seed 0.
func hashOf(key uint64) uint64 {
	hi, lo := bits.Mul64(key, layout.FoldBy)
	return hi ^ lo
}

// home returns keys whose home in a table of two buckets is the first, and whose class is 0.
func home(n int) (keys []uint64) {
	for key := uint64(1); len(keys) < n; key++ {
		if h := hashOf(key); h>>63 == 0 && layout.ClassBit(h) == 1 {
			keys = append(keys, key)
		}
	}
	return keys
}

// record records what was found as ok and value, behind the prefix.
func (f found) record(c *CPU, prefix string) {
	c.Result(prefix+"odd", Const(number(f.odd)))
	if !f.odd {
		c.Result(prefix+"ok", f.ok)
		c.Result(prefix+"value", f.value)
	}
}

// hit says whether a thread has found the value.
func hit(s *State, thread int, prefix string, value uint64) bool {
	return s.Result(thread, prefix+"ok") == 1 && s.Result(thread, prefix+"value") == value
}

// each complains about the first lookup for which run does.
func each(ls []lookup, run func(l lookup) string) string {
	for _, l := range ls {
		if c := run(l); c != "" {
			return l.name + ": " + c
		}
	}
	return ""
}

// lookupChecks are about lookups against claims and stores.
var lookupChecks = []check{
	{"who sees the key sees the value", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupClaim(f, l) })
	}},
	{"an EMPTY slot does not have the key 0", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupZero(f, l) })
	}},
	{"what was done before is seen", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupUser(f, l, false) })
	}},
	{"what was read before is not of later", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupUser(f, l, true) })
	}},
	{"order of two keys", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupTwo(f, l) })
	}},
	{"no way back in time", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupTwice(f, l) })
	}},
	{"a key that is there is not missed behind a full bucket", func(w *world, f form) string {
		return each(w.lookups(f), func(l lookup) string { return w.lookupOverflow(f, l) })
	}},
}

// swapChecks are about swapWord.
var swapChecks = append([]check{
	{"the value that was there", swapSwap},
	{"a lock or a freeze, not both", swapOrFreeze},
	{"an EMPTY slot does not have the key 0 to be stored to", swapZero},
	{"what was done before is seen by who waits for nobody", func(w *world, f form) string { return w.swapUser(f, false) }},
	{"what was read before is not of later, by who waits for nobody", func(w *world, f form) string { return w.swapUser(f, true) }},
}, lookupChecks...)

// wordTable makes a table of word buckets in which bucket b, slot i holds keys[b][i] with the
// value 0; a key 0 is an EMPTY slot.
func wordTable(p *Program, keys ...[3]uint64) *testTable {
	entries := map[[2]int]slotEntry{}
	for b, ks := range keys {
		for i, key := range ks {
			if key != 0 {
				entries[[2]int{b, i}] = slotEntry{liveV1, key, 0}
			}
		}
	}
	return newTable(p, "t", oneWord, len(keys), entries)
}

// store makes the value of the key in slot i of the first bucket x, by the form if it is one of
// swapWord and else by a kernel of that.
func (w *world) store(c *CPU, f form, t *testTable, key, x uint64) {
	w.others("swapWord", f)[0].call(c, t.base, uint64(t.buckets), hashOf(key), key, x)
}

func (w *world) lookupClaim(f form, l lookup) string {
	p := New(f.model)
	key := home(1)[0]
	t := wordTable(p, [3]uint64{})
	p.Thread("writer", func(c *CPU) { w.others("claimSlot", f)[0].claimSlot(c, t.slot(0, 1), t.claim(0, 1, key, 7)) })
	p.Thread("reader", func(c *CPU) { l.find(c, t, key)[0].record(c, "") })
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 && !hit(s, 1, "", 7) },
		func(s *State) bool { return hit(s, 1, "", 7) })
}

// lookupZero looks up the key 0 while the slot, whose key is 0 so far, gets another one.
func (w *world) lookupZero(f form, l lookup) string {
	p := New(f.model)
	t := wordTable(p, [3]uint64{})
	p.Thread("writer", func(c *CPU) { w.others("claimSlot", f)[0].claimSlot(c, t.slot(0, 0), t.claim(0, 0, 1, 7)) })
	p.Thread("reader", func(c *CPU) { l.find(c, t, 0)[0].record(c, "") })
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 },
		func(s *State) bool { return s.Result(1, "odd") == 1 })
}

// lookupUser is cellPublishes, or if follows is set cellFollows, for lookups.
func (w *world) lookupUser(f form, l lookup, follows bool) string {
	p := New(f.model)
	key := home(1)[0]
	t, user := wordTable(p, [3]uint64{0, key, 0}), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		if follows {
			c.Result("user", c.Load(Const(user), 8, Plain))
		} else {
			c.Store(Const(user), 8, Const(1), Plain)
		}
		w.store(c, f, t, key, 7)
	})
	p.Thread("reader", func(c *CPU) {
		x := l.find(c, t, key)[0]
		x.record(c, "")
		if x.odd || !c.Branch(x.value) {
			return
		}
		if follows {
			c.Store(Const(user), 8, Const(1), Plain)
		} else {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	bad := func(s *State) bool {
		if follows {
			return s.Result(0, "user") == 1
		}
		return hit(s, 1, "", 7) && s.Result(1, "user") == 0
	}
	return judge(p, bad, func(s *State) bool { return hit(s, 1, "", 7) })
}

// lookupTwo has a writer of two keys, and a reader that looks up the later one first.
func (w *world) lookupTwo(f form, l lookup) string {
	p := New(f.model)
	keys := home(2)
	t := wordTable(p, [3]uint64{keys[0], keys[1], 0})
	p.Thread("writer", func(c *CPU) {
		w.store(c, f, t, keys[0], 7)
		w.store(c, f, t, keys[1], 7)
	})
	p.Thread("reader", func(c *CPU) {
		fs := l.find(c, t, keys[1], keys[0])
		fs[0].record(c, "y")
		fs[1].record(c, "x")
	})
	return judge(p, func(s *State) bool { return hit(s, 1, "y", 7) && hit(s, 1, "x", 0) },
		func(s *State) bool { return hit(s, 1, "y", 7) && hit(s, 1, "x", 7) })
}

// lookupTwice looks the same key up twice.
func (w *world) lookupTwice(f form, l lookup) string {
	p := New(f.model)
	key := home(1)[0]
	t := wordTable(p, [3]uint64{0, 0, key})
	p.Thread("writer", func(c *CPU) { w.store(c, f, t, key, 7) })
	p.Thread("reader", func(c *CPU) {
		for i, x := range l.find(c, t, key, key) {
			x.record(c, fmt.Sprint(i))
		}
	})
	return judge(p, func(s *State) bool { return hit(s, 1, "0", 7) && hit(s, 1, "1", 0) },
		func(s *State) bool { return hit(s, 1, "0", 7) && hit(s, 1, "1", 7) })
}

// lookupOverflow has an inserter that finds the home bucket of its key full, sets the overflow
// bit there, and takes a slot of the next bucket; and a reader that looks the key up twice, the
// second time after it has seen, perhaps by a flag, that the key is there.
func (w *world) lookupOverflow(f form, l lookup) string {
	p := New(f.model)
	keys := home(4)
	t, flag := wordTable(p, [3]uint64{keys[1], keys[2], keys[3]}, [3]uint64{}), p.Words("flag", 0)
	key := keys[0]
	p.Thread("inserter", func(c *CPU) {
		w.src.On(c).Call("seqmap.table.passOn", nil, t.object(), t.bucket(0), layout.ClassBit(hashOf(key)))
		w.others("claimSlot", f)[0].claimSlot(c, t.slot(1, 1), t.claim(1, 1, key, 7))
		c.Store(Const(flag), 8, Const(1), Release)
	})
	p.Thread("reader", func(c *CPU) {
		l.find(c, t, key)[0].record(c, "0")
		c.Result("flag", c.Load(Const(flag), 8, Acquire))
		l.find(c, t, key)[0].record(c, "1")
	})
	there := func(s *State) bool { return s.Result(1, "0ok") == 1 || s.Result(1, "flag") == 1 }
	bad := func(s *State) bool {
		if s.Result(1, "0ok") == 1 && !hit(s, 1, "0", 7) {
			return true
		}
		return there(s) && s.Result(1, "1odd") == 0 && !hit(s, 1, "1", 7)
	}
	return judge(p, bad, func(s *State) bool { return s.Result(1, "0ok") == 0 && hit(s, 1, "1", 7) })
}

// swapSwap has two writers of the same key. Those that succeed follow one another.
func swapSwap(w *world, f form) string {
	p := New(f.model)
	key := home(1)[0]
	t := wordTable(p, [3]uint64{0, key, 0})
	for i := range uint64(2) {
		p.Thread(fmt.Sprint("writer", i), func(c *CPU) {
			out := f.call(c, t.base, 1, hashOf(key), key, 7+i)
			c.Result("old", out[0])
			c.Result("ok", out[1])
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

// swapZero stores to the key 0 while the slot, whose key is 0 so far, gets another one.
func swapZero(w *world, f form) string {
	p := New(f.model)
	t := wordTable(p, [3]uint64{})
	p.Thread("inserter", func(c *CPU) { w.others("claimSlot", f)[0].claimSlot(c, t.slot(0, 0), t.claim(0, 0, 1, 7)) })
	p.Thread("writer", func(c *CPU) {
		out := f.call(c, t.base, 1, 0, 0, 9)
		c.Result("ok", out[len(out)-1])
	})
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 }, func(s *State) bool { return s.Has(1, "ok") })
}

// swapUser is lookupUser for a reader that takes the value also while the slot is locked.
func (w *world) swapUser(f form, follows bool) string {
	p := New(f.model)
	key := home(1)[0]
	t, user := wordTable(p, [3]uint64{key, 0, 0}), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		if follows {
			c.Result("user", c.Load(Const(user), 8, Plain))
		} else {
			c.Store(Const(user), 8, Const(1), Plain)
		}
		w.store(c, f, t, key, 7)
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

// swapOrFreeze has a mover that freezes the slot and then copies the value, which must be the
// last.
func swapOrFreeze(w *world, f form) string {
	p := New(f.model)
	key := home(1)[0]
	t := wordTable(p, [3]uint64{key, 0, 0})
	p.Thread("writer", func(c *CPU) {
		c.Result("ok", f.call(c, t.base, 1, hashOf(key), key, 7)[1])
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
