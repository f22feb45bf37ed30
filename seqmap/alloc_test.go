package seqmap

import (
	"encoding/binary"
	"testing"
)

// steady runs f a number of times and fails if it allocates, once it has run before. A race
// detector build allocates of its own, so there f is only run.
func steady(t *testing.T, op string, f func()) {
	t.Helper()
	if raceBuild {
		f()
		return
	}
	if n := testing.AllocsPerRun(50, f); n != 0 {
		t.Errorf("%s: %v allocations", op, n)
	}
}

// TestNoAllocations is G9, for every kind of key and of value.
func TestNoAllocations(t *testing.T) {
	t.Run("key=uint64/value=uint64", func(t *testing.T) { testNoAllocations[uint64, uint64](t, pattern, nil) })
	t.Run("key=uint64/value=words3", func(t *testing.T) { testNoAllocations[uint64, [3]uint64](t, pattern, nil) })
	t.Run("key=uint32/value=uint32", func(t *testing.T) { testNoAllocations[uint32, uint32](t, pattern, nil) })
	t.Run("key=float64/value=uint64", func(t *testing.T) {
		testNoAllocations[float64, uint64](t, func(n uint64) float64 { return float64(n) / 2 }, nil)
	})
	t.Run("key=padded/value=uint64", func(t *testing.T) { testNoAllocations[padded, uint64](t, paddedKey, nil) })
	t.Run("key=blank/value=words3", func(t *testing.T) { testNoAllocations[blank, [3]uint64](t, blankKey, nil) })
	t.Run("key=bytes16/value=uint64", func(t *testing.T) { testNoAllocations[[16]byte, uint64](t, pattern, nil) })
	t.Run("key=bytes24/value=uint64", func(t *testing.T) { testNoAllocations[[24]byte, uint64](t, pattern, nil) })
	t.Run("key=bytes24/value=bytes24", func(t *testing.T) { testNoAllocations[[24]byte, [24]byte](t, pattern, nil) })
	t.Run("key=uint64/value=uint64/hasher", func(t *testing.T) {
		testNoAllocations[uint64, uint64](t, pattern, func(key, seed uint64) uint64 { return key ^ seed })
	})
	t.Run("key=bytes24/value=bytes24/hasher", func(t *testing.T) {
		hash := func(key [24]byte, seed uint64) uint64 { return binary.LittleEndian.Uint64(key[5:]) + seed }
		testNoAllocations[[24]byte, [24]byte](t, pattern, hash)
	})
	t.Run("key=padded/value=uint64/hasher", func(t *testing.T) {
		hash := func(key padded, seed uint64) uint64 {
			return uint64(key.a) ^ uint64(key.b)<<8 ^ uint64(key.c)<<40 ^ seed
		}
		testNoAllocations[padded, uint64](t, paddedKey, hash)
	})
}

func testNoAllocations[K, V comparable](t *testing.T, key func(uint64) K, hash func(K, uint64) uint64) {
	const entries = 200
	m := NewWithHasher[K, V](hash)
	keys, values, found := make([]K, entries), make([]V, entries), make([]bool, entries)
	for i := range keys {
		keys[i], values[i] = key(uint64(i)), pattern[V](uint64(i))
	}
	m.InsertBatch(keys, values)
	a, b, k := values[1], values[2], keys[1]
	missing := key(100_000)
	m.Remove(missing)

	steady(t, "Get", func() { m.Get(k) })
	steady(t, "Get, missing", func() { m.Get(missing) })
	steady(t, "Contains", func() { m.Contains(k) })
	steady(t, "Insert", func() { m.Insert(k, b) })
	steady(t, "Remove and Insert", func() { m.Remove(k); m.Insert(k, a) })
	steady(t, "Delete, missing", func() { m.Delete(missing) })
	steady(t, "LoadOrStore", func() { m.LoadOrStore(k, b) })
	steady(t, "LoadOrCompute", func() { m.LoadOrCompute(k, func() V { return b }) })
	steady(t, "CompareAndSwap", func() { m.CompareAndSwap(k, a, b); m.CompareAndSwap(k, b, a) })
	steady(t, "CompareAndDelete, which fails", func() { m.CompareAndDelete(k, b) })
	steady(t, "CompareAndDelete and Store", func() { m.CompareAndDelete(k, a); m.Store(k, a) })
	steady(t, "Update", func() { m.Update(k, func(old V, _ bool) V { return old }) })
	steady(t, "Compute", func() {
		m.Compute(k, func(old V, _ bool) (V, Op) { return old, DeleteOp })
		m.Compute(k, func(V, bool) (V, Op) { return a, UpdateOp })
	})
	n := 0
	steady(t, "Range", func() { m.Range(func(K, V) bool { n++; return true }) })
	steady(t, "All", func() {
		for range m.All() {
			n++
		}
	})
	steady(t, "DeleteFunc, of none", func() { m.DeleteFunc(func(K, V) bool { return false }) })
	steady(t, "GetBatch", func() { m.GetBatch(keys, values, found) })
	steady(t, "InsertBatch", func() { m.InsertBatch(keys, values) })
	steady(t, "RemoveBatch and InsertBatch", func() { m.RemoveBatch(keys[:40]); m.InsertBatch(keys, values) })
	steady(t, "Len, IsEmpty, Cap and Stats", func() { m.Len(); m.IsEmpty(); m.Cap(); m.Stats() })
}

// TestAddDoesNotAllocate is G9 for Add.
func TestAddDoesNotAllocate(t *testing.T) {
	t.Run("key=uint64/value=uint64", func(t *testing.T) { testAddAllocs[uint64, uint64](t, pattern, nil) })
	t.Run("key=int8/value=int16", func(t *testing.T) { testAddAllocs[int8, int16](t, pattern, nil) })
	t.Run("key=float64/value=uint64", func(t *testing.T) {
		testAddAllocs[float64, uint64](t, func(n uint64) float64 { return float64(n) }, nil)
	})
	t.Run("key=padded/value=uint64", func(t *testing.T) { testAddAllocs[padded, uint64](t, paddedKey, nil) })
	t.Run("key=bytes16/value=uint64", func(t *testing.T) { testAddAllocs[[16]byte, uint64](t, pattern, nil) })
	t.Run("key=bytes24/value=uint64", func(t *testing.T) { testAddAllocs[[24]byte, uint64](t, pattern, nil) })
	t.Run("key=uint64/value=uint64/hasher", func(t *testing.T) {
		testAddAllocs[uint64, uint64](t, pattern, func(key, seed uint64) uint64 { return key ^ seed })
	})
}

func testAddAllocs[K comparable, V Integer](t *testing.T, key func(uint64) K, hash func(K, uint64) uint64) {
	m := NewWithHasher[K, V](hash)
	k := key(1)
	steady(t, "Add", func() { Add(m, k, 1) })
	steady(t, "Remove and Add", func() { m.Remove(k); Add(m, k, 1) })
}

// TestAllocationsAreSeen shows that the tests above can fail.
func TestAllocationsAreSeen(t *testing.T) {
	if raceBuild {
		return // nothing is counted
	}
	m := New[uint64, uint64]()
	next := uint64(0)
	n := testing.AllocsPerRun(1, func() {
		for range 1000 {
			m.Insert(next, next)
			next++
		}
	})
	if n == 0 {
		t.Error("a map that grows allocates nothing")
	}
}
