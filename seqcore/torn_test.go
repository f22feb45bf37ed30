package seqcore_test

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqcore"
)

// few returns n, or less of it with -short.
func few(n int) int {
	if testing.Short() {
		return n/10 + 1
	}
	return n
}

// TestTornStress checks G1 and G7 under contention: no read mixes two writes, and the
// version counts every write.
func TestTornStress(t *testing.T) {
	forEachKind(t, func(k kind, t *testing.T) { k.testTorn(t, few(3000)) })
}

func (typed[T]) testTorn(t *testing.T, writes int) {
	writes /= 1 + int(unsafe.Sizeof(*new(T))/512)
	var c seqcore.Cell[T]
	c.Store(value[T](1))
	const writers = 2
	var wg sync.WaitGroup
	stop := make(chan struct{})
	look := func(v T, how string) {
		if !intact(v) {
			t.Errorf("%s saw a torn value: %v", how, v)
		}
	}
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var last uint64
			for {
				select {
				case <-stop:
					return
				default:
				}
				look(c.Load(), "Load")
				if v, ok := c.TryLoad(); ok {
					look(v, "TryLoad")
				}
				var to T
				c.LoadTo(&to)
				look(to, "LoadTo")
				v, version := c.LoadVersion()
				look(v, "LoadVersion")
				if version < last {
					t.Errorf("version %d after %d", version, last)
				}
				last = version
				runtime.Gosched()
			}
		}()
	}
	var writing sync.WaitGroup
	for w := range writers {
		writing.Add(1)
		go func() {
			defer writing.Done()
			for i := range writes {
				switch v := value[T](byte(i*writers + w)); i % 4 {
				case 0:
					c.Store(v)
				case 1:
					c.StoreFrom(&v)
				case 2:
					look(c.Swap(v), "Swap")
				case 3:
					c.Update(func(old T) T { look(old, "Update"); return v })
				}
			}
		}()
	}
	writing.Wait()
	close(stop)
	wg.Wait()
	if got, want := c.Version(), uint64(1+writers*writes); got != want {
		t.Errorf("version %d after %d writes", got, want)
	}
}

// TestCounter checks that no Update and no CompareAndSwap is lost, with 2 goroutines, one
// for each processor, and 100.
func TestCounter(t *testing.T) {
	for _, goroutines := range []int{2, runtime.GOMAXPROCS(0), 100} {
		testCounter[uint64](t, goroutines, func(n uint64) uint64 { return n + 1 }, func(n uint64) uint64 { return n })
		testCounter[[5]uint32](t, goroutines,
			func(n [5]uint32) [5]uint32 { n[4]++; return n }, func(n [5]uint32) uint64 { return uint64(n[4]) })
	}
}

func testCounter[T any](t *testing.T, goroutines int, add func(T) T, count func(T) uint64) {
	var c seqcore.Cell[T]
	var wg sync.WaitGroup
	each := few(20000) / goroutines
	for range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				if i%2 == 0 {
					c.Update(add)
					continue
				}
				for v := c.Load(); !c.CompareAndSwap(v, add(v)); v = c.Load() {
				}
			}
		}()
	}
	wg.Wait()
	v, version := c.LoadVersion()
	if want := uint64(goroutines * each); count(v) != want || version != want {
		t.Errorf("%d goroutines: count %d, version %d, want %d", goroutines, count(v), version, want)
	}
}

// TestPublish checks G3, which a -race build turns into a proof: plain data behind an index
// in a Cell is written by one goroutine and read by others that saw the index.
func TestPublish(t *testing.T) {
	t.Run("small", func(t *testing.T) {
		testPublish(t, func(i uint32) uint32 { return i }, func(v uint32) uint32 { return v })
	})
	t.Run("wide", func(t *testing.T) {
		testPublish(t, func(i uint32) [3]uint64 { return [3]uint64{0, 0, uint64(i)} }, func(v [3]uint64) uint32 { return uint32(v[2]) })
	})
	t.Run("odd", func(t *testing.T) {
		testPublish(t, func(i uint32) [5]uint32 { return [5]uint32{4: i} }, func(v [5]uint32) uint32 { return v[4] })
	})
}

func testPublish[T any](t *testing.T, pack func(uint32) T, unpack func(T) uint32) {
	type record struct{ a, b uint64 }
	var c seqcore.Cell[T]
	records := make([]record, few(5000))
	reads := map[string]func() (T, bool){
		"Load":        func() (T, bool) { return c.Load(), true },
		"TryLoad":     c.TryLoad,
		"LoadVersion": func() (T, bool) { v, _ := c.LoadVersion(); return v, true },
		"Update":      func() (T, bool) { return c.Update(func(old T) T { return old }), true },
	}
	var wg sync.WaitGroup
	for how, read := range reads {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for seen := 0; seen < len(records)-1; runtime.Gosched() {
				v, ok := read()
				if !ok || unpack(v) == 0 {
					continue
				}
				seen = int(unpack(v))
				if r := records[seen]; r.a != uint64(seen) || r.b != ^r.a {
					t.Errorf("%s: record %d is %v", how, seen, r)
					return
				}
			}
		}()
	}
	for i := 1; i < len(records); i++ {
		records[i] = record{uint64(i), ^uint64(i)}
		switch v := pack(uint32(i)); i % 3 {
		case 0:
			c.Store(v)
		case 1:
			c.Swap(v)
		case 2:
			c.Update(func(T) T { return v })
		}
	}
	wg.Wait()
}
