package rivals

import (
	"iter"

	"github.com/puzpuzpuz/xsync/v4"
)

// XSync is xsync's Map.
func XSync[K comparable]() Rival[K] {
	return ofTable(NameXSync, func(capacity int) Table[K] {
		if capacity == 0 {
			return &xsyncMap[K]{xsync.NewMap[K, uint64]()}
		}
		return &xsyncMap[K]{xsync.NewMap[K, uint64](xsync.WithPresize(capacity))}
	})
}

type xsyncMap[K comparable] struct{ m *xsync.Map[K, uint64] }

func (x *xsyncMap[K]) Add(key K, delta uint64) {
	x.m.Compute(key, func(old uint64, _ bool) (uint64, xsync.ComputeOp) {
		return old + delta, xsync.UpdateOp
	})
}

func (x *xsyncMap[K]) Load(key K) (uint64, bool) { return x.m.Load(key) }
func (x *xsyncMap[K]) Store(key K, value uint64) { x.m.Store(key, value) }
func (x *xsyncMap[K]) Delete(key K)              { x.m.Delete(key) }
func (x *xsyncMap[K]) Len() int                  { return x.m.Size() }
func (x *xsyncMap[K]) All() iter.Seq2[K, uint64] { return x.m.AllRelaxed() }
