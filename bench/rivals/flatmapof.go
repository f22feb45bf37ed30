package rivals

import (
	"iter"

	"github.com/llxisdsh/pb"
)

// FlatMapOf is pb's FlatMapOf. Builds with the race detector get pb's MapOf
// instead, by pb's own build tags.
func FlatMapOf[K comparable]() Rival[K] {
	return ofTable(NameFlatMapOf, func(capacity int) Table[K] {
		if capacity == 0 {
			return &flatMapOf[K]{pb.NewFlatMapOf[K, uint64]()}
		}
		return &flatMapOf[K]{pb.NewFlatMapOf[K, uint64](pb.WithPresize(capacity))}
	})
}

type flatMapOf[K comparable] struct{ m *pb.FlatMapOf[K, uint64] }

func (f *flatMapOf[K]) Add(key K, delta uint64) {
	f.m.Process(key, func(old uint64, _ bool) (uint64, pb.ComputeOp, uint64, bool) {
		return old + delta, pb.UpdateOp, 0, true
	})
}

func (f *flatMapOf[K]) Load(key K) (uint64, bool) { return f.m.Load(key) }
func (f *flatMapOf[K]) Store(key K, value uint64) { f.m.Store(key, value) }
func (f *flatMapOf[K]) Delete(key K)              { f.m.Delete(key) }
func (f *flatMapOf[K]) Len() int                  { return f.m.Size() }
func (f *flatMapOf[K]) All() iter.Seq2[K, uint64] { return f.m.All() }
