package outcome

import (
	"fmt"
	"hash/maphash"

	"github.com/seqmap/seqmap-go/bench/rivals"
	"github.com/seqmap/seqmap-go/seqmap"
)

// Hash is a way for a map to hash its keys.
type Hash int

const (
	RealHash     Hash = iota // the map's own
	ConstantHash             // all keys have one hash
	FourBitHash              // the keys have sixteen hashes
	Hashes                   // how many ways there are
)

func (h Hash) String() string { return [...]string{"real", "constant", "4bits"}[h] }

var hashSeed = maphash.MakeSeed()

// newSeqMap returns an empty map. With the map's own hash that is the zero value, whose first
// table is made by whoever comes first.
func newSeqMap[K comparable, V any](h Hash) *seqmap.SeqMap[K, V] {
	switch h {
	case ConstantHash:
		return seqmap.NewWithHasher[K, V](func(K, uint64) uint64 { return 7 })
	case FourBitHash:
		return seqmap.NewWithHasher[K, V](func(key K, _ uint64) uint64 { return maphash.Comparable(hashSeed, key) & 15 })
	default:
		return new(seqmap.SeqMap[K, V])
	}
}

// SeqMaps returns seqmap with several types of keys and values, small and wide ones.
func SeqMaps(h Hash) []Subject {
	return []Subject{
		seqMapSubject(h, oneWord, integers[uint64]()),
		seqMapSubject(h, sixteenBytes, integers[[16]byte]()),
		seqMapSubject(h, oneWord, eightWords[uint64]()),
		seqMapSubject(h, sixteenBytes, eightWords[[16]byte]()),
	}
}

func oneWord(n uint64) uint64 { return n }

func sixteenBytes(n uint64) (key [16]byte) {
	for i := range 8 {
		key[2*i] = byte(n >> (8 * i))
	}
	return key
}

// valueType is how numbers become values of type V, and back, and how to add.
type valueType[K, V comparable] struct {
	of     func(n uint16) V
	number func(v V) uint16 // Torn if v was never stored
	add    func(m *seqmap.SeqMap[K, V], key K, delta uint16) V
}

func integers[K comparable]() valueType[K, uint64] {
	return valueType[K, uint64]{
		of: func(n uint16) uint64 { return uint64(n) },
		number: func(v uint64) uint16 {
			if v >= Torn {
				return Torn
			}
			return uint16(v)
		},
		add: func(m *seqmap.SeqMap[K, uint64], key K, delta uint16) uint64 {
			return seqmap.Add(m, key, uint64(delta))
		},
	}
}

func eightWords[K comparable]() (t valueType[K, [8]uint64]) {
	t.of = func(n uint16) (v [8]uint64) {
		for i := range v {
			v[i] = uint64(n)
		}
		return v
	}
	t.number = func(v [8]uint64) uint16 {
		if v[0] >= Torn || v != t.of(uint16(v[0])) {
			return Torn
		}
		return uint16(v[0])
	}
	return t
}

func seqMapSubject[K, V comparable](h Hash, key func(uint64) K, values valueType[K, V]) Subject {
	s := Subject{Counts: true, New: func() Map {
		return &seqMap[K, V]{newSeqMap[K, V](h), key, &values}
	}}
	for k := range kinds {
		if k != Add || values.add != nil {
			s.Kinds = append(s.Kinds, k)
		}
	}
	var k K
	var v V
	s.Name = fmt.Sprintf("%s[%T, %T] with hash %v", rivals.NameSeqMap, k, v, h)
	return s
}

type seqMap[K, V comparable] struct {
	m      *seqmap.SeqMap[K, V]
	key    func(uint64) K
	values *valueType[K, V]
}

func (s *seqMap[K, V]) Len() int { return s.m.Len() }

func (s *seqMap[K, V]) result(v V, ok bool) Results { return Results(Of(s.values.number(v), ok)) }

func truth(ok bool) Results { return Results(Of(0, ok)) }

func (s *seqMap[K, V]) Do(base uint64, c Call) Results {
	m, key := s.m, s.key(base+uint64(c.Key))
	switch c.Kind {
	case Load:
		return s.result(m.Load(key))
	case Get:
		return s.result(m.Get(key))
	case Contains:
		return truth(m.Contains(key))
	case LoadAndDelete:
		return s.result(m.LoadAndDelete(key))
	case Remove:
		return s.result(m.Remove(key))
	case Delete:
		m.Delete(key)
	case CompareAndDelete:
		return truth(m.CompareAndDelete(key, s.values.of(c.Old)))
	case GetBatch, InsertBatch, RemoveBatch:
		return s.batch([Keys]K{key, s.key(base + uint64(1-c.Key))}, c)
	case Clear:
		m.Clear()
	case Grow:
		m.Grow(200)
	case Shrink:
		m.Shrink()
	default:
		return s.write(key, c)
	}
	return 0
}

// write does what takes a value.
func (s *seqMap[K, V]) write(key K, c Call) Results {
	m, v := s.m, s.values.of(c.Value)
	switch c.Kind {
	case Store:
		m.Store(key, v)
	case Insert:
		return s.result(m.Insert(key, v))
	case Swap:
		return s.result(m.Swap(key, v))
	case LoadOrStore:
		return s.result(m.LoadOrStore(key, v))
	case LoadOrCompute:
		return s.result(m.LoadOrCompute(key, func() V { return v }))
	case CompareAndSwap:
		return truth(m.CompareAndSwap(key, s.values.of(c.Old), v))
	case Add:
		return s.result(s.values.add(m, key, c.Value), true)
	case Update:
		return s.result(m.Update(key, func(old V, _ bool) V { return s.sum(old, c.Value) }), true)
	case ComputeAdd:
		return s.result(m.Compute(key, func(old V, _ bool) (V, seqmap.Op) { return s.sum(old, c.Value), seqmap.UpdateOp }))
	case ComputeLeave:
		return s.result(m.Compute(key, func(V, bool) (V, seqmap.Op) { return v, seqmap.CancelOp }))
	case ComputeRemove:
		return s.result(m.Compute(key, func(V, bool) (V, seqmap.Op) { return v, seqmap.DeleteOp }))
	default:
		panic("outcome: seqmap has no " + c.Kind.String())
	}
	return 0
}

// sum adds to a value. What is torn stays so.
func (s *seqMap[K, V]) sum(old V, delta uint16) V {
	n := s.values.number(old)
	if n == Torn {
		return old
	}
	return s.values.of(n + delta)
}

// longBatch is how many keys a batch must have for a map to treat it as one.
const longBatch = 8

// absentKey is where the keys begin that are in no map. They fill up batches.
const absentKey = 1 << 41

func (s *seqMap[K, V]) batch(keys [Keys]K, c Call) Results {
	switch c.Kind {
	case GetBatch:
		return s.getBatch(keys)
	case InsertBatch:
		values := [Keys]V{s.values.of(c.Value), s.values.of(c.Value + 1)}
		s.m.InsertBatch(keys[:], values[:])
		return 0
	default:
		return Results(Of(uint16(s.m.RemoveBatch(keys[:])), false))
	}
}

// getBatch looks up both keys, the first and the last of a long batch.
func (s *seqMap[K, V]) getBatch(keys [Keys]K) Results {
	var long [longBatch]K
	var values [longBatch]V
	var found [longBatch]bool
	for i := range long {
		long[i] = s.key(absentKey + uint64(i))
	}
	const last = longBatch - 1
	long[0], long[last] = keys[0], keys[1]
	s.m.GetBatch(long[:], values[:], found[:])
	first, second := s.result(values[0], found[0]), s.result(values[last], found[last])
	return Pair(Result(first), Result(second))
}
