package seqarray

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
)

// TestCollectorAndMovingStacks uses an array that grows while the garbage collector runs without a
// pause and gives memory back, and the goroutines' stacks grow and move.
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
	t.Run("small", testMovingStacks[uint64])
	t.Run("odd", testMovingStacks[[13]byte])
	t.Run("wide", testMovingStacks[[5]uint64])
	stop.Store(true)
	<-collecting
}

func testMovingStacks[T comparable](t *testing.T) {
	const goroutines = 4
	rounds := count(300)
	for range 3 {
		var a SeqArray[T]
		a.Grow(goroutines)
		together(goroutines, func(g int) {
			for round := range rounds {
				done := make(chan bool)
				go func() { // with a fresh stack, which grows at another depth each time
					defer close(done)
					deep(round%40, func() { useAll(t, &a, g, uint64(round)) })
				}()
				<-done
			}
		})
		checkCount(t, &a)
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

// useAll does everything with cell i, which no other goroutine uses.
func useAll[T comparable](t *testing.T, a *SeqArray[T], i int, x uint64) {
	n := uint64(0)
	if a.Cap() < 1<<10 {
		a.Grow(a.Cap() + 1)
	}
	deep(20, func() { ignore(a.Set(i, pattern[T](x))) })
	v, err := a.Update(i, func(v T) T {
		deep(30, func() { n++ })
		if v != pattern[T](x) {
			t.Errorf("cell %d holds %v", i, v)
		}
		return pattern[T](x + 1)
	})
	old, err2 := a.Swap(i, pattern[T](x+2))
	swapped, err3 := a.CompareAndSwap(i, pattern[T](x+2), pattern[T](x+3))
	got, err4 := a.Get(i)
	if err != nil || err2 != nil || err3 != nil || err4 != nil || v != pattern[T](x+1) || old != v || !swapped || got != pattern[T](x+3) || n != 1 {
		t.Errorf("cell %d: %v %v %v %v %v %v %v %v", i, v, err, old, err2, swapped, err3, got, err4)
	}
	for _, v := range a.All() {
		if !whole(v) {
			t.Errorf("All yields the torn value %v", v)
		}
	}
}
