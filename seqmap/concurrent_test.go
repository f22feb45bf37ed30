package seqmap

import (
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
)

// goroutines is how many of them most tests run at once: more than there are processors, so
// that some are stopped by the scheduler wherever it can stop them.
func goroutines() int { return runtime.GOMAXPROCS(0) + 2 }

// TestPrivateKeys: goroutines that each have keys of their own find in the map, after each
// operation, exactly what they did, while the table is replaced without end. G3, d5, d21
func TestPrivateKeys(t *testing.T) {
	t.Run("words", func(t *testing.T) { testPrivateKeys[uint64, uint64](t) })
	t.Run("halves", func(t *testing.T) { testPrivateKeys[uint32, uint32](t) })
	t.Run("tagged", func(t *testing.T) { testPrivateKeys[[2]uint64, uint64](t) })
	t.Run("wide", func(t *testing.T) { testPrivateKeys[uint64, [3]uint64](t) })
	t.Run("taggedWide", func(t *testing.T) { testPrivateKeys[[33]byte, [40]byte](t) })
}

func testPrivateKeys[K, V comparable](t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		steps, keys := 6000, 300
		if mode != defaultHash {
			steps, keys = 600, 50
		}
		m := newMap[K, V](mode)
		storm(m, func() {
			together(goroutines(), func(g int) {
				x := newModel(t, m, rand.New(rand.NewPCG(uint64(g), 2)), keys)
				x.key = func(n uint64) K { return pattern[K](n + uint64(g*keys)) }
				x.shared = true
				for range count(steps) {
					x.step()
				}
				for n := range uint64(keys) {
					want, was := x.want[x.key(n)]
					v, ok := m.Get(x.key(n))
					x.same("Get at the end", x.key(n), v, ok, want, was)
				}
			})
		})
		checkQuiet(t, m)
	})
}

// TestGrowthKeepsPrivateKeys: as TestPrivateKeys, but the map grows and shrinks by itself. G3, d5
func TestGrowthKeepsPrivateKeys(t *testing.T) {
	m := New[uint64, uint64]()
	n := uint64(count(20_000))
	together(goroutines(), func(g int) {
		for round := range uint64(3) {
			for i := range n {
				key := uint64(g)<<32 | i
				m.Insert(key, key+round)
				if v, ok := m.Get(key); !ok || v != key+round {
					t.Errorf("Get(%#x) = %#x, %v; want %#x", key, v, ok, key+round)
				}
				if back := uint64(g)<<32 | i/2; !m.Contains(back) {
					t.Errorf("key %#x is lost", back)
				}
			}
			for i := range n {
				key := uint64(g)<<32 | i
				if v, ok := m.Remove(key); !ok || v != key+round {
					t.Errorf("Remove(%#x) = %#x, %v; want %#x", key, v, ok, key+round)
				}
				if m.Contains(key) {
					t.Errorf("key %#x is still there", key)
				}
			}
		}
	})
	if m.Len() != 0 {
		t.Errorf("Len() = %d after everything was removed", m.Len())
	}
	checkQuiet(t, m)
}

// contest lets goroutines do the same on the same new keys at the same time, and fails
// unless exactly one wins each key.
func contest(t *testing.T, rounds int, try func(key uint64, g int) (won bool)) {
	t.Helper()
	const keys = 50
	n := goroutines()
	won := make([][keys]bool, n)
	for round := range uint64(rounds) {
		together(n, func(g int) {
			for i := range uint64(keys) {
				won[g][i] = try(round*keys+i, g)
			}
		})
		for i := range keys {
			winners := 0
			for g := range won {
				if won[g][i] {
					winners++
				}
			}
			if winners != 1 {
				t.Fatalf("round %d, key %d: %d winners", round, i, winners)
			}
		}
	}
}

// TestOneWinner: of many goroutines that want to be the first, one is, through the growth that
// the new keys bring, and all others see its value. G2, G3, N1, N3, d4
func TestOneWinner(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		rounds := count(300)
		if mode != defaultHash {
			rounds = count(40)
		}
		t.Run("LoadOrStore", func(t *testing.T) {
			m := newMap[uint64, uint64](mode)
			contest(t, rounds, func(key uint64, g int) bool {
				v, loaded := m.LoadOrStore(key, uint64(g))
				return checkWinner(t, m, key, v, uint64(g), !loaded)
			})
			checkQuiet(t, m)
		})
		t.Run("LoadOrCompute", func(t *testing.T) {
			m := newMap[[2]uint64, [2]uint64](mode)
			contest(t, rounds, func(n uint64, g int) bool {
				key, mine := pattern[[2]uint64](n), pattern[[2]uint64](uint64(g))
				v, loaded := m.LoadOrCompute(key, func() [2]uint64 { return mine })
				return checkWinner(t, m, key, v, mine, !loaded)
			})
			checkQuiet(t, m)
		})
		t.Run("Insert", func(t *testing.T) {
			m := newMap[uint32, uint32](mode)
			contest(t, rounds, func(key uint64, g int) bool {
				_, replaced := m.Insert(uint32(key), uint32(g))
				return !replaced
			})
			checkQuiet(t, m)
		})
		t.Run("Compute", func(t *testing.T) {
			m := newMap[uint64, [3]uint64](mode)
			contest(t, rounds, func(key uint64, g int) bool {
				var first bool
				m.Compute(key, func(_ [3]uint64, loaded bool) ([3]uint64, Op) {
					if first = !loaded; first {
						return pattern[[3]uint64](uint64(g)), UpdateOp
					}
					return [3]uint64{}, CancelOp
				})
				return first
			})
			checkQuiet(t, m)
		})
	})
}

// checkWinner fails unless a winner has its own value, and everybody the value that stays.
func checkWinner[K, V comparable](t *testing.T, m *SeqMap[K, V], key K, v, mine V, won bool) bool {
	if now, ok := m.Get(key); !ok || v != now || won && v != mine {
		t.Errorf("key %v: result %v, mine is %v, now %v, %v; won: %v", key, v, mine, now, ok, won)
	}
	return won
}

// TestOneRemover: of many goroutines that remove a key, one does. G3, N2, N5, d22
func TestOneRemover(t *testing.T) {
	m := New[uint64, uint64]()
	rounds := count(300)
	fill := func() {
		for key := range uint64(rounds * 50) {
			m.Insert(key, 1)
		}
	}
	for name, try := range map[string]func(uint64, int) bool{
		"Remove":           func(key uint64, _ int) bool { _, ok := m.Remove(key); return ok },
		"CompareAndDelete": func(key uint64, _ int) bool { return m.CompareAndDelete(key, 1) },
		"CompareAndSwap":   func(key uint64, g int) bool { return m.CompareAndSwap(key, 1, uint64(g)+2) },
		"RemoveBatch":      func(key uint64, _ int) bool { return m.RemoveBatch([]uint64{key, key}) == 1 },
	} {
		t.Run(name, func(t *testing.T) {
			fill()
			storm(m, func() { contest(t, rounds, try) })
			checkQuiet(t, m)
		})
	}
}

// TestRemovedStaysRemoved: once a removal has returned, nobody sees the value again, nor one from
// before it, although the key comes back into the same slot again and again. G3, N2
func TestRemovedStaysRemoved(t *testing.T) {
	t.Run("words", func(t *testing.T) { testRemovedStaysRemoved[uint64, uint64](t) })
	t.Run("wide", func(t *testing.T) { testRemovedStaysRemoved[[2]uint64, [2]uint64](t) })
}

func testRemovedStaysRemoved[K, V comparable](t *testing.T) {
	m := New[K, V]()
	key := pattern[K](0)
	for n := range uint64(20) {
		m.Insert(pattern[K](n), pattern[V](1))
	}
	var removed atomic.Uint64 // the values up to here are gone
	removed.Store(1)
	m.Remove(key)
	look := func(what string, v V, ok bool, gone uint64) {
		if n := seed(v); ok && (!whole(v) || n <= gone) {
			t.Errorf("%s: value %d, but those up to %d were removed", what, n, gone)
		}
	}
	during(func() {
		gone := removed.Load()
		v, ok := m.Get(key)
		look("Get", v, ok, gone)
	}, func() {
		during(func() {
			gone := removed.Load()
			for k, v := range m.All() {
				look("All", v, k == key, gone)
			}
		}, func() {
			storm(m, func() {
				for n := uint64(2); n < uint64(count(100_000)); n++ {
					if old, replaced := m.Insert(key, pattern[V](n)); replaced {
						t.Errorf("Insert replaced %v, which was removed", old)
					}
					if v, ok := m.Remove(key); !ok || v != pattern[V](n) {
						t.Errorf("Remove = %v, %v; want the pattern of %d", v, ok, n)
					}
					removed.Store(n)
				}
			})
		})
	})
	checkQuiet(t, m)
}

// TestEveryValueLeavesOnce: each value that was ever stored is handed out exactly once, by what
// replaced or removed it, or is there at the end. G3, N1, N2, N5, d22
func TestEveryValueLeavesOnce(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		const keys = 24
		m := newMap[uint64, uint64](mode)
		n := goroutines()
		steps := uint64(count(30_000))
		left := make([]atomic.Uint32, uint64(n)*steps)
		leave := func(v uint64, ok bool) {
			if ok {
				left[v].Add(1)
			}
		}
		storm(m, func() {
			together(n, func(g int) {
				r := rand.New(rand.NewPCG(uint64(g), 3))
				for i := range steps {
					key, mine := r.Uint64N(keys), uint64(g)*steps+i
					switch r.IntN(6) {
					case 0, 1, 2:
						leave(m.Insert(key, mine))
					case 3:
						_, loaded := m.LoadOrStore(key, mine)
						leave(mine, loaded)
						continue
					case 4:
						leave(m.Remove(key))
						leave(mine, true)
					case 5:
						v, ok := m.Get(key)
						if ok && m.CompareAndSwap(key, v, mine) {
							leave(v, true)
						} else {
							leave(mine, true)
						}
					}
				}
			})
		})
		for _, v := range m.All() {
			leave(v, true)
		}
		for v := range left {
			if times := left[v].Load(); times != 1 {
				t.Fatalf("value %d left %d times", v, times)
			}
		}
		checkQuiet(t, m)
	})
}

// TestOtherKeysStay: removals and revivals never touch another key, however close. G3, N5
func TestOtherKeysStay(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		const keys = 40
		m := newMap[uint64, uint64](mode)
		for key := range uint64(keys) {
			m.Insert(key, key)
		}
		storm(m, func() {
			together(goroutines(), func(g int) {
				r := rand.New(rand.NewPCG(uint64(g), 4))
				for range count(20_000) {
					stays, comes := r.Uint64N(keys), keys+r.Uint64N(keys)
					switch r.IntN(5) {
					case 0:
						m.Remove(comes)
					case 1:
						m.Insert(comes, comes)
					case 2:
						m.CompareAndDelete(comes, comes)
					case 3:
						m.CompareAndDelete(stays, comes) // has another value
					case 4:
						m.Compute(comes, func(uint64, bool) (uint64, Op) { return 0, DeleteOp })
					}
					if v, ok := m.Get(stays); !ok || v != stays {
						t.Errorf("Get(%d) = %d, %v", stays, v, ok)
					}
				}
			})
		})
		checkQuiet(t, m)
	})
}

// TestConstantHash: a map in which every key has the same path is slow, but correct. G2, d20
func TestConstantHash(t *testing.T) {
	m := newMap[uint64, uint64](constantHash)
	n := goroutines()
	keys := uint64(count(1500))
	together(n, func(g int) {
		for i := range keys {
			if _, replaced := m.Insert(i, i); g == 0 && i%7 == 0 && !replaced && !m.Contains(i) {
				t.Errorf("key %d is lost", i)
			}
			if i%3 == 0 {
				m.Insert(uint64(g+1)<<32|i, i)
			}
		}
	})
	want := int(keys) + n*int((keys+2)/3)
	if m.Len() != want {
		t.Errorf("Len() = %d, want %d", m.Len(), want)
	}
	checkQuiet(t, m)
	for i := range keys {
		if v, ok := m.Remove(i); !ok || v != i {
			t.Fatalf("Remove(%d) = %d, %v", i, v, ok)
		}
	}
	m.Shrink()
	checkQuiet(t, m)
}
