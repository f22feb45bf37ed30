package seqmap

import (
	"math"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/slab"
)

// seenTables collects the tables that a map had when it was looked at. It keeps them, so that no two
// of them can have one address.
type seenTables map[*table]bool

func (s seenTables) look(m *core) {
	for t := m.root.Load(); t != nil; t = t.next.Load() {
		s[t] = true
	}
}

// removers are the ways in which an entry can go.
var removers = map[string]func(m *SeqMap[uint64, uint64], keys []uint64){
	"Remove": func(m *SeqMap[uint64, uint64], keys []uint64) {
		for _, key := range keys {
			m.Remove(key)
		}
	},
	"CompareAndDelete": func(m *SeqMap[uint64, uint64], keys []uint64) {
		for _, key := range keys {
			m.CompareAndDelete(key, 1)
		}
	},
	"Compute": func(m *SeqMap[uint64, uint64], keys []uint64) {
		for _, key := range keys {
			m.Compute(key, func(uint64, bool) (uint64, Op) { return 0, DeleteOp })
		}
	},
	"RemoveBatch": func(m *SeqMap[uint64, uint64], keys []uint64) { m.RemoveBatch(keys) },
	"DeleteFunc": func(m *SeqMap[uint64, uint64], keys []uint64) {
		m.DeleteFunc(func(key, _ uint64) bool { return key >= keys[0] && key-keys[0] < uint64(len(keys)) })
	},
}

func numbers(from, to uint64) (keys []uint64) {
	for ; from < to; from++ {
		keys = append(keys, from)
	}
	return keys
}

// TestMemoryAfterSpike: when most entries of a large map are removed, its memory goes down by itself
// with the removals and the writes that follow, and at once with Shrink. G8, d16
func TestMemoryAfterSpike(t *testing.T) {
	const left = 100
	spike := uint64(count(100_000))
	for name, remove := range removers {
		t.Run(name, func(t *testing.T) {
			m := New[uint64, uint64]()
			for key := range spike {
				m.Insert(key, 1)
			}
			high := m.Stats().Bytes
			remove(m, numbers(left, spike))
			for range 20 { // further writes, none of which brings a new key
				for key := range uint64(left) {
					m.Insert(key, 2)
				}
			}
			if s := m.Stats(); s.Bytes > 2*shrinkBytes || s.Tables != 1 || m.Len() != left {
				t.Errorf("after further writes: %v; at the height %d bytes", s, high)
			}
			m.Shrink()
			if s := m.Stats(); s.Bytes > left*100 || s.Dead != 0 {
				t.Errorf("after Shrink: %v", s)
			}
			checkQuiet(t, m)
		})
	}
}

// TestRemovalByIteration: keys that are removed in the order of an iteration, while the map shrinks,
// leave the others spread over the table, so that paths stay short. G8, d17, d20
func TestRemovalByIteration(t *testing.T) {
	const n, left, longest = 40_000, 100, 200
	m := New[uint64, uint64]()
	m.InsertBatch(numbers(0, n), make([]uint64, n))
	visited := 0
	for key := range m.Keys() {
		if key >= left {
			m.Remove(key)
		}
		if visited++; visited%(n/40) == 0 && m.Stats().MaxPath > longest {
			t.Fatalf("after %d of %d keys: %v", visited, n, m.Stats())
		}
	}
	for range 20 { // further writes, to end a migration that may be under way
		for key := range uint64(left) {
			m.Insert(key, 2)
		}
	}
	if s := m.Stats(); s.Len != left || s.Bytes > 2*shrinkBytes {
		t.Errorf("%d keys are to be left: %v", left, s)
	}
}

// TestMemoryAfterSpikes: as TestMemoryAfterSpike, by many goroutines at once, again and again. The memory
// of the last spike is the same as that of the first. G8, d6, d16
func TestMemoryAfterSpikes(t *testing.T) {
	m := New[uint64, uint64]()
	n := uint64(count(20_000))
	high := 0
	for round := range uint64(6) {
		together(goroutines(), func(g int) {
			from := round<<40 | uint64(g)<<32 // never a key again
			m.InsertBatch(numbers(from, from+n), make([]uint64, n))
		})
		bytes := m.Stats().Bytes
		if round == 0 {
			high = bytes
		}
		if bytes > 3*high {
			t.Errorf("spike %d takes %d bytes, the first took %d", round, bytes, high)
		}
		together(goroutines(), func(g int) {
			from := round<<40 | uint64(g)<<32
			m.RemoveBatch(numbers(from, from+n))
		})
	}
	m.Shrink()
	if s := m.Stats(); s.Bytes > 10*s.BucketBytes || s.Len != 0 {
		t.Errorf("empty, after Shrink: %v", s)
	}
}

// TestChurnKeepsSize: keys that come and go for ever, each only once, do not fill the map with
// removed ones. G8, d6
func TestChurnKeepsSize(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		const window = 100
		m := newMap[uint64, [2]uint64](mode)
		n := uint64(count(100_000))
		if mode == constantHash {
			n /= 20
		}
		for key := range n {
			m.Insert(key, [2]uint64{})
			if key >= window {
				m.Remove(key - window)
			}
			if key%1000 == 0 && m.Cap() > 6*window {
				t.Fatalf("after %d keys, %d of them there: %v", key, m.Len(), m.Stats())
			}
		}
		checkQuiet(t, m)
	})
}

// TestOneKeyAgainAndAgain: a key that is removed and put back a million times takes one slot. d6, d17
func TestOneKeyAgainAndAgain(t *testing.T) {
	m := New[uint64, uint64]()
	m.Insert(1, 1)
	seen := seenTables{}
	seen.look(&m.core)
	for n := range uint64(count(1_000_000)) {
		m.Remove(1)
		m.Insert(1, n)
		if n%1024 == 0 {
			seen.look(&m.core)
		}
	}
	seen.look(&m.core)
	if s := m.Stats(); len(seen) != 1 || s.Used != 1 {
		t.Errorf("%d tables; %v", len(seen), s)
	}
}

// TestNoThrash: a map whose size goes up and down around a point, whichever, is not given a new table
// but once in so many insertions as fill one. G8, d17
func TestNoThrash(t *testing.T) {
	for _, size := range []uint64{10, 100, 1000, 2400, 2500, 5000, 10_000} {
		m := New[uint64, uint64]()
		next, oldest := uint64(0), uint64(0)
		to := func(size uint64) {
			for ; next-oldest < size; next++ {
				m.Insert(next, 1)
			}
			for ; next-oldest > size; oldest++ {
				m.Remove(oldest)
			}
		}
		to(4 * size)
		to(size)
		before := next
		seen := seenTables{}
		for range count(20_000) / int(size/8+1) {
			to(size + size/8 + 1)
			seen.look(&m.core)
			to(size)
			seen.look(&m.core)
		}
		inserted := int(next - before)
		if most := 2*inserted/int(size) + 3; len(seen) > most {
			t.Errorf("size %d: %d tables for %d insertions; want at most %d", size, len(seen), inserted, most)
		}
	}
}

// TestBreathing: keys that all go but a third, and come back, need no new table. G8, d17
func TestBreathing(t *testing.T) {
	for _, size := range []uint64{9, 100, 3000, 9000, 30_000} {
		m := New[uint64, uint64]()
		for key := range size {
			m.Insert(key, 1)
		}
		for m.root.Load().next.Load() != nil {
			m.Insert(0, 1) // brings the migration on
		}
		seen := seenTables{}
		for range 5 {
			for key := size / 3; key < size; key++ {
				m.Remove(key)
			}
			seen.look(&m.core)
			for key := size / 3; key < size; key++ {
				m.Insert(key, 1)
			}
			seen.look(&m.core)
		}
		if len(seen) != 1 {
			t.Errorf("size %d: %d tables", size, len(seen))
		}
	}
}

// TestAllSlotsUsed: a table without one EMPTY slot still says that a key is absent, takes its own
// keys back, and gives a new key a larger table. d6
func TestAllSlotsUsed(t *testing.T) {
	t.Run("words", func(t *testing.T) { testAllSlotsUsed[uint64, uint64](t) })
	t.Run("small", func(t *testing.T) { testAllSlotsUsed[uint8, uint8](t) })
	t.Run("tagged", func(t *testing.T) { testAllSlotsUsed[[2]uint64, [2]uint64](t) })
}

func testAllSlotsUsed[K, V comparable](t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		m := newMap[K, V](mode)
		r := m.root.Load()
		r.limit = math.MaxUint64 // so that it is not replaced in time
		slots := r.buckets * uint64(r.geo.Slots)
		for range 2 {
			for n := range slots {
				m.Insert(pattern[K](n), pattern[V](n))
			}
			if s := m.Stats(); s.Used != int(slots) || m.root.Load() != r {
				t.Fatalf("not full: %v", s)
			}
			for n := range slots {
				if v, ok := m.Get(pattern[K](n)); !ok || v != pattern[V](n) {
					t.Errorf("Get(%d) = %v, %v", n, v, ok)
				}
				absent := pattern[K](slots + n)
				if _, ok := m.Remove(absent); ok || m.Contains(absent) || m.CompareAndSwap(absent, *new(V), *new(V)) {
					t.Errorf("key %d is present", slots+n)
				}
			}
			checkQuiet(t, m)
			for n := range slots {
				m.Remove(pattern[K](n))
			}
			checkQuiet(t, m)
		}
		m.Insert(pattern[K](slots), pattern[V](1))
		if nx := r.next.Load(); nx == nil || nx.buckets < 2*r.buckets || m.Len() != 1 {
			t.Errorf("no larger table: %v", m.Stats())
		}
		checkQuiet(t, m)
	})
}

// TestCapacity: up to the capacity asked for a map keeps its table, and it does not shrink below it
// by itself, nor by Clear. G8
func TestCapacity(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 10, 100, 500, 1000, 8000} {
			if mode != defaultHash && n > 500 {
				break
			}
			m := newMap[uint64, uint64](mode, WithCapacity(n))
			r := m.root.Load()
			if m.Cap() < n {
				t.Errorf("WithCapacity(%d): Cap() = %d", n, m.Cap())
			}
			for range 3 {
				for key := range uint64(n) {
					m.Insert(key, 1)
				}
				for key := range uint64(n) {
					m.Remove(key)
				}
			}
			if m.root.Load() != r || r.next.Load() != nil {
				t.Errorf("capacity %d: another table: %v", n, m.Stats())
			}
			m.Clear()
			if m.Cap() < n || m.Clone().Cap() < n {
				t.Errorf("capacity %d: Cap() = %d after Clear, %d of a clone", n, m.Cap(), m.Clone().Cap())
			}
		}
	})
}

// TestGrowMakesRoom: after Grow(n), n new keys find room in the table, whatever was there before.
func TestGrowMakesRoom(t *testing.T) {
	for _, n := range []uint64{0, 1, 5, 100, 5000} {
		m := New[uint64, uint64]()
		for round := range uint64(3) {
			from := round << 32
			m.Grow(int(n))
			r := m.root.Load()
			m.InsertBatch(numbers(from, from+n), make([]uint64, n))
			if m.root.Load() != r || r.next.Load() != nil {
				t.Errorf("Grow(%d) with %d there: another table: %v", n, round*n, m.Stats())
			}
		}
		checkQuiet(t, m)
	}
}

// TestGrowCountsRemovedKeys: the slots of removed keys are no room for new ones, and Grow knows.
func TestGrowCountsRemovedKeys(t *testing.T) {
	const n = 1000
	m := New[uint64, uint64](WithCapacity(n))
	m.InsertBatch(numbers(0, n), make([]uint64, n))
	m.RemoveBatch(numbers(0, n))
	m.Grow(n)
	r := m.root.Load()
	m.InsertBatch(numbers(n, 2*n), make([]uint64, n))
	if m.root.Load() != r || r.next.Load() != nil {
		t.Errorf("another table: %v", m.Stats())
	}
}

// TestRoomStays: the room that Grow has made stays, whatever comes and goes, until Shrink. A clone has
// no room of its own: it shrinks by itself as the map that it was made from. G8, d16, d17
func TestRoomStays(t *testing.T) {
	const n = 20_000
	m := New[uint64, uint64]()
	m.Grow(n)
	comeAndGo := func(m *SeqMap[uint64, uint64]) {
		m.InsertBatch(numbers(0, n), make([]uint64, n))
		m.RemoveBatch(numbers(100, n))
		for range 20 {
			m.InsertBatch(numbers(0, 100), make([]uint64, 100))
		}
	}
	comeAndGo(m)
	if m.Cap() < n {
		t.Errorf("the room is gone: %v", m.Stats())
	}
	m.Shrink()
	comeAndGo(m)
	if s := m.Stats(); s.Bytes > 2*shrinkBytes {
		t.Errorf("the room is there after Shrink: %v", s)
	}
	m.InsertBatch(numbers(0, n), make([]uint64, n))
	c := m.Clone()
	comeAndGo(c)
	if s := c.Stats(); s.Bytes > 2*shrinkBytes {
		t.Errorf("the clone does not shrink: %v", s)
	}
}

// TestImpossibleSizes: a size that is negative or has no room is refused, by name, before anything
// changes.
func TestImpossibleSizes(t *testing.T) {
	m := New[uint64, uint64]()
	m.InsertBatch(numbers(0, 100), make([]uint64, 100))
	seen := seenTables{}
	seen.look(&m.core)
	mustPanic(t, func() { m.Grow(-1) }, "seqmap", "negative", "-1")
	mustPanic(t, func() { m.Grow(math.MinInt) }, "seqmap", "negative")
	mustPanic(t, func() { WithCapacity(-7) }, "seqmap", "negative capacity -7")
	for _, n := range []int{math.MaxInt, math.MaxInt / 2, slab.MaxBytes, slab.MaxBytes / 16} {
		mustPanic(t, func() { m.Grow(n) }, "seqmap", "does not fit")
		mustPanic(t, func() { New[uint64, uint64](WithCapacity(n)) }, "seqmap", "does not fit")
	}
	mustPanic(t, func() { new(SeqMap[uint8, struct{}]).Grow(slab.MaxBytes / 2) }, "seqmap", "does not fit")
	mustPanic(t, func() { New[uint64, [4096]byte](WithCapacity(slab.MaxBytes / 4000)) }, "seqmap", "does not fit")
	seen.look(&m.core)
	if len(seen) != 1 || m.Len() != 100 {
		t.Errorf("%d tables, %d entries; want 1, 100", len(seen), m.Len())
	}
	m.InsertBatch(numbers(0, 1000), make([]uint64, 1000))
	checkQuiet(t, m)
}

// TestLargestTable fills a map whose table cannot get larger than some size: the key for which
// there is no room is refused, and nothing happens to the others. When most are gone, others take
// their place, again and again.
func TestLargestTable(t *testing.T) {
	defer func(was uint64) { maxBytes = was }(maxBytes)
	maxBytes = 4*shrinkBytes + 100
	m := New[uint64, uint64]()
	n := uint64(0)
	full := func() (full bool) {
		defer func() {
			if r := recover(); r != nil {
				full = true
				if text, _ := r.(string); text != tooLarge {
					panic(r)
				}
			}
		}()
		m.Insert(n, ^n)
		return false
	}
	for !full() {
		if n++; n > maxBytes {
			t.Fatal("the map is never full")
		}
	}
	check := func(from, to uint64) {
		t.Helper()
		for k := from; k < to; k++ {
			if v, ok := m.Get(k); !ok || v != ^k {
				t.Fatalf("key %d has %d, %v", k, v, ok)
			}
		}
		if m.Len() != int(to-from) || m.Contains(to) {
			t.Fatalf("%d entries, want %d", m.Len(), to-from)
		}
		checkQuiet(t, m)
	}
	check(0, n)
	if s := m.Stats(); s.Bytes > int(maxBytes) || s.Bytes < int(maxBytes)/2 || int(n) < s.Cap {
		t.Errorf("full with %d entries: %v", n, s)
	}
	if m.Insert(0, 7); !full() {
		t.Error("full, and then not")
	}
	m.Insert(0, ^uint64(0))
	m.RemoveBatch(numbers(100, n))
	check(0, 100)
	first := n
	for range 10 * first { // of which each takes the slot of another one
		if full() {
			t.Fatalf("full with %d entries: %v", m.Len(), m.Stats())
		}
		m.Remove(n)
		n++
	}
	check(0, 100)
}
