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

// A cellPair is a writer and a reader of cells, one of which is the form that is checked.
type cellPair struct {
	w     *world
	write form
	read  *form // of loadCell or cellLoad; or nil, for the Go code of package cell
}

// cellPairs returns the pairs for a form: a writer with the Go readers, a reader with each writer.
func (w *world) cellPairs(f form) (xs []cellPair) {
	if !routines[f.routine].loads {
		return []cellPair{{w, f, nil}}
	}
	for _, o := range append(w.everyForm("storeCell", f), w.everyForm("commitCell", f)...) {
		xs = append(xs, cellPair{w, o, &f})
	}
	return xs
}

// cells makes a check from one of cells of n words, for each n.
func cells(name string, run func(x cellPair, n int) string, ns ...int) check {
	return check{name, func(w *world, f form) string {
		for _, x := range w.cellPairs(f) {
			for _, n := range ns {
				if c := run(x, n); c != "" {
					return fmt.Sprintf("%s, %d words: %s", x.write.name, n, c)
				}
			}
		}
		return ""
	}}
}

// The checks of readers and writers, of writers, and of readers.
var (
	cellChecks = []check{
		cells("no torn read", func(x cellPair, n int) string { return first(x.torn(1), x.torn(2)) }, 2),
		cells("what was done before is seen", cellPair.publishes, 1, 2),
		cells("what was read before is not of later", cellPair.follows, 1, 2),
		cells("order of two cells", cellPair.twoCells, 1, 2),
		cells("store, then load another", cellPair.storeThenLoad, 2),
	}
	cellWriterChecks = append([]check{
		cells("no torn read of many words", cellPair.sampledRead, 3, 4, 8, 9, 16),
		cells("what was done before is seen, through a later write", cellPair.carries, 1, 2),
		{"no lost update", func(w *world, f form) string {
			return first(lostCellUpdate(w, f), f.lostCellUpdate(1), f.lostCellUpdate(3), f.lostCellUpdate(4), f.lostCellUpdate(8))
		}},
	}, cellChecks...)
	commitCellChecks = append([]check{
		{"a commit sees what the version's writer did", commitFollows},
	}, cellWriterChecks...)
	loadCellChecks = append([]check{
		{"no torn read of many words", func(w *world, f form) string {
			for _, n := range []int{3, 4, 5, 7, 8, 9, 15, 16, 31} {
				for i := range n - 1 {
					if c := sampledLoad(f, n, i+1); c != "" {
						return fmt.Sprintf("word %d of %d: %s", i+1, n, c)
					}
				}
			}
			return ""
		}},
	}, cellChecks...)
)

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
func (f form) writeCell(c *CPU, p uint64, n int, x, seen uint64) (ok Value) {
	src := buffer(c, words(n, x))
	if f.routine == "commitCell" {
		return f.call(c, p, src, uint64(n), seen, seen+layout.Version)[0]
	}
	f.call(c, p, src, uint64(n))
	return Const(1)
}

// loadCell reads a cell of n words into private memory, and returns the address and the sequence
// word.
func (f form) loadCell(c *CPU, p uint64, n int) (dst uint64, word Value) {
	if routines[f.routine].inLine {
		return f.inLineLoad(c, p, n)
	}
	dst = c.Alloc(8 * uint64(n))
	return dst, f.call(c, p, dst, uint64(n))[0]
}

// readCell reads a cell of n words, and records ok, the words d0, d1, …, and the sequence word. Go
// code reads a small value by a single load.
func (x cellPair) readCell(c *CPU, p uint64, n int, prefix string) (words []Value) {
	var dst uint64
	word := Const(0)
	switch g := x.w.src.On(c); {
	case x.read != nil:
		dst, word = x.read.loadCell(c, p, n)
	case n == 1:
		dst = g.Call("cell.Copy", []uint64{8}, p)[0].(variableMemory).addr
	default:
		out := g.Call("cell.Try", []uint64{8 * uint64(n)}, p)
		dst, word = out[0].(variableMemory).addr, value(out[1])
	}
	c.Result(prefix+"word", word)
	failed := c.Branch(word.With(word.Bits & layout.Lock))
	if c.Result(prefix+"ok", number(!failed)); failed {
		return nil
	}
	for i := range n {
		d := c.Load(Const(dst+8*uint64(i)), 8, Plain)
		c.Result(fmt.Sprintf("%sd%d", prefix, i), d)
		words = append(words, d)
	}
	return words
}

// torn has writers, and a reader of a cell of two words, who must see both words of one
// write, and none of the first values with a later word.
func (x cellPair) torn(writers int) string {
	p := New(x.write.model)
	cell := newCell(p, "cell", 2)
	for i := range writers {
		p.Thread(fmt.Sprint("writer", i), func(c *CPU) {
			c.Result("ok", x.write.writeCell(c, cell, 2, uint64(i+1), wordV0+uint64(i)*layout.Version))
		})
	}
	p.Thread("reader", func(c *CPU) { x.readCell(c, cell, 2, "") })
	bad := func(s *State) bool {
		d0, d1, word := s.Result(writers, "d0"), s.Result(writers, "d1"), s.Result(writers, "word")
		return s.Result(writers, "ok") == 1 && (d0 != d1 || d0 == 0 != (word == wordV0))
	}
	good := func(s *State) bool { return s.Result(writers, "ok") == 1 && s.Result(writers, "d0") == uint64(writers) }
	return judge(p, bad, good)
}

// sampledRead is torn for cells of many words, of which the reader looks at the first and the
// last only, by the instructions of the reader's edges.
func (x cellPair) sampledRead(n int) string {
	p := New(x.write.model)
	cell := newCell(p, "cell", n)
	p.Thread("writer", func(c *CPU) { x.write.writeCell(c, cell, n, 1, wordV0) })
	p.Thread("reader", func(c *CPU) {
		r1 := c.Load(Const(cell), 8, Acquire)
		c.Result("word", r1)
		c.Result("d0", c.Load(Const(cell+8), 8, Plain))
		c.Result("d1", c.Load(Const(cell+8*uint64(n)), 8, Plain))
		c.Fence(FenceLoad)
		r4 := c.Load(Const(cell), 8, Plain)
		c.Result("ok", number(r1.Bits == r4.Bits && r1.Bits&layout.Lock == 0))
	})
	return judge(p, tornPair, func(s *State) bool { return s.Result(1, "ok") == 1 && s.Result(1, "d0") == 1 })
}

// tornPair says whether thread 1 has read, in d0 and d1, values that were never there together, or
// not together with the word.
func tornPair(s *State) bool {
	d0, d1 := s.Result(1, "d0"), s.Result(1, "d1")
	return s.Result(1, "ok") == 1 && (d0 != d1 || d0 == 0 != (s.Result(1, "word") == wordV0))
}

// sampledLoad is torn for a reader that loads many words, of which the writer changes the first and
// word i only.
func sampledLoad(f form, n, i int) string {
	p := New(f.model)
	cell := newCell(p, "cell", n)
	p.Thread("writer", func(c *CPU) { writeSome(c, cell, 8, wordV0, cell+8, cell+8+8*uint64(i)) })
	p.Thread("reader", func(c *CPU) {
		dst, word := f.loadCell(c, cell, n)
		c.Result("word", word)
		c.Result("ok", Const(^word.Bits&layout.Lock))
		c.Result("d0", c.Load(Const(dst), 8, Plain))
		c.Result("d1", c.Load(Const(dst+8*uint64(i)), 8, Plain))
	})
	return judge(p, tornPair, func(s *State) bool { return s.Result(1, "ok") == 1 && s.Result(1, "d0") == 1 })
}

// writeSome stores 1 to each of the words at the given places, by the instructions of the writer's
// edges, if the sequence word, of size bytes, is seen. It says whether it did.
func writeSome(c *CPU, word uint64, size int, seen uint64, at ...uint64) (ok bool) {
	return writeTo(c, word, size, seen, layout.Next(seen, layout.Live), at...)
}

// writeTo is writeSome for a write that ends with the word next.
func writeTo(c *CPU, word uint64, size int, seen, next uint64, at ...uint64) (ok bool) {
	old := c.Update(Const(word), size, AcqRel, func(old Value) (Value, bool) { // W1
		return Const(seen | layout.Lock), old.Bits == seen
	})
	if !c.Branch(old.With(number(old.Bits == seen).Bits)) {
		return false
	}
	c.Fence(FenceStore) // W2
	for _, a := range at {
		c.Store(Const(a), 8, Const(1), Plain) // W3
	}
	c.Store(Const(word), size, Const(next), Release) // W4
	return true
}

// lostCellUpdate is about two writers of n words, of which the second writes the first and last
// only.
func (f form) lostCellUpdate(n int) string {
	p := New(f.model)
	cell := newCell(p, "cell", n)
	head, tail := cell+8, cell+8*uint64(n)
	p.Thread("writer", func(c *CPU) { c.Result("ok", f.writeCell(c, cell, n, 2, wordV0)) })
	p.Thread("other", func(c *CPU) {
		at := []uint64{head, tail}
		if n == 1 {
			at = at[:1]
		}
		c.Result("ok", number(writeSome(c, cell, 8, wordV0, at...)))
	})
	bad := func(s *State) bool {
		a, b := s.Result(0, "ok"), s.Result(1, "ok")
		d := s.Final(head)
		return s.Final(cell) != wordV0+(a+b)*layout.Version || d != s.Final(tail) || b == 0 && d != 2 || a == 0 && d != 1
	}
	return judge(p, bad, func(s *State) bool { return s.Result(0, "ok") == 1 })
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

// publishes has a writer that stores elsewhere before, and a reader that looks there when it
// has seen the new value.
func (x cellPair) publishes(n int) string {
	p := New(x.write.model)
	cell, user := newCell(p, "cell", n), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		x.write.writeCell(c, cell, n, 1, wordV0)
	})
	p.Thread("reader", func(c *CPU) {
		if d := x.readCell(c, cell, n, ""); d != nil && c.Branch(d[0]) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	return judge(p, func(s *State) bool { return s.Has(1, "user") && s.Result(1, "user") == 0 },
		func(s *State) bool { return s.Result(1, "user") == 1 })
}

// carries is publishes for a reader that sees the value of a later write.
func (x cellPair) carries(n int) string {
	p := New(x.write.model)
	cell, user := newCell(p, "cell", n), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Store(Const(user), 8, Const(1), Plain)
		x.write.writeCell(c, cell, n, 1, wordV0)
	})
	p.Thread("later", func(c *CPU) { c.Result("ok", x.write.writeCell(c, cell, n, 2, wordV1)) })
	p.Thread("reader", func(c *CPU) {
		if d := x.readCell(c, cell, n, ""); d != nil && c.Branch(d[0]) {
			c.Result("d", d[0])
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	seen := func(s *State) bool {
		return s.Result(1, "ok") == 1 && s.Result(2, "d") == 2 && s.Final(cell) == wordV2 && s.Final(cell+8) == 2
	}
	return judge(p, func(s *State) bool { return seen(s) && s.Result(2, "user") == 0 }, seen)
}

// follows has a writer that loads from elsewhere before, and a reader that stores there when
// it has seen the new value. The writer must not see that store.
func (x cellPair) follows(n int) string {
	p := New(x.write.model)
	cell, user := newCell(p, "cell", n), p.Words("user", 0)
	p.Thread("writer", func(c *CPU) {
		c.Result("user", c.Load(Const(user), 8, Plain))
		x.write.writeCell(c, cell, n, 1, wordV0)
	})
	p.Thread("reader", func(c *CPU) {
		if d := x.readCell(c, cell, n, ""); d != nil && c.Branch(d[0]) {
			c.Store(Const(user), 8, Const(1), Plain)
		}
	})
	return judge(p, func(s *State) bool { return s.Result(0, "user") == 1 },
		func(s *State) bool { return s.Result(1, "d0") == 1 })
}

// twoCells has a writer of two cells, and a reader that sees the second write and therefore must
// see the first.
func (x cellPair) twoCells(n int) string {
	p := New(x.write.model)
	a, b := newCell(p, "a", n), newCell(p, "b", n)
	p.Thread("writer", func(c *CPU) {
		x.write.writeCell(c, a, n, 1, wordV0)
		x.write.writeCell(c, b, n, 1, wordV0)
	})
	p.Thread("reader", func(c *CPU) {
		if d := x.readCell(c, b, n, "b"); d != nil && c.Branch(d[0]) {
			x.readCell(c, a, n, "a")
		}
	})
	return judge(p,
		func(s *State) bool { return s.Result(1, "aok") == 1 && s.Result(1, "ad0") == 0 },
		func(s *State) bool { return s.Result(1, "ad0") == 1 })
}

// storeThenLoad has two threads that each write a cell and then read the other's. They must not
// both miss the other's write, in cells of two words.
func (x cellPair) storeThenLoad(n int) string {
	p := New(x.write.model)
	cells := []uint64{newCell(p, "x", n), newCell(p, "y", n)}
	for i := range 2 {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			c.Result("wrote", x.write.writeCell(c, cells[i], n, 1, wordV0))
			x.readCell(c, cells[1-i], n, "")
		})
	}
	missed := func(s *State, i int) bool { return s.Result(i, "ok") == 1 && s.Result(i, "d0") == 0 }
	return judge(p,
		func(s *State) bool { return missed(s, 0) && missed(s, 1) },
		func(s *State) bool { return missed(s, 0) && s.Result(1, "d0") == 1 })
}

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
