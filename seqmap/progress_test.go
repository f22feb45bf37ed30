package seqmap

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/progress"
)

// large takes as long to write as a key or value may.
type large [layout.MaxValueBytes / 8]uint64

// TestNobodySleepsInside: on the only processor nobody ever finds a slot locked or CLAIMED,
// whatever writes. A write that can be stopped is found, which shows that the test can fail. d11
func TestNobodySleepsInside(t *testing.T) {
	t.Run("wide", func(t *testing.T) { testNobodySleepsInside[uint64, large](t) })
	t.Run("keys", func(t *testing.T) { testNobodySleepsInside[large, large](t) })
	t.Run("words", func(t *testing.T) { testNobodySleepsInside[uint64, uint64](t) })
}

func testNobodySleepsInside[K, V comparable](t *testing.T) {
	m := New[K, V]()
	k, k2, v, w := pattern[K](1), pattern[K](2), pattern[V](1), pattern[V](2)
	inside := func() bool { return anyInside(&m.core) }
	looks := max(count(8), 5)
	for name, write := range map[string]func(){
		"Insert":            func() { m.Insert(k, v) },
		"Insert and Remove": func() { m.Insert(k2, v); m.Remove(k2) },
		"CompareAndSwap":    func() { m.CompareAndSwap(k, v, w); m.CompareAndSwap(k, w, v) },
		"Update":            func() { m.Update(k, func(old V, _ bool) V { return old }) },
		"Compute":           func() { m.Compute(k2, func(V, bool) (V, Op) { return w, UpdateOp }) },
		"Grow and Shrink":   func() { m.Grow(9); m.Shrink() },
		"Clear":             func() { m.Clear(); m.Insert(k, v) },
	} {
		if n := progress.Looks(looks, 0, inside, write); n > progress.Allowed(looks) {
			t.Errorf("%s: %d of %d looks found a writer stopped inside", name, n, looks)
		}
	}
	m.Insert(k, v)
	s := find(t, m, k)
	sum := byte(0)
	stoppable := func() {
		s.setWord(s.w | lockBit)
		for i := range 1 << 14 {
			sum += progress.Stoppable(i)
		}
		s.setWord(s.w)
	}
	if progress.Looks(100*looks, 1, inside, stoppable) == 0 {
		t.Error("the test finds no writer inside a write that can be stopped")
	}
	checkQuiet(t, m)
}

// anyInside says whether a slot of any of the map's tables is locked or CLAIMED.
func anyInside(m *core) bool {
	for t := m.loadRoot(); t != nil; t = t.loadNext() {
		for n := range t.buckets {
			for i := range t.geo.Slots {
				if w := t.word(t.bucket(n), i); inside(w) || w == layout.Claimed {
					return true
				}
			}
		}
	}
	return false
}

// tightLoops are loops over one operation, and nothing else.
func tightLoops[K, V comparable]() map[string]func(m *SeqMap[K, V], l *progress.Loop) {
	k, absent, v := pattern[K](1), pattern[K](99), pattern[V](1)
	keys := make([]K, 300)
	values, found := make([]V, len(keys)), make([]bool, len(keys))
	for i := range keys {
		keys[i] = pattern[K](uint64(i))
	}
	return map[string]func(m *SeqMap[K, V], l *progress.Loop){
		"Get": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Get(k)
			}
		},
		"Contains": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Contains(absent)
			}
		},
		"GetBatch": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.GetBatch(keys, values, found)
			}
		},
		"InsertBatch": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.InsertBatch(keys, values)
			}
		},
		"Insert": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Insert(k, v)
			}
		},
		"Remove": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Remove(absent)
			}
		},
		"Insert and Remove": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Insert(absent, v)
				m.Remove(absent)
			}
		},
		"LoadOrStore": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.LoadOrStore(k, v)
			}
		},
		"CompareAndSwap": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.CompareAndSwap(k, v, v)
			}
		},
		"Update": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Update(k, func(old V, _ bool) V { return old })
			}
		},
		"Len": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Len()
			}
		},
		"Grow and Shrink": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				m.Grow(1000)
				m.Shrink()
			}
		},
		"All": func(m *SeqMap[K, V], l *progress.Loop) {
			for l.Next() {
				for range m.All() {
				}
			}
		},
	}
}

// TestTightLoops: a loop over one operation, and nothing else, starves nobody.
func TestTightLoops(t *testing.T) {
	t.Run("words", testTightLoops[uint64, uint64])
	t.Run("wide", testTightLoops[[3]uint64, [3]uint64])
	t.Run("Add", func(t *testing.T) {
		var m SeqMap[uint64, uint64]
		if err := progress.Starves(func(l *progress.Loop) {
			for l.Next() {
				Add(&m, 1, 1)
			}
		}); err != nil {
			t.Error(err)
		}
	})
}

func testTightLoops[K, V comparable](t *testing.T) {
	for name, tight := range tightLoops[K, V]() {
		var m SeqMap[K, V]
		m.Insert(pattern[K](1), pattern[V](1))
		if err := progress.Starves(func(l *progress.Loop) { tight(&m, l) }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
