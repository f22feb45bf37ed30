package seqvec

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
)

// TestCollectorAndMovingStacks uses a vector that grows while the garbage collector runs without a
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
		var v SeqVec[T]
		together(goroutines, func(g int) {
			for round := range rounds {
				done := make(chan bool)
				go func() { // with a fresh stack, which grows at another depth each time
					defer close(done)
					deep(round%40, func() { useAll(t, &v, uint64(round)) })
				}()
				<-done
			}
		})
		if v.Len() != 3*goroutines*rounds {
			t.Errorf("Len = %d after %d pushes", v.Len(), 3*goroutines*rounds)
		}
		for x, ok := v.Pop(); ok; x, ok = v.Pop() {
			if !whole(x) {
				t.Errorf("Pop gave the torn value %v", x)
			}
		}
		checkQuiet(t, &v)
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

// useAll pushes some elements and does everything with one of them.
func useAll[T comparable](t *testing.T, v *SeqVec[T], x uint64) {
	n := uint64(0)
	v.PushSlice([]T{pattern[T](x), pattern[T](x)})
	i := v.Push(pattern[T](x))
	deep(20, func() { v.Set(i, pattern[T](x+1)) })
	y, ok := v.Update(i, func(y T) T {
		deep(30, func() { n++ })
		if y != pattern[T](x+1) {
			t.Errorf("element %d holds %v", i, y)
		}
		return pattern[T](x + 2)
	})
	old, ok2 := v.Swap(i, pattern[T](x+3))
	got, ok3 := v.Get(i)
	if !ok || !ok2 || !ok3 || y != pattern[T](x+2) || old != y || got != pattern[T](x+3) || n != 1 {
		t.Errorf("element %d: %v %v %v %v %v %v", i, y, ok, old, ok2, got, ok3)
	}
	if v.CompareAndSwap(i, old, old) || !v.CompareAndSwap(i, got, got) {
		t.Errorf("element %d: CompareAndSwap", i)
	}
}
