package seqmap

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
)

// TestBatchSizes: batches of every number of keys do what as many single operations do, for shapes
// that the kernels know, of each kind of key, aligned and not, and for others. Of pairs with one key
// the last is what stays. That the kernels agree with plain Go for every shape is for internal/arch. G3
func TestBatchSizes(t *testing.T) {
	batchSizes[uint32, uint32](t)
	batchSizes[uint32, [8]uint64](t)
	batchSizes[[4]byte, uint64](t)
	batchSizes[uint64, struct{}](t)
	batchSizes[uint64, uint32](t)
	batchSizes[uint64, uint64](t)
	batchSizes[uint64, [2]uint64](t)
	batchSizes[uint64, [3]uint64](t)
	batchSizes[uint64, [4]uint64](t)
	batchSizes[uint64, [8]uint64](t)
	batchSizes[[8]byte, [8]byte](t)
	batchSizes[[2]uint64, uint64](t)
	batchSizes[[2]uint64, [2]uint64](t)
	batchSizes[[16]byte, uint64](t)
	batchSizes[[16]byte, [64]byte](t)
	// Not for the kernels: by the key, or by the value.
	batchSizes[[3]byte, [3]byte](t)
	batchSizes[[12]byte, uint8](t)
	batchSizes[[33]byte, [40]byte](t)
	batchSizes[uint64, [12]byte](t)
	batchSizes[uint64, padded](t)
	batchSizes[[8]byte, [9]uint64](t)
}

func batchSizes[K, V comparable](t *testing.T) {
	t.Run(nameOf[K, V](), testBatchSizes[K, V])
}

func testBatchSizes[K, V comparable](t *testing.T) {
	sizes := []int{stretch, stretch + 1, 6000} // the last makes every table so large that it is asked for
	for n := 0; n <= 300; n += 1 + n/count(30) {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		batch, single := New[K, V](), New[K, V]()
		keys, values := make([]K, n), make([]V, n)
		for i := range keys {
			keys[i], values[i] = pattern[K](uint64(i*7%(n/2+1))), pattern[V](uint64(i+1))
			single.Insert(keys[i], values[i])
		}
		batch.InsertBatch(keys, values)
		sameAsSingle(t, batch, single, keys)
		gone := keys[:n/3]
		want := 0
		for _, key := range gone {
			if _, ok := single.Remove(key); ok {
				want++
			}
		}
		if got := batch.RemoveBatch(gone); got != want {
			t.Errorf("RemoveBatch of %d keys = %d, want %d", len(gone), got, want)
		}
		sameAsSingle(t, batch, single, keys)
	}
}

// sameAsSingle fails unless GetBatch of the keys in one map gives what Get does in the other.
func sameAsSingle[K, V comparable](t *testing.T, batch, single *SeqMap[K, V], keys []K) {
	t.Helper()
	values, found := make([]V, len(keys)), make([]bool, len(keys))
	for i := range keys { // what stands there is overwritten, with zeros too
		values[i], found[i] = pattern[V](999), i%2 == 0
	}
	hits := batch.GetBatch(keys, values, found)
	want := 0
	for i, key := range keys {
		v, ok := single.Get(key)
		if values[i] != v || found[i] != ok {
			t.Errorf("key %d of %d: %v, %v; want %v, %v", i, len(keys), values[i], found[i], v, ok)
		}
		if ok {
			want++
		}
	}
	if hits != want || batch.Len() != single.Len() {
		t.Errorf("%d hits, %d entries; want %d, %d", hits, batch.Len(), want, single.Len())
	}
}

// TestBatchLengths: slices of different lengths are refused before anything changes.
func TestBatchLengths(t *testing.T) {
	m := New[uint64, uint64]()
	m.Insert(1, 1)
	two, three, yes := []uint64{1, 2}, []uint64{7, 8, 9}, []bool{true, true}
	mustPanic(t, func() { m.GetBatch(two, three, yes) }, "GetBatch", "2 keys", "3 values")
	mustPanic(t, func() { m.GetBatch(two, three[:2], yes[:1]) }, "GetBatch", "1 found")
	mustPanic(t, func() { m.GetBatch(nil, nil, yes) }, "GetBatch", "0 keys")
	mustPanic(t, func() { m.InsertBatch(two, three) }, "InsertBatch", "2 keys", "3 values")
	mustPanic(t, func() { m.InsertBatch(two, nil) }, "InsertBatch", "0 values")
	if !slices.Equal(three, []uint64{7, 8, 9}) || !yes[0] || !yes[1] || m.Len() != 1 || m.Contains(2) {
		t.Errorf("a refused batch has done something: %v, %v, %d entries", three, yes, m.Len())
	}
	if m.GetBatch(nil, nil, nil) != 0 || m.RemoveBatch(nil) != 0 {
		t.Error("an empty batch finds or removes something")
	}
	m.InsertBatch(nil, nil)
	checkQuiet(t, m)
}

// TestBatchDuplicates: a key may be in a batch many times, and the operations are done in order.
func TestBatchDuplicates(t *testing.T) {
	m := New[uint64, uint64]()
	keys, values := make([]uint64, 5*chunk+3), make([]uint64, 5*chunk+3)
	for i := range keys {
		keys[i], values[i] = uint64(i%2), uint64(i)
	}
	m.InsertBatch(keys, values)
	last := uint64(len(keys) - 1)
	if a, b := m.LoadOrStore(last%2, 999); a != last || !b || m.Len() != 2 {
		t.Errorf("the last value is %d, %v; want %d; %d entries", a, b, last, m.Len())
	}
	if v, _ := m.Get((last + 1) % 2); v != last-1 {
		t.Errorf("the other value is %d; want %d", v, last-1)
	}
	if n := m.RemoveBatch(keys); n != 2 || m.Len() != 0 {
		t.Errorf("RemoveBatch = %d, %d left; want 2, 0", n, m.Len())
	}
}

// TestBatchOddKeys: keys of two forms and NaN in batches. G11, d19
func TestBatchOddKeys(t *testing.T) {
	var m SeqMap[float64, uint64]
	nan, minus := math.NaN(), math.Copysign(0, -1)
	keys := []float64{nan, minus, 1, nan, 0}
	m.InsertBatch(keys, []uint64{1, 2, 3, 4, 5})
	values, found := make([]uint64, 5), make([]bool, 5)
	hits := m.GetBatch(keys, values, found)
	if hits != 3 || !slices.Equal(values, []uint64{0, 5, 3, 0, 5}) || !slices.Equal(found, []bool{false, true, true, false, true}) {
		t.Errorf("GetBatch = %d, %v, %v", hits, values, found)
	}
	if n := m.RemoveBatch(keys); n != 2 || m.Len() != 0 {
		t.Errorf("RemoveBatch = %d, %d left; want 2, 0", n, m.Len())
	}
}

// TestBatchesOfPrivateKeys: goroutines that each have keys of their own find in batches exactly what
// they put there in batches, while the table is replaced without end. G3, d5
func TestBatchesOfPrivateKeys(t *testing.T) {
	t.Run("words", func(t *testing.T) { testBatchesOfPrivateKeys[uint64, uint64](t) })
	t.Run("halves", func(t *testing.T) { testBatchesOfPrivateKeys[uint32, uint32](t) })
	t.Run("pairs", func(t *testing.T) { testBatchesOfPrivateKeys[[2]uint64, uint64](t) })
	t.Run("large", func(t *testing.T) { testBatchesOfPrivateKeys[uint64, [8]uint64](t) })
	t.Run("wide", func(t *testing.T) { testBatchesOfPrivateKeys[[2]uint64, [2]uint64](t) })
	t.Run("maphash", func(t *testing.T) { testBatchesOfPrivateKeys[[3]uint64, [3]uint64](t) })
}

func testBatchesOfPrivateKeys[K, V comparable](t *testing.T) {
	m := New[K, V]()
	storm(m, func() {
		together(goroutines(), func(g int) {
			const n = 4*chunk + 5
			keys, values := make([]K, n), make([]V, n)
			got, found := make([]V, n), make([]bool, n)
			for round := range uint64(count(1000)) {
				for i := range keys {
					keys[i] = pattern[K](uint64(g*n + i))
					values[i] = pattern[V](round<<16 | uint64(i))
				}
				m.InsertBatch(keys, values)
				if hits := m.GetBatch(keys, got, found); hits != n || !slices.Equal(got, values) {
					t.Errorf("round %d: %d hits of %d", round, hits, n)
				}
				if round%2 == 0 {
					continue
				}
				if gone := m.RemoveBatch(keys); gone != n {
					t.Errorf("round %d: %d removed of %d", round, gone, n)
				}
				if hits := m.GetBatch(keys, got, found); hits != 0 || slices.Contains(found, true) || got[n-1] != *new(V) {
					t.Errorf("round %d: %d hits after removal", round, hits)
				}
			}
		})
	})
	checkQuiet(t, m)
}

// TestClear: what was stored before Clear began is gone when it returns; what is stored after it
// returned is there. G3, d21, d23
func TestClear(t *testing.T) {
	t.Run("words", func(t *testing.T) { testClear[uint64, uint64](t) })
	t.Run("wide", func(t *testing.T) { testClear[[2]uint64, [2]uint64](t) })
}

func testClear[K, V comparable](t *testing.T) {
	m := New[K, V]()
	var begun, finished atomic.Uint64             // Clears
	stored := make([]atomic.Uint64, goroutines()) // the last value of each writer
	clearing := func() {
		before := make([]uint64, len(stored))
		for g := range stored {
			before[g] = stored[g].Load()
		}
		begun.Add(1)
		m.Clear()
		finished.Add(1)
		for g := range stored {
			if v, ok := m.Get(pattern[K](uint64(g))); ok && seed(v) <= before[g] {
				t.Errorf("writer %d: value %d is there after Clear; %d was stored before", g, seed(v), before[g])
			}
		}
		for k, v := range m.All() {
			if g := seed(k); g < uint64(len(stored)) && seed(v) <= before[g] {
				t.Errorf("writer %d: value %d is yielded after Clear; %d was stored before", g, seed(v), before[g])
			}
		}
	}
	during(clearing, func() {
		storm(m, func() {
			together(len(stored), func(g int) {
				key := pattern[K](uint64(g))
				for n := uint64(1); n < uint64(count(30_000)); n++ {
					cleared := finished.Load()
					value := pattern[V](n)
					switch n % 4 {
					case 0:
						m.LoadOrStore(key, value)
					case 1:
						m.Update(key, func(V, bool) V { return value })
					default:
						m.Insert(key, value)
					}
					v, ok := m.Get(key)
					if begun.Load() == cleared && (!ok || n%4 != 0 && v != value) {
						t.Errorf("writer %d: %v, %v instead of %d, and there was no Clear", g, v, ok, n)
					}
					stored[g].Store(n)
					m.Insert(pattern[K](n<<8|255), value) // makes the table grow
				}
			})
		})
	})
	checkQuiet(t, m)
}

// TestEverythingAtOnce runs every kind of operation together. Keys and values are patterns that
// belong together, so a mix-up shows wherever it is read. G1, G2, G6, d7, d10, d21
func TestEverythingAtOnce(t *testing.T) {
	t.Run("words", func(t *testing.T) { testEverything[uint64, uint64](t) })
	t.Run("bytes", func(t *testing.T) { testEverything[uint8, uint8](t) })
	t.Run("wide", func(t *testing.T) { testEverything[[3]uint64, [3]uint64](t) })
}

func testEverything[K, V comparable](t *testing.T) {
	m := New[K, V]()
	together(2*goroutines(), func(g int) {
		r := rand.New(rand.NewPCG(uint64(g), 5))
		for range count(2000) {
			if err := everything(m, r); err != nil {
				t.Error(err)
			}
		}
	})
	checkQuiet(t, m)
	m.Clear()
	if m.Len() != 0 || m.Contains(pattern[K](1)) {
		t.Errorf("Len() = %d after Clear", m.Len())
	}
}

func everything[K, V comparable](m *SeqMap[K, V], r *rand.Rand) error {
	const keys = 200 // fits into a byte, so that the smallest value still tells its key
	n := r.Uint64N(keys)
	k, v := pattern[K](n), pattern[V](n)
	var got V
	var ok bool
	switch r.IntN(24) {
	case 0, 1, 2, 3:
		got, ok = m.Get(k)
	case 4, 5, 6:
		got, ok = m.Insert(k, v)
	case 7, 8:
		got, ok = m.Remove(k)
	case 9:
		got, _ = m.LoadOrStore(k, v)
		ok = true
	case 10:
		ok, got = m.CompareAndSwap(k, v, v), v
	case 11:
		ok, got = m.CompareAndDelete(k, v), v
	case 12, 13:
		got, ok = m.Compute(k, func(V, bool) (V, Op) { return v, Op(n % 3) })
	case 14:
		got, ok = m.Update(k, func(V, bool) V { return v }), true
	case 15, 16:
		values, found := make([]V, 20), make([]bool, 20)
		ks := make([]K, 20)
		for i := range ks {
			ks[i] = pattern[K]((n + uint64(i)) % keys)
		}
		m.GetBatch(ks, values, found)
		for i, yes := range found {
			if yes && values[i] != pattern[V](seed(ks[i])) {
				return fmt.Errorf("GetBatch: key %v has value %v", ks[i], values[i])
			}
		}
	case 17:
		m.InsertBatch([]K{k, k}, []V{v, v})
	case 18:
		m.RemoveBatch([]K{k, pattern[K](0)})
	case 19:
		for k, v := range m.All() {
			if v != pattern[V](seed(k)) {
				return fmt.Errorf("All: key %v has value %v", k, v)
			}
		}
	case 20:
		m.DeleteFunc(func(k K, _ V) bool { return seed(k)%8 == n%8 })
	case 21:
		m.Grow(int(n))
	case 22:
		m.Shrink()
	case 23:
		if n%8 == 0 {
			m.Clear()
		}
	}
	if ok && got != v {
		return fmt.Errorf("key %v has value %v", k, got)
	}
	if n := m.Len(); n < 0 || n > 4*keys {
		return fmt.Errorf("Len() = %d", n)
	}
	return nil
}
