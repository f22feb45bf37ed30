package seqmap

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkBatch compares batches of keys with as many single operations. It counts keys.
func BenchmarkBatch(b *testing.B) {
	benchBatch[uint64, uint64](b, "key=uint64/value=uint64")
	benchBatch[uint64, uint32](b, "key=uint64/value=uint32")
	benchBatch[uint64, struct{}](b, "key=uint64/value=none")
	benchBatch[uint64, [4]uint64](b, "key=uint64/value=words4")
	benchBatch[uint64, [8]uint64](b, "key=uint64/value=words8")
	benchBatch[uint32, uint32](b, "key=uint32/value=uint32")
	benchBatch[[2]uint64, uint64](b, "key=words2/value=uint64")
	benchBatch[[2]uint64, [2]uint64](b, "key=words2/value=words2")
	benchBatch[uint64, [12]byte](b, "key=uint64/value=bytes12")
	benchBatch[[24]byte, uint64](b, "key=bytes24/value=uint64")
}

// A batchBench has the operations on keys from at on, as many as a batch has.
type batchBench[K, V comparable] struct {
	m           *SeqMap[K, V]
	keys        []K
	values, got []V
	found       []bool
}

func benchBatch[K, V comparable](b *testing.B, name string) {
	const batch = 256
	for _, n := range benchSizes() {
		s := batchBench[K, V]{New[K, V](WithCapacity(n)), make([]K, n+batch), make([]V, batch), make([]V, batch), make([]bool, batch)}
		for i, at := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
			s.keys[i] = pattern[K](uint64(at+1) * 0x9e3779b1)
		}
		copy(s.keys[n:], s.keys)
		for i, key := range s.keys {
			s.m.Insert(key, s.values[i%batch])
		}
		for _, op := range []struct {
			name string
			f    func(keys []K)
		}{
			{"op=get/of=single", s.get}, {"op=get/of=batch", s.getBatch},
			{"op=insert/of=single", s.insert}, {"op=insert/of=batch", s.insertBatch},
			{"op=remove/of=single", s.remove}, {"op=remove/of=batch", s.removeBatch},
		} {
			b.Run(fmt.Sprintf("%s/n=%d/%s", name, n, op.name), func(b *testing.B) {
				for i, at := 0, 0; i < b.N; i += batch {
					op.f(s.keys[at : at+batch])
					if at += batch; at >= n {
						at -= n
					}
				}
			})
		}
	}
}

func (s *batchBench[K, V]) get(keys []K) {
	for i, key := range keys {
		s.got[i], s.found[i] = s.m.Get(key)
	}
}

func (s *batchBench[K, V]) getBatch(keys []K) { s.m.GetBatch(keys, s.got, s.found) }

func (s *batchBench[K, V]) insert(keys []K) {
	for i, key := range keys {
		s.m.Insert(key, s.values[i])
	}
}

func (s *batchBench[K, V]) insertBatch(keys []K) { s.m.InsertBatch(keys, s.values) }

// remove also puts the keys back, as they were inserted.
func (s *batchBench[K, V]) remove(keys []K) {
	for _, key := range keys {
		s.m.Remove(key)
	}
	s.insert(keys)
}

func (s *batchBench[K, V]) removeBatch(keys []K) {
	s.m.RemoveBatch(keys)
	s.insertBatch(keys)
}
