package seqarray

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// stop stands in for a writer that the operating system stopped inside cell i. What it returns
// lets the writer go on, as if it had changed nothing.
func stop[T any](a *SeqArray[T], i int) (resume func()) {
	p := a.cells.at(i)
	word := cell.Word(p)
	if !arch.CAS64(p, word, word|layout.Lock) {
		panic("somebody else is at work")
	}
	return func() { arch.Store64(p, word) }
}

// TestNothingWaitsForAStoppedWriter: while somebody stands in a cell, set or unset, readers of
// small values read it, and everybody does everything with the other cells; the array grows.
func TestNothingWaitsForAStoppedWriter(t *testing.T) {
	t.Run("bytes=1", testStoppedWriter[uint8])
	t.Run("bytes=8", testStoppedWriter[uint64])
	t.Run("bytes=12", testStoppedWriter[[3]uint32])
	t.Run("bytes=64", testStoppedWriter[[8]uint64])
}

func testStoppedWriter[T comparable](t *testing.T) {
	const cells = 8
	for i := range cells {
		for _, set := range []bool{true, false} {
			a := New[T](cells)
			if a.Fill(pattern[T](1)); !set {
				ignore(a.Clear(i))
			}
			resume := stop(a, i)
			if !set || cell.Small[T]() {
				if v, err := a.Get(i); set != (err == nil) || set && v != pattern[T](1) {
					t.Errorf("Get of a stopped cell, set %v: %v, %v", set, v, err)
				}
			}
			a.Grow(a.Cap() + 1)
			for j := range a.Cap() {
				if j != i {
					useCell(t, a, j)
				}
			}
			resume()
			useCell(t, a, i)
			if a.Len() != a.Cap() {
				t.Errorf("Len = %d after every cell was set of %d", a.Len(), a.Cap())
			}
		}
	}
}

// useCell does everything with cell j, which nobody else uses, and leaves it set.
func useCell[T comparable](t *testing.T, a *SeqArray[T], j int) {
	t.Helper()
	ignore(a.Clear(j))
	err1 := a.Init(j, pattern[T](2))
	old, err2 := a.Swap(j, pattern[T](3))
	swapped, err3 := a.CompareAndSwap(j, pattern[T](3), pattern[T](4))
	v, err4 := a.Update(j, func(T) T { return pattern[T](5) })
	err5 := a.Set(j, pattern[T](1))
	dst := make([]T, 1)
	n := a.CopyTo(dst, j)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || err5 != nil ||
		old != pattern[T](2) || !swapped || v != pattern[T](5) || n != 1 || dst[0] != pattern[T](1) {
		t.Errorf("cell %d: %v %v %v %v %v, %v %v %v %v", j, err1, err2, err3, err4, err5, old, swapped, v, dst)
	}
}

type wide = [3]uint64

// waiters are operations that must wait for a writer inside cell 1, which is set to {1 1 1}, and
// what each leaves there.
var waiters = map[string]struct {
	op    func(a *SeqArray[wide])
	leave wide
}{
	"Get":            {func(a *SeqArray[wide]) { _, err := a.Get(1); ignore(err) }, wide{1, 1, 1}},
	"All":            {func(a *SeqArray[wide]) { collect(a) }, wide{1, 1, 1}},
	"CopyTo":         {func(a *SeqArray[wide]) { a.CopyTo(make([]wide, 3), 0) }, wide{1, 1, 1}},
	"Set":            {func(a *SeqArray[wide]) { ignore(a.Set(1, wide{2})) }, wide{2}},
	"Clear":          {func(a *SeqArray[wide]) { ignore(a.Clear(1)) }, wide{}},
	"Swap":           {func(a *SeqArray[wide]) { _, err := a.Swap(1, wide{3}); ignore(err) }, wide{3}},
	"CompareAndSwap": {func(a *SeqArray[wide]) { _, err := a.CompareAndSwap(1, wide{1, 1, 1}, wide{4}); ignore(err) }, wide{4}},
	"Update": {func(a *SeqArray[wide]) {
		_, err := a.Update(1, func(v wide) wide { return wide{v[0] + 4} })
		ignore(err)
	}, wide{5}},
	"Fill": {func(a *SeqArray[wide]) { a.Fill(wide{6}) }, wide{6}},
}

func collect(a *SeqArray[wide]) (all []wide) {
	for v := range a.Values() {
		all = append(all, v)
	}
	return all
}

// TestWaitersGoOn: who has to wait for a writer inside a cell does, and goes on when the writer
// does, with one processor too.
func TestWaitersGoOn(t *testing.T) {
	for _, procs := range []int{1, runtime.GOMAXPROCS(0)} {
		for name, w := range waiters {
			func() {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				a := Of(wide{}, wide{1, 1, 1}, wide{})
				resume := stop(a, 1)
				var resumed atomic.Bool
				together(2, func(g int) {
					if g == 0 {
						w.op(a)
						if !resumed.Load() {
							t.Errorf("%s did not wait", name)
						}
						return
					}
					for range 100 {
						runtime.Gosched()
					}
					resumed.Store(true)
					resume()
				})
				if v, _ := a.Get(1); v != w.leave {
					t.Errorf("%s left %v, want %v", name, v, w.leave)
				}
				checkCount(t, a)
			}()
		}
	}
}

// TestVersionWraps: the version of a cell comes round between all operations that change it.
func TestVersionWraps(t *testing.T) {
	t.Run("bytes=4", testVersionWraps[uint32])
	t.Run("bytes=24", testVersionWraps[wide])
}

func testVersionWraps[T comparable](t *testing.T) {
	a := Of(pattern[T](1))
	p := a.cells.at(0)
	for round := range 8 {
		arch.Store64(p, ^uint64(0)&^(layout.Version-1)-uint64(round)*layout.Version|layout.Live)
		before := cell.Word(p)
		useCell(t, a, 0)
		if after := cell.Word(p); after >= before && round < 6 || after&(layout.Version-1) != layout.Live {
			t.Errorf("round %d: word %#x after %#x", round, after, before)
		}
		if v, err := a.Get(0); v != pattern[T](1) || err != nil || a.Len() != 1 {
			t.Errorf("round %d: Get = %v, %v, Len = %d", round, v, err, a.Len())
		}
	}
}

// TestUpdateBlocks: while a function in Update waits, the same cell is written, cleared and set,
// and all others too. It is shown what came of it. G6
func TestUpdateBlocks(t *testing.T) {
	a := Of(wide{1}, wide{2})
	inside, leave := make(chan bool), make(chan bool)
	var shown []wide
	together(2, func(g int) {
		if g == 0 {
			_, err := a.Update(0, func(v wide) wide {
				if shown = append(shown, v); len(shown) == 1 {
					inside <- true
					<-leave
				}
				return wide{v[0] + 100}
			})
			ignore(err)
			return
		}
		<-inside
		ignore(a.Set(0, wide{10}))
		useCell(t, a, 0)
		useCell(t, a, 1)
		ignore(a.Set(0, wide{20}))
		a.Grow(100)
		close(leave)
	})
	if v, err := a.Get(0); len(shown) != 2 || shown[1] != (wide{20}) || v != (wide{120}) || err != nil {
		t.Errorf("shown %v, left %v, %v", shown, v, err)
	}
}
