package seqcore_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/progress"
	"github.com/seqmap/seqmap-go/seqcore"
)

// lock stands in for a writer that the operating system stopped inside the cell: it sets
// the lock bit, and unlock completes the write of v.
func lock[T any](c *seqcore.Cell[T]) { atomic.AddUint64(wordOf(c), 1) }

func unlock[T any](c *seqcore.Cell[T]) { atomic.AddUint64(wordOf(c), 8-1) }

// TestSmallNeverWaits checks G5: with a writer stopped inside, a small value is read.
func TestSmallNeverWaits(t *testing.T) {
	testNeverWaits[uint8](t)
	testNeverWaits[[3]byte](t)
	testNeverWaits[uint64](t)
	testNeverWaits[float32](t)
}

func testNeverWaits[T any](t *testing.T) {
	for _, v := range []T{value[T](1), *new(T)} {
		var c seqcore.Cell[T]
		c.Store(v)
		lock(&c)
		if got := c.Load(); !equal(got, v) {
			t.Errorf("Load = %v, want %v", got, v)
		}
		if got, ok := c.TryLoad(); !ok || !equal(got, v) {
			t.Errorf("TryLoad = %v, %v, want %v", got, ok, v)
		}
		if n := c.Version(); n != 1 {
			t.Errorf("Version = %d", n)
		}
	}
}

// TestReadsWriteNothing checks G5: no byte of a cell changes by being read.
func TestReadsWriteNothing(t *testing.T) {
	var c struct {
		never, once seqcore.Cell[[3]uint64]
		small       seqcore.Cell[uint16]
	}
	c.once.Store(value[[3]uint64](1))
	before := string(bytesOf(&c))
	for _, cell := range []*seqcore.Cell[[3]uint64]{&c.never, &c.once} {
		cell.Load()
		cell.TryLoad()
		cell.LoadVersion()
		cell.Version()
	}
	c.small.Load()
	c.small.TryLoad()
	c.small.LoadVersion()
	if string(bytesOf(&c)) != before {
		t.Error("a read changed its cell")
	}
}

// TestWaiting checks that whoever has to wait for a writer inside does, with G12: the
// goroutine that ends the wait gets its turn on the only processor.
func TestWaiting(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	type wide = [3]uint64
	old, new := value[wide](1), value[wide](2)
	for name, op := range map[string]func(c *seqcore.Cell[wide]) bool{
		"Load":           func(c *seqcore.Cell[wide]) bool { return c.Load() == old },
		"LoadVersion":    func(c *seqcore.Cell[wide]) bool { v, n := c.LoadVersion(); return v == old && n == 2 },
		"Store":          func(c *seqcore.Cell[wide]) bool { c.Store(new); return c.Version() == 3 && c.Load() == new },
		"LoadTo":         func(c *seqcore.Cell[wide]) bool { var v wide; c.LoadTo(&v); return v == old },
		"StoreFrom":      func(c *seqcore.Cell[wide]) bool { c.StoreFrom(&new); return c.Version() == 3 && c.Load() == new },
		"StoreIf":        func(c *seqcore.Cell[wide]) bool { return c.StoreIf(2, new) && c.Load() == new },
		"StoreIf stale":  func(c *seqcore.Cell[wide]) bool { return !c.StoreIf(1, new) && c.Load() == old },
		"Swap":           func(c *seqcore.Cell[wide]) bool { return c.Swap(new) == old && c.Load() == new },
		"CompareAndSwap": func(c *seqcore.Cell[wide]) bool { return c.CompareAndSwap(old, new) && c.Load() == new },
		"Update": func(c *seqcore.Cell[wide]) bool {
			return c.Update(func(v wide) wide { v[0]++; return v })[0] == old[0]+1
		},
	} {
		var c seqcore.Cell[wide]
		c.Store(old)
		lock(&c)
		if _, ok := c.TryLoad(); ok {
			t.Errorf("%s: TryLoad succeeded with a writer inside", name)
		}
		result := make(chan bool, 1)
		go func() { result <- op(&c) }()
		for range 1000 {
			runtime.Gosched()
		}
		if len(result) != 0 {
			t.Errorf("%s did not wait for the writer inside", name)
		}
		unlock(&c)
		if !<-result {
			t.Errorf("%s gave a wrong result after waiting", name)
		}
	}
}

// TestNobodySleepsInside checks G4: with one processor, a goroutine that looks at a cell
// runs only because the writer was stopped, and must never find it locked, whatever writes. The
// same look at a write of the same length that the scheduler can stop does find it locked,
// which shows that the test can fail.
func TestNobodySleepsInside(t *testing.T) {
	looks := max(few(20), 10)
	v, w := value[large](1), value[large](2)
	c := new(seqcore.Cell[large])
	for name, write := range map[string]func(){
		"Store":          func() { c.Store(v) },
		"StoreIf":        func() { c.StoreIf(c.Version(), v) },
		"Swap":           func() { c.Swap(v) },
		"CompareAndSwap": func() { c.CompareAndSwap(v, w); c.CompareAndSwap(w, v) },
		"Update":         func() { c.Update(func(old large) large { return old }) },
	} {
		if n := progress.Looks(looks, 0, func() bool { return inside(c) }, write); n > progress.Allowed(looks) {
			t.Errorf("%s: %d of %d looks found a writer parked inside the cell", name, n, looks)
		}
	}
	d := new(seqcore.Cell[large])
	if progress.Looks(100*looks, 1, func() bool { return inside(d) }, func() { stoppableStore(d, &v) }) == 0 {
		t.Error("the harness finds no writer parked inside a write that can be stopped")
	}
}

func inside[T any](c *seqcore.Cell[T]) bool { return atomic.LoadUint64(wordOf(c))&1 != 0 }

// TestTightLoops checks G12 from the other side: a loop over one operation, and nothing else,
// starves nobody.
func TestTightLoops(t *testing.T) {
	var small seqcore.Cell[uint32]
	var wide seqcore.Cell[[3]uint64]
	small.Store(1)
	for name, tight := range map[string]func(l *progress.Loop){
		"Load": func(l *progress.Loop) {
			for l.Next() {
				small.Load()
			}
		},
		"Load/wide": func(l *progress.Loop) {
			for l.Next() {
				wide.Load()
			}
		},
		"TryLoad": func(l *progress.Loop) {
			for l.Next() {
				wide.TryLoad()
			}
		},
		"Version": func(l *progress.Loop) {
			for l.Next() {
				small.Version()
			}
		},
		"Store": func(l *progress.Loop) {
			for l.Next() {
				small.Store(2)
			}
		},
		"Store/wide": func(l *progress.Loop) {
			for l.Next() {
				wide.Store([3]uint64{1, 2, 3})
			}
		},
		"StoreIf": func(l *progress.Loop) {
			for l.Next() {
				small.StoreIf(77, 1)
			}
		},
		"Swap": func(l *progress.Loop) {
			for l.Next() {
				wide.Swap([3]uint64{})
			}
		},
		"CompareAndSwap": func(l *progress.Loop) {
			for l.Next() {
				small.CompareAndSwap(2, 2)
			}
		},
		"Update": func(l *progress.Loop) {
			for l.Next() {
				wide.Update(func(v [3]uint64) [3]uint64 { return v })
			}
		},
	} {
		if err := progress.Starves(tight); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// large takes as long to write as a value may.
type large [layout.MaxValueBytes / 8]uint64

// stoppableStore is a write without the marks that keep the scheduler out.
//
//go:noinline
func stoppableStore(c *seqcore.Cell[large], v *large) {
	word := wordOf(c)
	seen := atomic.LoadUint64(word)
	if !atomic.CompareAndSwapUint64(word, seen, seen|1) {
		return
	}
	for range 8 {
		for i := range v {
			progress.Stoppable(i)
			atomic.StoreUint64(&sinks[i], v[i])
		}
	}
	atomic.StoreUint64(word, seen+8)
}

var sinks large
