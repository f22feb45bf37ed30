package bench

import (
	"testing"

	"github.com/seqmap/seqmap-go/seqarray"
	"github.com/seqmap/seqmap-go/seqcore"
	"github.com/seqmap/seqmap-go/seqmap"
	"github.com/seqmap/seqmap-go/seqvec"
)

// The tests below look from another module, as users do: what the compiler inlines into a
// generic method, and so what escapes to the heap, depends on where it is stenciled. In the
// containers' own packages the tests change that.

type triple = [3]uint64

func TestArrayDoesNotAllocate(t *testing.T) {
	a := seqarray.New[triple](4)
	wantNoAllocs(t, func() {
		_ = a.Set(1, triple{1, 2, 3})
		v, _ := a.Get(1)
		_, _ = a.Swap(1, v)
		_, _ = a.CompareAndSwap(1, v, v)
		_, _ = a.Update(1, func(v triple) triple { return v })
		_ = a.Clear(1)
	})
}

func TestVecDoesNotAllocate(t *testing.T) {
	v := seqvec.New[triple](seqvec.WithCapacity(4))
	wantNoAllocs(t, func() {
		i := v.Push(triple{1, 2, 3})
		x, _ := v.Get(i)
		v.Set(i, x)
		_, _ = v.Swap(i, x)
		v.CompareAndSwap(i, x, x)
		_, _ = v.Update(i, func(x triple) triple { return x })
		_, _ = v.Pop()
	})
}

func TestCellDoesNotAllocate(t *testing.T) {
	var c seqcore.Cell[triple]
	wantNoAllocs(t, func() {
		c.Store(triple{1, 2, 3})
		v, version := c.LoadVersion()
		c.StoreIf(version, v)
		c.CompareAndSwap(v, c.Load())
		c.Swap(c.Update(func(v triple) triple { return v }))
	})
}

func TestMapDoesNotAllocate(t *testing.T) {
	t.Run("word", func(t *testing.T) { mapDoesNotAllocate[uint64, uint64](t, 7, 8) })
	t.Run("wide", func(t *testing.T) { mapDoesNotAllocate(t, triple{7}, triple{8}) })
	t.Run("float", func(t *testing.T) { mapDoesNotAllocate(t, float32(7), [3]byte{8}) })
	m := seqmap.New[uint32, int16]()
	wantNoAllocs(t, func() { seqmap.Add(m, 1, 2) })
}

func mapDoesNotAllocate[K comparable, V any](t *testing.T, k K, v V) {
	m := seqmap.New[K, V](seqmap.WithCapacity(10))
	wantNoAllocs(t, func() {
		m.Insert(k, v)
		v, _ := m.Get(k)
		m.CompareAndSwap(k, v, v)
		m.Update(k, func(v V, _ bool) V { return v })
		m.Compute(k, func(v V, _ bool) (V, seqmap.Op) { return v, seqmap.UpdateOp })
		m.LoadOrStore(k, v)
		for k := range m.All() {
			m.Remove(k)
		}
	})
}

func wantNoAllocs(t *testing.T, f func()) {
	t.Helper()
	f()
	if n := testing.AllocsPerRun(100, f); n != 0 {
		t.Errorf("%v allocations a run, want 0", n)
	}
}
