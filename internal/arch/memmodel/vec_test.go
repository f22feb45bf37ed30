package memmodel

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Vectors, for the checks of SeqVec. Its operations are Go code of package seqvec, which as shipped
// fills a cell by a kernel.

// testVec is a vector: the word of the tail, those of the pointers to segments 0 and 1, and the
// first cells of segment 1.
type testVec struct {
	w     *world
	p     *Program
	src   *Source
	words int // of a value
	tail  uint64
	bases uint64
	cells uint64
	stale uint64 // the sequence words of memory that is allocated, before it is cleared
}

// vecCells is how many cells of a segment there are to be used.
const vecCells = 3

// grows says of a vector that its first push makes it grow.
const grows = -1

func growsIf(yes bool) int {
	if yes {
		return grows
	}
	return 0
}

// newVec makes a vector of values of n words with the first elements live, which have the values
// 3 and 4. If live is grows, there are none, and no segment. f is how it fills cells.
func newVec(w *world, f form, n, live int) *testVec {
	p := New(f.model)
	p.Waits = true
	v := &testVec{w: w, p: p, src: w.filledBy(f), words: n, stale: liveV2, tail: p.Words("tail", uint64(max(live, 0))), bases: p.Words("bases", 0, 0)}
	if live != grows {
		v.cells = p.Reserve()
		p.locs[p.byAddr[v.bases+8]].init = v.cells
		for i := range vecCells {
			word, x := uint64(layout.Empty), uint64(0)
			if i < live {
				word, x = liveV1, 3+uint64(i)
			}
			v.place(v.cells, i, word, x)
		}
	}
	return v
}

func (v *testVec) stride() uint64 { return 8 * uint64(1+v.words) }

// place makes cell i of a segment.
func (v *testVec) place(segment uint64, i int, word, x uint64) {
	at := segment + uint64(i)*v.stride()
	v.p.At(at, fmt.Sprintf("cell%d.word", i), 8, word)
	for k := range v.words {
		v.p.At(at+8*uint64(k+1), fmt.Sprintf("cell%d.%d", i, k), 8, x)
	}
}

// filledBy returns Go code that fills cells by the form, for the processors that this is for.
func (w *world) filledBy(f form) *Source {
	if f.code == nil {
		f.code = &Code{Go: f.src}
		defer func() { f.code = nil }()
	}
	src := f.code.Go.derived()
	src.Weaken = w.src.Weaken
	src.Replace["slab.Bytes"] = func(*GoCPU, []any) []any { return []any{num{0, 8}, true} }
	if f.generic == "" {
		src.Replace["arch.HasCommitCellBase"] = func(*GoCPU, []any) []any { return []any{true} }
		src.Replace["arch.CommitCellBase"] = func(cpu *GoCPU, args []any) []any {
			in := make([]any, len(args))
			for i, a := range args {
				in[i] = a.(num).x
			}
			return []any{num{f.call(cpu.CPU, in...)[0].Bits, 8}}
		}
	}
	return src
}

// thread adds a thread that uses the vector. The segment that it may allocate is memory that
// somebody had before, and is cleared by plain stores.
func (v *testVec) thread(name string, run func(c *CPU, g *GoCPU, vec *Object)) {
	segment := v.p.Reserve()
	if v.cells == 0 {
		for i := range vecCells {
			v.place(segment, i, v.stale, 99)
		}
	}
	src := v.src.derived()
	src.Replace["seqvec.checkType"] = func(*GoCPU, []any) []any { return nil }
	allocated := false
	src.Replace["seqvec.allocate"] = func(g *GoCPU, _ []any) []any {
		if allocated {
			g.Drop() // it has seen a pointer to a segment, and then none: there is no such execution
		}
		allocated = true
		for at := segment; at < segment+vecCells*v.stride(); at += 8 {
			g.CPU.Store(Const(at), 8, Const(0), Plain)
		}
		return []any{num{segment, 8}}
	}
	v.p.Thread(name, func(c *CPU) {
		allocated = false
		base := func(k uint64) any { return &AtomicPointer{Addr: v.bases + 8*k} }
		run(c, src.On(c), &Object{Type: "seqvec.SeqVec", Sizes: []uint64{8 * uint64(v.words)}, Fields: map[string]any{
			"tail":     num{v.tail, 8},
			"segments": &Object{Type: "seqvec.segments", Fields: map[string]any{"base": []any{base(0), base(1)}}},
		}})
	})
}

// push pushes x and records the index as i.
func (v *testVec) push(c *CPU, g *GoCPU, vec *Object, x uint64) {
	c.Result("i", value(g.Call("seqvec.SeqVec.Push", nil, vec, v.value(c, x))[0]))
}

// pushSlice pushes two values and returns the index of the first.
func (v *testVec) pushSlice(c *CPU, g *GoCPU, vec *Object, x, y uint64) uint64 {
	return value(g.Call("seqvec.SeqVec.PushSlice", nil, vec, []any{v.value(c, x), v.value(c, y)})[0]).Bits
}

// truncate removes all elements.
func (v *testVec) truncate(g *GoCPU, vec *Object) {
	g.Call("seqvec.SeqVec.Truncate", nil, vec, uint64(0))
}

// value returns a value of which all words are x.
func (v *testVec) value(c *CPU, x uint64) variableMemory {
	return variableMemory{buffer(c, words(v.words, x)), 8 * uint64(v.words)}
}

func (v *testVec) len(g *GoCPU, vec *Object) uint64 {
	return g.Call("seqvec.SeqVec.Len", nil, vec)[0].(uint64)
}

// pushFirst is push where an index other than 0 is of no interest.
func (v *testVec) pushFirst(c *CPU, g *GoCPU, vec *Object, x uint64) {
	if out := g.Call("seqvec.SeqVec.Push", nil, vec, v.value(c, x)); out[0].(uint64) != 0 {
		c.Drop()
	}
}

// pop pops and records ok, and the value as x with whole if all its words are the same.
func (v *testVec) pop(c *CPU, g *GoCPU, vec *Object) (ok bool) {
	return v.record(c, g.Call("seqvec.SeqVec.Pop", nil, vec))
}

// mustPop is pop where another value than x is of no interest.
func (v *testVec) mustPop(c *CPU, g *GoCPU, vec *Object, x uint64) {
	out := g.Call("seqvec.SeqVec.Pop", nil, vec)
	if !out[1].(bool) || c.Load(Const(out[0].(variableMemory).addr), 8, Plain).Bits != x {
		c.Drop()
	}
}

// get gets element i and records the outcome as pop does.
func (v *testVec) get(c *CPU, g *GoCPU, vec *Object, i uint64) (ok bool) {
	return v.record(c, g.Call("seqvec.SeqVec.Get", nil, vec, i))
}

func (v *testVec) record(c *CPU, out []any) (ok bool) {
	if ok = out[1].(bool); !ok {
		c.Result("ok", Const(0))
		return false
	}
	at, whole := out[0].(variableMemory).addr, true
	x := c.Load(Const(at), 8, Plain)
	for k := range v.words {
		whole = whole && c.Load(Const(at+8*uint64(k)), 8, Plain).Bits == x.Bits
	}
	c.Result("ok", Const(1))
	c.Result("x", x)
	c.Result("whole", number(whole))
	return true
}

// has says whether a thread got the value.
func (v *testVec) has(s *State, thread int, x uint64) bool {
	return s.Result(thread, "ok") == 1 && s.Result(thread, "whole") == 1 && s.Result(thread, "x") == x
}

// finalCell returns the word and the value of a cell at the end.
func (v *testVec) finalCell(s *State, i uint64) (word, x uint64) {
	at := s.Final(v.bases+8) + i*v.stride()
	return s.Final(at), s.Final(at + 8)
}

func (v *testVec) finalLive(s *State, i, x uint64) bool {
	word, y := v.finalCell(s, i)
	return word&(layout.StateMask|layout.Lock) == layout.Live && x == y
}

func (v *testVec) finalEmpty(s *State, i uint64) bool {
	word, _ := v.finalCell(s, i)
	return word&(layout.StateMask|layout.Lock) == layout.Empty
}

// finalLen returns the length at the end.
func (v *testVec) finalLen(s *State) uint64 { return s.Final(v.tail) & (1<<40 - 1) }

// tailOf returns the word of the tail after so many changes, for a length.
func tailOf(changes, length uint64) uint64 { return changes<<40 | length }

// must loads a word; another value than x is of no interest.
func must(c *CPU, at, x uint64) {
	if c.Load(Const(at), 8, Acquire).Bits != x {
		c.Drop()
	}
}

// mustCAS replaces a word; another value than old is of no interest.
func mustCAS(c *CPU, at, old, x uint64) {
	if c.Update(Const(at), 8, AcqRel, func(Value) (Value, bool) { return Const(x), true }).Bits != old {
		c.Drop()
	}
}

// never complains if the program has an execution.
func (v *testVec) never() string {
	a := v.p.Explore(func(*State) bool { return true })
	return a.Fault + a.Witness[0]
}
