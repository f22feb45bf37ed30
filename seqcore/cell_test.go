package seqcore_test

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqcore"
)

// TestSemantics checks each method of a Cell used by one goroutine (G1, G7).
func TestSemantics(t *testing.T) {
	forEachKind(t, func(k kind, t *testing.T) { k.testSemantics(t) })
}

func (typed[T]) testSemantics(t *testing.T) {
	var c seqcore.Cell[T]
	writes := uint64(0)
	check := func(want T) {
		t.Helper()
		if v := c.Load(); !equal(v, want) {
			t.Fatalf("Load = %v, want %v", v, want)
		}
		to := value[T](99)
		if c.LoadTo(&to); !equal(to, want) {
			t.Fatalf("LoadTo = %v, want %v", to, want)
		}
		if v, ok := c.TryLoad(); !ok || !equal(v, want) {
			t.Fatalf("TryLoad = %v, %v, want %v", v, ok, want)
		}
		if v, version := c.LoadVersion(); version != writes || !equal(v, want) {
			t.Fatalf("LoadVersion = %v, %d, want %v, %d", v, version, want, writes)
		}
		if version := c.Version(); version != writes {
			t.Fatalf("Version = %d, want %d", version, writes)
		}
	}
	last := *new(T)
	check(last)
	for b := range 20 {
		v := value[T](byte(b) + 1)
		c.Store(v)
		writes++
		check(v)
		v = value[T](byte(b) + 30)
		c.StoreFrom(&v)
		writes++
		check(v)
		for _, stale := range []uint64{writes - 1, writes + 1, writes + 1<<61, math.MaxUint64} {
			if c.StoreIf(stale, value[T](77)) {
				t.Fatalf("StoreIf(%d) succeeded at version %d", stale, writes)
			}
		}
		check(v)
		if v = value[T](byte(b) + 50); !c.StoreIf(writes, v) {
			t.Fatalf("StoreIf(%d) failed at that version", writes)
		}
		writes++
		check(v)
		if old := c.Swap(value[T](byte(b) + 90)); !equal(old, v) {
			t.Fatalf("Swap = %v, want %v", old, v)
		}
		writes++
		v = value[T](byte(b) + 90)
		check(v)
		other := value[T](byte(b) + 91)
		if !equal(v, other) && c.CompareAndSwap(other, v) {
			t.Fatalf("CompareAndSwap(%v) succeeded on %v", other, v)
		}
		check(v)
		if !c.CompareAndSwap(v, other) {
			t.Fatalf("CompareAndSwap(%v) failed on it", v)
		}
		writes++
		check(other)
		last = c.Update(func(old T) T {
			if !equal(old, other) {
				t.Errorf("Update was given %v, want %v", old, other)
			}
			return value[T](byte(b) + 120)
		})
		writes++
		check(value[T](byte(b) + 120))
		check(last)
	}
	c.Store(*new(T))
	writes++
	check(*new(T))
}

// TestWrapAround sets the version to its last value. The next write makes it 0, which
// must not be taken for a cell never written.
func TestWrapAround(t *testing.T) {
	testWrap[uint32](t)
	testWrap[[3]uint64](t)
}

func testWrap[T any](t *testing.T) {
	var c seqcore.Cell[T]
	c.Store(value[T](1))
	*wordOf(&c) |= ^uint64(7)
	last := c.Version()
	if last != math.MaxUint64>>3 {
		t.Fatalf("version %d is not the last one", last)
	}
	if !c.StoreIf(last, value[T](2)) {
		t.Fatal("StoreIf failed at the last version")
	}
	if v, version := c.LoadVersion(); version != 0 || !equal(v, value[T](2)) || !equal(c.Load(), v) {
		t.Fatalf("after the last version: %v, %d, Load %v", v, version, c.Load())
	}
	if c.StoreIf(last, value[T](3)) || !c.StoreIf(0, value[T](3)) || !equal(c.Load(), value[T](3)) {
		t.Fatal("StoreIf does not go by the version that wrapped around")
	}
}

// TestEquality checks G8: CompareAndSwap goes by ==, not by the bytes.
func TestEquality(t *testing.T) {
	var f seqcore.Cell[float64]
	negative := math.Copysign(0, -1)
	if !f.CompareAndSwap(negative, negative) {
		t.Error("the zero value does not equal -0")
	}
	if !math.Signbit(f.Load()) || !f.CompareAndSwap(0, 1) {
		t.Error("-0 was not stored, or does not equal +0")
	}
	f.Store(math.NaN())
	if f.CompareAndSwap(math.NaN(), 1) || f.Version() != 3 {
		t.Error("NaN equals NaN")
	}

	type pair struct {
		x, y float64
		_    uint64
	}
	var p seqcore.Cell[pair]
	if !p.CompareAndSwap(pair{x: negative}, pair{x: 2}) || p.CompareAndSwap(pair{x: 2, y: math.NaN()}, pair{}) {
		t.Error("the fields of a struct are not compared by ==")
	}

	// Nor what lies between the fields, in the cell or in the argument.
	var g seqcore.Cell[gaps]
	v := gaps{A: 1, B: 2, C: 3, D: 4, E: 5}
	g.Store(v)
	bytesOf(&g)[8+unsafe.Offsetof(v.B)-1] = 0xff
	bytesOf(&g)[8+unsafe.Sizeof(v)-1] = 0xff
	if !g.CompareAndSwap(v, v) {
		t.Error("padding is compared")
	}
	p.Store(pair{x: 3})
	bytesOf(&p)[8+unsafe.Sizeof(pair{})-1] = 0xff
	if !p.CompareAndSwap(pair{x: 3}, pair{}) {
		t.Error("a blank field is compared")
	}
}

// TestIncomparable checks that a type without == makes CompareAndSwap panic and change
// nothing, and works otherwise.
func TestIncomparable(t *testing.T) {
	type odd struct {
		_ [0]func()
		N int
	}
	var c seqcore.Cell[odd]
	c.Store(odd{N: 1})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("CompareAndSwap of a type without == did not panic")
			}
		}()
		c.CompareAndSwap(odd{N: 1}, odd{N: 2})
	}()
	if v, version := c.LoadVersion(); v.N != 1 || version != 1 {
		t.Errorf("the failed CompareAndSwap left %v, version %d", v, version)
	}
}

// TestAllocs checks G9 from a package that imports nothing but seqcore, as a user's does.
// TestNoAddress: the address of no value is refused with nothing locked.
func TestNoAddress(t *testing.T) {
	forEachKind(t, func(k kind, t *testing.T) { k.testNoAddress(t) })
}

func (typed[T]) testNoAddress(t *testing.T) {
	fails := func(f func()) {
		t.Helper()
		defer func() {
			if r, ok := recover().(string); !ok || !strings.Contains(r, "nil pointer") {
				t.Errorf("recovered %v", r)
			}
		}()
		f()
	}
	for n := range uint64(2) {
		c := new(seqcore.Cell[T])
		if n == 1 {
			c.Store(value[T](1))
		}
		was, version := c.LoadVersion()
		fails(func() { c.StoreFrom(nil) })
		fails(func() { c.LoadTo(nil) })
		v, ok := c.TryLoad()
		if _, again := c.LoadVersion(); !ok || !equal(v, was) || again != version {
			t.Errorf("%v, %v, version %d; want %v, version %d", v, ok, again, was, version)
		}
		if c.Store(value[T](2)); !equal(c.Load(), value[T](2)) {
			t.Error("a value is not stored")
		}
	}
}

func TestAllocs(t *testing.T) {
	forEachKind(t, func(k kind, t *testing.T) { k.testAllocs(t) })
}

func (typed[T]) testAllocs(t *testing.T) {
	c := new(seqcore.Cell[T])
	a, b := value[T](1), value[T](2)
	set := func(old T) T { return b }
	n := testing.AllocsPerRun(10, func() {
		c.Load()
		c.TryLoad()
		_, version := c.LoadVersion()
		c.Store(a)
		c.StoreIf(version+1, b)
		c.StoreFrom(&b)
		var to T
		c.LoadTo(&to)
		c.Swap(a)
		c.CompareAndSwap(a, b)
		c.Update(set)
		c.Update(func(T) T { return a })
		if seqcore.CheckType[T]() != nil {
			t.Error("not a type for a cell")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(10, func() { new(seqcore.Cell[T]).Load() }); n > 1 {
		t.Errorf("%v allocations for the first Load of a new cell", n)
	}
}
