package seqcore_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
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
// runs only because the writer was stopped, and must never find it locked. The same look
// at a write of the same length that the scheduler can stop does find it locked, which
// shows that the test can fail.
func TestNobodySleepsInside(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	looks := few(80)
	v := value[large](1)

	allowed := 0
	if strings.Contains(seqcore.Features().Reason, "instrumented") {
		// The calls that the race detector inserts are points at which the scheduler can
		// stop a writer.
		allowed = looks / 4
	}
	c := new(seqcore.Cell[large])
	if n := lookWhile(wordOf(c), looks, func() bool { return false }, func() { c.Store(v) }); n > allowed {
		t.Errorf("%d of %d looks found a writer parked inside the cell", n, looks)
	}

	d := new(seqcore.Cell[large])
	seen := 0
	lookWhile(wordOf(d), 100*looks, func() bool { seen++; return true }, func() { stoppableStore(d, &v) })
	if seen == 0 {
		t.Error("the harness finds no writer parked inside a write that can be stopped")
	}
}

// lookWhile looks at a sequence word while a goroutine of its own calls write again and
// again, without ever giving way by itself. It returns how many looks found the word locked,
// and asks at each of those whether that is enough.
func lookWhile(word *uint64, looks int, enough func() bool, write func()) (locked int) {
	var stop atomic.Bool
	done := make(chan bool)
	go func() {
		defer close(done)
		for !stop.Load() {
			write()
		}
	}()
	for range looks {
		runtime.Gosched() // until the writer has used up its time
		if atomic.LoadUint64(word)&1 != 0 {
			if locked++; enough() {
				break
			}
		}
	}
	stop.Store(true)
	<-done
	return locked
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
			stopHere(v[i])
		}
	}
	atomic.StoreUint64(word, seen+8)
}

// stopHere is a function call, at which the scheduler can stop the caller whether or not the
// platform, or what emulates it, can interrupt a goroutine anywhere.
//
//go:noinline
func stopHere(x uint64) { store(x) }

//go:noinline
func store(x uint64) { atomic.StoreUint64(&sink, x) }

var sink uint64
