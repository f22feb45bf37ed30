package slab

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

func TestAllocIsAlignedAndZeroed(t *testing.T) {
	for bytes := uintptr(0); bytes < 70_000; bytes += 1 + bytes/9 {
		p := Alloc(bytes)
		if !aligned(p) {
			t.Fatalf("Alloc(%d) = %p, not on a cache line", bytes, p)
		}
		b := unsafe.Slice((*byte)(p), bytes)
		for i := range b {
			if b[i] != 0 {
				t.Fatalf("Alloc(%d): byte %d is %d", bytes, i, b[i])
			}
			b[i] = 0xff // so that reused memory would show
		}
	}
}

func TestAllocPanicsAboveTheLimit(t *testing.T) {
	if uint64(math.MaxUint) == MaxBytes {
		t.Fatal("no size is above the limit")
	}
	defer func() {
		if text := fmt.Sprint(recover()); !strings.Contains(text, "the limit is") {
			t.Fatalf("panic %q does not name the limit", text)
		}
	}()
	Alloc(MaxBytes + 1)
	t.Fatal("no panic")
}

func TestBytes(t *testing.T) {
	for _, c := range []struct {
		n      int
		stride uintptr
		ok     bool
	}{
		{0, 0, true}, {0, 64, true}, {3, 24, true}, {math.MaxInt, 0, true},
		{-1, 8, false}, {-1, 0, false}, {math.MinInt, 16, false},
		{math.MaxInt, 8, false}, {math.MaxInt, math.MaxUint, false}, {2, math.MaxUint, false},
		{MaxBytes / 8, 8, true}, {MaxBytes/8 + 1, 8, false}, {MaxBytes / 24, 24, true}, {MaxBytes/24 + 1, 24, false},
	} {
		bytes, ok := Bytes(c.n, c.stride)
		if ok != c.ok || ok && bytes != uintptr(c.n)*c.stride {
			t.Errorf("Bytes(%d, %d) = %d, %v; want ok %v", c.n, c.stride, bytes, ok, c.ok)
		}
	}
}

// TestInteriorPointerKeepsTheSlab has the collector run while the only pointer to a slab
// points to its last word.
func TestInteriorPointerKeepsTheSlab(t *testing.T) {
	const bytes = 1 << 16
	last := unsafe.Add(Alloc(bytes), bytes-8)
	*(*uint64)(last) = 42
	for range 3 {
		runtime.GC()
		for range 64 {
			p := Alloc(bytes)
			*(*uint64)(unsafe.Add(p, bytes-8)) = 7
		}
	}
	if got := *(*uint64)(last); got != 42 {
		t.Fatalf("word = %d, want 42: the slab was reused", got)
	}
}

// TestSlabIsNotScanned puts the only pointer to an object into a slab: if the collector
// looked inside, the object would live.
func TestSlabIsNotScanned(t *testing.T) {
	p := Alloc(4096)
	dead := make(chan struct{})
	func() {
		obj := new([64]byte)
		runtime.SetFinalizer(obj, func(*[64]byte) { close(dead) })
		*(*uintptr)(p) = uintptr(unsafe.Pointer(obj))
	}()
	for range 100 {
		runtime.GC()
		select {
		case <-dead:
			runtime.KeepAlive(p)
			return
		default:
			runtime.Gosched()
		}
	}
	t.Fatal("an object outlived 100 collections with nothing but a slab pointing to it")
}
