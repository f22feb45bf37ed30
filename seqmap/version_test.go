package seqmap

import (
	"fmt"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// topWord is a LIVE word whose version comes round after a few changes.
func topWord(s spot) uint64 {
	const changes = 4
	return ^uint64(0)>>(64-8*s.t.geo.WordBytes)&^(layout.Version-1) - (changes-1)*layout.Version | layout.Live
}

// TestVersionWraps: the version of a slot's word comes round in the middle of every operation that
// changes it, and of a move, and nothing is lost. G3
func TestVersionWraps(t *testing.T) {
	t.Run("words", func(t *testing.T) { testVersionWraps[uint64, uint64](t) })
	t.Run("bytes", func(t *testing.T) { testVersionWraps[uint8, uint8](t) })
	t.Run("tagged", func(t *testing.T) { testVersionWraps[[2]uint64, uint64](t) })
	t.Run("wide", func(t *testing.T) { testVersionWraps[uint64, [3]uint64](t) })
}

func testVersionWraps[K, V comparable](t *testing.T) {
	m := New[K, V]()
	key := pattern[K](5)
	m.Insert(key, pattern[V](0))
	for name, change := range map[string]func(old, v V) bool{
		"Insert":         func(old, v V) bool { prev, ok := m.Insert(key, v); return ok && prev == old },
		"CompareAndSwap": func(old, v V) bool { return m.CompareAndSwap(key, old, v) },
		"Update":         func(_, v V) bool { return m.Update(key, func(V, bool) V { return v }) == v },
		"Revive": func(old, v V) bool {
			gone, ok := m.Remove(key)
			_, was := m.Insert(key, v)
			return ok && gone == old && !was
		},
		"CompareAndDelete": func(old, v V) bool {
			return m.CompareAndDelete(key, old) && m.Update(key, func(V, bool) V { return v }) == v
		},
		"Grow": func(_, v V) bool {
			m.Insert(key, v)
			if s := find(t, m, key); s.w < 2*layout.Version {
				m.Grow(m.Cap() + 1) // moves the slot whose version has just come round
			}
			return true
		},
	} {
		s := find(t, m, key)
		s.setWord(topWord(s))
		old, _ := m.Get(key)
		for n := range uint64(10) {
			v := pattern[V](n + 1)
			if !change(old, v) {
				t.Errorf("%s %d fails", name, n)
			}
			if got, ok := m.Get(key); !ok || got != v || m.Len() != 1 {
				t.Errorf("%s %d: Get = %v, %v; want %v; Len() = %d", name, n, got, ok, v, m.Len())
			}
			old = v
		}
		if w := find(t, m, key).w; w > 1<<12 {
			t.Errorf("%s: the version has not come round: word %#x", name, w)
		}
		checkQuiet(t, m)
	}
}

// TestAddWrapsVersions: counters that many goroutines add to while the version comes round. G3
func TestAddWrapsVersions(t *testing.T) {
	m := New[uint64, uint64]()
	for round := range uint64(count(200)) {
		Add(m, 1, 0)
		s := find(t, m, 1)
		s.setWord(topWord(s) - 100*layout.Version)
		together(4, func(int) {
			for range 100 {
				Add(m, 1, 1)
			}
		})
		if v, _ := m.Get(1); v != (round+1)*400 {
			t.Fatalf("counted to %d, want %d", v, (round+1)*400)
		}
	}
}

// TestSameVersionOtherValue: an entry that was changed so often that its word is the same again,
// while fn ran, is shown to fn again. A word of 32 bits can come to that. G3, d22
func TestSameVersionOtherValue(t *testing.T) {
	for name, op := range map[string]func(m *SeqMap[uint64, uint64], fn func(uint64) uint64){
		"Update": func(m *SeqMap[uint64, uint64], fn func(uint64) uint64) {
			m.Update(3, func(old uint64, _ bool) uint64 { return fn(old) })
		},
		"Compute": func(m *SeqMap[uint64, uint64], fn func(uint64) uint64) {
			m.Compute(3, func(old uint64, _ bool) (uint64, Op) { return fn(old), UpdateOp })
		},
		"Compute/delete": func(m *SeqMap[uint64, uint64], fn func(uint64) uint64) {
			m.Compute(3, func(old uint64, _ bool) (uint64, Op) { return fn(old), DeleteOp })
		},
		"DeleteFunc": func(m *SeqMap[uint64, uint64], fn func(uint64) uint64) {
			m.DeleteFunc(func(_, old uint64) bool { fn(old); return true })
		},
	} {
		m := New[uint64, uint64]()
		m.Insert(3, 10)
		var shown []uint64
		op(m, func(old uint64) uint64 {
			if shown = append(shown, old); len(shown) == 1 {
				s := find(t, m, 3)
				m.Insert(3, 20)
				s.setWord(s.w)
			}
			return old + 1
		})
		if fmt.Sprint(shown) != "[10 20]" {
			t.Errorf("%s: fn was shown %v", name, shown)
		}
		if v, ok := m.Get(3); ok && v != 21 {
			t.Errorf("%s: value %d", name, v)
		}
	}
}
