package seqarray

import (
	"errors"
	"math"
	"runtime"
	"runtime/metrics"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

func TestErrorsNameIndexAndCapacity(t *testing.T) {
	a := New[uint32](5)
	if err := a.Set(3, 1); err != nil {
		t.Fatal(err)
	}
	second := func(_ any, err error) error { return err }
	keep := func(v uint32) uint32 { return v }
	for _, c := range []struct {
		err, kind error
		text      string
	}{
		{second(a.Get(7)), ErrOutOfBounds, "seqarray: index 7 out of bounds: capacity 5"},
		{second(a.Get(5)), ErrOutOfBounds, "seqarray: index 5 out of bounds: capacity 5"},
		{second(a.Get(-1)), ErrOutOfBounds, "seqarray: index -1 out of bounds: capacity 5"},
		{second(a.Get(math.MinInt)), ErrOutOfBounds, ""},
		{second(a.Get(math.MaxInt)), ErrOutOfBounds, ""},
		{a.Set(5, 0), ErrOutOfBounds, "seqarray: index 5 out of bounds: capacity 5"},
		{a.Init(-2, 0), ErrOutOfBounds, "seqarray: index -2 out of bounds: capacity 5"},
		{a.Clear(5), ErrOutOfBounds, "seqarray: index 5 out of bounds: capacity 5"},
		{second(a.Swap(5, 0)), ErrOutOfBounds, "seqarray: index 5 out of bounds: capacity 5"},
		{second(a.CompareAndSwap(-1, 0, 0)), ErrOutOfBounds, "seqarray: index -1 out of bounds: capacity 5"},
		{second(a.Update(5, keep)), ErrOutOfBounds, "seqarray: index 5 out of bounds: capacity 5"},
		{second(a.Get(2)), ErrUninitialized, "seqarray: index 2 is not set: capacity 5"},
		{second(a.Swap(2, 0)), ErrUninitialized, "seqarray: index 2 is not set: capacity 5"},
		{second(a.CompareAndSwap(2, 0, 0)), ErrUninitialized, "seqarray: index 2 is not set: capacity 5"},
		{second(a.Update(2, keep)), ErrUninitialized, "seqarray: index 2 is not set: capacity 5"},
		{a.Init(3, 9), ErrAlreadyInitialized, "seqarray: index 3 is already set: capacity 5"},
		{second(new(SeqArray[uint32]).Get(0)), ErrOutOfBounds, "seqarray: index 0 out of bounds: capacity 0"},
	} {
		if !errors.Is(c.err, c.kind) || c.text != "" && c.err.Error() != c.text {
			t.Errorf("error %q, want %q, which is %v", c.err, c.text, c.kind)
		}
		for _, kind := range []error{ErrOutOfBounds, ErrUninitialized, ErrAlreadyInitialized} {
			if kind != c.kind && errors.Is(c.err, kind) {
				t.Errorf("error %q is also %v", c.err, kind)
			}
		}
	}
	if v, err := a.Get(3); v != 1 || err != nil || a.Len() != 1 {
		t.Errorf("after the errors Get(3) = %v, %v and Len = %d; want 1, nil and 1", v, err, a.Len())
	}
}

// TestBadArguments is G7. The sizes asked for would end the program if they got as far
// as the allocator.
func TestBadArguments(t *testing.T) {
	type key struct {
		id   int
		name string
	}
	mustPanic(t, func() { New[int](-1) }, "seqarray", "-1")
	mustPanic(t, func() { New[int](math.MaxInt) }, "seqarray", "limit")
	mustPanic(t, func() { New[[4096]byte](math.MaxInt / 4096) }, "seqarray", "limit")
	mustPanic(t, func() { New[int](math.MaxInt/64, WithPadding()) }, "seqarray", "64 bytes", "limit")
	mustPanic(t, func() { New[key](1) }, "pointers")
	mustPanic(t, func() { Of("a") }, "pointers")
	mustPanic(t, func() { new(SeqArray[key]).Grow(1) }, "pointers")
	mustPanic(t, func() { New[[layout.MaxValueBytes + 1]byte](1) }, "too large")

	a := Of(1, 2, 3)
	mustPanic(t, func() { a.Grow(-5) }, "seqarray", "-5")
	mustPanic(t, func() { a.Grow(math.MaxInt) }, "seqarray", "limit")
	mustPanic(t, func() { a.CopyTo(make([]int, 1), -3) }, "seqarray", "-3")
	if a.Cap() != 3 || a.Len() != 3 {
		t.Errorf("after the panics Cap = %d and Len = %d, want 3 and 3", a.Cap(), a.Len())
	}
	if n := a.CopyTo(make([]int, 1), math.MaxInt); n != 0 {
		t.Errorf("CopyTo from beyond the end = %d, want 0", n)
	}
}

func TestZeroValue(t *testing.T) {
	var a SeqArray[[3]uint32]
	if a.Cap() != 0 || a.Len() != 0 || !a.IsEmpty() {
		t.Fatalf("Cap, Len = %d, %d, want 0, 0", a.Cap(), a.Len())
	}
	a.Fill([3]uint32{1})
	a.Grow(2)
	if err := a.Set(1, [3]uint32{7, 8, 9}); err != nil {
		t.Fatal(err)
	}
	if v, err := a.Get(1); v != [3]uint32{7, 8, 9} || err != nil {
		t.Fatalf("Get(1) = %v, %v", v, err)
	}
}

// TestGrowDoubles asks for one cell more again and again.
func TestGrowDoubles(t *testing.T) {
	a := New[uint8](1)
	for n := 2; n <= 100_000; n++ {
		a.Grow(n)
		if a.Cap() < n {
			t.Fatalf("Cap = %d after Grow(%d)", a.Cap(), n)
		}
	}
	if n := len(a.cells.directory().segments); n > 20 {
		t.Errorf("%d segments for %d cells: growth is not geometric", n, a.Cap())
	}
	seen := make(map[unsafe.Pointer]bool, a.Cap())
	for i := range a.Cap() {
		if p := a.cells.at(i); seen[p] {
			t.Fatalf("cell %d has the address of another", i)
		} else {
			seen[p] = true
		}
	}
}

// TestEquality is == for CompareAndSwap.
func TestEquality(t *testing.T) {
	a := Of(math.NaN(), 0)
	if ok, err := a.CompareAndSwap(0, math.NaN(), 1); ok || err != nil {
		t.Errorf("NaN was found equal to NaN: %v, %v", ok, err)
	}
	if ok, err := a.CompareAndSwap(1, math.Copysign(0, -1), 1); !ok || err != nil {
		t.Errorf("-0 was not found equal to 0: %v, %v", ok, err)
	}
	type padded struct {
		a uint8
		b uint64
	}
	dirty := pattern[padded](math.MaxUint64)
	dirty.a, dirty.b = 1, 2
	b := Of(dirty)
	if ok, err := b.CompareAndSwap(0, padded{1, 2}, padded{3, 4}); !ok || err != nil {
		t.Errorf("padding was compared: %v, %v", ok, err)
	}
}

// TestPadding looks that no two cells share a cache line, nor the count with any field.
func TestPadding(t *testing.T) {
	a := New[[9]uint64](4, WithPadding())
	a.Grow(9)
	for i := range a.Cap() {
		if p := uintptr(a.cells.at(i)); p%layout.LineBytes != 0 {
			t.Errorf("cell %d is not at the start of a line", i)
		}
		if i > 0 && i != 4 && uintptr(a.cells.at(i))-uintptr(a.cells.at(i-1)) != 2*layout.LineBytes {
			t.Errorf("cell %d is not two lines behind the one before", i)
		}
	}
	count := unsafe.Offsetof(a.count)
	if before := unsafe.Offsetof(a.cells) + unsafe.Sizeof(a.cells); count < before+layout.LineBytes {
		t.Error("the count may share a line with the fields before it")
	}
	if unsafe.Sizeof(*a) < count+layout.LineBytes {
		t.Error("the count may share a line with what follows the array")
	}
}

// TestAllocations is G8.
func TestAllocations(t *testing.T) {
	t.Run("bytes=1", testAllocations[uint8])
	t.Run("bytes=8", testAllocations[uint64])
	t.Run("bytes=12", testAllocations[[3]uint32])
	t.Run("bytes=255", testAllocations[[255]uint8])
	t.Run("bytes=4096", testAllocations[[4096]uint8])
}

func testAllocations[T comparable](t *testing.T) {
	a := New[T](10)
	v := pattern[T](1)
	a.Fill(v)
	dst := make([]T, 10)
	keep := func(v T) T { return v }
	check := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	n := testing.AllocsPerRun(100, func() {
		_, err := a.Get(3)
		check(err)
		check(a.Set(3, v))
		check(a.Clear(3))
		check(a.Init(3, v))
		_, err = a.Swap(3, v)
		check(err)
		_, err = a.CompareAndSwap(3, v, v)
		check(err)
		_, err = a.Update(3, keep)
		check(err)
		a.CopyTo(dst, 0)
		a.Fill(v)
		for range a.All() {
		}
		for range a.Values() {
		}
		a.Grow(10)
	})
	if n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// TestNotScanned measures what the garbage collector scans with and without a large
// array.
func TestNotScanned(t *testing.T) {
	const bytes = 64 << 20
	before := scannable()
	a := New[[7]uint64](bytes / 64)
	a.Grow(a.Cap() + 1)
	if err := a.Set(1, [7]uint64{1}); err != nil {
		t.Fatal(err)
	}
	after := scannable()
	if after > before+bytes/4 {
		t.Errorf("the collector scans %d bytes more with an array of %d bytes", after-before, 2*bytes)
	}
	runtime.KeepAlive(a)
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
