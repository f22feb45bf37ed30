package seqvec

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// stop stands in for a writer that the operating system stopped inside element i. What it
// returns lets the writer go on, as if it had changed nothing.
func stop[T any](v *SeqVec[T], i int) (resume func()) {
	p := v.at(i)
	word := cell.Word(p)
	if !arch.CAS64(p, word, word|layout.Lock) {
		panic("somebody else is at work")
	}
	return func() { arch.Store64(p, word) }
}

// TestNothingWaitsForAStoppedWriter: while somebody stands in an element, readers of small values
// read it, and everybody does everything with the others, and pushes and pops behind it.
func TestNothingWaitsForAStoppedWriter(t *testing.T) {
	t.Run("bytes=1", testStoppedWriter[uint8])
	t.Run("bytes=8", testStoppedWriter[uint64])
	t.Run("bytes=12", testStoppedWriter[[3]uint32])
	t.Run("bytes=64", testStoppedWriter[[8]uint64])
}

func testStoppedWriter[T comparable](t *testing.T) {
	const elements = 6
	for i := range elements {
		var v SeqVec[T]
		v.PushSlice(make([]T, elements))
		v.Set(i, pattern[T](1))
		resume := stop(&v, i)
		if cell.Small[T]() {
			if x, ok := v.Get(i); !ok || x != pattern[T](1) {
				t.Errorf("Get of a stopped element = %v, %v", x, ok)
			}
		}
		for range 100 { // beyond the first segments
			v.Push(pattern[T](7))
		}
		v.PushSlice(make([]T, 3))
		v.Truncate(elements + 50)
		for n := v.Len(); n > elements; n-- {
			if x, ok := v.Pop(); !ok || x != pattern[T](7) {
				t.Errorf("Pop = %v, %v", x, ok)
			}
		}
		for j := range elements {
			if j != i {
				useElement(t, &v, j)
			}
		}
		resume()
		useElement(t, &v, i)
		checkQuiet(t, &v)
	}
}

// useElement does everything with element j, which nobody else uses.
func useElement[T comparable](t *testing.T, v *SeqVec[T], j int) {
	t.Helper()
	set := v.Set(j, pattern[T](2))
	old, ok := v.Swap(j, pattern[T](3))
	swapped := v.CompareAndSwap(j, pattern[T](3), pattern[T](4))
	x, updated := v.Update(j, func(T) T { return pattern[T](5) })
	got, found := v.Get(j)
	if !set || !ok || old != pattern[T](2) || !swapped || !updated || x != pattern[T](5) || !found || got != x {
		t.Errorf("element %d: %v %v %v %v %v %v %v %v", j, set, old, ok, swapped, x, updated, got, found)
	}
}

type wide = [3]uint64

// waiters are operations that must wait for a writer inside element 1 of two, which is {1 1 1}.
var waiters = map[string]func(v *SeqVec[wide]) bool{
	"Get":            func(v *SeqVec[wide]) bool { x, ok := v.Get(1); return ok && x == wide{1, 1, 1} },
	"Values":         func(v *SeqVec[wide]) bool { return last(v) == wide{1, 1, 1} },
	"Set":            func(v *SeqVec[wide]) bool { return v.Set(1, wide{2}) && last(v) == wide{2} },
	"Swap":           func(v *SeqVec[wide]) bool { x, ok := v.Swap(1, wide{3}); return ok && x == wide{1, 1, 1} },
	"CompareAndSwap": func(v *SeqVec[wide]) bool { return v.CompareAndSwap(1, wide{1, 1, 1}, wide{4}) && last(v) == wide{4} },
	"Update": func(v *SeqVec[wide]) bool {
		x, ok := v.Update(1, func(x wide) wide { return wide{x[0] + 4} })
		return ok && x == wide{5} && last(v) == x
	},
	"Pop":      func(v *SeqVec[wide]) bool { x, ok := v.Pop(); return ok && x == wide{1, 1, 1} && v.Len() == 1 },
	"Truncate": func(v *SeqVec[wide]) bool { v.Truncate(1); return v.Len() == 1 },
	"Clear":    func(v *SeqVec[wide]) bool { v.Clear(); return v.Len() == 0 },
}

// last returns the last value.
func last(v *SeqVec[wide]) (x wide) {
	for x = range v.Values() {
	}
	return x
}

// TestWaitersGoOn: who has to wait for a writer inside an element does, and goes on when the
// writer does, with one processor too.
func TestWaitersGoOn(t *testing.T) {
	for _, procs := range []int{1, runtime.GOMAXPROCS(0)} {
		for name, op := range waiters {
			func() {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				var v SeqVec[wide]
				v.PushSlice([]wide{{}, {1, 1, 1}})
				resume := stop(&v, 1)
				var resumed atomic.Bool
				together(2, func(g int) {
					if g == 0 {
						if ok := op(&v); !ok || !resumed.Load() {
							t.Errorf("%s: outcome right: %v, waited: %v", name, ok, resumed.Load())
						}
						return
					}
					for range 100 {
						runtime.Gosched()
					}
					resumed.Store(true)
					resume()
				})
				checkQuiet(t, &v)
			}()
		}
	}
}

// TestVersionWraps: the version of a cell, and that of the tail, come round between all
// operations that change them.
func TestVersionWraps(t *testing.T) {
	t.Run("bytes=4", testVersionWraps[uint32])
	t.Run("bytes=24", testVersionWraps[wide])
}

func testVersionWraps[T comparable](t *testing.T) {
	var v SeqVec[T]
	v.Push(pattern[T](9))
	v.Push(pattern[T](1))
	p := v.at(1)
	for round := range uint64(10) {
		top := ^uint64(0)&^(layout.Version-1) - round*layout.Version | layout.Live
		arch.Store64(p, top)
		arch.Store64(v.tailWord(), ^uint64(indexMask)-round<<indexBits|2)
		useElement(t, &v, 1)
		for n := range uint64(6) {
			if x, ok := v.Pop(); !ok || n > 0 && x != pattern[T](n) {
				t.Errorf("round %d: Pop %d = %v, %v", round, n, x, ok)
			}
			if i := v.Push(pattern[T](n + 1)); i != 1 {
				t.Errorf("round %d: Push = %d", round, i)
			}
		}
		if word := cell.Word(p); word >= top {
			t.Errorf("round %d: word %#x has not come round from %#x", round, word, top)
		}
		if tail := v.loadTail(); index(tail) != 2 || tail>>indexBits > 12 {
			t.Errorf("round %d: tail %#x has not come round", round, tail)
		}
		checkQuiet(t, &v)
	}
	if x, ok := v.Get(0); !ok || x != pattern[T](9) {
		t.Errorf("the neighbour is %v, %v", x, ok)
	}
}

// TestUpdateBlocks: while a function in Update waits, its element is written, popped and pushed
// again, and so are others. It is shown what came of it. G8
func TestUpdateBlocks(t *testing.T) {
	var v SeqVec[wide]
	v.PushSlice([]wide{{1}, {2}})
	inside, leave := make(chan bool), make(chan bool)
	var shown []wide
	together(2, func(g int) {
		if g == 0 {
			v.Update(1, func(x wide) wide {
				if shown = append(shown, x); len(shown) == 1 {
					inside <- true
					<-leave
				}
				return wide{x[0] + 100}
			})
			return
		}
		<-inside
		useElement(t, &v, 0)
		useElement(t, &v, 1)
		v.Pop()
		v.PushSlice([]wide{{20}, {30}})
		close(leave)
	})
	if x, ok := v.Get(1); len(shown) != 2 || shown[1] != (wide{20}) || x != (wide{120}) || !ok {
		t.Errorf("shown %v, left %v, %v", shown, x, ok)
	}
	checkQuiet(t, &v)
}
