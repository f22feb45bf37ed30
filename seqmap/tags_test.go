package seqmap

import (
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// equalTags returns n keys whose hashes in m have one tag, so that the tags never tell two of
// them apart, but their paths do. With sameClass their class is one as well, so that every full
// bucket passes all of them on.
func equalTags(m *SeqMap[[2]uint64, uint64], n int, sameClass bool) (keys [][2]uint64) {
	h := m.root.Load().hasher
	for x := uint64(0); len(keys) < n; x++ {
		key := [2]uint64{x, ^x}
		hash := h.hash(unsafe.Pointer(&key))
		if layout.Tag(hash) == 77 && (!sameClass || layout.ClassBit(hash) == layout.ClassBit(0)) {
			keys = append(keys, key)
		}
	}
	return keys
}

// TestManyEqualTags: a million keys of one tag, in a map whose tags are of no use then, are all
// found, and so are their absences; when the map grows, shrinks and is written by several. d20
func TestManyEqualTags(t *testing.T) {
	t.Run("tag", func(t *testing.T) { testEqualTags(t, count(count(1_000_000)), false) })
	t.Run("tag and class", func(t *testing.T) { testEqualTags(t, count(count(100_000)), true) })
}

func testEqualTags(t *testing.T, n int, sameClass bool) {
	m := New[[2]uint64, uint64](WithSeed(99))
	keys := equalTags(m, n+100, sameClass)
	absent := keys[n:]
	const writers = 4
	together(writers, func(g int) {
		for i := g; i < n; i += writers {
			if v, replaced := m.Insert(keys[i], uint64(i)); replaced {
				t.Errorf("key %d had %d before it was inserted", i, v)
			}
		}
	})
	values, found := make([]uint64, n), make([]bool, n)
	if hits := m.GetBatch(keys[:n], values, found); hits != n || m.Len() != n {
		t.Errorf("%d of %d keys found, Len() = %d", hits, n, m.Len())
	}
	for i, v := range values {
		if v != uint64(i) {
			t.Fatalf("key %d has %d", i, v)
		}
	}
	for _, key := range absent {
		if v, ok := m.Get(key); ok {
			t.Errorf("a key that was never inserted has %d", v)
		}
	}
	m.RemoveBatch(keys[n/10 : n])
	m.Shrink()
	for i, key := range keys[:n] {
		if v, ok := m.Get(key); ok != (i < n/10) || ok && v != uint64(i) {
			t.Fatalf("key %d of %d: %d, %v after the others were removed", i, n/10, v, ok)
		}
	}
	checkQuiet(t, m)
}
