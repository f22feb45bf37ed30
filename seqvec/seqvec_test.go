package seqvec

import (
	"math"
	"runtime"
	"runtime/metrics"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/slab"
)

// TestBadArguments is G9. The sizes asked for would end the program if they got as far as
// the allocator.
func TestBadArguments(t *testing.T) {
	type key struct {
		id   int
		name string
	}
	mustPanic(t, func() { New[int](WithCapacity(-1)) }, "seqvec", "-1")
	mustPanic(t, func() { New[int](WithCapacity(math.MaxInt)) }, "seqvec", "limit")
	mustPanic(t, func() { New[[4096]byte](WithCapacity(math.MaxInt / 4096)) }, "seqvec", "limit")
	mustPanic(t, func() { New[key]() }, "pointers")
	mustPanic(t, func() { new(SeqVec[key]).Push(key{}) }, "pointers")
	mustPanic(t, func() { new(SeqVec[key]).PushSlice(make([]key, 3)) }, "pointers")
	mustPanic(t, func() { New[[layout.MaxValueBytes + 1]byte]() }, "too large")

	var v SeqVec[struct{}]
	v.Push(struct{}{})
	mustPanic(t, func() { v.Truncate(-4) }, "seqvec", "-4")
	for _, n := range []int{math.MaxInt, math.MaxInt - 1, math.MaxInt / 2, slab.MaxBytes} {
		mustPanic(t, func() { v.PushSlice(make([]struct{}, n)) }, "seqvec")
	}
	if v.Len() != 1 || v.Cap() > 1000 {
		t.Errorf("after the panics Len = %d and Cap = %d", v.Len(), v.Cap())
	}
	for _, i := range []int{-1, 1, v.Cap(), math.MaxInt, math.MinInt, math.MaxInt32} {
		if _, ok := v.Get(i); ok || v.Set(i, struct{}{}) {
			t.Errorf("there is an element %d", i)
		}
	}
}

// TestGeometry compares the place of an index with one found by walking the segments.
func TestGeometry(t *testing.T) {
	for _, first := range []int{0, 1, 2, 15, 16, 17, 31, 32, 33, 100, 1000} {
		var s segments
		s.init(first, layout.WordBytes)
		k, offset := 0, 0
		size := first
		for i := range 5000 {
			for offset == size {
				k, offset = k+1, 0
				size = 1 << (k - 1) << s.shift()
			}
			if i >= first {
				if gotK, gotOffset := s.locate(i); gotK != k || gotOffset != offset {
					t.Fatalf("with %d cells first, locate(%d) = %d, %d, want %d, %d", first, i, gotK, gotOffset, k, offset)
				}
			}
			if offset++; s.end(k) != i-offset+1+size {
				t.Fatalf("with %d cells first, segment %d ends at %d, want %d", first, k, s.end(k), i-offset+1+size)
			}
		}
		if first > 0 && s.shift() > 0 && 1<<s.shift() < first {
			t.Errorf("segment 1 is smaller than the %d cells before it", first)
		}
	}
}

func TestCapacity(t *testing.T) {
	v := New[uint64](WithCapacity(37))
	if v.Cap() != 37 || v.Len() != 0 {
		t.Fatalf("Cap, Len = %d, %d, want 37, 0", v.Cap(), v.Len())
	}
	if n := testing.AllocsPerRun(1, func() {
		for range 18 { // AllocsPerRun makes two runs
			v.Push(1)
		}
	}); n != 0 {
		t.Errorf("%v allocations within the capacity", n)
	}
	v.PushSlice([]uint64{1, 2})
	if v.Cap() <= 37 {
		t.Errorf("Cap = %d with %d elements", v.Cap(), v.Len())
	}
	capacity := v.Cap()
	v.Clear()
	if v.Cap() != capacity {
		t.Errorf("Cap = %d after Clear, want %d", v.Cap(), capacity)
	}
}

// TestEquality is == for CompareAndSwap.
func TestEquality(t *testing.T) {
	var v SeqVec[float64]
	v.PushSlice([]float64{math.NaN(), 0})
	if v.CompareAndSwap(0, math.NaN(), 1) {
		t.Error("NaN was found equal to NaN")
	}
	if !v.CompareAndSwap(1, math.Copysign(0, -1), 1) {
		t.Error("-0 was not found equal to 0")
	}
}

func TestTailHasItsLine(t *testing.T) {
	var v SeqVec[uint64]
	tail := unsafe.Offsetof(v.tail)
	if tail < unsafe.Sizeof(v.segments)+layout.LineBytes {
		t.Error("the tail may share a line with the segments")
	}
	if unsafe.Sizeof(v) < tail+layout.LineBytes {
		t.Error("the tail may share a line with what follows the vector")
	}
}

// TestAllocations is G10.
func TestAllocations(t *testing.T) {
	t.Run("bytes=1", testAllocations[uint8])
	t.Run("bytes=8", testAllocations[uint64])
	t.Run("bytes=12", testAllocations[[3]uint32])
	t.Run("bytes=255", testAllocations[[255]uint8])
	t.Run("bytes=4096", testAllocations[[4096]uint8])
}

func testAllocations[T comparable](t *testing.T) {
	var v SeqVec[T]
	x := pattern[T](1)
	xs := make([]T, 20)
	v.PushSlice(xs)
	v.PushSlice(xs)
	v.Truncate(4)
	keep := func(x T) T { return x }
	check := func(ok bool) {
		if !ok {
			t.Error("no such element")
		}
	}
	n := testing.AllocsPerRun(100, func() {
		v.Push(x)
		_, ok := v.Pop()
		check(ok)
		v.PushSlice(xs)
		v.Truncate(4)
		_, ok = v.Get(3)
		check(ok)
		check(v.Set(3, x))
		_, ok = v.Swap(3, x)
		check(ok)
		check(v.CompareAndSwap(3, x, x))
		_, ok = v.Update(3, keep)
		check(ok)
		for range v.All() {
		}
		for range v.Backward() {
		}
		for range v.Values() {
		}
	})
	if n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// TestNotScanned measures what the garbage collector scans with and without a large
// vector.
func TestNotScanned(t *testing.T) {
	const bytes = 64 << 20
	before := scannable()
	v := New[[7]uint64](WithCapacity(bytes / 64))
	v.PushSlice(make([][7]uint64, 1000))
	after := scannable()
	if after > before+bytes/4 {
		t.Errorf("the collector scans %d bytes more with a vector of %d bytes", after-before, bytes)
	}
	runtime.KeepAlive(v)
}

func scannable() uint64 {
	runtime.GC()
	s := []metrics.Sample{{Name: "/gc/scan/heap:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// TestSettled pins which pairs of looks at a word make a value good.
func TestSettled(t *testing.T) {
	const version = 5 * layout.Version
	for _, c := range []struct {
		word, again uint64
		small, wide bool
	}{
		{version | layout.Live, version | layout.Live, true, true},
		{version | layout.Live, version | layout.Live | layout.Lock, true, false},
		{version | layout.Live | layout.Lock, version | layout.Live, true, false},
		{version | layout.Live | layout.Lock, version | layout.Live | layout.Lock, true, false},
		{version | layout.Live, version + layout.Version | layout.Live, false, false},
		// Removed meanwhile, and somebody is inside to write again: the value read may be
		// one that is not published yet.
		{version | layout.Live, version + layout.Version | layout.Empty | layout.Lock, false, false},
		{version | layout.Empty, version | layout.Empty, false, false},
		{version | layout.Empty | layout.Lock, version | layout.Live, false, false},
	} {
		if small, wide := cell.Settled[uint64](c.word, c.again), cell.Settled[[2]uint64](c.word, c.again); small != c.small || wide != c.wide {
			t.Errorf("settled(%#x, %#x) = %v, %v, want %v, %v", c.word, c.again, small, wide, c.small, c.wide)
		}
	}
}
