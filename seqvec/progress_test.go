package seqvec

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/progress"
)

// large takes as long to write as a value may.
type large [layout.MaxValueBytes / 8]uint64

// TestNobodySleepsInside: on the only processor nobody ever finds an element locked, nor one that
// is counted and not there, nor one that is there and not counted. A write that can be stopped is
// found, which shows that the test can fail.
func TestNobodySleepsInside(t *testing.T) {
	var v SeqVec[large]
	v.PushSlice(make([]large, 2))
	x, y := new(large), &large{1}
	inside := func() bool {
		pending := false
		for i := range 4 {
			word := cell.Word(v.at(i))
			pending = pending || word&layout.Lock != 0 || cell.IsLive(word) != (i < v.Len())
		}
		return pending
	}
	looks := max(count(20), 10)
	for name, write := range map[string]func(){
		"Push and Pop":   func() { v.Push(*x); v.Pop() },
		"Set":            func() { v.Set(0, *x) },
		"Swap":           func() { v.Swap(0, *x) },
		"CompareAndSwap": func() { v.CompareAndSwap(0, *x, *y); v.CompareAndSwap(0, *y, *x) },
		"Update":         func() { v.Update(0, func(old large) large { return old }) },
	} {
		if n := progress.Looks(looks, 0, inside, write); n > progress.Allowed(looks) {
			t.Errorf("%s: %d of %d looks found an operation stopped in the middle", name, n, looks)
		}
	}
	stoppable := func() {
		word := cell.Word(v.at(0))
		arch.Store64(v.at(0), word|layout.Lock)
		for i := range 8 * len(x) {
			progress.Stoppable(i)
			x[i/8] += y[i/8]
		}
		arch.Store64(v.at(0), word)
	}
	if progress.Looks(100*looks, 1, inside, stoppable) == 0 {
		t.Error("the test finds no writer inside a write that can be stopped")
	}
}

// TestTightLoops: a loop over one operation, and nothing else, starves nobody.
func TestTightLoops(t *testing.T) {
	var small, full SeqVec[uint64]
	var wides SeqVec[wide]
	small.PushSlice(make([]uint64, 3))
	wides.PushSlice(make([]wide, 3))
	some := make([]uint64, 50)
	for name, tight := range map[string]func(l *progress.Loop){
		"Get": func(l *progress.Loop) {
			for l.Next() {
				small.Get(1)
			}
		},
		"Get/wide": func(l *progress.Loop) {
			for l.Next() {
				wides.Get(1)
			}
		},
		"Set": func(l *progress.Loop) {
			for l.Next() {
				wides.Set(1, wide{2})
			}
		},
		"Swap": func(l *progress.Loop) {
			for l.Next() {
				small.Swap(1, 2)
			}
		},
		"CompareAndSwap": func(l *progress.Loop) {
			for l.Next() {
				wides.CompareAndSwap(2, wide{}, wide{})
			}
		},
		"Push": func(l *progress.Loop) {
			for l.Next() {
				if full.Push(1) == 1<<20 {
					full.Clear()
				}
			}
		},
		"Push and Pop": func(l *progress.Loop) {
			for l.Next() {
				wides.Push(wide{})
				wides.Pop()
			}
		},
		"Pop": func(l *progress.Loop) {
			full.Clear()
			for l.Next() {
				full.Pop()
			}
		},
		"PushSlice and Truncate": func(l *progress.Loop) {
			for l.Next() {
				small.PushSlice(some)
				small.Truncate(3)
			}
		},
		"Len": func(l *progress.Loop) {
			for l.Next() {
				small.Len()
			}
		},
		"All": func(l *progress.Loop) {
			for l.Next() {
				for range wides.All() {
				}
			}
		},
	} {
		if err := progress.Starves(tight); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
