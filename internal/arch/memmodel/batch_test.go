package memmodel

import (
	"fmt"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// keyShapes are the sizes for the checks of the routines that look for keys, by the keys that
// are in the routine's name: values that are one access, with slot words of 32 bits, and values of
// two words, with slot words of 64 bits. Where values are apart, no kernel loads them when it
// compares the keys, which would only make many more executions: it looks at the keys of the slots
// alone.
var keyShapes = map[string][]shape{
	"Half": {{key: 4, value: 4}, {key: 4, value: 8, apart: true}, {key: 4, value: 16, apart: true}},
	"Word": {{key: 8, value: 4}, {key: 8, value: 8, apart: true}, {key: 8, value: 16, apart: true}},
	"Pair": {{key: 16, value: 4, apart: true}, {key: 16, value: 8, apart: true}, {key: 16, value: 16, apart: true}},
	"Line": {oneWord},
}

// keys returns which keys the form is for: the end of its routine's name, one of keyShapes.
func (f form) keys() string { return f.routine[len(f.routine)-len("Line"):] }

// shapes returns the sizes for the checks of the form.
func (f form) shapes() (shapes []shape) {
	for _, sh := range keyShapes[f.keys()] {
		if sh.value <= 8 || !f.adds() {
			shapes = append(shapes, sh)
		}
	}
	return shapes
}

// A probe is a lookup of keys of a shape, with a way to change values meanwhile.
type probe struct {
	w  *world
	f  form
	l  lookup
	sh shape
	put
}

// probes returns the probes for a form, of each shape: a lookup with each writer, an update with
// each lookup.
func (w *world) probes(f form) (ps []probe) {
	for _, sh := range f.shapes() {
		for _, l := range w.lookups(f) {
			for _, x := range w.puts(f, sh) {
				ps = append(ps, probe{w, f, l, sh, x})
			}
		}
	}
	return ps
}

// lookups returns all that look up the keys of an update, or the form alone if it is a lookup.
func (w *world) lookups(f form) (ls []lookup) {
	if !f.updates() {
		return []lookup{f.lookup()}
	}
	for _, o := range w.others("getBatch"+f.keys(), f) {
		ls = append(ls, o.lookup())
	}
	if f.keys() == "Line" {
		return append(ls, lookup{"GetLine", w.getLine})
	}
	for _, o := range w.others("get"+f.keys(), f) {
		ls = append(ls, o.lookup())
	}
	return ls
}

// probing makes a check from one of probes. With once set, a lookup meets only the first of the
// writers, and an update only the first of the lookups, and if time is short only with the first
// shape; the others meet it in the checks of single keys.
func probing(name string, once bool, run func(x probe) string) check {
	return check{name, func(w *world, f form) string {
		done := map[shape]bool{}
		for _, x := range w.probes(f) {
			var met shape
			if !testing.Short() {
				met = x.sh
			}
			if once && done[met] {
				continue
			}
			done[met] = true
			if c := run(x); c != "" {
				return fmt.Sprintf("%s and %s, %d-byte keys, %d-byte values: %s", x.l.name, x.name, x.sh.key, x.sh.value, c)
			}
		}
		return ""
	}}
}

// probeChecks are about lookups against what changes values.
var probeChecks = []check{
	probing("no torn value", false, probe.torn),
	probing("what was done before is seen", false, func(x probe) string { return x.user(false) }),
	probing("what was read before is not of later", false, func(x probe) string { return x.user(true) }),
	probing("order of two keys", true, probe.two),
	probing("no way back in time", true, probe.twice),
	probing("a write, then a lookup of another key", false, probe.written),
}

// lookupChecks are about lookups, against claims and movers too.
var lookupChecks = append([]check{
	probing("who sees the key sees the value", true, probe.claimed),
	probing("an EMPTY slot does not have the key 0", true, probe.zero),
	probing("a claim, then a lookup of another key", true, probe.inserted),
	{"no torn value of many words", tornLong},
	probing("a key that is moved is not missed", true, probe.moved),
	probing("a key that is inserted into the next table is not missed", true, probe.closed),
}, append(probeChecks, probing("a key that is there is not missed behind a full bucket", true, probe.overflow))...)

// claim puts a key with the value 7 into slot i of bucket b.
func (x probe) claim(c *CPU, t *testTable, b, i int, key uint64) {
	x.w.others("claimSlot", x.f)[0].claimSlot(c, t.slot(b, i), t.claim(b, i, key, 7))
}

func (x probe) claimed() string {
	p := New(x.f.model)
	key := x.sh.home(1)[0]
	t := x.sh.keyed(p, nil)
	p.Thread("writer", func(c *CPU) { x.claim(c, t, 0, 1, key) })
	p.Thread("reader", func(c *CPU) { x.l.find(c, t, key)[0].record(c, "") })
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 && !hit(s, 1, "", 7) },
		func(s *State) bool { return hit(s, 1, "", 7) })
}

// zero looks up the key 0 while the slot, whose key is 0 so far, gets another one.
func (x probe) zero() string {
	p := New(x.f.model)
	t := x.sh.keyed(p, nil)
	p.Thread("writer", func(c *CPU) { x.claim(c, t, 0, 0, 1) })
	p.Thread("reader", func(c *CPU) { x.l.find(c, t, 0)[0].record(c, "") })
	return judge(p, func(s *State) bool { return s.Result(1, "ok") == 1 },
		func(s *State) bool { return s.Result(1, "odd") == 1 })
}

// torn changes the value of a key while it is looked up.
func (x probe) torn() string {
	p := New(x.f.model)
	key := x.sh.home(1)[0]
	t := x.sh.keyed(p, []uint64{0, key})
	p.Thread("writer", func(c *CPU) { x.do(c, t, 1, key, 7) })
	p.Thread("reader", func(c *CPU) { x.l.find(c, t, key)[0].record(c, "") })
	bad := func(s *State) bool { return s.Result(1, "odd") == 0 && !hit(s, 1, "", 0) && !hit(s, 1, "", 7) }
	return judge(p, bad, func(s *State) bool { return hit(s, 1, "", 7) })
}

// tornLong is torn for values of many words, of which the writer changes the first and one other
// only.
func tornLong(w *world, f form) string {
	for _, sh := range f.shapes() {
		for size := uintptr(16); size <= layout.BatchValueBytes && sh.value == 16; size += 8 {
			for k := 1; k < int(size/8); k++ {
				if c := tornWord(f, shape{key: sh.key, value: size, apart: true}, k); c != "" {
					return fmt.Sprintf("%d-byte keys, word %d of %d bytes: %s", sh.key, k, size, c)
				}
			}
		}
	}
	return ""
}

func tornWord(f form, sh shape, k int) string {
	p := New(f.model)
	key := sh.home(1)[0]
	t := sh.keyed(p, []uint64{0, key})
	p.Thread("writer", func(c *CPU) {
		at := t.slot(0, 1)
		writeSome(c, at.word, 8, liveV1, at.value, at.value+8*uint64(k))
	})
	p.Thread("reader", func(c *CPU) {
		if x := f.lookup().find(c, t, key)[0]; !x.odd {
			c.Result("ok", x.ok)
			c.Result("d0", x.value[0])
			c.Result("d1", x.value[k])
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool {
		return s.Has(1, "ok") && !ok(s) || s.Result(1, "d0") != s.Result(1, "d1")
	}
	return judge(p, bad, func(s *State) bool { return ok(s) && s.Result(1, "d0") == 1 })
}

// user is publishes of cells, or if after is set follows, for lookups.
func (x probe) user(after bool) string {
	p := New(x.f.model)
	key := x.sh.home(1)[0]
	t, user := x.sh.keyed(p, []uint64{0, key}), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		if after {
			c.Result("user", c.Load(Const(user), 8, Plain))
		} else {
			c.Store(Const(user), 8, Const(1), Plain)
		}
		x.do(c, t, 1, key, 7)
	})
	p.Thread("reader", func(c *CPU) {
		got := x.l.find(c, t, key)[0]
		got.record(c, "")
		if got.odd || !c.Branch(got.value[0]) {
			return
		}
		if after {
			c.Store(Const(user), 8, Const(1), Plain)
		} else {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	bad := func(s *State) bool {
		if after {
			return s.Result(0, "user") == 1
		}
		return hit(s, 1, "", 7) && s.Result(1, "user") == 0
	}
	return judge(p, bad, func(s *State) bool { return hit(s, 1, "", 7) })
}

// two has a writer of two keys, and a reader that looks up the later one first.
func (x probe) two() string {
	p := New(x.f.model)
	keys := x.sh.home(2)
	t := x.sh.keyed(p, keys)
	p.Thread("writer", func(c *CPU) {
		x.do(c, t, 0, keys[0], 7)
		x.do(c, t, 1, keys[1], 7)
	})
	p.Thread("reader", func(c *CPU) {
		fs := x.l.find(c, t, keys[1], keys[0])
		fs[0].record(c, "y")
		fs[1].record(c, "x")
	})
	return judge(p, func(s *State) bool { return hit(s, 1, "y", 7) && hit(s, 1, "x", 0) },
		func(s *State) bool { return hit(s, 1, "y", 7) && hit(s, 1, "x", 7) })
}

// twice looks the same key up twice.
func (x probe) twice() string {
	p := New(x.f.model)
	key := x.sh.home(1)[0]
	t := x.sh.keyed(p, []uint64{0, key})
	p.Thread("writer", func(c *CPU) { x.do(c, t, 1, key, 7) })
	p.Thread("reader", func(c *CPU) {
		for i, got := range x.l.find(c, t, key, key) {
			got.record(c, fmt.Sprint(i))
		}
	})
	return judge(p, func(s *State) bool { return hit(s, 1, "0", 7) && hit(s, 1, "1", 0) },
		func(s *State) bool { return hit(s, 1, "0", 7) && hit(s, 1, "1", 7) })
}

// overflow has an inserter that finds the home bucket of its key full, sets the overflow bit
// there, and takes a slot of the next bucket; and a reader that looks the key up twice, the
// second time after it has seen, perhaps by a flag, that the key is there.
func (x probe) overflow() string {
	p := New(x.f.model)
	keys := x.sh.home(1 + int(layout.BucketOf(x.sh.key, x.sh.value).Slots))
	t, flag := x.sh.keyed(p, keys[1:], nil), p.Words("flag", 0)
	key := keys[0]
	p.Thread("inserter", func(c *CPU) {
		x.w.src.On(c).Call("seqmap.table.passOn", nil, t.object(), t.bucket(0), layout.ClassBit(x.sh.hash(key)))
		x.claim(c, t, 1, 1, key)
		c.Store(Const(flag), 8, Const(1), Release)
	})
	p.Thread("reader", func(c *CPU) {
		x.l.find(c, t, key)[0].record(c, "0")
		c.Result("flag", c.Load(Const(flag), 8, Acquire))
		x.l.find(c, t, key)[0].record(c, "1")
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

// written has two threads that each change the value of a key and then look up that of the other.
func (x probe) written() string {
	key := x.sh.home(1)[0]
	return x.buffered([]uint64{0, key}, key, func(c *CPU, t *testTable) { x.do(c, t, 1, key, 7) })
}

// inserted has two threads that each insert a key and then look up that of the other, which the
// lookup must find by the keys, which it loads before anything else.
func (x probe) inserted() string {
	key := x.sh.home(1)[0]
	for _, o := range x.w.everyForm("claimSlot", x.f) {
		c := x.buffered(nil, key, func(c *CPU, t *testTable) { o.claimSlot(c, t.slot(0, 1), t.claim(0, 1, key, 7)) })
		if c != "" {
			return o.name + ": " + c
		}
	}
	return ""
}

// buffered has two threads, each with a table of its own that holds the keys. Each writes to its
// table and then looks the key up in that of the other. They must not both miss the other's value 7.
func (x probe) buffered(keys []uint64, key uint64, write func(c *CPU, t *testTable)) string {
	p := New(x.f.model)
	tables := []*testTable{x.sh.keyed(p, keys), x.sh.keyed(p, keys)}
	for i := range 2 {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			write(c, tables[i])
			x.l.find(c, tables[1-i], key)[0].record(c, "")
		})
	}
	missed := func(s *State, i int) bool { return s.Result(i, "odd") == 0 && !hit(s, i, "", 7) }
	return judge(p, func(s *State) bool { return missed(s, 0) && missed(s, 1) },
		func(s *State) bool { return missed(s, 0) && hit(s, 1, "", 7) })
}

// moved looks the key up while its bucket is moved to the next table.
func (x probe) moved() string {
	g := newMigration(x.w, x.f.model, x.sh)
	g.mover(true, x.w.others("claimSlot", x.f)[0])
	g.p.Thread("reader", func(c *CPU) { x.l.find(c, g.from, slotKey)[0].record(c, "") })
	odd := func(s *State) bool { return s.Result(1, "odd") == 1 }
	return judge(g.p, func(s *State) bool { return !odd(s) && !hit(s, 1, "", oldValue) }, odd)
}

// closed has an inserter that finds the table being replaced: it closes the path of its key there, and
// takes a slot in the next table. The reader looks the key up twice in the old one, the second
// time after it has seen, perhaps by a flag, that the key is there.
func (x probe) closed() string {
	g := newMigration(x.w, x.f.model, x.sh)
	g.from = newTable(g.p, "old", x.sh, 1, nil)
	flag := g.p.Words("flag", 0)
	g.p.Thread("inserter", func(c *CPU) {
		x.w.src.On(c).Call("seqmap.table.moveBucket", nil, g.object(), g.from.bucket(0))
		x.claim(c, g.to, 0, 0, slotKey)
		c.Store(Const(flag), 8, Const(1), Release)
	})
	g.p.Thread("reader", func(c *CPU) {
		x.l.find(c, g.from, slotKey)[0].record(c, "0")
		c.Result("flag", c.Load(Const(flag), 8, Acquire))
		x.l.find(c, g.from, slotKey)[0].record(c, "1")
	})
	return judge(g.p, func(s *State) bool { return s.Result(1, "flag") == 1 && s.Result(1, "1odd") == 0 },
		func(s *State) bool { return s.Result(1, "0odd") == 0 && s.Result(1, "flag") == 1 })
}

var prefetchChecks = []check{{"it accesses nothing", prefetchNothing}}

// prefetchNothing asks for buckets where no memory is.
func prefetchNothing(w *world, f form) string {
	p := New(f.model)
	p.Thread("reader", func(c *CPU) {
		hashes := buffer(c, []uint64{0, 1 << 63, ^uint64(0)})
		for _, bytes := range []uint64{layout.LineBytes, 2 * layout.LineBytes, 4 * layout.LineBytes} {
			f.call(c, p.Reserve(), uint64(8), bytes, hashes, uint64(3))
		}
		c.Result("done", Const(1))
	})
	return judge(p, func(*State) bool { return false }, func(s *State) bool { return s.Result(0, "done") == 1 })
}
