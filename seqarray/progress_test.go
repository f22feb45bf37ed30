package seqarray

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/progress"
)

// large takes as long to write as a value may.
type large [layout.MaxValueBytes / 8]uint64

// TestNobodySleepsInside: on the only processor nobody ever finds a cell locked, whatever writes
// it. A write that can be stopped is found, which shows that the test can fail.
func TestNobodySleepsInside(t *testing.T) {
	a := New[large](1)
	a.Fill(large{})
	p := a.cells.at(0)
	locked := func() bool { return cell.Word(p)&layout.Lock != 0 }
	v, w := new(large), &large{1}
	looks := max(count(20), 10)
	for name, write := range map[string]func(){
		"Set":            func() { ignore(a.Set(0, *v)) },
		"Init":           func() { ignore(a.Clear(0)); ignore(a.Init(0, *v)) },
		"Swap":           func() { _, err := a.Swap(0, *v); ignore(err) },
		"CompareAndSwap": func() { a.Fill(*v); _, err := a.CompareAndSwap(0, *v, *w); ignore(err) },
		"Update":         func() { _, err := a.Update(0, func(old large) large { return old }); ignore(err) },
	} {
		if n := progress.Looks(looks, 0, locked, write); n > progress.Allowed(looks) {
			t.Errorf("%s: %d of %d looks found a writer stopped inside", name, n, looks)
		}
	}
	stoppable := func() {
		word := cell.Word(p)
		arch.Store64(p, word|layout.Lock)
		for i := range 8 * len(v) {
			progress.Stoppable(i)
			v[i/8] += w[i/8]
		}
		arch.Store64(p, word)
	}
	if progress.Looks(100*looks, 1, locked, stoppable) == 0 {
		t.Error("the test finds no writer inside a write that can be stopped")
	}
}

// TestTightLoops: a loop over one operation, and nothing else, starves nobody.
func TestTightLoops(t *testing.T) {
	small, wides := New[uint64](4), New[wide](4)
	small.Fill(1)
	wides.Fill(wide{1})
	for name, tight := range map[string]func(l *progress.Loop){
		"Get": func(l *progress.Loop) {
			for l.Next() {
				_, _ = small.Get(1)
			}
		},
		"Get/wide": func(l *progress.Loop) {
			for l.Next() {
				_, _ = wides.Get(1)
			}
		},
		"Set": func(l *progress.Loop) {
			for l.Next() {
				_ = small.Set(1, 2)
			}
		},
		"Set/wide": func(l *progress.Loop) {
			for l.Next() {
				_ = wides.Set(1, wide{2})
			}
		},
		"Swap": func(l *progress.Loop) {
			for l.Next() {
				_, _ = wides.Swap(1, wide{2})
			}
		},
		"CompareAndSwap": func(l *progress.Loop) {
			for l.Next() {
				_, _ = small.CompareAndSwap(2, 1, 1)
			}
		},
		"Clear": func(l *progress.Loop) {
			for l.Next() {
				_ = wides.Clear(3)
			}
		},
		"Len": func(l *progress.Loop) {
			for l.Next() {
				small.Len()
			}
		},
		"Grow": func(l *progress.Loop) {
			for l.Next() {
				small.Grow(4)
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
