//go:build seqsched

package seqmap

import (
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
)

// TestZeroKeyIsNoEmptySlot runs operations on the absent key 0, which has the bytes of an
// EMPTY slot's key, and before each of their steps inserts another key in its home slot. d19, N5
func TestZeroKeyIsNoEmptySlot(t *testing.T) {
	t.Run("Get/bytes=8", func(t *testing.T) {
		testInjected(t, func(m *SeqMap[uint64, uint64]) bool { return !m.Contains(0) })
	})
	t.Run("Get/bytes=4", func(t *testing.T) {
		testInjected(t, func(m *SeqMap[uint32, uint32]) bool { return !m.Contains(0) })
	})
	t.Run("Remove", func(t *testing.T) {
		testInjected(t, func(m *SeqMap[uint64, uint64]) bool { _, ok := m.Remove(0); return !ok })
	})
	t.Run("Insert", func(t *testing.T) {
		testInjected(t, func(m *SeqMap[uint64, uint64]) bool { _, ok := m.Insert(0, 5); return !ok })
	})
	t.Run("Add", func(t *testing.T) {
		testInjected(t, func(m *SeqMap[uint64, uint64]) bool { return Add(m, 0, 5) == 5 })
	})
}

// testInjected does op, which is to return true, with an insertion before its step 1, 2, ….
func testInjected[K ~uint32 | ~uint64, V ~uint32 | ~uint64](t *testing.T, op func(*SeqMap[K, V]) bool) {
	injected := true
	for n := 1; injected; n++ {
		m := New[K, V](WithCapacity(1000))
		r := m.root.Load()
		key := neighbourOfZero(m)
		injected = false
		step, busy := 0, false
		arch.StepHook = func() {
			if busy {
				return
			}
			if step++; step >= n && !injected {
				busy = true
				if !lockedQuietly(r, r.home(r.hasher.word(0))) {
					injected = true
					m.Insert(key, 77)
				}
				busy = false
			}
		}
		ok := op(m)
		arch.StepHook = nil
		if !ok {
			t.Errorf("wrong when key %d comes before step %d", key, n)
		}
		if v, ok := m.Get(key); injected && (!ok || v != 77) {
			t.Errorf("step %d: key %d has %d, %v; want 77", n, key, v, ok)
		}
	}
}

// neighbourOfZero returns a key with the home bucket of key 0 whose home slot is the first.
func neighbourOfZero[K ~uint32 | ~uint64, V any](m *SeqMap[K, V]) K {
	r := m.root.Load()
	for key := K(1); ; key++ {
		h := r.hasher.word(uint64(key))
		if r.home(h) == r.home(r.hasher.word(0)) && r.homeSlot(h) == 0 {
			return key
		}
	}
}

// lockedQuietly says whether a slot of bucket n with 32-bit words is locked, without a step.
func lockedQuietly(t *table, n uint64) bool {
	for i := range t.geo.Slots {
		if *(*uint32)(unsafe.Pointer(t.wordAt(t.bucket(n), i)))&lockBit != 0 {
			return true
		}
	}
	return false
}
