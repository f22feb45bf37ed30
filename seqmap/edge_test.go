package seqmap

import (
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// TestNaN: a key with a NaN in it is never found nor stored, by any operation, each of which
// returns what it would for a key that nobody else uses. G11, d19
func TestNaN(t *testing.T) {
	nan := math.NaN()
	t.Run("float64", func(t *testing.T) { testNaN(t, nan) })
	t.Run("float32", func(t *testing.T) { testNaN(t, float32(nan)) })
	t.Run("complex", func(t *testing.T) { testNaN(t, complex(1, nan)) })
	t.Run("array", func(t *testing.T) { testNaN(t, [2][2]float64{{0, 1}, {nan, 2}}) })
	t.Run("struct", func(t *testing.T) { testNaN(t, floats{g: [3]float32{1, 2, float32(nan)}}) })
	t.Run("signalling", func(t *testing.T) { testNaN(t, math.Float64frombits(0x7ff0000000000001)) })
}

func testNaN[K comparable](t *testing.T, nan K) {
	for _, m := range []*SeqMap[K, uint64]{
		New[K, uint64](),
		{},
		newMap[K, uint64](constantHash),
	} {
		if v, ok := m.Insert(nan, 1); v != 0 || ok {
			t.Errorf("Insert = %d, %v", v, ok)
		}
		m.Store(nan, 1)
		if v, ok := m.Swap(nan, 2); v != 0 || ok {
			t.Errorf("Swap = %d, %v", v, ok)
		}
		if v, ok := m.Get(nan); v != 0 || ok || m.Contains(nan) {
			t.Errorf("Get = %d, %v", v, ok)
		}
		if v, loaded := m.LoadOrStore(nan, 3); v != 3 || loaded {
			t.Errorf("LoadOrStore = %d, %v", v, loaded)
		}
		if v, loaded := m.LoadOrCompute(nan, func() uint64 { return 4 }); v != 4 || loaded {
			t.Errorf("LoadOrCompute = %d, %v", v, loaded)
		}
		if v, ok := m.Remove(nan); v != 0 || ok {
			t.Errorf("Remove = %d, %v", v, ok)
		}
		if m.CompareAndSwap(nan, 0, 5) || m.CompareAndSwap(nan, 1, 5) || m.CompareAndDelete(nan, 0) || m.CompareAndDelete(nan, 1) {
			t.Error("CompareAndSwap or CompareAndDelete finds it")
		}
		if v := m.Update(nan, func(old uint64, loaded bool) uint64 { return checkAbsent(t, old, loaded) }); v != 6 {
			t.Errorf("Update = %d", v)
		}
		if v, ok := m.Compute(nan, func(old uint64, loaded bool) (uint64, Op) { return checkAbsent(t, old, loaded), UpdateOp }); v != 6 || ok {
			t.Errorf("Compute = %d, %v", v, ok)
		}
		if v, ok := m.Compute(nan, func(old uint64, loaded bool) (uint64, Op) { return checkAbsent(t, old, loaded), DeleteOp }); v != 0 || ok {
			t.Errorf("Compute with DeleteOp = %d, %v", v, ok)
		}
		if v := Add(m, nan, 7); v != 7 {
			t.Errorf("Add = %d", v)
		}
		m.InsertBatch([]K{nan, nan}, []uint64{1, 2})
		if m.GetBatch([]K{nan}, []uint64{9}, []bool{true}) != 0 || m.RemoveBatch([]K{nan}) != 0 {
			t.Error("a batch finds it")
		}
		if m.Len() != 0 || m.Stats().Used != 0 {
			t.Errorf("it is stored: %v", m.Stats())
		}
	}
}

func checkAbsent(t *testing.T, old uint64, loaded bool) uint64 {
	t.Helper()
	if old != 0 || loaded {
		t.Errorf("fn is given %d, %v", old, loaded)
	}
	return 6
}

// testSameKey fails unless two forms of a key are one key, in every operation. G11, d19
func testSameKey[K comparable](t *testing.T, a, b K) {
	t.Helper()
	for _, m := range []*SeqMap[K, uint64]{New[K, uint64](), newMap[K, uint64](constantHash)} {
		m.Insert(a, 1)
		if v, ok := m.Insert(b, 2); v != 1 || !ok || m.Len() != 1 {
			t.Errorf("Insert(%v) = %d, %v", b, v, ok)
		}
		if v, ok := m.Get(a); v != 2 || !ok || !m.Contains(b) {
			t.Errorf("Get(%v) = %d, %v", a, v, ok)
		}
		if Add(m, b, 3) != 5 || Add(m, a, 1) != 6 || !m.CompareAndSwap(b, 6, 7) {
			t.Errorf("Add and CompareAndSwap of %v and %v do not agree", a, b)
		}
		if v, loaded := m.LoadOrStore(b, 9); v != 7 || !loaded {
			t.Errorf("LoadOrStore(%v) = %d, %v", b, v, loaded)
		}
		m.Update(a, func(v uint64, _ bool) uint64 { return v + 1 })
		values, found := make([]uint64, 2), make([]bool, 2)
		if m.GetBatch([]K{a, b}, values, found) != 2 || values[0] != 8 || values[1] != 8 {
			t.Errorf("GetBatch of %v and %v: %v, %v", a, b, values, found)
		}
		m.Grow(100)
		for key := range m.Keys() {
			if key != a || key != b {
				t.Errorf("%v is yielded for %v", key, a)
			}
		}
		if v, ok := m.Remove(b); v != 8 || !ok || m.Contains(a) || m.Len() != 0 {
			t.Errorf("Remove(%v) = %d, %v", b, v, ok)
		}
	}
}

// TestOneKeyInTwoForms: the sign of zero, padding and blank fields do not matter. G11, d19
func TestOneKeyInTwoForms(t *testing.T) {
	minus := math.Copysign(0, -1)
	testSameKey(t, 0, minus)
	testSameKey(t, minus, 0)
	testSameKey(t, 0, float32(minus))
	testSameKey(t, complex(minus, 1), complex(0, 1))
	testSameKey(t, complex(1, minus), complex(1, 0))
	testSameKey(t, [2][2]float64{{1, minus}, {minus, 2}}, [2][2]float64{{1, 0}, {0, 2}})
	testSameKey(t, floats{f: minus, n: 3}, floats{n: 3})
	testSameKey(t, nested{c: complex(float32(minus), 1)}, nested{c: complex(0, 1)})
	a, b := blank{a: 1, b: 2}, blank{a: 1, b: 2}
	garble(&a, 2, 4, 0xabcd)
	garble(&b, 2, 4, 0x1234)
	testSameKey(t, a, b)
	p, q := garbledPair()
	testSameKey(t, p, q)
}

// garbledPair returns two equal keys of which other bytes are padding.
func garbledPair() (p, q padded) {
	p, q = padded{1, 2, 3}, padded{1, 2, 3}
	garble(&p, 1, 4, 0xabcd)
	garble(&q, 10, 12, 0x1234)
	return p, q
}

// TestCanonicalForm: whatever a key is made of, equal keys have equal bytes in their canonical form,
// and for a type that has one form there is nothing to do. G11, d19
func TestCanonicalForm(t *testing.T) {
	minus := math.Copysign(0, -1)
	testSameForm(t, complex(float32(minus), float32(minus)), 0)
	testSameForm(t, [1]float64{minus}, [1]float64{})
	testSameForm(t, [5]float32{1, 2, float32(minus)}, [5]float32{1, 2})
	testSameForm(t, [3]struct{ c complex128 }{2: {complex(minus, minus)}}, [3]struct{ c complex128 }{})
	p, q := garbledPair()
	testSameForm(t, [2]padded{p, q}, [2]padded{q, p})
	type blanks struct {
		_ uint64
		x struct{ _ [4]uint16 }
	}
	var x, y blanks
	garble(&x, 0, unsafe.Sizeof(x), 0xabcd)
	testSameForm(t, x, y)
	for _, c := range []canon{
		canonOf[struct{}](), canonOf[[0]uint64](), canonOf[[0]float64](), canonOf[bool](), canonOf[int8](),
		canonOf[[16]byte](), canonOf[struct{ a, b uint32 }](), canonOf[[3]struct{ x [2]uint16 }](),
	} {
		if !c.trivial() {
			t.Errorf("%+v is to be done for a type that has one form", c)
		}
	}
}

// testSameForm fails unless two equal keys have one canonical form.
func testSameForm[K comparable](t *testing.T, a, b K) {
	t.Helper()
	c := canonOf[K]()
	var x, y plain.Buffer[K]
	x.Set(a)
	y.Set(b)
	c.apply(x.Pointer())
	c.apply(y.Pointer())
	// Safety: a Buffer has room for a K.
	p, q := unsafe.Slice((*byte)(x.Pointer()), unsafe.Sizeof(a)), unsafe.Slice((*byte)(y.Pointer()), unsafe.Sizeof(b))
	if a != b || x.Value() != a || c.trivial() || !slices.Equal(p, q) {
		t.Errorf("the forms of %v and %v are % x and % x", a, b, p, q)
	}
}

// testKeysApart fails unless all of the keys, which are different, live side by side.
func testKeysApart[V, K comparable](t *testing.T, keys ...K) {
	t.Helper()
	for _, hash := range []func(K, uint64) uint64{
		nil,
		func(K, uint64) uint64 { return 0 },
		func(_ K, seed uint64) uint64 { return seed },  // mixes to 0
		func(_ K, seed uint64) uint64 { return ^seed }, // and to all ones
	} {
		m := NewWithHasher[K, V](hash)
		for i, key := range keys {
			if v, ok := m.Get(key); ok || m.Contains(key) {
				t.Errorf("Get(%v) = %v before it was stored", key, v)
			}
			if v, ok := m.Remove(key); ok {
				t.Errorf("Remove(%v) = %v before it was stored", key, v)
			}
			m.Insert(key, pattern[V](uint64(i)))
		}
		for range 2 {
			for i, key := range keys {
				if v, ok := m.Get(key); !ok || v != pattern[V](uint64(i)) {
					t.Errorf("Get(%v) = %v, %v; want the pattern of %d", key, v, ok, i)
				}
			}
			if m.Len() != len(keys) {
				t.Errorf("Len() = %d, want %d", m.Len(), len(keys))
			}
			m.Grow(200)
		}
		m.Remove(keys[0])
		if m.Contains(keys[0]) || m.Len() != len(keys)-1 {
			t.Errorf("%v is still there", keys[0])
		}
		checkQuiet(t, m)
	}
}

// TestOrdinaryKeys: no key is reserved, and no hash: neither zero nor all ones nor what a word, a
// tag or a state looks like. G11, d19, d20
func TestOrdinaryKeys(t *testing.T) {
	testKeysApart[uint64](t, 0, 1, math.MaxUint64, math.MaxUint64-1, uint64(layout.Sealed), layout.Moved, layout.Live, 1<<63)
	testKeysApart[uint32](t, uint32(0), 1, math.MaxUint32, layout.Sealed, layout.Moved)
	testKeysApart[int16](t, int8(0), -1, 1, math.MinInt8, math.MaxInt8)
	testKeysApart[uint8](t, uint8(0), 1, 255)
	testKeysApart[int8](t, false, true)
	testKeysApart[uint16](t, struct{}{})
	testKeysApart[uint64](t, [2]uint64{}, [2]uint64{1, 0}, [2]uint64{0, 1}, [2]uint64{math.MaxUint64, math.MaxUint64})
	testKeysApart[[9]byte](t, [9]byte{}, [9]byte{8: 1}, [9]byte{8: 255}, [9]byte{1})
	testKeysApart[uint64](t, 0, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.MaxFloat64)
	testKeysApart[uint64](t, 0, 1i, 1, complex(math.Inf(1), 0), complex(0, math.Inf(-1)))
	testKeysApart[uint64](t, padded{}, padded{a: 1}, padded{b: 1}, padded{c: 1})
	testKeysApart[uint64](t, floats{}, floats{g: [3]float32{2: 1}}, floats{g: [3]float32{1}})
}

// TestCustomHashSeesCanonicalKeys: the user's hash function is given one form of each key, so it
// may look at the bits. G11, d19, d20
func TestCustomHashSeesCanonicalKeys(t *testing.T) {
	m := NewWithHasher[float64, uint64](func(key float64, _ uint64) uint64 { return math.Float64bits(key) })
	m.Insert(math.Copysign(0, -1), 1)
	if v, ok := m.Get(0); !ok || v != 1 || m.Len() != 1 {
		t.Errorf("Get(0) = %d, %v", v, ok)
	}
	for key := range m.Keys() {
		if math.Signbit(key) {
			t.Error("a negative zero is yielded")
		}
	}
}

// TestFloatValues: CompareAndSwap and CompareAndDelete compare values by ==, so a zero of either
// sign is expected by the other and NaN by nothing; what is stored keeps its bits.
func TestFloatValues(t *testing.T) {
	m := New[uint64, float64]()
	minus, nan := math.Copysign(0, -1), math.NaN()
	m.Insert(1, minus)
	if v, _ := m.Get(1); !math.Signbit(v) {
		t.Error("the sign of a zero value is lost")
	}
	if !m.CompareAndSwap(1, 0, nan) || m.CompareAndSwap(1, nan, 1) || m.CompareAndDelete(1, nan) {
		t.Error("values are not compared by ==")
	}
	v, loaded := m.Compute(1, func(v float64, _ bool) (float64, Op) { return v, UpdateOp }) // ends, though NaN != NaN
	if v == v || !loaded {
		t.Errorf("Compute = %v, %v", v, loaded)
	}
	if v, ok := m.Remove(1); v == v || !ok || m.Len() != 0 {
		t.Errorf("Remove = %v, %v", v, ok)
	}
}

// TestSizeLimits: the largest keys and values work; larger ones are refused by name, at first use.
func TestSizeLimits(t *testing.T) {
	m := New[large, large]()
	for n := range uint64(10) {
		m.Insert(pattern[large](n), pattern[large](n+1))
	}
	for n := range uint64(10) {
		if v, ok := m.Remove(pattern[large](n)); !ok || v != pattern[large](n+1) {
			t.Errorf("value %d is lost", n)
		}
	}
	mustPanic(t, func() { New[int, tooMuch]() }, "seqcore", "tooMuch", "too large")
	var zero SeqMap[int, tooMuch]
	mustPanic(t, func() { zero.Contains(1) }, "tooMuch")
	mustPanic(t, func() { zero.LoadOrStore(1, tooMuch{}) }, "tooMuch")
	mustPanic(t, func() { zero.DeleteFunc(nil) }, "tooMuch")
}

// TestZeroKeyAmongEmptySlots: a key of which all bits are 0, as are the keys of EMPTY slots, is found
// behind some of these, by every operation that looks for a present key. d19
func TestZeroKeyAmongEmptySlots(t *testing.T) {
	t.Run("8:8", func(t *testing.T) { testZeroKey[uint64](t, uint64(1), 2) })
	t.Run("8:64", func(t *testing.T) { testZeroKey[uint64](t, [8]uint64{1}, [8]uint64{2}) })
	t.Run("4:4", func(t *testing.T) { testZeroKey[uint32](t, uint32(1), 2) })
	t.Run("3:3", func(t *testing.T) { testZeroKey[[3]uint8](t, [3]uint8{1}, [3]uint8{2}) })
	t.Run("16:8", func(t *testing.T) { testZeroKey[[2]uint64](t, uint64(1), 2) })
	t.Run("float64", func(t *testing.T) { testZeroKey[float64](t, uint64(1), 2) })
	t.Run("24:8", func(t *testing.T) { testZeroKey[[3]uint64](t, uint64(1), 2) })
	t.Run("0:8", func(t *testing.T) { testZeroKey[struct{}](t, uint64(1), 2) })
}

func testZeroKey[K, V comparable](t *testing.T, v1, v2 V) {
	var zero K
	for seed := range uint64(64) { // each has a home slot of its own for the key
		m := New[K, V](WithSeed(seed))
		m.Insert(zero, v1)
		if !m.CompareAndSwap(zero, v1, v2) {
			t.Fatalf("seed %d: CompareAndSwap fails", seed)
		}
		if v := m.Update(zero, func(old V, loaded bool) V {
			if !loaded || old != v2 {
				t.Errorf("seed %d: Update sees %v, %v", seed, old, loaded)
			}
			return v1
		}); v != v1 {
			t.Fatalf("seed %d: Update = %v", seed, v)
		}
		if v, ok := m.Get(zero); !ok || v != v1 {
			t.Fatalf("seed %d: Get = %v, %v", seed, v, ok)
		}
		if v, ok := m.Insert(zero, v2); !ok || v != v1 {
			t.Fatalf("seed %d: Insert = %v, %v", seed, v, ok)
		}
		if v, ok := m.Remove(zero); !ok || v != v2 {
			t.Fatalf("seed %d: Remove = %v, %v", seed, v, ok)
		}
		if _, ok := m.Remove(zero); ok || m.Len() != 0 {
			t.Fatalf("seed %d: it is still there", seed)
		}
	}
}
