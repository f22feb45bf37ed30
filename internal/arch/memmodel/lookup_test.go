package memmodel

import (
	"math/bits"
	"strings"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Tables in which keys are looked up by their hashes, and what looks them up.

// A lookup looks up keys one after the other in a table and says of each what it found. A key
// that is odd may be there or not: the plain routine has to look.
type lookup struct {
	name string
	find func(c *CPU, t *testTable, keys ...uint64) []found
}

type found struct {
	odd   bool
	ok    Value
	value []Value // in whole words
}

// lookup returns the form of a routine that looks up keys, of many or of one, as a lookup.
func (f form) lookup() lookup {
	switch {
	case routines[f.routine].inLine:
		return newInLineGet(f.src).lookup()
	case strings.HasPrefix(f.routine, "getBatch"):
		return lookup{f.name, f.getBatch}
	case strings.HasPrefix(f.routine, "find"):
		return lookup{f.name, f.find}
	}
	return lookup{f.name, f.get}
}

// getBatch calls a form of one of the batch lookups.
func (f form) getBatch(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	g, n := &t.geo, uint64(len(keys))
	keyAt, values, hit := c.Alloc(n*uint64(g.KeyBytes)), c.Alloc(n*uint64(g.ValueBytes)), c.Alloc(n)
	for i, key := range keys {
		putPacked(c, keyAt+uint64(i)*uint64(g.KeyBytes), g.KeyBytes, key)
	}
	batch := &Object{Type: "arch.Batch", Fields: map[string]any{"Table": t.archTable()}}
	b := batch.operand(c)
	batch.Fields["Odd"] = &pointer{b + layout.BatchOddAt, 1} // for Go code
	var first any = batch
	if f.code != nil {
		first = b
	}
	out := f.call(c, first, keyAt, values, hit, n)
	odd := map[uint64]bool{}
	for i := range out[1].Bits {
		odd[c.Load(Const(b+layout.BatchOddAt+i), 1, Plain).Bits] = true
	}
	for i := range n {
		ok := c.Load(Const(hit+i), 1, Plain)
		fs = append(fs, found{odd: odd[i], ok: ok, value: packedWords(c, values+i*uint64(g.ValueBytes), g.ValueBytes)})
	}
	return fs
}

// get calls a form of one of the lookups of a single key, for one key after the other.
func (f form) get(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	g := &t.geo
	for _, key := range keys {
		keyAt, value := c.Alloc(uint64(g.KeyBytes)), c.Alloc(uint64(g.ValueBytes))
		putPacked(c, keyAt, g.KeyBytes, key)
		how := f.call(c, t.archTable(), keyAt, value)[0].Bits
		fs = append(fs, found{odd: how == unsure, ok: number(how == present), value: packedWords(c, value, g.ValueBytes)})
	}
	return fs
}

// find calls a form of one of those that tell where a key is, for one key after the other, and then
// reads what is there. copyValue stands for what a map does next, which loads the word and the
// key of the slot by the same accesses.
func (f form) find(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	g, src := &t.geo, f.src
	if src == nil {
		src = f.code.Go
	}
	for _, key := range keys {
		keyAt, value := c.Alloc(uint64(g.KeyBytes)), c.Alloc(uint64(g.ValueBytes))
		putPacked(c, keyAt, g.KeyBytes, key)
		table := t.archTable()
		out := f.call(c, table, keyAt, shape{key: g.KeyBytes}.hash(key))
		how := out[2].Bits
		if how == present {
			how = src.On(c).Call("arch.Table.copyValue", nil, table, out[0].Bits, out[1].Bits, keyAt, value)[0].(uint64)
		}
		fs = append(fs, found{odd: how == unsure, ok: number(how == present), value: packedWords(c, value, g.ValueBytes)})
	}
	return fs
}

// The constants of arch.Found.
const (
	present = 1
	unsure  = 2
)

// packedWords returns the words of a packed value in private memory.
func packedWords(c *CPU, at uint64, size uintptr) (xs []Value) {
	for k := uint64(0); k < uint64(size); k += 8 {
		xs = append(xs, c.Load(Const(at+k), int(min(8, size)), Plain))
	}
	return xs
}

// putPacked puts a packed key, of which all words are the same, into private memory.
func putPacked(c *CPU, at uint64, size uintptr, key uint64) {
	for k := uint64(0); k < uint64(size); k += 8 {
		c.Store(Const(at+k), int(min(8, size)), Const(key), Plain)
	}
}

// archTable returns the table as an arch.Table.
func (t *testTable) archTable() *Object {
	g := &t.geo
	n := func(x uintptr) num { return num{uint64(x), 8} }
	return &Object{Type: "arch.Table", Fields: map[string]any{
		"Base": num{t.base, 8}, "Buckets": num{uint64(t.buckets), 8}, "Seed": num{0, 8}, "slots": num{1<<g.Slots - 1, 8},
		"bytes": n(g.Bytes), "wordBytes": n(g.WordBytes), "controlAt": n(g.ControlAt), "keyAt": n(g.KeyAt), "valueAt": n(g.ValueAt),
		"valueBytes": n(g.ValueBytes), "keyBytes": n(g.KeyBytes), "words": g.IsWord(),
	}}
}

// getLine is GetLine, with which a lookup of a single key begins.
func (w *world) getLine(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	for _, key := range keys {
		out := w.src.On(c).Call("arch.GetLine", nil, t.base, uint64(t.buckets), oneWord.hash(key), key)
		how := out[1].(uint64)
		fs = append(fs, found{odd: how == unsure, ok: number(how == present), value: []Value{value(out[0])}})
	}
	return fs
}

// record records what was found as ok, and as value with whole if all its words are the same,
// behind the prefix.
func (f found) record(c *CPU, prefix string) {
	c.Result(prefix+"odd", number(f.odd))
	if f.odd {
		return
	}
	c.Result(prefix+"ok", f.ok)
	whole := true
	for _, x := range f.value {
		c.Result(prefix+"value", x)
		whole = whole && x.Bits == f.value[0].Bits
	}
	c.Result(prefix+"whole", number(whole))
}

// hit says whether a thread has found the value.
func hit(s *State, thread int, prefix string, value uint64) bool {
	return s.Result(thread, prefix+"ok") == 1 && s.Result(thread, prefix+"value") == value && s.Result(thread, prefix+"whole") == 1
}

// hash returns the hash of a key, of which all words are the same, with the seed 0.
func (s shape) hash(key uint64) uint64 {
	fold := func(x, by uint64) uint64 {
		hi, lo := bits.Mul64(x, by)
		return hi ^ lo
	}
	h := fold(key, layout.FoldBy)
	if s.key > 8 {
		h = fold(h^key, layout.FoldByMore)
	}
	return h
}

// home returns keys whose home in a table of two buckets is the first, and whose class is 0.
func (s shape) home(n int) (keys []uint64) {
	for key := uint64(1); len(keys) < n; key++ {
		if h := s.hash(key); h>>63 == 0 && layout.ClassBit(h) == 1 {
			keys = append(keys, key)
		}
	}
	return keys
}

// keyed makes a table in which bucket b, slot i holds keys[b][i] with the value 0. The other
// slots, and those of a key 0, are EMPTY.
func (s shape) keyed(p *Program, keys ...[]uint64) *testTable {
	entries := map[[2]int]slotEntry{}
	for b, ks := range keys {
		for i, key := range ks {
			if key != 0 {
				entries[[2]int{b, i}] = slotEntry{liveV1, key, 0}
			}
		}
	}
	return newTable(p, "t", s, len(keys), entries)
}

// put is how a thread changes the value of a key that is in slot i of the first bucket, with the
// first version, to x.
type put struct {
	name string
	do   func(c *CPU, t *testTable, i int, key, x uint64)
}

// puts returns all that change values of the shape, or the form alone if it does.
func (w *world) puts(f form, sh shape) (ps []put) {
	if f.updates() {
		return []put{f.putter()}
	}
	for _, o := range w.everyForm("writeSlot", f) {
		ps = append(ps, put{o.name, func(c *CPU, t *testTable, i int, _, x uint64) { o.put(c, t, i, x) }})
	}
	if sh == oneWord {
		for _, o := range append(w.everyForm("swapLine", f), w.everyForm("addLine", f)...) {
			ps = append(ps, o.putter())
		}
	}
	return ps
}

func (f form) putter() put {
	return put{f.name, func(c *CPU, t *testTable, _ int, key, x uint64) { f.update(c, t, key, x) }}
}
