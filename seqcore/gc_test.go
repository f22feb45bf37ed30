package seqcore_test

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/seqcore"
)

// TestCollectorAndMovingStacks uses cells, some of them on the stack, while the garbage collector
// runs without a pause and gives memory back, and the goroutines' stacks grow and move.
func TestCollectorAndMovingStacks(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	var stop atomic.Bool
	collecting := make(chan bool)
	go func() {
		defer close(collecting)
		for n := 0; !stop.Load(); n++ {
			if runtime.GC(); n%16 == 0 {
				debug.FreeOSMemory()
			}
		}
	}()
	shared := new(seqcore.Cell[[5]uint64])
	rounds := few(3000)
	const goroutines = 4
	var wg sync.WaitGroup
	for range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for round := range rounds {
				done := make(chan bool)
				go func() { // with a fresh stack, which grows at another depth each time
					defer close(done)
					deep(round%40, func() { useCells(t, shared) })
				}()
				<-done
			}
		}()
	}
	wg.Wait()
	stop.Store(true)
	<-collecting
	if v := shared.Load(); v[4] != uint64(goroutines*rounds) {
		t.Errorf("counted to %v, want %d", v, goroutines*rounds)
	}
}

// deep calls f with a stack that is deep by some hundreds of bytes more for each n.
//
//go:noinline
func deep(n int, f func()) byte {
	var room [256]byte
	if n == 0 {
		f()
	} else {
		room[n] = deep(n-1, f)
	}
	return room[n]
}

// useCells counts in the shared cell, and does everything with one of its own, from inside the
// functions that Update calls, where the stack grows.
func useCells(t *testing.T, shared *seqcore.Cell[[5]uint64]) {
	var own seqcore.Cell[[40]byte]
	shared.Update(func(v [5]uint64) [5]uint64 {
		deep(20, func() { own.Store(value[[40]byte](1)) })
		v[4]++
		return v
	})
	got := own.Update(func(v [40]byte) [40]byte {
		deep(30, func() {})
		if v != value[[40]byte](1) {
			t.Errorf("the cell holds %v", v)
		}
		return value[[40]byte](2)
	})
	old := own.Swap(value[[40]byte](3))
	if got != value[[40]byte](2) || old != got || !own.CompareAndSwap(value[[40]byte](3), old) || own.Load() != old {
		t.Errorf("%v, %v, %v", got, old, own.Load())
	}
}
