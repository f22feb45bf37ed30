package memmodel

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// testTable is a table of the map, for the checks of the slot routines, the lookups and the movers: its
// memory, and the struct that the Go code of package seqmap wants.
type testTable struct {
	geo     layout.Bucket
	buckets int
	base    uint64
	used    uint64
	count   uint64
	next    uint64 // the word of the pointer to the next table
	root    uint64 // that of the root of a map whose first table this is
}

// slotEntry is what a slot holds at first. Slots without one are EMPTY.
type slotEntry struct {
	word       uint64
	key, value uint64 // the first word of each; the others are the same
}

// Words of a LIVE or DEAD slot.
const (
	liveV1 = layout.Live | 1*layout.Version
	liveV2 = layout.Live | 2*layout.Version
	deadV2 = layout.Dead | 2*layout.Version
	liveV3 = layout.Live | 3*layout.Version
)

// newTable makes a table whose slots hold what entries says, by bucket and slot. The counters
// are shared.
func newTable(p *Program, name string, s shape, buckets int, entries map[[2]int]slotEntry) *testTable {
	t := &testTable{geo: layout.BucketOf(s.key, s.value), buckets: buckets, base: p.Reserve()}
	if s.wideControl {
		t.geo.ControlWide, t.geo.ControlAt, t.geo.Bytes = true, t.geo.Bytes, t.geo.Bytes+layout.LineBytes
	}
	if s.apart {
		// Three keys of 16 bytes are the most that a lookup loads at once.
		t.geo.ValueAt = (t.geo.KeyAt + 3*16 + 7) &^ 7
		t.geo.Bytes += layout.LineBytes
	}
	if s.oneSlot {
		t.geo.Slots = 1
	}
	for b := range buckets {
		control := uint64(0)
		for i := range int(t.geo.Slots) {
			e := entries[[2]int{b, i}]
			s := t.slot(b, i)
			label := fmt.Sprintf("%s.%d.%d.", name, b, i)
			p.At(s.word, label+"word", int(t.geo.WordBytes), e.word)
			t.place(p, label+"key", s.key, s.keyBytes, e.key)
			t.place(p, label+"value", s.value, s.valueBytes, e.value)
			if t.geo.Tagged && e.word != 0 {
				control |= t.tag(i)
			}
		}
		p.At(t.control(b), fmt.Sprintf("%s.%d.control", name, b), t.controlBytes(), control)
		t.fill(p, b)
	}
	t.used, t.count = p.Words(name+".used", 0), p.Words(name+".count", 0)
	t.next, t.root = p.Words(name+".next", 0), p.Words(name+".root", 1)
	return t
}

// fill makes the bytes of a bucket that nobody uses, but a vector may load, half words.
func (t *testTable) fill(p *Program, b int) {
	for at := t.bucket(b); at < t.bucket(b+1); at += 4 {
		_, here := p.byAddr[at]
		word, before := p.byAddr[at-4]
		if !here && !(before && p.locs[word].size == 8) {
			p.At(at, "unused", 4, 0)
		}
	}
}

// place makes a packed value.
func (t *testTable) place(p *Program, name string, at, bytes, x uint64) {
	if bytes == 4 {
		p.At(at, name, 4, x)
		return
	}
	for i := uint64(0); i < bytes; i += 8 {
		p.At(at+i, fmt.Sprint(name, i/8), 8, x)
	}
}

func (t *testTable) bucket(b int) uint64 { return t.base + uint64(b)*uint64(t.geo.Bytes) }

func (t *testTable) control(b int) uint64 { return t.bucket(b) + uint64(t.geo.ControlAt) }

func (t *testTable) controlBytes() int {
	if t.geo.ControlWide {
		return 8
	}
	return 4
}

// tag returns the tag of hash 0 where slot i has it in the control word.
func (t *testTable) tag(i int) uint64 { return layout.Tag(0) << (layout.TagShift + 8*i) }

func (t *testTable) slot(b, i int) slot {
	g := &t.geo
	n := uint64(i)
	return slot{
		word:       t.bucket(b) + n*uint64(g.WordBytes),
		key:        t.bucket(b) + uint64(g.KeyAt) + n*uint64(g.KeyBytes),
		value:      t.bucket(b) + uint64(g.ValueAt) + n*uint64(g.ValueBytes),
		keyBytes:   uint64(g.KeyBytes),
		valueBytes: uint64(g.ValueBytes),
		wide:       g.WordBytes == 8,
	}
}

// claim returns the operand that puts a key and a value, of which all words are the same, into
// slot i of bucket b.
func (t *testTable) claim(b, i int, key, val uint64) claim {
	c := claim{
		key:   words(int(t.geo.KeyBytes+7)/8, key),
		value: words(int(t.geo.ValueBytes+7)/8, val),
		used:  t.used, count: t.count,
	}
	if t.geo.Tagged {
		c.control, c.tag, c.tagWide = t.control(b), t.tag(i), t.geo.ControlWide
	}
	return c
}

// valueWords returns a value of the table of which all words are x.
func (t *testTable) valueWords(x uint64) []uint64 { return words(int(t.geo.ValueBytes+7)/8, x) }

// object returns the table as a *seqmap.table. later are the tables that the word at next can
// lead to, by numbers from 1.
func (t *testTable) object(later ...*Object) *Object {
	g := t.geo
	n := func(x uintptr) num { return num{uint64(x), 8} }
	return &Object{Type: "seqmap.table", Fields: map[string]any{
		"base": num{t.base, 8}, "buckets": num{uint64(t.buckets), 8}, "words": g.IsWord(),
		"geo": &Object{Type: "layout.Bucket", Fields: map[string]any{
			"Bytes": n(g.Bytes), "Slots": n(g.Slots), "WordBytes": n(g.WordBytes), "ControlAt": n(g.ControlAt),
			"ControlWide": g.ControlWide, "Tagged": g.Tagged, "KeyAt": n(g.KeyAt), "KeyBytes": n(g.KeyBytes),
			"ValueAt": n(g.ValueAt), "ValueBytes": n(g.ValueBytes),
		}},
		"used":    &Object{Type: "seqmap.counter", Fields: map[string]any{"at": num{t.used, 8}}},
		"lineage": &Object{Type: "seqmap.lineage", Fields: map[string]any{"count": &Object{Type: "seqmap.counter", Fields: map[string]any{"at": num{t.count, 8}}}}},
		"hasher":  &Object{Type: "seqmap.hasher", Fields: map[string]any{"kind": num{hashWord, 1}}},
		"next":    &AtomicPointer{Addr: t.next, Objects: later},
	}}
}

// mapSource makes Go code of package seqmap count in the counters of a testTable, and hash every
// key to 0.
func mapSource(s *Source) *Source {
	counter := func(g *GoCPU, recv any) []any { return []any{recv.(*Object).Fields["at"]} }
	s.Methods["seqmap.counter.mine"], s.Methods["seqmap.counter.of"] = counter, counter
	s.Methods["seqmap.hasher.hash"] = func(*GoCPU, any) []any { return []any{num{0, 8}} }
	return s
}

// read looks the key up in slot i of bucket b as Go code does that has found a match there, and
// records ok, and the words of the value as d0, d1, …. Where values are small, it is a reader
// that waits for nobody.
func (t *testTable) read(w *world, c *CPU, b, i int, key uint64, prefix string) (ok bool) {
	g := w.src.On(c)
	table, bucket := t.object(), t.bucket(b)
	if t.geo.IsWord() {
		out := g.Call("seqmap.table.searchSlot", nil, table, bucket, uint64(i), key)
		ok = out[1].(uint64) == verdictPresent
		c.Result(prefix+"d0", value(out[0]))
	} else {
		dst := c.Alloc(uint64(t.geo.ValueBytes))
		out := g.Call("seqmap.table.getHere", nil, table, buffer(c, t.claim(b, i, key, 0).key), uint64(0), dst)
		ok = out[0].(uint64) == verdictPresent
		for k := uint64(0); k < uint64(t.geo.ValueBytes); k += 8 {
			c.Result(fmt.Sprint(prefix, "d", k/8), c.Load(Const(dst+k), 8, Plain))
		}
	}
	c.Result(prefix+"ok", number(ok))
	return ok
}

// Constants of package seqmap that are made by iota: present, and the kind of hash that keys of one
// word have.
const (
	verdictPresent = 1
	hashWord       = 1
)
