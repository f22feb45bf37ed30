package rivals

import (
	"iter"

	"github.com/seqmap/seqmap-go/seqmap"
)

// SeqMap is the map of this project.
func SeqMap[K comparable]() Rival[K] {
	return ofTable(NameSeqMap, func(capacity int) Table[K] {
		if capacity == 0 {
			return &seqMap[K]{seqmap.New[K, uint64]()}
		}
		return &seqMap[K]{seqmap.New[K, uint64](seqmap.WithCapacity(capacity))}
	})
}

type seqMap[K comparable] struct{ m *seqmap.SeqMap[K, uint64] }

func (s *seqMap[K]) Add(key K, delta uint64)   { seqmap.Add(s.m, key, delta) }
func (s *seqMap[K]) Load(key K) (uint64, bool) { return s.m.Get(key) }
func (s *seqMap[K]) Store(key K, value uint64) { s.m.Insert(key, value) }
func (s *seqMap[K]) Delete(key K)              { s.m.Remove(key) }
func (s *seqMap[K]) Len() int                  { return s.m.Len() }
func (s *seqMap[K]) All() iter.Seq2[K, uint64] { return s.m.All() }

func (s *seqMap[K]) LoadBatch(keys []K, values []uint64, found []bool) (hits int) {
	return s.m.GetBatch(keys, values, found)
}
