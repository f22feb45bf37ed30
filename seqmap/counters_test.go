package seqmap

import (
	"runtime"
	"sync/atomic"
	"testing"
	"unsafe"
)

// testCounters lets goroutines add 1 to the same few counters, by inc, while other keys make the
// table grow and a storm replaces it, and checks the sums.
func testCounters[K, V comparable](t *testing.T, value func(V) uint64, inc func(m *SeqMap[K, V], key K)) {
	t.Helper()
	const keys = 3
	m := New[K, V]()
	steps := count(8000)
	n := goroutines()
	storm(m, func() {
		together(n, func(g int) {
			for i := range steps {
				inc(m, pattern[K](uint64(i%keys)))
				if i%5 == 0 {
					m.Insert(pattern[K](uint64(g*steps+i)<<8|keys), *new(V))
				}
			}
		})
	})
	total := uint64(0)
	for i := range uint64(keys) {
		v, ok := m.Get(pattern[K](i))
		if !ok || !whole(v) {
			t.Errorf("counter %d is %v, %v", i, v, ok)
		}
		total += value(v)
	}
	if want := uint64(n * steps); total != want {
		t.Errorf("counted to %d, want %d", total, want)
	}
	checkQuiet(t, m)
}

// TestCounters: no increment is lost and none counts twice, whatever the operation, under
// contention and growth. G3, d5, d22
func TestCounters(t *testing.T) {
	same := func(v uint64) uint64 { return v }
	t.Run("Add", func(t *testing.T) {
		testCounters(t, same, func(m *SeqMap[uint64, uint64], key uint64) { Add(m, key, 1) })
	})
	t.Run("Add/bytes=4", func(t *testing.T) {
		testCounters(t, func(v int32) uint64 { return uint64(-v) },
			func(m *SeqMap[uint32, int32], key uint32) { Add(m, key, -1) })
	})
	t.Run("Add/tagged", func(t *testing.T) {
		testCounters(t, same, func(m *SeqMap[[24]byte, uint64], key [24]byte) { Add(m, key, 1) })
	})
	t.Run("Update", func(t *testing.T) {
		testCounters(t, same, func(m *SeqMap[uint64, uint64], key uint64) {
			m.Update(key, func(v uint64, _ bool) uint64 { return v + 1 })
		})
	})
	t.Run("Update/wide", func(t *testing.T) { testCounters(t, seed[[3]uint64], updateWide) })
	t.Run("Compute", func(t *testing.T) {
		testCounters(t, same, func(m *SeqMap[uint64, uint64], key uint64) {
			m.Compute(key, func(v uint64, _ bool) (uint64, Op) { return v + 1, UpdateOp })
		})
	})
	t.Run("CompareAndSwap", func(t *testing.T) { testCounters(t, same, swapUp[uint64]) })
	t.Run("CompareAndSwap/wide", func(t *testing.T) {
		testCounters(t, seed[[3]uint64], swapUp[[3]uint64])
	})
	t.Run("mixed", func(t *testing.T) {
		var turn atomic.Uint64
		testCounters(t, same, func(m *SeqMap[uint64, uint64], key uint64) {
			switch turn.Add(1) % 4 {
			case 0:
				Add(m, key, 1)
			case 1:
				swapUp(m, key)
			case 2:
				m.Update(key, func(v uint64, _ bool) uint64 { return v + 1 })
			case 3:
				takeUp(m, key)
			}
		})
	})
}

func updateWide(m *SeqMap[uint64, [3]uint64], key uint64) {
	m.Update(key, func(v [3]uint64, _ bool) [3]uint64 { return pattern[[3]uint64](seed(v) + 1) })
}

// swapUp adds 1 by a loop of LoadOrStore and CompareAndSwap.
func swapUp[V comparable](m *SeqMap[uint64, V], key uint64) {
	for {
		v, loaded := m.LoadOrStore(key, pattern[V](1))
		if !loaded || m.CompareAndSwap(key, v, pattern[V](seed(v)+1)) {
			return
		}
	}
}

// takeUp adds 1 by taking the counter away and putting a new one in its place.
func takeUp(m *SeqMap[uint64, uint64], key uint64) {
	v, _ := m.Remove(key)
	Add(m, key, v+1)
}

// TestAddWraps: Add wraps around as Go does, for each kind of integer.
func TestAddWraps(t *testing.T) {
	testAddWraps[bool, int8](t)
	testAddWraps[uint8, uint8](t)
	testAddWraps[int8, int16](t)
	testAddWraps[uint16, uint16](t)
	testAddWraps[uint32, int32](t)
	testAddWraps[uint32, uint32](t)
	testAddWraps[uint64, int64](t)
	testAddWraps[uint64, uint64](t)
	testAddWraps[int, int](t)
	testAddWraps[[2]byte, uintptr](t)
}

func testAddWraps[K comparable, V Integer](t *testing.T) {
	t.Helper()
	m := New[K, V]()
	key := pattern[K](1)
	one := V(1)
	top := one << (8*unsafe.Sizeof(one) - 1) // the highest bit: negative, if there are negative ones
	want := V(0)
	for _, delta := range []V{1, top, top, 3, one - 2, top - 1, top - 1, 5} {
		want += delta
		if got := Add(m, key, delta); got != want {
			t.Errorf("%T: sum is %d after adding %d; want %d", one, got, delta, want)
		}
		if got, ok := m.Get(key); !ok || got != want {
			t.Errorf("%T: Get = %d, %v; want %d", one, got, ok, want)
		}
	}
}

// TestLenIsNeverNegative: whatever writers do, Len stays between what they can have left
// and what they can have put there; when they are done it is exact. G6, d3
func TestLenIsNeverNegative(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		const keys = 4 // a goroutine, and all its own
		m := newMap[uint64, uint64](mode)
		n := goroutines()
		watch := func() {
			if got := m.Len(); got < 0 || got > n*keys {
				t.Errorf("Len() = %d; there are %d keys", got, n*keys)
			}
			if got := m.IsEmpty(); got {
				runtime.Gosched()
			}
		}
		during(watch, func() {
			during(watch, func() {
				storm(m, func() {
					together(n, func(g int) {
						for i := range count(20_000) {
							key := uint64(g*keys + i%keys)
							m.Insert(key, 1)
							m.Remove(key)
							Add(m, key, 1)
							m.Compute(key, func(uint64, bool) (uint64, Op) { return 0, DeleteOp })
						}
					})
				})
			})
		})
		if m.Len() != 0 || !m.IsEmpty() {
			t.Errorf("Len() = %d when quiet; want 0", m.Len())
		}
		checkQuiet(t, m)
	})
}

// TestLenThroughClear: what is at work in the old tables while Clear runs does not count in the
// new one. G6, d3, d23
func TestLenThroughClear(t *testing.T) {
	m := New[uint64, uint64]()
	during(m.Clear, func() {
		together(goroutines(), func(g int) {
			for i := range count(40_000) {
				key := uint64(g)<<32 | uint64(i%50)
				m.Insert(key, 1)
				if i%3 == 0 {
					m.Remove(key)
				}
				if n := m.Len(); n < 0 || n > 50*goroutines() {
					t.Errorf("Len() = %d", n)
				}
			}
		})
	})
	checkQuiet(t, m)
}

// TestLenIsExact: through growth, removal and revival of single keys. G6
func TestLenIsExact(t *testing.T) {
	m := New[uint64, [3]uint64]()
	for key := range uint64(3000) {
		m.Insert(key, [3]uint64{})
		if m.Len() != int(key)+1 {
			t.Fatalf("Len() = %d after %d keys", m.Len(), key+1)
		}
		m.Remove(key)
		if m.Len() != int(key) {
			t.Fatalf("Len() = %d with one of %d keys removed", m.Len(), key+1)
		}
		m.LoadOrStore(key, [3]uint64{1})
		m.LoadOrStore(key, [3]uint64{2})
	}
}

// TestFirstUse: goroutines that use a zero map at the same time use the same one. d26
func TestFirstUse(t *testing.T) {
	n := goroutines()
	for range count(3000) {
		var m SeqMap[uint64, uint64]
		together(n, func(g int) {
			key := uint64(g)
			switch g % 4 {
			case 0:
				m.Insert(key, key)
			case 1:
				m.LoadOrStore(key, key)
			case 2:
				Add(&m, key, key)
			case 3:
				m.Update(key, func(uint64, bool) uint64 { return key })
			}
			if v, ok := m.Get(key); !ok || v != key {
				t.Errorf("Get(%d) = %d, %v", key, v, ok)
			}
		})
		if m.Len() != n {
			t.Fatalf("Len() = %d, want %d", m.Len(), n)
		}
	}
}

// TestOneProcessor: with a single processor all of this makes progress too. d11
func TestOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	m := New[uint64, [2]uint64]()
	storm(m, func() {
		together(8, func(g int) {
			for i := range count(3000) {
				m.Update(1, func(v [2]uint64, _ bool) [2]uint64 {
					if i%64 == 0 {
						runtime.Gosched() // let others change the entry meanwhile
					}
					return pattern[[2]uint64](v[0] + 1)
				})
				m.Insert(uint64(g)<<32|uint64(i)+2, [2]uint64{})
			}
		})
	})
	if v, _ := m.Get(1); v != pattern[[2]uint64](uint64(8*count(3000))) {
		t.Errorf("counted to %v", v)
	}
	checkQuiet(t, m)
}
