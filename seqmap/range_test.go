package seqmap

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

// iterations are the ways to go through a map, each as a function that yields key and value.
// Those that yield no value yield that of the key as present keys have it.
func iterations[K, V comparable](value func(K) V) map[string]func(m *SeqMap[K, V], yield func(K, V)) {
	return map[string]func(m *SeqMap[K, V], yield func(K, V)){
		"Range": func(m *SeqMap[K, V], yield func(K, V)) {
			m.Range(func(k K, v V) bool { yield(k, v); return true })
		},
		"All": func(m *SeqMap[K, V], yield func(K, V)) {
			for k, v := range m.All() {
				yield(k, v)
			}
		},
		"Keys": func(m *SeqMap[K, V], yield func(K, V)) {
			for k := range m.Keys() {
				yield(k, value(k))
			}
		},
		"DeleteFunc": func(m *SeqMap[K, V], yield func(K, V)) {
			m.DeleteFunc(func(k K, v V) bool { yield(k, v); return false })
		},
		"Clone": func(m *SeqMap[K, V], yield func(K, V)) {
			for k, v := range m.Clone().All() {
				yield(k, v)
			}
		},
	}
}

// TestRangeThroughResizes: every iteration yields the keys that are present throughout exactly
// once, and never those that were removed before it, while other goroutines insert, remove,
// grow and shrink. G7, d14
func TestRangeThroughResizes(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		t.Run("words", func(t *testing.T) { testRangeThroughResizes[uint64, uint64](t, mode) })
		t.Run("tagged", func(t *testing.T) { testRangeThroughResizes[[2]uint64, [2]uint64](t, mode) })
	})
}

// testRangeThroughResizes has three groups of keys, told apart by n%3: always there, removed
// before anything began, coming and going.
func testRangeThroughResizes[K, V comparable](t *testing.T, mode hashMode) {
	keys, rounds := uint64(240), count(150)
	if mode != defaultHash {
		keys, rounds = 90, count(40)
	}
	m := newMap[K, V](mode)
	for n := range keys {
		m.Insert(pattern[K](n), pattern[V](n))
	}
	for n := uint64(1); n < keys; n += 3 {
		m.Remove(pattern[K](n))
	}
	churn := func() {
		n := rand.Uint64N(keys)/3*3 + 2
		m.Insert(pattern[K](n), pattern[V](n))
		m.Remove(pattern[K](rand.Uint64N(keys)/3*3 + 2))
	}
	during(churn, func() {
		storm(m, func() {
			for name, iterate := range iterations(func(k K) V { return pattern[V](seed(k)) }) {
				for range rounds {
					if err := oneIteration(m, keys, iterate); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			}
		})
	})
	checkQuiet(t, m)
}

func oneIteration[K, V comparable](m *SeqMap[K, V], keys uint64, iterate func(*SeqMap[K, V], func(K, V))) (err error) {
	seen := make(map[K]int)
	iterate(m, func(k K, v V) {
		n := seed(k)
		seen[k]++
		if n >= keys || k != pattern[K](n) || v != pattern[V](n) {
			err = fmt.Errorf("key %v has value %v", k, v)
		}
		if n%16 == 0 {
			runtime.Gosched()
		}
	})
	for n := range keys {
		times := seen[pattern[K](n)]
		switch {
		case n%3 == 0 && times != 1:
			return fmt.Errorf("key %d, always there, is yielded %d times", n, times)
		case n%3 == 1 && times != 0:
			return fmt.Errorf("key %d, removed before, is yielded %d times", n, times)
		case times > 1:
			return fmt.Errorf("key %d is yielded %d times", n, times)
		}
	}
	return err
}

// TestRangeSeesRemovals: what is removed after an iteration began but before it gets there is not
// yielded, also when the table was replaced in between. d14
func TestRangeSeesRemovals(t *testing.T) {
	for name, replace := range map[string]func(*SeqMap[uint64, uint64]){
		"same":  func(*SeqMap[uint64, uint64]) {},
		"Grow":  func(m *SeqMap[uint64, uint64]) { m.Grow(1000) },
		"twice": func(m *SeqMap[uint64, uint64]) { m.Grow(1000); m.Shrink() },
		"half":  func(m *SeqMap[uint64, uint64]) { attach(m) },
		"chain": func(m *SeqMap[uint64, uint64]) { attach(m); attach(m) },
	} {
		t.Run(name, func(t *testing.T) {
			m := New[uint64, uint64]()
			for key := range uint64(100) {
				m.Insert(key, key)
			}
			yielded := 0
			for key := range m.Keys() {
				if yielded++; yielded > 1 {
					t.Fatalf("key %d is yielded after it was removed", key)
				}
				replace(m)
				for key := range uint64(100) {
					m.Remove(key)
				}
				replace(m)
			}
			checkQuiet(t, m)
		})
	}
}

// attach begins a migration and does no more of it.
func attach[K comparable, V any](m *SeqMap[K, V]) {
	t := m.root.Load()
	for t.next.Load() != nil {
		t = t.next.Load()
	}
	t.attachNext(bucketsFor(t.geo.Slots, t.lineage.live(), 1, 2) + 1)
}

// TestRangeDuringMigration: as many tables as may be, each moved in part: an iteration that
// begins then yields everything once. G7
func TestRangeDuringMigration(t *testing.T) {
	for seed := range uint64(count(20)) {
		r := rand.New(rand.NewPCG(seed, 6))
		m := New[uint64, uint64]()
		want := make(map[uint64]uint64)
		for range 400 {
			switch key := r.Uint64N(200); r.IntN(8) {
			case 0:
				if m.Stats().Tables < 4 {
					attach(m)
				}
			case 1, 2:
				m.Remove(key)
				delete(want, key)
			default:
				m.Insert(key, key)
				want[key] = key
			}
			if got := maps.Collect(m.All()); !maps.Equal(got, want) {
				t.Fatalf("seed %d: %d entries, want %d; %v", seed, len(got), len(want), m.Stats())
			}
			if got := m.Clone(); got.Len() != len(want) {
				t.Fatalf("seed %d: the clone has %d entries, want %d", seed, got.Len(), len(want))
			}
		}
		checkQuiet(t, m)
	}
}

// TestRangeUpdates: the value that is yielded is one that the key had during the call. G1, G7
func TestRangeUpdates(t *testing.T) {
	m := New[uint64, [2]uint64]()
	var done atomic.Uint64
	storm(m, func() {
		during(func() {
			before := done.Load()
			for key, v := range m.All() {
				if n := v[0]; !whole(v) || n < before || n > done.Load()+1 {
					t.Errorf("key %d has value %v; between %d and %d were stored meanwhile", key, v, before, done.Load()+1)
				}
			}
		}, func() {
			for n := uint64(1); n < uint64(count(4000)); n++ {
				for key := range uint64(5) {
					m.Insert(key, pattern[[2]uint64](n))
				}
				done.Store(n)
			}
		})
	})
}

// TestRangeStops: after break, nothing more is yielded, and nothing is left behind. d15
func TestRangeStops(t *testing.T) {
	m := New[uint64, uint64]()
	for key := range uint64(100) {
		m.Insert(key, key)
	}
	before := runtime.NumGoroutine()
	for stop := 1; stop <= 100; stop++ {
		counts := [4]int{}
		m.Range(func(uint64, uint64) bool { counts[0]++; return counts[0] < stop })
		for range m.All() {
			if counts[1]++; counts[1] == stop {
				break
			}
		}
		for range m.Keys() {
			if counts[2]++; counts[2] == stop {
				break
			}
		}
		for range m.Values() {
			if counts[3]++; counts[3] == stop {
				break
			}
		}
		if counts != [4]int{stop, stop, stop, stop} {
			t.Errorf("%v calls, want %d each", counts, stop)
		}
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
	checkQuiet(t, m)
}

// TestRangeNested: iterations inside iterations, of the same map. d2, d15
func TestRangeNested(t *testing.T) {
	m := New[uint64, uint64]()
	for key := range uint64(30) {
		m.Insert(key, key)
	}
	pairs := make(map[[2]uint64]int)
	for a := range m.Keys() {
		for b := range m.Values() {
			pairs[[2]uint64{a, b}]++
			if m.Clone().Len() != 30 {
				t.Fatal("the clone inside is not whole")
			}
		}
	}
	if len(pairs) != 900 || slices.Max(slices.Collect(maps.Values(pairs))) != 1 {
		t.Errorf("%d pairs, want 900, once each", len(pairs))
	}
}

// TestRangeMutatesInside: the function may change the map while it is visited. Keys that stay are
// still visited once. G5, G7
func TestRangeMutatesInside(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		m := newMap[uint64, uint64](mode)
		const keys = 60
		for key := range uint64(keys) {
			m.Insert(key, key)
		}
		seen := make(map[uint64]int)
		for key := range m.Keys() {
			seen[key]++
			m.Remove(key)
			m.Insert(key, key+1)
			m.Insert(1000+key, 1) // may be visited or not
			if key%16 == 0 {
				m.Shrink()
			}
			if len(seen) > 4*keys {
				break // it runs away
			}
		}
		for key, times := range seen {
			if times != 1 {
				t.Errorf("key %d is yielded %d times", key, times)
			}
		}
		for key := range uint64(keys) {
			if v, ok := m.Get(key); seen[key] != 1 || !ok || v != key+1 {
				t.Errorf("key %d: yielded %d times, now %d, %v", key, seen[key], v, ok)
			}
		}
		checkQuiet(t, m)
	})
}

// TestDeleteFuncConcurrently: each entry is removed by one DeleteFunc only, and none that does not
// satisfy fn when it goes. G3, N5
func TestDeleteFuncConcurrently(t *testing.T) {
	m := New[uint64, uint64]()
	n := uint64(count(5000))
	for key := range n {
		m.Insert(key, key%2)
	}
	var deleted atomic.Int64
	storm(m, func() {
		together(goroutines(), func(g int) {
			if g == 0 { // saves a part of the doomed ones
				for key := range n / 2 {
					if v, ok := m.Get(key); ok && v == 1 {
						m.CompareAndSwap(key, 1, 2)
					}
				}
				return
			}
			deleted.Add(int64(m.DeleteFunc(func(_, v uint64) bool { return v == 1 })))
		})
	})
	for key, v := range m.All() {
		if v == 1 || v == 0 && key%2 == 1 {
			t.Errorf("key %d has value %d", key, v)
		}
	}
	if left := m.Len(); left+int(deleted.Load()) != int(n) {
		t.Errorf("%d left and %d deleted of %d", left, deleted.Load(), n)
	}
	checkQuiet(t, m)
}
