package memmodel

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// SeqMap.Get has the lookup of a key in a word bucket in line. It is a lookup as GetLine is, to which
// it goes on where the home bucket does not tell. Its checks meet every writer of such buckets.

// inLineChecks are those of lookups, and one of the load of the root, which no other lookup makes.
var inLineChecks = append([]check{{"who finds a new root finds its table empty", inLineCleared}}, lookupChecks...)

// inLineGet is the Go code of SeqMap.Get.
type inLineGet struct {
	src *Source
	odd bool // the walk through the tables would have to look for the last key
}

// newInLineGet returns the SeqMap.Get of a source. In a table of one bucket GetLine is where nothing
// is left to be found: it would only look once more.
func newInLineGet(of *Source) *inLineGet {
	x := &inLineGet{src: of.derived()}
	replace := x.src.Replace
	replace["plain.Bits"] = func(g *GoCPU, args []any) []any {
		v, _ := g.private.load(args[0].(variableMemory).addr, 8)
		return []any{num{v.Bits, 8}}
	}
	replace["plain.FromBits"] = func(g *GoCPU, args []any) []any {
		return []any{variableMemory{buffer(g.CPU, []uint64{args[0].(num).x}), 8}}
	}
	replace["arch.GetLine"] = func(g *GoCPU, args []any) []any {
		if args[1].(num).x == 1 {
			return []any{num{0, 8}, num{unsure, 1}}
		}
		return g.call(g.funcs["arch.GetLine"], nil, nil, args)
	}
	x.src.Methods["seqmap.table.searchWord"] = func(*GoCPU, any) []any {
		x.odd = true
		return []any{num{0, 8}, false}
	}
	return x
}

// get looks a key up in a map, which has core embedded.
func (x *inLineGet) get(c *CPU, core *Object, key uint64) found {
	m := &Object{Type: "seqmap.SeqMap", Sizes: []uint64{8, 8}, Embedded: core}
	x.odd = false
	out := x.src.On(c).Call("seqmap.SeqMap.Get", nil, m, variableMemory{buffer(c, []uint64{key}), 8})
	return found{x.odd, value(out[1]), packedWords(c, out[0].(variableMemory).addr, 8)}
}

// find looks keys up in a map of which t is the first table.
func (x *inLineGet) find(c *CPU, t *testTable, keys ...uint64) (fs []found) {
	core := &Object{Type: "seqmap.core", Fields: map[string]any{"root": &AtomicPointer{Addr: t.root, Objects: []*Object{t.object()}}}}
	for _, key := range keys {
		fs = append(fs, x.get(c, core, key))
	}
	return fs
}

func (x *inLineGet) lookup() lookup { return lookup{"SeqMap.Get", x.find} }

// inLineCleared looks a key up while the map is cleared. The new table is where somebody had
// another value of the key.
func inLineCleared(w *world, f form) string {
	r := newRoot(w, f, oneWord, 1, true)
	x := newInLineGet(f.src)
	r.thread("clear", func(x rootThread) { x.g.Call("seqmap.SeqMap.Clear", nil, x.m) })
	r.thread("reader", func(y rootThread) { x.get(y.c, y.core, slotKey).record(y.c, "") })
	known := func(s *State) bool { return s.Result(1, "odd") == 0 }
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return first(judge(r.p, func(s *State) bool { return known(s) && ok(s) && !hit(s, 1, "", oldValue) }, ok),
		judge(r.p, func(*State) bool { return false }, func(s *State) bool { return known(s) && !ok(s) }))
}

// inLineLoad is Cell.Load, with the word of which the value may be: Load does not return it. If its
// first attempt fails, the word is locked: the next ones are those of package cell. Where there
// is a kernel, Load is that kernel, and one look at the word before.
func (f form) inLineLoad(c *CPU, p uint64, n int) (dst uint64, word Value) {
	size, failed := 8*uint64(n), false
	src := f.src.derived()
	src.Replace["cell.LoadTo"] = func(*GoCPU, []any) []any {
		failed = true
		return []any{num{0, 8}}
	}
	cell := &Object{Type: "seqcore.Cell", Sizes: []uint64{size}, Fields: map[string]any{"word": num{p, 8}, "v": variableMemory{p + 8, size}}}
	dst = src.On(c).Call("seqcore.Cell.Load", nil, cell)[0].(variableMemory).addr
	switch {
	case failed:
		return dst, Const(layout.Lock)
	case c.Load(Const(dst), 8, Plain).Bits == 0:
		return dst, Const(wordV0)
	}
	return dst, Const(wordV1)
}

const behindR1 = "the value is read behind R1, which is an acquire, and so is what follows the read"

// TestInLineLoadMutants weakens the loads of Cell.Load.
func TestInLineLoadMutants(t *testing.T) {
	line := func(pattern string) []codeLine { return []codeLine{{loadFile, pattern}} }
	testGoMutants(t, "cellLoad", []goMutant{
		{in: line(`x := atomic\.LoadUint64`), loses: Acquire},
		{in: line(`switch word := cell\.Word`), loses: Acquire},
		{in: line(`\*v = cell\.Copy`), loses: Acquire},
		{in: line(`cell\.CopyWords`), loses: Acquire},
		{in: line(`// R3 is in`), loses: Acquire, why: behindR1},
	}, (*world).complaint)
}

// TestInLineMutants weakens the loads of SeqMap.Get.
func TestInLineMutants(t *testing.T) {
	const (
		root    = `t := m\.root\.Load`
		keys    = `firstEqual\[K\]`
		control = `b\.ends\(h\)`
		early   = "the root is loaded before, as an acquire, and a key that comes later may be missed"
	)
	line := func(patterns ...string) (ls []codeLine) {
		for _, p := range patterns {
			ls = append(ls, codeLine{opsFile, p})
		}
		return ls
	}
	testGoMutants(t, "mapGetLine", []goMutant{
		{in: line(root), loses: Acquire},
		{in: line(keys), loses: Acquire, why: early},
		{in: line(control), loses: Acquire, why: early},
		{in: line(keys, control), loses: Acquire, why: early},
		{in: line(`// R1$`), loses: Acquire},
		{in: line(`b\.key\(i\) == k`), loses: Acquire, why: behindR1},
		{in: line(`// R2$`), loses: Acquire},
		{in: line(`// R3 is in`), loses: Acquire, why: behindR1},
	}, (*world).complaint)
}
