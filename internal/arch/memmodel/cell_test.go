package memmodel

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The cell checks: storeCell and commitCell against the readers of package cell.

const (
	wordV0 = layout.Live
	wordV1 = wordV0 + layout.Version
	wordV2 = wordV1 + layout.Version
)

var cellWriterChecks = []check{
	{"no torn read", func(w *world, f form) string {
		return first(w.tornCell(f, 1), w.tornCell(f, 2))
	}},
	{"no torn read of many words", func(w *world, f form) string {
		for _, n := range []int{3, 4, 8, 9, 16} {
			if c := w.sampledCell(f, n); c != "" {
				return fmt.Sprintf("%d words: %s", n, c)
			}
		}
		return ""
	}},
	{"no lost update", lostCellUpdate},
	{"what was done before is seen", func(w *world, f form) string {
		return first(w.cellPublishes(f, 1), w.cellPublishes(f, 2))
	}},
	{"what was read before is not of later", func(w *world, f form) string {
		return first(w.cellFollows(f, 1), w.cellFollows(f, 2))
	}},
	{"order of two cells", func(w *world, f form) string {
		return first(w.twoCells(f, 1), w.twoCells(f, 2))
	}},
	{"store, then load another", storeThenLoadCells},
}

// newCell makes a cell of n words, live, all words 0.
func newCell(p *Program, name string, n int) uint64 {
	return p.Words(name, append([]uint64{wordV0}, make([]uint64, n)...)...)
}

// words returns n words that all have the value x.
func words(n int, x uint64) []uint64 {
	ws := make([]uint64, n)
	for i := range ws {
		ws[i] = x
	}
	return ws
}

// writeCell writes n words, all x, to a cell. A form of commitCell does so if the word is seen.
func (f form) writeCell(c *CPU, p uint64, n int, x, seen uint64) Value {
	src := buffer(c, words(n, x))
	if f.routine == "commitCell" {
		return f.call(c, p, src, uint64(n), seen, seen+layout.Version)[0]
	}
	return f.call(c, p, src, uint64(n))[0]
}

// readCell reads a cell of n words as Go code does, and records ok and the words d0, d1, ….
// Of a small value it is a single load.
func (w *world) readCell(c *CPU, p uint64, n int, prefix string) (words []Value) {
	g := w.src.On(c)
	var v variableMemory
	ok := Const(1)
	if n == 1 {
		v = g.Call("cell.Copy", []uint64{8}, p)[0].(variableMemory)
	} else {
		out := g.Call("cell.Try", []uint64{8 * uint64(n)}, p)
		v, ok = out[0].(variableMemory), value(out[2])
		c.Result(prefix+"word", value(out[1]))
	}
	c.Result(prefix+"ok", ok)
	if ok.Bits == 0 {
		return nil
	}
	for i := range n {
		x := c.Load(Const(v.addr+8*uint64(i)), 8, Plain)
		c.Result(fmt.Sprintf("%sd%d", prefix, i), x)
		words = append(words, x)
	}
	return words
}

// tornCell has writers, and a reader of a cell of two words, who must see both words of one
// write, and none of the first values with a later word.
func (w *world) tornCell(f form, writers int) string {
	p := New(f.model)
	cell := newCell(p, "cell", 2)
	for i := range writers {
		p.Thread(fmt.Sprint("writer", i), func(c *CPU) {
			c.Result("ok", f.writeCell(c, cell, 2, uint64(i+1), wordV0+uint64(i)*layout.Version))
		})
	}
	p.Thread("reader", func(c *CPU) { w.readCell(c, cell, 2, "") })
	bad := func(s *State) bool {
		d0, d1, word := s.Result(writers, "d0"), s.Result(writers, "d1"), s.Result(writers, "word")
		return s.Result(writers, "ok") == 1 && (d0 != d1 || d0 == 0 != (word == wordV0))
	}
	good := func(s *State) bool { return s.Result(writers, "ok") == 1 && s.Result(writers, "d0") == uint64(writers) }
	return judge(p, bad, good)
}

// sampledCell is tornCell for cells of many words, of which the reader looks at the first and the
// last only, by the instructions of the reader's edges.
func (w *world) sampledCell(f form, n int) string {
	p := New(f.model)
	cell := newCell(p, "cell", n)
	p.Thread("writer", func(c *CPU) { c.Result("ok", f.writeCell(c, cell, n, 1, wordV0)) })
	p.Thread("reader", func(c *CPU) {
		c.Result("r1", c.Load(Const(cell), 8, Acquire))
		c.Result("first", c.Load(Const(cell+8), 8, Plain))
		c.Result("last", c.Load(Const(cell+8*uint64(n)), 8, Plain))
		c.Fence(FenceLoad)
		c.Result("r4", c.Load(Const(cell), 8, Plain))
	})
	read := func(s *State) (a, b, word uint64, ok bool) {
		word = s.Result(1, "r1")
		return s.Result(1, "first"), s.Result(1, "last"), word, word == s.Result(1, "r4") && word&layout.Lock == 0
	}
	bad := func(s *State) bool {
		a, b, word, ok := read(s)
		return ok && (a != b || a == 0 != (word == wordV0))
	}
	good := func(s *State) bool { a, _, _, ok := read(s); return ok && a == 1 }
	return judge(p, bad, good)
}

// lostCellUpdate has two writers. In the end there is the whole value of one that succeeded, and
// the version has counted each of them.
func lostCellUpdate(w *world, f form) string {
	p := New(f.model)
	cell := newCell(p, "cell", 2)
	for i := range uint64(2) {
		p.Thread(fmt.Sprint("writer", i), func(c *CPU) { c.Result("ok", f.writeCell(c, cell, 2, i+1, wordV0)) })
	}
	bad := func(s *State) bool {
		n := s.Result(0, "ok") + s.Result(1, "ok")
		d := s.Final(cell + 8)
		return s.Final(cell) != wordV0+n*layout.Version || d != s.Final(cell+16) || n == 0 ||
			n == 1 && d != 1+s.Result(1, "ok")
	}
	good := func(s *State) bool { return s.Result(0, "ok") == 1 && s.Final(cell+8) == 1 }
	return judge(p, bad, good)
}

// cellPublishes has a writer that stores elsewhere before, and a reader that looks there when it
// has seen the new value.
func (w *world) cellPublishes(f form, n int) string {
	p := New(f.model)
	cell, user := newCell(p, "cell", n), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		f.writeCell(c, cell, n, 1, wordV0)
	})
	p.Thread("reader", func(c *CPU) {
		if d := w.readCell(c, cell, n, ""); d != nil && c.Branch(d[0]) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	return judge(p, func(s *State) bool { return s.Has(1, "user") && s.Result(1, "user") == 0 },
		func(s *State) bool { return s.Result(1, "user") == 1 })
}

// cellFollows has a writer that loads from elsewhere before, and a reader that stores there when
// it has seen the new value. The writer must not see that store.
func (w *world) cellFollows(f form, n int) string {
	p := New(f.model)
	cell, user := newCell(p, "cell", n), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Result("user", c.Load(Const(user), 8, Plain))
		f.writeCell(c, cell, n, 1, wordV0)
	})
	p.Thread("reader", func(c *CPU) {
		if d := w.readCell(c, cell, n, ""); d != nil && c.Branch(d[0]) {
			c.Store(Const(user), 8, Const(1), Plain)
		}
	})
	return judge(p, func(s *State) bool { return s.Result(0, "user") == 1 },
		func(s *State) bool { return s.Result(1, "d0") == 1 })
}

// twoCells has a writer of two cells, and a reader that sees the second write and therefore must
// see the first.
func (w *world) twoCells(f form, n int) string {
	p := New(f.model)
	x, y := newCell(p, "x", n), newCell(p, "y", n)
	p.Thread("writer", func(c *CPU) {
		f.writeCell(c, x, n, 1, wordV0)
		f.writeCell(c, y, n, 1, wordV0)
	})
	p.Thread("reader", func(c *CPU) {
		if d := w.readCell(c, y, n, "y"); d != nil && c.Branch(d[0]) {
			w.readCell(c, x, n, "x")
		}
	})
	return judge(p,
		func(s *State) bool { return s.Result(1, "xok") == 1 && s.Result(1, "xd0") == 0 },
		func(s *State) bool { return s.Result(1, "xd0") == 1 })
}

// storeThenLoadCells has two threads that each write a cell and then read the other's. They must
// not both miss the other's write, in cells of two words.
func storeThenLoadCells(w *world, f form) string {
	p := New(f.model)
	cells := []uint64{newCell(p, "x", 2), newCell(p, "y", 2)}
	for i := range 2 {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			c.Result("wrote", f.writeCell(c, cells[i], 2, 1, wordV0))
			w.readCell(c, cells[1-i], 2, "")
		})
	}
	missed := func(s *State, i int) bool { return s.Result(i, "ok") == 1 && s.Result(i, "d0") == 0 }
	return judge(p,
		func(s *State) bool { return missed(s, 0) && missed(s, 1) },
		func(s *State) bool { return missed(s, 0) && s.Result(1, "d0") == 1 })
}

var commitCellChecks = append([]check{{"a commit sees what the version's writer did", commitFollows}}, cellWriterChecks...)

// commitFollows has a writer that stores elsewhere before, and one that commits on the version
// after it and looks there.
func commitFollows(w *world, f form) string {
	p := New(f.model)
	cell, user := newCell(p, "cell", 1), p.Words("user", 0)
	p.Thread("first", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		f.writeCell(c, cell, 1, 1, wordV0)
	})
	p.Thread("second", func(c *CPU) {
		ok := f.writeCell(c, cell, 1, 2, wordV1)
		if c.Result("ok", ok); c.Branch(ok) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	return judge(p, func(s *State) bool { return s.Has(1, "user") && s.Result(1, "user") == 0 },
		func(s *State) bool { return s.Result(1, "user") == 1 })
}
