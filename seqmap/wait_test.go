package seqmap

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// handStates are the words in which a slot can be found while somebody is at work in it, made from
// the word of a LIVE slot. seen says whether a reader finds the key present.
var handStates = []struct {
	name string
	word func(w uint64) uint64
	seen bool
}{
	{"LIVE|lock", func(w uint64) uint64 { return w | lockBit }, true},
	{"CLAIMED", func(uint64) uint64 { return layout.Claimed }, false},
	{"DEAD|lock", func(w uint64) uint64 { return w&^layout.StateMask | layout.Dead | lockBit }, false},
	{"FROZEN", func(w uint64) uint64 { return w | stateFrozen }, true},
}

// TestReadersDoNotWait: while somebody stands in a slot, for as long as he likes, readers of small
// values read that key and all others; readers of wide ones read all others, and this one too unless
// it is being written. G4, d11
func TestReadersDoNotWait(t *testing.T) {
	t.Run("words", func(t *testing.T) { testReadersDoNotWait[uint64, uint64](t, true) })
	t.Run("bytes", func(t *testing.T) { testReadersDoNotWait[uint8, uint8](t, true) })
	t.Run("halves", func(t *testing.T) { testReadersDoNotWait[uint32, uint32](t, true) })
	t.Run("tagged", func(t *testing.T) { testReadersDoNotWait[[2]uint64, uint64](t, true) })
	t.Run("wide", func(t *testing.T) { testReadersDoNotWait[uint64, [2]uint64](t, false) })
	t.Run("taggedWide", func(t *testing.T) { testReadersDoNotWait[[3]uint64, [3]uint64](t, false) })
}

func testReadersDoNotWait[K, V comparable](t *testing.T, small bool) {
	const keys = 60
	m := New[K, V](WithCapacity(keys))
	for n := range uint64(keys) {
		m.Insert(pattern[K](n), pattern[V](n+1))
	}
	for n := range uint64(keys) {
		s := find(t, m, pattern[K](n))
		for _, state := range handStates {
			reads := small || state.name != "LIVE|lock"
			s.setWord(state.word(s.w))
			comesBack(t, "a reader with a slot "+state.name, func() {
				for i := range uint64(keys) {
					if i != n || reads {
						if err := checkRead(m, i, i != n || state.seen); err != nil {
							t.Errorf("key %d is %s: %v", n, state.name, err)
						}
					}
				}
				if err := checkRead(m, keys, false); err != nil {
					t.Errorf("an absent key, while key %d is %s: %v", n, state.name, err)
				}
				m.Len()
				m.Stats()
				if reads {
					yielded := 0
					for range m.All() {
						yielded++
					}
					if want := keys - 1; yielded != want && (yielded != keys || !state.seen) {
						t.Errorf("key %d is %s: All yields %d", n, state.name, yielded)
					}
				}
			})
			s.setWord(s.w)
		}
	}
	checkQuiet(t, m)
}

// checkRead reads key n in every way, and says what is wrong.
func checkRead[K, V comparable](m *SeqMap[K, V], n uint64, present bool) error {
	key, want := pattern[K](n), pattern[V](n+1)
	if !present {
		want = *new(V)
	}
	if v, ok := m.Get(key); ok != present || v != want || m.Contains(key) != present {
		return fmt.Errorf("Get(%v) = %v, %v", key, v, ok)
	}
	values, found := batchOf(m, key)
	for i, ok := range found {
		if ok != present || values[i] != want {
			return fmt.Errorf("GetBatch of %v: %v, %v", key, values, found)
		}
	}
	return nil
}

// batchOf is GetBatch of the same key, as often as it takes to be more than single lookups.
func batchOf[K, V comparable](m *SeqMap[K, V], key K) (values []V, found []bool) {
	values, found = make([]V, few), make([]bool, few)
	m.GetBatch(slices.Repeat([]K{key}, few), values, found)
	return values, found
}

// TestWritersPass: while somebody stands in the slot of one key, writers of all other keys do their
// work, present or absent.
func TestWritersPass(t *testing.T) {
	const keys = 60
	m := New[uint64, [2]uint64](WithCapacity(10 * keys))
	for key := range uint64(keys) {
		m.Insert(key, [2]uint64{key, 0})
	}
	for key := range uint64(keys) {
		s := find(t, m, key)
		s.setWord(s.w | lockBit)
		comesBack(t, "a writer of another key", func() {
			for k := range uint64(2 * keys) {
				if k == key {
					continue
				}
				m.Insert(k, [2]uint64{k, 1})
				m.Update(k, func(v [2]uint64, _ bool) [2]uint64 { return [2]uint64{v[0], 2} })
				if v, ok := m.Remove(k); !ok || v != [2]uint64{k, 2} {
					t.Errorf("Remove(%d) = %v, %v", k, v, ok)
				}
				m.LoadOrStore(k, [2]uint64{k, 0})
			}
		})
		s.setWord(s.w)
	}
	checkQuiet(t, m)
}

// waiters are operations that must wait for a writer inside the slot of key 3.
var waiters = map[string]func(m *pairMap){
	"Get":              func(m *pairMap) { m.Get(3) },
	"GetBatch":         func(m *pairMap) { batchOf(m, 3) },
	"All":              func(m *pairMap) { checkAll(m) },
	"Insert":           func(m *pairMap) { m.Insert(3, [2]uint64{3, 3}) },
	"LoadOrStore":      func(m *pairMap) { m.LoadOrStore(3, [2]uint64{}) },
	"Remove":           func(m *pairMap) { m.Remove(3) },
	"CompareAndSwap":   func(m *pairMap) { m.CompareAndSwap(3, [2]uint64{3, 3}, [2]uint64{4, 4}) },
	"CompareAndDelete": func(m *pairMap) { m.CompareAndDelete(3, [2]uint64{3, 3}) },
	"Update":           func(m *pairMap) { m.Update(3, func(v [2]uint64, _ bool) [2]uint64 { return v }) },
	"Compute":          func(m *pairMap) { m.Compute(3, func(v [2]uint64, _ bool) ([2]uint64, Op) { return v, CancelOp }) },
	"Grow":             func(m *pairMap) { m.Grow(500) },
	"Shrink":           func(m *pairMap) { m.Grow(500); m.Shrink() },
	"DeleteFunc":       func(m *pairMap) { m.DeleteFunc(func(uint64, [2]uint64) bool { return true }) },
	"Clone":            func(m *pairMap) { m.Clone() },
}

func checkAll(m *pairMap) {
	for range m.All() {
	}
}

// TestWaitersGoOn: who has to wait for a writer inside a slot does, and goes on when the writer
// leaves, with one processor too. d11, d21
func TestWaitersGoOn(t *testing.T) {
	for _, procs := range []int{1, runtime.GOMAXPROCS(0)} {
		for name, op := range waiters {
			t.Run(fmt.Sprintf("%s/procs=%d", name, procs), func(t *testing.T) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				m := New[uint64, [2]uint64]()
				for key := range uint64(10) {
					m.Insert(key, [2]uint64{key, key})
				}
				s := find(t, m, 3)
				s.setWord(s.w | lockBit)
				var released atomic.Bool
				comesBack(t, name, func() {
					together(3, func(g int) {
						if g > 0 {
							op(m)
							if !released.Load() {
								t.Errorf("%s did not wait", name)
							}
							return
						}
						for range 100 {
							runtime.Gosched()
						}
						released.Store(true)
						s.setWord(s.w)
					})
				})
				checkQuiet(t, m)
			})
		}
	}
}

// TestInsertersGoOn: who finds a writer inside the slot of a key that it takes for absent, or that it
// is to add to, goes on when the writer leaves. d11
func TestInsertersGoOn(t *testing.T) {
	t.Run("Add", func(t *testing.T) {
		m := New[[2]uint64, uint64]()
		key := [2]uint64{3, 3}
		m.Insert(key, 3)
		comesBack(t, "Add", func() {
			leave := enter(t, m, key)
			if sum := Add(m, key, 4); sum != 7 || !leave() {
				t.Errorf("Add = %d, want 7, after the writer has left", sum)
			}
		})
		checkQuiet(t, m)
	})
	t.Run("Update", func(t *testing.T) {
		m := New[uint64, [2]uint64]()
		comesBack(t, "Update", func() {
			var leave func() bool
			v := m.Update(3, func(old [2]uint64, loaded bool) [2]uint64 {
				if !loaded {
					m.Insert(3, [2]uint64{3, 3})
					leave = enter(t, m, 3)
				}
				return [2]uint64{old[0] + 1, old[1] + 1}
			})
			if v != [2]uint64{4, 4} || !leave() {
				t.Errorf("Update = %v, want 4, 4, after the writer has left", v)
			}
		})
		checkQuiet(t, m)
	})
}

// enter puts a writer into the slot of a key, who leaves when others have had many turns. left says
// whether he has.
func enter[K comparable, V any](t *testing.T, m *SeqMap[K, V], key K) (left func() bool) {
	var gone atomic.Bool
	s := find(t, m, key)
	s.setWord(s.w | lockBit)
	go func() {
		for range 100 {
			runtime.Gosched()
		}
		gone.Store(true)
		s.setWord(s.w)
	}()
	return gone.Load
}

// TestValuesAreWhole: all words of a value, and of a key, were stored together, and the value
// belongs to the key, whatever is read, while the table is replaced without end. G1, N4, d10, d27
func TestValuesAreWhole(t *testing.T) {
	t.Run("bytes=12", func(t *testing.T) { testValuesAreWhole[uint64, [12]byte](t) })
	t.Run("bytes=16", func(t *testing.T) { testValuesAreWhole[[2]uint64, [2]uint64](t) })
	t.Run("bytes=24", func(t *testing.T) { testValuesAreWhole[uint64, [3]uint64](t) })
	t.Run("bytes=40", func(t *testing.T) { testValuesAreWhole[[33]byte, [40]byte](t) })
	t.Run("bytes=64", func(t *testing.T) { testValuesAreWhole[uint32, [8]uint64](t) })
	t.Run("bytes=255", func(t *testing.T) { testValuesAreWhole[uint64, [255]byte](t) })
	t.Run("bytes=4096", func(t *testing.T) { testValuesAreWhole[uint64, [4096]byte](t) })
}

func testValuesAreWhole[K, V comparable](t *testing.T) {
	const keys = 8 // the value pattern's number tells the key by its last bits
	m := New[K, V]()
	check := func(what string, k K, v V, ok bool) {
		if ok && (!whole(k) || !whole(v) || seed(v)%keys != seed(k)%keys) {
			t.Errorf("%s: key %.40v has value %.200v", what, k, v)
		}
	}
	storm(m, func() {
		together(goroutines(), func(g int) {
			r := rand.New(rand.NewPCG(uint64(g), 7))
			for i := range uint64(count(5000)) {
				k := pattern[K](r.Uint64N(keys))
				fresh := pattern[V](r.Uint64()/keys*keys + seed(k)%keys)
				switch r.IntN(8) {
				case 0, 1:
					old, ok := m.Insert(k, fresh)
					check("Insert", k, old, ok)
				case 2:
					old, ok := m.Remove(k)
					check("Remove", k, old, ok)
				case 3:
					m.Update(k, func(old V, loaded bool) V {
						check("Update", k, old, loaded)
						return fresh
					})
				case 4:
					v, _ := m.LoadOrStore(k, fresh)
					check("LoadOrStore", k, v, true)
				case 5, 6:
					v, ok := m.Get(k)
					check("Get", k, v, ok)
					values, found := batchOf(m, k)
					for i, ok := range found {
						check("GetBatch", k, values[i], ok)
					}
				case 7:
					for k, v := range m.All() {
						check("All", k, v, i%4 == 0)
					}
				}
			}
		})
	})
	checkQuiet(t, m)
}
