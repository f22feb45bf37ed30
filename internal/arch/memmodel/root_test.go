package memmodel

import (
	"fmt"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks of the root of a map: it goes on to the next table when all blocks of the first are
// moved, and to an empty one when the map is cleared. All that is Go code of package seqmap. Blocks
// have one bucket here, and buckets one slot.

// testRoot is a map whose first table has a key in its first bucket.
type testRoot struct {
	w               *world
	f               form // by which movers claim
	p               *Program
	from, to, fresh *testTable
	root            uint64 // 1, 2, 3 for these tables
	done, left      uint64 // of from
	unmoved         uint64 // of the other tables
}

const rootFrom, rootTo, rootFresh = 1, 2, 3

var oneByOne = shape{key: 8, value: 8, oneSlot: true}

// newRoot makes a map of that shape whose first table has that many buckets. attached says whether the next table
// is there. Where it is not, and where the table is that Clear makes, is memory that somebody had
// before, with another value of the key.
func newRoot(w *world, f form, sh shape, buckets int, attached bool) *testRoot {
	p := New(f.model)
	stale := map[[2]int]slotEntry{{0, 0}: {liveV2, slotKey, 99}}
	r := &testRoot{w: w, f: f, p: p, root: p.Words("root", rootFrom), done: p.Words("done", 0), left: p.Words("left", uint64(buckets)), unmoved: p.Words("unmoved", 1)}
	r.from = newTable(p, "from", sh, buckets, map[[2]int]slotEntry{{0, 0}: {liveV1, slotKey, oldValue}})
	r.fresh = newTable(p, "fresh", sh, 1, stale)
	if attached {
		r.to = newTable(p, "to", sh, 1, nil)
		p.locs[p.byAddr[r.from.next]].init = 1
	} else {
		r.to = newTable(p, "to", sh, 1, stale)
	}
	return r
}

// rootThread is what a thread has of the map.
type rootThread struct {
	*testRoot
	c              *CPU
	g              *GoCPU
	m, core, table *Object // the map, what it consists of, its first table
}

// thread adds a thread that uses the map. A table that it makes is cleared by plain stores.
func (r *testRoot) thread(name string, run func(x rootThread)) {
	src := r.w.claimsBy(r.f)
	src.SetConst("seqmap.blockBuckets", 1)
	var to, fresh *Object
	src.Replace["seqmap.newTable"] = func(g *GoCPU, _ []any) []any {
		r.to.clear(g.CPU)
		return []any{to}
	}
	src.Methods["seqmap.core.emptyTable"] = func(g *GoCPU, _ any) []any {
		r.fresh.clear(g.CPU)
		return []any{fresh}
	}
	r.p.Thread(name, func(c *CPU) {
		to, fresh = r.to.object(), r.fresh.object()
		to.Fields["left"], fresh.Fields["left"] = num{r.unmoved, 8}, num{r.unmoved, 8}
		from := r.from.object(to)
		from.Fields["blocks"], from.Fields["left"], from.Fields["done"] = num{uint64(r.from.buckets), 8}, num{r.left, 8}, &pointer{r.done, 8}
		core := &Object{Type: "seqmap.core", Fields: map[string]any{"root": &AtomicPointer{Addr: r.root, Objects: []*Object{from, to, fresh}}}}
		run(rootThread{r, c, src.On(c), &Object{Type: "seqmap.SeqMap", Embedded: core}, core, from})
	})
}

// clear stores zeros to the slot of a table of one bucket.
func (t *testTable) clear(c *CPU) {
	s := t.slot(0, 0)
	c.Store(Const(s.word), int(t.geo.WordBytes), Const(0), Plain)
	c.Store(Const(s.key), 8, Const(0), Plain)
	c.Store(Const(s.value), 8, Const(0), Plain)
}

// move moves a block, and makes the root go on if that was the last one.
func (x rootThread) move(block uint64) {
	if x.g.Call("seqmap.table.moveBlock", nil, x.table, block)[0].(bool) {
		x.g.Call("seqmap.core.advance", nil, x.core)
	}
}

// get looks the key up, and records root, ok and value.
func (x rootThread) get() {
	root := x.g.Call("seqmap.core.loadRoot", nil, x.core)[0].(*Object)
	x.c.Result("root", Const(x.g.encode(x.core.Fields["root"].(*AtomicPointer), root)))
	out := x.g.Call("seqmap.table.searchWord", nil, root, uint64(slotKey), uint64(0))
	x.c.Result("value", value(out[0]))
	x.c.Result("ok", value(out[1]))
}

// rootChecks are about a form of claimSlot, by which movers claim.
var rootChecks = []check{
	{"a key is found wherever the root leads", rootAdvances},
	{"a key is found though another makes the root go on", rootByOther},
	{"a key is found while the next table is attached", rootAttaches},
	{"a key is moved to a table that another has attached", rootAttached},
	{"who goes on to the next table by itself finds it empty", rootRanged},
	{"a cleared map is empty", rootCleared},
	{"a map is cleared though the root goes on", rootClearWins},
	{"a clear, then a read of another key", rootClearBuffered},
}

// rootAdvances has two movers, of which the last makes the root go on.
func rootAdvances(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 2, true)
	for i := range uint64(2) {
		r.thread(fmt.Sprint("mover", i), func(x rootThread) { x.move(i) })
	}
	r.thread("reader", rootThread.get)
	found := func(s *State) bool { return s.Result(2, "ok") == 1 && s.Result(2, "value") == oldValue }
	return judge(r.p, func(s *State) bool { return !found(s) || s.Final(r.root) != rootTo },
		func(s *State) bool { return s.Result(2, "root") == rootTo })
}

// rootByOther has a mover of the last block and another who sees that all is done, and makes the root
// go on.
func rootByOther(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, true)
	r.thread("mover", func(x rootThread) { x.g.Call("seqmap.table.moveBlock", nil, x.table, uint64(0)) })
	r.thread("other", func(x rootThread) { x.g.Call("seqmap.core.advance", nil, x.core) })
	r.thread("reader", rootThread.get)
	found := func(s *State) bool { return s.Result(2, "ok") == 1 && s.Result(2, "value") == oldValue }
	return judge(r.p, func(s *State) bool { return !found(s) }, func(s *State) bool { return s.Result(2, "root") == rootTo })
}

// rootAttaches has one that attaches the next table and moves everything there.
func rootAttaches(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, false)
	r.thread("mover", func(x rootThread) {
		x.g.Call("seqmap.table.attachNext", nil, x.table, uint64(1))
		x.move(0)
	})
	r.thread("reader", rootThread.get)
	found := func(s *State) bool { return s.Result(1, "ok") == 1 && s.Result(1, "value") == oldValue }
	return first(judge(r.p, func(s *State) bool { return !found(s) }, func(s *State) bool { return s.Result(1, "root") == rootTo }),
		judge(r.p, func(s *State) bool { return s.Final(r.root) != rootTo }, func(s *State) bool { return s.Result(1, "root") == rootFrom }))
}

// rootAttached has one that attaches the next table and one that moves everything there.
func rootAttached(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, false)
	r.thread("attaches", func(x rootThread) { x.g.Call("seqmap.table.attachNext", nil, x.table, uint64(1)) })
	r.thread("mover", func(x rootThread) {
		next, _ := x.g.Call("seqmap.table.loadNext", nil, x.table)[0].(*Object)
		if next == nil {
			x.c.Drop()
		}
		x.move(0)
	})
	to := r.to.slot(0, 0)
	return judge(r.p, func(s *State) bool { return s.Final(to.word) != liveV1 || s.Final(to.value) != oldValue },
		func(s *State) bool { return s.Final(r.root) == rootTo })
}

// rootRanged has one that attaches the next table and one that, as Range does, looks into it without
// having been sent there.
func rootRanged(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, false)
	r.thread("attaches", func(x rootThread) { x.g.Call("seqmap.table.attachNext", nil, x.table, uint64(1)) })
	r.thread("ranges", func(x rootThread) {
		if next, ok := x.g.Call("seqmap.table.loadNext", nil, x.table)[0].(*Object); ok {
			x.c.Result("word", Const(x.g.Call("seqmap.table.word", nil, next, r.to.bucket(0), uint64(0))[0].(uint64)))
		}
	})
	return judge(r.p, func(s *State) bool { return s.Result(1, "word") != layout.Empty }, func(s *State) bool { return s.Has(1, "word") })
}

// rootCleared has a reader that knows, perhaps by a flag, that the map is cleared.
func rootCleared(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, true)
	flag := r.p.Words("flag", 0)
	r.thread("clear", func(x rootThread) {
		x.g.Call("seqmap.SeqMap.Clear", nil, x.m)
		x.c.Store(Const(flag), 8, Const(1), Release)
	})
	r.thread("reader", func(x rootThread) {
		x.c.Result("flag", x.c.Load(Const(flag), 8, Acquire))
		x.get()
	})
	cleared := func(s *State) bool { return s.Result(1, "flag") == 1 || s.Result(1, "root") == rootFresh }
	bad := func(s *State) bool {
		ok := s.Result(1, "ok") == 1
		return ok == cleared(s) || ok && s.Result(1, "value") != oldValue
	}
	return judge(r.p, bad, cleared)
}

// rootClearWins clears the map while a mover makes the root go on.
func rootClearWins(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, true)
	r.thread("mover", func(x rootThread) { x.move(0) })
	r.thread("clear", func(x rootThread) { x.g.Call("seqmap.SeqMap.Clear", nil, x.m) })
	return judge(r.p, func(s *State) bool { return s.Final(r.root) != rootFresh },
		func(s *State) bool { return s.Final(r.from.slot(0, 0).word) == layout.Moved })
}

// rootClearBuffered has one that clears the map and then looks for a key of another one, and one
// that changes that key and then looks into the map. They must not both miss what the other did.
func rootClearBuffered(w *world, f form) string {
	r := newRoot(w, f, oneByOne, 1, true)
	y := newTable(r.p, "y", oneByOne, 1, map[[2]int]slotEntry{{0, 0}: {liveV1, slotKey, 0}})
	r.thread("clear", func(x rootThread) {
		x.g.Call("seqmap.SeqMap.Clear", nil, x.m)
		y.read(w, x.c, 0, 0, slotKey, "")
	})
	writer := w.others("writeSlot", f)[0]
	r.thread("writer", func(x rootThread) {
		writer.writeSlot(x.c, y.slot(0, 0), liveV1, writeOp{value: y.valueWords(7), count: y.count})
		x.get()
	})
	missed := func(s *State) bool { return s.Result(0, "d0") != 7 }
	return judge(r.p, func(s *State) bool { return missed(s) && s.Result(1, "ok") == 1 },
		func(s *State) bool { return missed(s) && s.Result(1, "ok") == 0 })
}

// rootComplaint runs the checks with a form.
func rootComplaint(w *world, f form) string {
	for _, c := range rootChecks {
		if complaint := c.run(w, f); complaint != "" {
			return c.name + ": " + complaint
		}
	}
	return ""
}

// TestRoot runs the checks of the root with every form of claimSlot.
func TestRoot(t *testing.T) {
	for _, f := range append(kernelForms(t, "claimSlot"), goForms(t, "claimSlot")...) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			if complaint := rootComplaint(newWorld(t, f), f); complaint != "" {
				t.Error(complaint)
			}
		})
	}
}
