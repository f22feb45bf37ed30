package memmodel

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// shape is the sizes of keys and values of a table.
type shape struct {
	key, value uintptr
	// Whatever layout says:
	wideControl bool // the control word has 64 bits
	apart       bool // no lookup loads a part of a value where it compares the keys
	oneSlot     bool // buckets have a single slot
}

// The shapes that the slot routines treat differently: 32-bit words with keys and values of one
// word; half words; 64-bit words with values of two words; keys of several words, which have tags
// in a control word of 32 bits, or, with many slots, of 64. No geometry has such a control word
// together with slot words of 64 bits, but the kernels have code for it.
var (
	oneWord  = shape{key: 8, value: 8}
	halfWord = shape{key: 4, value: 4}
	twoWords = shape{key: 8, value: 16}
	tagged   = shape{key: 16, value: 8}
	manyTags = shape{key: 25, value: 5}
	wideTags = shape{key: 16, value: 16}
	allWide  = shape{key: 16, value: 16, wideControl: true}
)

const slotKey = 5

// claimChecks are about claimSlot against readers, other claims and movers.
var claimChecks = []check{
	{"who sees the key sees the value", func(w *world, f form) string {
		return first(w.claimRead(f, oneWord), w.claimRead(f, halfWord), w.claimRead(f, twoWords), w.claimRead(f, tagged), w.claimRead(f, wideTags))
	}},
	{"one of two claims wins", func(w *world, f form) string {
		return first(w.twoClaims(f, oneWord), w.twoClaims(f, twoWords))
	}},
	{"claims of two slots are all counted and tagged", func(w *world, f form) string {
		return first(w.countedClaims(f, oneWord), w.countedClaims(f, tagged), w.countedClaims(f, manyTags),
			w.countedClaims(f, twoWords), w.countedClaims(f, wideTags), w.countedClaims(f, allWide))
	}},
	{"a claim or a seal, not both", func(w *world, f form) string {
		return first(w.claimOrSeal(f, oneWord), w.claimOrSeal(f, twoWords))
	}},
	{"a copy that is not counted", func(w *world, f form) string {
		return first(w.claimCopy(f, oneWord), w.claimCopy(f, twoWords))
	}},
	{"what was done before is seen", func(w *world, f form) string {
		return first(w.slotPublishes(f, oneWord), w.slotPublishes(f, twoWords))
	}},
	{"what was read before is not of later", func(w *world, f form) string {
		return first(w.slotFollows(f, oneWord), w.slotFollows(f, twoWords))
	}},
	{"order of two keys", func(w *world, f form) string {
		return first(w.twoSlots(f, oneWord), w.twoSlots(f, twoWords))
	}},
	{"a write, then a read of another key", (*world).slotsBuffered},
	{"a key that is there is found by its tag", func(w *world, f form) string {
		return first(w.foundByTag(f, tagged), w.foundByTag(f, wideTags))
	}},
	{"the count, when one has gone on", (*world).countsBuffered},
}

// writeChecks are about writeSlot against readers and other writers.
var writeChecks = []check{
	{"no torn value", func(w *world, f form) string {
		return first(w.writeRead(f, oneWord), w.writeRead(f, twoWords))
	}},
	{"a writer sees the value of the one before", func(w *world, f form) string {
		return first(w.writeAfterWrite(f, oneWord), w.writeAfterWrite(f, halfWord), w.writeAfterWrite(f, twoWords))
	}},
	{"a removal does not see the value of the one after", func(w *world, f form) string {
		return first(w.removeThenRevive(f, oneWord), w.removeThenRevive(f, twoWords))
	}},
	{"one of two writers wins", func(w *world, f form) string {
		return first(w.twoWrites(f, oneWord), w.twoWrites(f, twoWords))
	}},
	{"an unexpected value is left alone", func(w *world, f form) string {
		return first(w.restore(f, oneWord), w.restore(f, halfWord))
	}},
	{"the count of two keys", func(w *world, f form) string {
		return first(w.countedWrites(f, oneWord), w.countedWrites(f, twoWords))
	}},
	{"the count is never negative", func(w *world, f form) string {
		return first(w.countOfOne(f, oneWord), w.countOfOne(f, twoWords))
	}},
	{"what was done before is seen", func(w *world, f form) string {
		return first(w.slotPublishes(f, oneWord), w.slotPublishes(f, twoWords))
	}},
	{"what was read before is not of later", func(w *world, f form) string {
		return first(w.slotFollows(f, oneWord), w.slotFollows(f, twoWords))
	}},
	{"order of two keys", func(w *world, f form) string {
		return first(w.twoSlots(f, oneWord), w.twoSlots(f, twoWords))
	}},
	{"a write, then a read of another key", (*world).slotsBuffered},
	{"a write sees what the version's writer did", func(w *world, f form) string {
		return first(w.writeFollows(f, oneWord), w.writeFollows(f, twoWords))
	}},
	{"what was done before is seen, after a write that was taken back", (*world).restoreCarries},
	{"the count, when one has gone on", (*world).countsBuffered},
}

// table makes a table of one bucket for the form: slots 0 and 1 are EMPTY if it is a claim, and
// LIVE with the value 0 if it is a write.
func (s shape) table(p *Program, f form) *testTable {
	if f.routine == "claimSlot" {
		return newTable(p, "t", s, 1, nil)
	}
	e := slotEntry{liveV1, slotKey, 0}
	return newTable(p, "t", s, 1, map[[2]int]slotEntry{{0, 0}: e, {0, 1}: e})
}

// put makes slot i of t hold the value x, by a claim or a write of the first version.
func (f form) put(c *CPU, t *testTable, i int, x uint64) Value {
	if f.routine == "claimSlot" {
		return f.claimSlot(c, t.slot(0, i), t.claim(0, i, slotKey, x))
	}
	return f.writeSlot(c, t.slot(0, i), liveV1, writeOp{value: t.valueWords(x), count: t.count})
}

// finalValue returns the first word of the value of slot i, and whether the others are the same.
func (t *testTable) finalValue(s *State, i int) (x uint64, whole bool) {
	sl := t.slot(0, i)
	x, whole = s.Final(sl.value), true
	for k := uint64(8); k < sl.valueBytes; k += 8 {
		whole = whole && s.Final(sl.value+k) == x
	}
	return x, whole
}

// readValue returns the value that a thread has recorded, and whether all words are the same.
func (t *testTable) readValue(s *State, thread int, prefix string) (x uint64, whole bool) {
	x, whole = s.Result(thread, prefix+"d0"), true
	for k := uint64(1); 8*k < uint64(t.geo.ValueBytes); k++ {
		whole = whole && s.Result(thread, fmt.Sprint(prefix, "d", k)) == x
	}
	return x, whole
}

func (w *world) claimRead(f form, sh shape) string { return w.claimReadCounted(f, sh, true) }

// claimCopy is claimRead for the claim of a mover, which does not count the key.
func (w *world) claimCopy(f form, sh shape) string { return w.claimReadCounted(f, sh, false) }

func (w *world) claimReadCounted(f form, sh shape, counted bool) string {
	p := New(f.model)
	t := sh.table(p, f)
	p.Thread("writer", func(c *CPU) {
		cl := t.claim(0, 0, slotKey, 7)
		if !counted {
			cl.count = 0
		}
		f.claimSlot(c, t.slot(0, 0), cl)
	})
	p.Thread("reader", func(c *CPU) { t.read(w, c, 0, 0, slotKey, "") })
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool { x, whole := t.readValue(s, 1, ""); return ok(s) && (x != 7 || !whole) }
	return judge(p, bad, ok)
}

func (w *world) twoClaims(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	for i := range uint64(2) {
		p.Thread(fmt.Sprint("claim", i), func(c *CPU) {
			cl := t.claim(0, 0, slotKey+i, 7+i)
			c.Result("used", f.claimSlot(c, t.slot(0, 0), cl))
		})
	}
	bad := func(s *State) bool {
		a, b := s.Result(0, "used"), s.Result(1, "used")
		x, whole := t.finalValue(s, 0)
		return a+b != 1 || s.Final(t.slot(0, 0).word) != liveV1 || s.Final(t.slot(0, 0).key) != slotKey+b || x != 7+b || !whole ||
			s.Final(t.used) != 1 || s.Final(t.count) != 1
	}
	return judge(p, bad, func(s *State) bool { return s.Result(1, "used") == 1 })
}

func (w *world) countedClaims(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	for i := range 2 {
		p.Thread(fmt.Sprint("claim", i), func(c *CPU) { c.Result("used", f.put(c, t, i, 7)) })
	}
	bad := func(s *State) bool {
		a, b := s.Result(0, "used"), s.Result(1, "used")
		return a+b != 3 || a*b != 2 || s.Final(t.used) != 2 || s.Final(t.count) != 2 ||
			t.geo.Tagged && s.Final(t.control(0)) != t.tag(0)|t.tag(1)
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "used") == 2 })
}

// claimOrSeal has a mover that meets the slot: it becomes SEALED, or LIVE.
func (w *world) claimOrSeal(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	p.Thread("claim", func(c *CPU) { c.Result("used", f.put(c, t, 0, 7)) })
	p.Thread("mover", func(c *CPU) {
		c.Result("sealed", w.src.casWord(c, t, layout.Empty, layout.Sealed))
	})
	bad := func(s *State) bool {
		used, sealed := s.Result(0, "used"), s.Result(1, "sealed")
		want := map[uint64]uint64{0: layout.Sealed, 1: liveV1}[used]
		return used+sealed != 1 || s.Final(t.slot(0, 0).word) != want
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "used") == 1 })
}

// casWord calls the compare-and-swap of a slot word of package seqmap, for slot 0.
func (src *Source) casWord(c *CPU, t *testTable, old, x uint64) Value {
	return value(src.On(c).Call("seqmap.table.casWord", nil, t.object(), t.bucket(0), uint64(0), old, x)[0])
}

// slotPublishes is cellPublishes for slots.
func (w *world) slotPublishes(f form, sh shape) string {
	p := New(f.model)
	t, user := sh.table(p, f), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		f.put(c, t, 0, 7)
	})
	p.Thread("reader", func(c *CPU) {
		if t.read(w, c, 0, 0, slotKey, "") {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	seen := func(s *State) bool { return s.Result(1, "ok") == 1 && s.Result(1, "d0") == 7 }
	return judge(p, func(s *State) bool { return seen(s) && s.Result(1, "user") == 0 }, seen)
}

// slotFollows is cellFollows for slots.
func (w *world) slotFollows(f form, sh shape) string {
	p := New(f.model)
	t, user := sh.table(p, f), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Result("user", c.Load(Const(user), 8, Plain))
		f.put(c, t, 0, 7)
	})
	p.Thread("reader", func(c *CPU) {
		if t.read(w, c, 0, 0, slotKey, "") {
			c.Store(Const(user), 8, Const(1), Plain)
		}
	})
	seen := func(s *State) bool { return s.Result(1, "ok") == 1 && s.Result(1, "d0") == 7 }
	return judge(p, func(s *State) bool { return seen(s) && s.Result(0, "user") == 1 }, seen)
}

// twoSlots is twoCells for slots of two buckets.
func (w *world) twoSlots(f form, sh shape) string {
	p := New(f.model)
	x, y := sh.table(p, f), sh.table(p, f)
	p.Thread("writer", func(c *CPU) {
		f.put(c, x, 0, 7)
		f.put(c, y, 0, 7)
	})
	p.Thread("reader", func(c *CPU) {
		y.read(w, c, 0, 0, slotKey, "y")
		x.read(w, c, 0, 0, slotKey, "x")
	})
	second := func(s *State) bool { return s.Result(1, "yok") == 1 && s.Result(1, "yd0") == 7 }
	first := func(s *State) bool { return s.Result(1, "xok") == 1 && s.Result(1, "xd0") == 7 }
	return judge(p, func(s *State) bool { return second(s) && !first(s) }, func(s *State) bool { return second(s) && first(s) })
}

func (w *world) writeRead(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	p.Thread("writer", func(c *CPU) { f.put(c, t, 0, 7) })
	p.Thread("reader", func(c *CPU) { t.read(w, c, 0, 0, slotKey, "") })
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool {
		x, whole := t.readValue(s, 1, "")
		return !ok(s) || !whole || x != 0 && x != 7
	}
	return judge(p, bad, func(s *State) bool { return ok(s) && s.Result(1, "d0") == 7 })
}

// writeAfterWrite has two writers, the second of the version that the first leaves.
func (w *world) writeAfterWrite(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	p.Thread("first", func(c *CPU) { f.put(c, t, 0, 7) })
	p.Thread("second", func(c *CPU) {
		prev := c.Alloc(16)
		ok := f.writeSlot(c, t.slot(0, 0), liveV2, writeOp{value: t.valueWords(8), prev: prev, count: t.count})
		c.Result("ok", ok)
		t.recordValue(c, prev)
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool {
		prev, prevWhole := t.readValue(s, 1, "")
		x, whole := t.finalValue(s, 0)
		return ok(s) && (prev != 7 || !prevWhole || x != 8 || !whole || s.Final(t.slot(0, 0).word) != liveV3)
	}
	return judge(p, bad, ok)
}

// recordValue records a value in private memory as d0, d1, ….
func (t *testTable) recordValue(c *CPU, at uint64) {
	bytes := uint64(t.geo.ValueBytes)
	if bytes == 4 {
		c.Result("d0", c.Load(Const(at), 4, Plain))
	}
	for k := uint64(0); k+8 <= bytes; k += 8 {
		c.Result(fmt.Sprint("d", k/8), c.Load(Const(at+k), 8, Plain))
	}
}

// removeThenRevive has one that removes the key, with the old value, and one that puts it back.
func (w *world) removeThenRevive(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	p.Thread("remover", func(c *CPU) {
		prev := c.Alloc(16)
		c.Result("ok", f.writeSlot(c, t.slot(0, 0), liveV1, writeOp{prev: prev, count: t.count, remove: true}))
		t.recordValue(c, prev)
	})
	p.Thread("reviver", func(c *CPU) {
		c.Result("ok", f.writeSlot(c, t.slot(0, 0), deadV2, writeOp{value: t.valueWords(8), count: t.count}))
	})
	bad := func(s *State) bool {
		prev, whole := t.readValue(s, 0, "")
		revived := s.Result(1, "ok")
		if prev != 0 || !whole || s.Result(0, "ok") == 0 {
			return true
		}
		x, whole := t.finalValue(s, 0)
		return s.Final(t.count) != revived-1 || x != 8*revived || !whole ||
			s.Final(t.slot(0, 0).word) != map[uint64]uint64{0: deadV2, 1: liveV3}[revived]
	}
	return judge(p, bad, func(s *State) bool { return s.Result(1, "ok") == 1 })
}

func (w *world) twoWrites(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	for i := range uint64(2) {
		p.Thread(fmt.Sprint("writer", i), func(c *CPU) { c.Result("ok", f.put(c, t, 0, 7+i)) })
	}
	bad := func(s *State) bool {
		x, whole := t.finalValue(s, 0)
		b := s.Result(1, "ok")
		return s.Result(0, "ok")+b != 1 || x != 7+b || !whole || s.Final(t.slot(0, 0).word) != liveV2
	}
	return judge(p, bad, func(s *State) bool { return s.Result(1, "ok") == 1 })
}

// restore has a writer that expects another value than there is, namely that of the other one.
func (w *world) restore(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	p.Thread("wrong", func(c *CPU) {
		c.Result("ok", f.writeSlot(c, t.slot(0, 0), liveV1, writeOp{value: t.valueWords(9), expect: t.valueWords(7), count: t.count}))
	})
	p.Thread("right", func(c *CPU) {
		c.Result("ok", f.writeSlot(c, t.slot(0, 0), liveV1, writeOp{value: t.valueWords(7), expect: t.valueWords(0), count: t.count}))
	})
	bad := func(s *State) bool {
		b := s.Result(1, "ok")
		x, _ := t.finalValue(s, 0)
		return s.Result(0, "ok") != 0 || x != 7*b || s.Final(t.slot(0, 0).word) != liveV1+b*layout.Version
	}
	return judge(p, bad, func(s *State) bool { return s.Result(1, "ok") == 1 })
}

// countedWrites has two that remove a key each, and put it back.
func (w *world) countedWrites(f form, sh shape) string {
	p := New(f.model)
	t := sh.table(p, f)
	for i := range 2 {
		p.Thread(fmt.Sprint("remover", i), func(c *CPU) {
			f.writeSlot(c, t.slot(0, i), liveV1, writeOp{count: t.count, remove: true})
			if i == 1 {
				f.writeSlot(c, t.slot(0, i), deadV2, writeOp{value: t.valueWords(8), count: t.count})
			}
		})
	}
	done := func(s *State) bool { return s.Final(t.slot(0, 1).word) == liveV3 }
	return judge(p, func(s *State) bool { return !done(s) || s.Final(t.count) != ^uint64(0) }, done)
}

// countOfOne has one that claims the slot, one that removes the key when it has seen it, and one
// that looks at the count.
func (w *world) countOfOne(f form, sh shape) string {
	p := New(f.model)
	t := newTable(p, "t", sh, 1, nil)
	for _, o := range w.others("claimSlot", f)[:1] {
		p.Thread("inserter", func(c *CPU) { o.claimSlot(c, t.slot(0, 0), t.claim(0, 0, slotKey, 7)) })
	}
	p.Thread("remover", func(c *CPU) {
		ok := f.writeSlot(c, t.slot(0, 0), liveV1, writeOp{count: t.count, remove: true})
		c.Result("ok", ok)
	})
	p.Thread("len", func(c *CPU) { c.Result("n", c.Load(Const(t.count), 8, Acquire)) })
	removed := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool { return s.Result(2, "n") > 1 || removed(s) && s.Final(t.count) != 0 }
	return judge(p, bad, removed)
}

// writeFollows is commitFollows for slots.
func (w *world) writeFollows(f form, sh shape) string {
	p := New(f.model)
	t, user := sh.table(p, f), p.Words("user", 0)
	p.Thread("first", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		f.put(c, t, 0, 7)
	})
	p.Thread("second", func(c *CPU) {
		ok := f.writeSlot(c, t.slot(0, 0), liveV2, writeOp{value: t.valueWords(8), count: t.count})
		if c.Result("ok", ok); c.Branch(ok) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(p, func(s *State) bool { return ok(s) && s.Result(1, "user") == 0 }, ok)
}

// restoreCarries has a writer that stores elsewhere before, one that expects another value and
// restores the word, and a reader that looks there when it has seen the new value.
func (w *world) restoreCarries(f form) string {
	p := New(f.model)
	t, user := oneWord.table(p, f), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		f.put(c, t, 0, 7)
	})
	p.Thread("wrong", func(c *CPU) {
		f.writeSlot(c, t.slot(0, 0), liveV2, writeOp{value: t.valueWords(9), expect: t.valueWords(8), count: t.count})
	})
	p.Thread("reader", func(c *CPU) {
		if t.read(w, c, 0, 0, slotKey, "") {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	seen := func(s *State) bool { return s.Result(2, "ok") == 1 && s.Result(2, "d0") == 7 }
	return judge(p, func(s *State) bool { return seen(s) && s.Result(2, "user") == 0 }, seen)
}

// foundByTag has a reader that looks for a key when it knows by a flag that it is there.
func (w *world) foundByTag(f form, sh shape) string {
	p := New(f.model)
	t, flag := sh.table(p, f), p.Words("flag", 0)
	p.Thread("writer", func(c *CPU) {
		f.put(c, t, 0, 7)
		c.Store(Const(flag), 8, Const(1), Release)
	})
	p.Thread("reader", func(c *CPU) {
		c.Result("flag", c.Load(Const(flag), 8, Acquire))
		t.read(w, c, 0, 0, slotKey, "")
	})
	there := func(s *State) bool { return s.Result(1, "flag") == 1 }
	return judge(p, func(s *State) bool { return there(s) && s.Result(1, "ok") == 0 },
		func(s *State) bool { return there(s) && s.Result(1, "d0") == 7 })
}
