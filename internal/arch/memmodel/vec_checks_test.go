package memmodel

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks of SeqVec: Push, with the growth that it may need, and Pop, against each other and
// against Get, Set and Len.

// vecChecks are about a form of commitCell, by which cells are filled, with values of n words.
var vecChecks = []struct {
	name string
	run  func(w *world, f form, n int) string
}{
	{"who gets an element sees it whole, and what was done before", vecGet},
	{"an element whose push has returned is there", vecReturned},
	{"two pushes", vecPushes},
	{"a push and a pop", vecPushPop},
	{"two pops", vecPops},
	{"a set and a get", vecSet},
	{"who gets an element of a slice sees it whole, and what was done before", vecSliceGet},
	{"a slice and a pop", vecSlicePop},
	{"a truncation and a push", vecTruncatePush},
	{"a truncation and a slice", vecTruncateSlice},
	{"what Len counts is there", vecLen},
	{"a pop that is late", func(w *world, f form, _ int) string { return vecLatePop(w, f) }},
	{"a push that is late", func(w *world, f form, _ int) string { return vecLatePush(w, f) }},
	{"who pops sees what was done before the push", vecPopSees},
}

func vecGet(w *world, f form, n int) string {
	v := newVec(w, f, n, growsIf(n == 1))
	user := v.p.Words("user", 0)
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) {
		c.Store(Const(user), 8, Const(1), Plain)
		v.push(c, g, vec, 7)
	})
	v.thread("get", func(c *CPU, g *GoCPU, vec *Object) {
		if v.get(c, g, vec, 0) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(v.p, func(s *State) bool { return ok(s) && !(v.has(s, 1, 7) && s.Result(1, "user") == 1) }, ok)
}

func vecReturned(w *world, f form, n int) string {
	v := newVec(w, f, n, growsIf(n == 1))
	flag := v.p.Words("flag", 0)
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) {
		v.push(c, g, vec, 7)
		c.Store(Const(flag), 8, Const(1), Release)
	})
	v.thread("get", func(c *CPU, g *GoCPU, vec *Object) {
		c.Result("flag", c.Load(Const(flag), 8, Acquire))
		v.get(c, g, vec, 0)
		c.Result("len", Const(v.len(g, vec)))
	})
	flagged := func(s *State) bool { return s.Result(1, "flag") == 1 }
	return judge(v.p, func(s *State) bool { return flagged(s) && !(v.has(s, 1, 7) && s.Result(1, "len") == 1) }, flagged)
}

func vecPushes(w *world, f form, n int) string {
	v := newVec(w, f, n, growsIf(n == 1))
	v.stale = layout.Empty | 2*layout.Version // what is lost if a push meets it
	for t := range uint64(2) {
		v.thread(fmt.Sprint("push", t), func(c *CPU, g *GoCPU, vec *Object) { v.push(c, g, vec, 7+t) })
	}
	bad := func(s *State) bool {
		i, j := s.Result(0, "i"), s.Result(1, "i")
		return i+j != 1 || v.finalLen(s) != 2 || !v.finalLive(s, i, 7) || !v.finalLive(s, j, 8)
	}
	return judge(v.p, bad, func(s *State) bool { return s.Result(1, "i") == 1 })
}

func vecPushPop(w *world, f form, n int) string {
	v := newVec(w, f, n, 1)
	v.thread("pop", func(c *CPU, g *GoCPU, vec *Object) { v.pop(c, g, vec) })
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) { v.push(c, g, vec, 7) })
	bad := func(s *State) bool {
		if s.Result(1, "i") == 0 { // pushed where the element was that is popped
			return !v.has(s, 0, 3) || !v.finalLive(s, 0, 7) || v.finalLen(s) != 1
		}
		return !v.has(s, 0, 7) || !v.finalLive(s, 0, 3) || !v.finalEmpty(s, 1) || v.finalLen(s) != 1
	}
	return first(judge(v.p, bad, func(s *State) bool { return s.Result(1, "i") == 0 }),
		judge(v.p, bad, func(s *State) bool { return s.Result(1, "i") == 1 }))
}

func vecPops(w *world, f form, n int) string {
	v := newVec(w, f, n, 2)
	for t := range 2 {
		v.thread(fmt.Sprint("pop", t), func(c *CPU, g *GoCPU, vec *Object) { v.pop(c, g, vec) })
	}
	last := func(s *State) bool { return v.has(s, 0, 3) && v.has(s, 1, 4) }
	bad := func(s *State) bool {
		return !last(s) && !(v.has(s, 0, 4) && v.has(s, 1, 3)) || v.finalLen(s) != 0
	}
	return judge(v.p, bad, last)
}

func vecPopSees(w *world, f form, n int) string {
	v := newVec(w, f, n, 0)
	user := v.p.Words("user", 0)
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) {
		c.Store(Const(user), 8, Const(1), Plain)
		v.push(c, g, vec, 7)
	})
	v.thread("pop", func(c *CPU, g *GoCPU, vec *Object) {
		if v.pop(c, g, vec) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(v.p, func(s *State) bool { return ok(s) && !(v.has(s, 1, 7) && s.Result(1, "user") == 1) }, ok)
}

func vecSliceGet(w *world, f form, n int) string {
	v := newVec(w, f, n, growsIf(n == 1))
	user := v.p.Words("user", 0)
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) {
		c.Store(Const(user), 8, Const(1), Plain)
		v.pushSlice(c, g, vec, 7, 8)
	})
	v.thread("get", func(c *CPU, g *GoCPU, vec *Object) {
		if v.get(c, g, vec, 1) {
			c.Result("user", c.Load(Const(user), 8, Plain))
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(v.p, func(s *State) bool { return ok(s) && !(v.has(s, 1, 8) && s.Result(1, "user") == 1) }, ok)
}

func vecSlicePop(w *world, f form, n int) string {
	v := newVec(w, f, n, 0)
	v.thread("pop", func(c *CPU, g *GoCPU, vec *Object) { v.pop(c, g, vec) })
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) { v.pushSlice(c, g, vec, 7, 8) })
	popped := func(s *State) bool { return s.Result(0, "ok") == 1 }
	bad := func(s *State) bool {
		if !popped(s) {
			return v.finalLen(s) != 2 || !v.finalLive(s, 0, 7) || !v.finalLive(s, 1, 8)
		}
		return v.finalLen(s) != 1 || !v.has(s, 0, 8) || !v.finalLive(s, 0, 7) || !v.finalEmpty(s, 1)
	}
	return judge(v.p, bad, popped)
}

// vecTruncatePush has a push whose element comes before the truncation, and goes with the one that
// was there, or after it, and stays in its place.
func vecTruncatePush(w *world, f form, n int) string {
	v := newVec(w, f, n, 1)
	v.thread("truncate", func(c *CPU, g *GoCPU, vec *Object) { v.truncate(g, vec) })
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) { v.push(c, g, vec, 7) })
	stays := func(s *State) bool { return s.Result(1, "i") == 0 }
	bad := func(s *State) bool {
		if stays(s) {
			return v.finalLen(s) != 1 || !v.finalLive(s, 0, 7) || !v.finalEmpty(s, 1)
		}
		return v.finalLen(s) != 0 || !v.finalEmpty(s, 0) || !v.finalEmpty(s, 1)
	}
	return first(judge(v.p, bad, stays), judge(v.p, bad, func(s *State) bool { return !stays(s) }))
}

// vecTruncateSlice is the same for two elements.
func vecTruncateSlice(w *world, f form, n int) string {
	v := newVec(w, f, n, 1)
	v.thread("truncate", func(c *CPU, g *GoCPU, vec *Object) { v.truncate(g, vec) })
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) { c.Result("i", Const(v.pushSlice(c, g, vec, 7, 8))) })
	stay := func(s *State) bool { return s.Result(1, "i") == 0 }
	bad := func(s *State) bool {
		if stay(s) {
			return v.finalLen(s) != 2 || !v.finalLive(s, 0, 7) || !v.finalLive(s, 1, 8)
		}
		return v.finalLen(s) != 0 || !v.finalEmpty(s, 0) || !v.finalEmpty(s, 1) || !v.finalEmpty(s, 2)
	}
	return first(judge(v.p, bad, stay), judge(v.p, bad, func(s *State) bool { return !stay(s) }))
}

// vecSet has a writer of an element and a reader, who sees what was done before.
func vecSet(w *world, f form, n int) string {
	v := newVec(w, f, n, 1)
	user := v.p.Words("user", 0)
	v.thread("set", func(c *CPU, g *GoCPU, vec *Object) {
		c.Store(Const(user), 8, Const(1), Plain)
		g.Call("seqvec.SeqVec.Set", nil, vec, uint64(0), v.value(c, 7))
	})
	v.thread("get", func(c *CPU, g *GoCPU, vec *Object) {
		v.get(c, g, vec, 0)
		c.Result("user", c.Load(Const(user), 8, Plain))
	})
	is := func(s *State, x uint64) bool { return v.has(s, 1, x) }
	return judge(v.p, func(s *State) bool { return !is(s, 3) && !(is(s, 7) && s.Result(1, "user") == 1) }, func(s *State) bool { return is(s, 7) })
}

// vecLen has one that pushes twice, and one that sees by Len that the second push has begun, so
// that the first is over.
func vecLen(w *world, f form, n int) string {
	v := newVec(w, f, n, 0)
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) {
		v.push(c, g, vec, 7)
		v.push(c, g, vec, 8)
	})
	v.thread("get", func(c *CPU, g *GoCPU, vec *Object) {
		if v.len(g, vec) != 2 {
			c.Drop()
		}
		v.get(c, g, vec, 0)
	})
	return judge(v.p, func(s *State) bool { return !v.has(s, 1, 7) }, func(s *State) bool { return v.has(s, 1, 7) })
}

// The two that follow ask for executions that must not be. All but one thread make the accesses of
// their operations themselves, so that only the run of interest is left of each.

// vecLatePop has a pop that has lowered the length and not yet emptied its cell, when another
// pushes there and a third one, who knows by the length of the first, pops again. Who came first
// must have what was there first, 1, and not what was pushed meanwhile.
func vecLatePop(w *world, f form) string {
	v := newVec(w, f, 1, 0)
	emptied := layout.Next(liveV1, layout.Empty)
	again := layout.Next(emptied, layout.Live)
	v.p.Thread("late", func(c *CPU) {
		must(c, v.tail, tailOf(1, 1))
		must(c, v.cells, liveV1)
		mustCAS(c, v.tail, tailOf(1, 1), tailOf(2, 0))
		must(c, v.cells, again)
		must(c, v.cells+8, 8)
		mustCAS(c, v.cells, again, layout.Next(again, layout.Empty))
	})
	v.thread("push", func(c *CPU, g *GoCPU, vec *Object) { v.pushFirst(c, g, vec, 8) })
	v.p.Thread("all", func(c *CPU) {
		mustCAS(c, v.tail, tailOf(0, 0), tailOf(1, 1))
		writeSome(c, v.cells, 8, layout.Empty, v.cells+8)
		must(c, v.tail, tailOf(2, 0)) // by the late pop
		must(c, v.tail, tailOf(3, 1)) // and by the push
		must(c, v.cells, liveV1)
		mustCAS(c, v.tail, tailOf(3, 1), tailOf(4, 0))
		mustCAS(c, v.cells, liveV1, emptied)
	})
	return v.never()
}

// vecLatePush has a push that has raised the length and not yet filled its cell, when another
// pops there and a third one, who knows by the length of both, pushes again. Who pops must have
// what was pushed before, and not what was pushed last, 1.
func vecLatePush(w *world, f form) string {
	v := newVec(w, f, 1, 1)
	emptied := layout.Next(liveV1, layout.Empty)
	again := layout.Next(layout.Next(emptied, layout.Live), layout.Empty)
	v.p.Thread("late", func(c *CPU) {
		must(c, v.tail, tailOf(1, 0))
		must(c, v.cells, emptied)
		mustCAS(c, v.tail, tailOf(1, 0), tailOf(2, 1))
		must(c, v.cells, again)
		writeSome(c, v.cells, 8, again, v.cells+8)
	})
	v.thread("pop", func(c *CPU, g *GoCPU, vec *Object) { v.mustPop(c, g, vec, 1) })
	v.p.Thread("all", func(c *CPU) {
		mustCAS(c, v.tail, tailOf(0, 1), tailOf(1, 0))
		mustCAS(c, v.cells, liveV1, emptied)
		must(c, v.tail, tailOf(2, 1)) // by the late push
		must(c, v.tail, tailOf(3, 0)) // and by the pop
		must(c, v.cells, emptied)
		mustCAS(c, v.tail, tailOf(3, 0), tailOf(4, 1))
		if !writeSome(c, v.cells, 8, emptied, v.cells+8) {
			c.Drop()
		}
	})
	return v.never()
}

// vecComplaint runs the checks with a form, for values of the given numbers of words.
func vecComplaint(w *world, f form, words ...int) string {
	for _, c := range vecChecks {
		for _, n := range words {
			if complaint := c.run(w, f, n); complaint != "" {
				return fmt.Sprintf("%s, %d words: %s", c.name, n, complaint)
			}
		}
	}
	return ""
}

// vecMutantComplaint runs the checks for values of one word, and of more that which needs them.
func vecMutantComplaint(w *world, f form) string {
	return first(vecComplaint(w, f, 1), vecSet(w, f, 2))
}

// TestVec runs the checks of SeqVec with every form of commitCell.
func TestVec(t *testing.T) {
	for _, f := range append(kernelForms(t, "commitCell"), goForms(t, "commitCell")...) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			sizes := []int{1}
			if strings.HasSuffix(f.name, "LLSC") && !testing.Short() { // on which the least is ordered
				sizes = append(sizes, 2)
			}
			if complaint := vecComplaint(newWorld(t, f), f, sizes...); complaint != "" {
				t.Error(complaint)
			}
		})
	}
}
