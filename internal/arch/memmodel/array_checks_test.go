package memmodel

import (
	"fmt"
	"strings"
	"testing"
)

// The checks of SeqArray: Grow, with what is written to the cells that it adds, against Get, Set, Init
// and other Grows; and the count.

// arrayChecks are about a form of commitCell, by which cells are filled, with values of n words.
var arrayChecks = []struct {
	name string
	run  func(w *world, f form, n int) string
}{
	{"who gets an element sees it whole, and what was done before", arrayGet},
	{"an element whose set has returned is there, and counted", arrayReturned},
	{"a set in what another has added", arraySetByOther},
	{"what is set is counted", arrayCounted},
	{"what does not count is not set", arrayUncounted},
	{"who gets what replaced an element sees what was done before", arraySet},
	{"one of two inits wins", arrayInits},
	{"two that grow", arrayGrows},
	{"who grows further keeps the cells of another", func(w *world, f form, _ int) string { return arrayGrowsFurther(w, f) }},
	{"a set and a clear", arraySetClear},
}

func arrayGet(w *world, f form, n int) string {
	a := newArray(w, f, n, false)
	user := a.p.Words("user", 0)
	a.thread("set", 1, func(x arrayThread) {
		x.c.Store(Const(user), 8, Const(1), Plain)
		x.grow(2)
		x.done("Set", 1, 7)
	})
	a.thread("get", 0, func(x arrayThread) {
		if x.get(1) {
			x.c.Result("user", x.c.Load(Const(user), 8, Plain))
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(a.p, func(s *State) bool { return ok(s) && !(a.has(s, 1, 7) && s.Result(1, "user") == 1) }, ok)
}

func arrayReturned(w *world, f form, n int) string {
	a := newArray(w, f, n, false)
	flag := a.p.Words("flag", 0)
	a.thread("set", 1, func(x arrayThread) {
		x.grow(2)
		x.done("Set", 1, 7)
		x.c.Store(Const(flag), 8, Const(1), Release)
	})
	a.thread("get", 0, func(x arrayThread) {
		x.c.Result("flag", x.c.Load(Const(flag), 8, Acquire))
		x.get(1)
		x.c.Result("len", Const(x.len()))
	})
	flagged := func(s *State) bool { return s.Result(1, "flag") == 1 }
	return judge(a.p, func(s *State) bool { return flagged(s) && !(a.has(s, 1, 7) && s.Result(1, "len") == 1) }, flagged)
}

// arraySetByOther has one that makes the array grow, and one that sets a cell there as soon as there
// is one.
func arraySetByOther(w *world, f form, n int) string {
	a := newArray(w, f, n, false)
	a.thread("grow", 1, func(x arrayThread) { x.grow(2) })
	a.thread("set", 0, func(x arrayThread) { x.c.Result("ok", number(x.done("Set", 1, 7))) })
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool {
		if !ok(s) {
			return !a.finalUnset(s, 1) || s.Final(a.count) != 0
		}
		return !a.finalLive(s, 1, 7) || s.Final(a.count) != 1
	}
	return judge(a.p, bad, ok)
}

func arrayInits(w *world, f form, n int) string {
	a := newArray(w, f, n, false)
	a.clean = true
	a.thread("a", 1, func(x arrayThread) {
		x.grow(2)
		x.c.Result("ok", number(x.done("Init", 1, 7)))
	})
	a.thread("b", 0, func(x arrayThread) { x.c.Result("ok", number(x.done("Init", 1, 8))) })
	second := func(s *State) bool { return s.Result(1, "ok") == 1 }
	bad := func(s *State) bool {
		if second(s) == (s.Result(0, "ok") == 1) || s.Final(a.count) != 1 {
			return true
		}
		return !a.finalLive(s, 1, 7+s.Result(1, "ok"))
	}
	return judge(a.p, bad, second)
}

// arrayGrows has two that make the array grow alike, one of which then gets what the other sets.
func arrayGrows(w *world, f form, n int) string {
	a := newArray(w, f, n, false)
	a.clean = true
	a.thread("set", 1, func(x arrayThread) {
		x.grow(2)
		x.done("Set", 1, 7)
	})
	a.thread("get", 1, func(x arrayThread) {
		x.grow(2)
		x.get(1)
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(a.p, func(s *State) bool {
		return a.finalCap(s) != 2 || !a.finalLive(s, 1, 7) || ok(s) && !a.has(s, 1, 7)
	}, ok)
}

// arrayGrowsFurther has one that makes the array grow, and one that makes it grow further. If that one
// is the second, it keeps the segment of the other, whose cells may have been set.
func arrayGrowsFurther(w *world, f form) string {
	a := newArray(w, f, 1, false)
	a.clean = true
	a.thread("grow", 1, func(x arrayThread) { x.grow(2) })
	a.thread("further", 1, func(x arrayThread) { x.grow(3) })
	a.p.Waits = false // who has lost goes on as if it had begun later
	second := func(s *State) bool { return a.finalCap(s) == 4 }
	return judge(a.p, func(s *State) bool {
		if second(s) {
			return a.finalCell(s, 1) != a.rows[0].segment || a.finalCell(s, 3) != a.finalCell(s, 2)+a.stride()
		}
		return a.finalCap(s) != 3 || a.finalCell(s, 1) != a.rows[1].segment
	}, second)
}

// arrayCounted has one that gets an element and must find it counted.
func arrayCounted(w *world, f form, n int) string {
	a := newArray(w, f, n, false)
	a.thread("set", 0, func(x arrayThread) { x.done("Set", 0, 7) })
	a.thread("get", 0, func(x arrayThread) {
		if x.get(0) {
			x.c.Result("len", Const(x.len()))
		}
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	return judge(a.p, func(s *State) bool { return ok(s) && (s.Result(1, "len") != 1 || !a.has(s, 1, 7)) }, ok)
}

// arrayUncounted has one that clears the only cell that is set. Who finds no cell counted gets none.
func arrayUncounted(w *world, f form, n int) string {
	a := newArray(w, f, n, true)
	a.thread("clear", 0, func(x arrayThread) { x.call("Clear", uint64(0)) })
	a.thread("get", 0, func(x arrayThread) {
		x.c.Result("len", Const(x.len()))
		x.get(0)
	})
	ok := func(s *State) bool { return s.Result(1, "ok") == 1 }
	empty := func(s *State) bool { return s.Result(1, "len") == 0 }
	return judge(a.p, func(s *State) bool { return ok(s) && (empty(s) || !a.has(s, 1, 3)) }, empty)
}

func arraySetClear(w *world, f form, n int) string {
	a := newArray(w, f, n, true)
	a.thread("clear", 0, func(x arrayThread) { x.call("Clear", uint64(0)) })
	a.thread("set", 0, func(x arrayThread) { x.done("Set", 0, 7) })
	unset := func(s *State) bool { return a.finalUnset(s, 0) && s.Final(a.count) == 0 }
	set := func(s *State) bool { return a.finalLive(s, 0, 7) && s.Final(a.count) == 1 }
	bad := func(s *State) bool { return !unset(s) && !set(s) }
	return first(judge(a.p, bad, unset), judge(a.p, bad, set))
}

// arraySet has a writer of a cell that is set, and a reader, who sees what was done before.
func arraySet(w *world, f form, n int) string {
	a := newArray(w, f, n, true)
	user := a.p.Words("user", 0)
	a.thread("set", 0, func(x arrayThread) {
		x.c.Store(Const(user), 8, Const(1), Plain)
		x.done("Set", 0, 7)
	})
	a.thread("get", 0, func(x arrayThread) {
		x.get(0)
		x.c.Result("user", x.c.Load(Const(user), 8, Plain))
	})
	is := func(s *State, x uint64) bool { return a.has(s, 1, x) }
	return judge(a.p, func(s *State) bool { return !is(s, 3) && !(is(s, 7) && s.Result(1, "user") == 1) }, func(s *State) bool { return is(s, 7) })
}

// arrayComplaint runs the checks with a form, for values of the given numbers of words.
func arrayComplaint(w *world, f form, words ...int) string {
	for _, c := range arrayChecks {
		for _, n := range words {
			if complaint := c.run(w, f, n); complaint != "" {
				return fmt.Sprintf("%s, %d words: %s", c.name, n, complaint)
			}
		}
	}
	return ""
}

// TestArray runs the checks of SeqArray with every form of commitCell.
func TestArray(t *testing.T) {
	for _, f := range append(kernelForms(t, "commitCell"), goForms(t, "commitCell")...) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			sizes := []int{1}
			if strings.HasSuffix(f.name, "LLSC") && !testing.Short() { // on which the least is ordered
				sizes = append(sizes, 2)
			}
			if complaint := arrayComplaint(newWorld(t, f), f, sizes...); complaint != "" {
				t.Error(complaint)
			}
		})
	}
}

// TestArrayMutants weakens the ordered accesses of Grow, Get, Set, Init, Clear and Len.
func TestArrayMutants(t *testing.T) {
	const (
		unread  = "nothing is read in the cell, and W3 and W4 are releases"
		raised  = "W4 is a release behind it, and who knows that the cell is set has loaded its word as an acquire"
		lowered = "the count is lowered behind it, by a release, and nothing is read in the cell"
		both    = "the cell is cleared by a release, before an acquire of the count"
	)
	in := func(file, pattern string) []codeLine { return []codeLine{{file, pattern}} }
	testGoMutants(t, "commitCell", []goMutant{
		{in: in(rowsFile, `return r\.dir\.Load`), loses: Acquire},
		{in: in(growFile, `old := a\.cells\.directory`), loses: Acquire},
		{in: in(growFile, `dir\.CompareAndSwap`), loses: Acquire, why: "who loses loads the pointer"},
		{in: in(growFile, `dir\.CompareAndSwap`), loses: Release},
		{in: in(arrayFile, `a\.addCount\(1\)`), loses: AcqRel, why: raised},
		{in: in(arrayFile, `a\.addCount\(-1\)`), loses: Release, why: both},
		{in: in(arrayFile, `a\.addCount\(-1\)`), loses: AcqRel},
		{in: in(arrayFile, `arch\.CAS64`), loses: AcqRel, why: lowered},
		{in: in(arrayFile, `arch\.Load64\(unsafe\.Pointer\(&a\.count`), loses: Acquire},
		{in: in(arrayFile, `// R1`), loses: Acquire},
		{in: in(arrayFile, `cell\.CopyWords`), loses: Acquire},
		{in: in(arrayFile, `// R3, R4`), loses: Acquire, why: behindR1},
		{in: in(arrayFile, `cell\.ReplaceWord`), loses: Acquire, why: unread},
		{in: in(arrayFile, `cell\.ReplaceWord`), loses: Release},
		{in: in(arrayFile, `seen := cell\.Word`), loses: Acquire, why: unread},
		{in: in(arrayFile, `cell\.CommitFrom`), loses: Acquire, why: unread},
		{in: in(arrayFile, `cell\.CommitFrom`), loses: Release},
	}, func(w *world, f form) string { return arrayComplaint(w, f, 1) })
}
