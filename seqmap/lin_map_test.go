package seqmap

import (
	"fmt"
	"slices"
)

// linMap is the map under test, by numbers for keys and values.
type linMap struct {
	do   func(c linCall) linResult
	trio func(verb linVerb, calls []linCall) []linResult // a batch or a sweep of several keys
	turn func(n int)                                     // makes the table change
}

// linTypes says how numbers become values of type V, and back, and how to add.
type linTypes[K, V comparable] struct {
	value func(n uint64) V
	seed  func(v V) uint64
	add   func(m *SeqMap[K, V], key K, delta uint64) V
}

func linIntegers[K comparable, V Integer]() linTypes[K, V] {
	return linTypes[K, V]{
		value: func(n uint64) V { return V(n) },
		seed:  func(v V) uint64 { return uint64(v) },
		add:   func(m *SeqMap[K, V], key K, delta uint64) V { return Add(m, key, V(delta)) },
	}
}

func linPatterns[K, V comparable]() (x linTypes[K, V]) {
	x.value = pattern[V]
	x.seed = func(v V) uint64 {
		if !whole(v) {
			return noValue
		}
		return seed(v)
	}
	x.add = func(m *SeqMap[K, V], key K, delta uint64) V {
		return m.Update(key, func(old V, _ bool) V { return pattern[V](x.seed(old) + delta) })
	}
	return x
}

func (x linTypes[K, V]) result(v V, ok bool) linResult { return told(x.seed(v), ok) }

// over returns m by numbers.
func (x linTypes[K, V]) over(m *SeqMap[K, V]) linMap {
	return linMap{
		do:   func(c linCall) linResult { return x.do(m, c) },
		trio: func(verb linVerb, calls []linCall) []linResult { return x.trio(m, verb, calls) },
		turn: func(n int) {
			for filler := range 4 { // so that the table grows by itself too
				m.Insert(pattern[K](uint64(1000+4*n+filler)), x.value(1))
			}
			switch {
			case n == linFar: // where batches ask for buckets ahead
				m.Grow(x.far(m))
			case n%2 == 0:
				m.Grow(40 * n)
			default:
				m.Shrink()
			}
		},
	}
}

// linFar is which change of the table makes it a far one.
const linFar = 2

// far returns for how many entries a table is far.
func (x linTypes[K, V]) far(m *SeqMap[K, V]) int {
	geo := m.geometry()
	return int(near/geo.Bytes*geo.Slots)*limitNum/limitDen + 1
}

func (x linTypes[K, V]) do(m *SeqMap[K, V], c linCall) (r linResult) {
	key, old, value := pattern[K](uint64(c.key)), x.value(c.old), x.value(c.new)
	switch c.verb {
	case linGet:
		return x.result(m.Get(key))
	case linLoad:
		return x.result(m.Load(key))
	case linContains:
		r.ok = m.Contains(key)
	case linInsert:
		return x.result(m.Insert(key, value))
	case linSwap:
		return x.result(m.Swap(key, value))
	case linStore:
		m.Store(key, value)
	case linLoadOrStore:
		return x.result(m.LoadOrStore(key, value))
	case linLoadOrCompute:
		return x.result(m.LoadOrCompute(key, func() V { return value }))
	case linRemove:
		return x.result(m.Remove(key))
	case linLoadAndDelete:
		return x.result(m.LoadAndDelete(key))
	case linDelete:
		m.Delete(key)
	case linCompareAndSwap:
		r.ok = m.CompareAndSwap(key, old, value)
	case linCompareAndDelete:
		r.ok = m.CompareAndDelete(key, old)
	case linAdd:
		return told(x.seed(x.add(m, key, c.new)), true)
	case linUpdate:
		sum := m.Update(key, func(old V, _ bool) V { return x.value(x.seed(old) + c.new) })
		return told(x.seed(sum), true)
	case linCancel, linSet, linDrop:
		op := [...]Op{CancelOp, UpdateOp, DeleteOp}[c.verb-linCancel]
		return x.result(m.Compute(key, func(V, bool) (V, Op) { return value, op }))
	case linClear:
		m.Clear()
	default:
		return x.trio(m, c.verb, []linCall{c})[0]
	}
	return r
}

// trio does one batch or sweep.
func (x linTypes[K, V]) trio(m *SeqMap[K, V], verb linVerb, calls []linCall) []linResult {
	n := len(calls)
	results := make([]linResult, n)
	if verb == linGetBatch || verb == linInsertBatch || verb == linRemoveBatch {
		x.batch(m, verb, calls, results)
		return results
	}
	keys := make([]K, n)
	for i, c := range calls {
		keys[i] = pattern[K](uint64(c.key))
	}
	x.sweep(m, verb, keys, results)
	return results
}

// linSpread is how far the keys of a history stand apart in a long batch: so far that there are
// more than few, and those of all of them more than one chunk.
const linSpread = few

// Keys that fill up batches. Those of an InsertBatch come into the map, the others are never in it.
const linPresent, linAbsent = 2000, 3000

// batch does one batch, and has results tell what came of it. One in three is long.
func (x linTypes[K, V]) batch(m *SeqMap[K, V], verb linVerb, calls []linCall, results []linResult) {
	spread := 1
	if calls[0].new%3 == 0 {
		spread = linSpread
	}
	n := spread * len(calls)
	keys, values, found := make([]K, n), make([]V, n), make([]bool, n)
	for i := range keys {
		keys[i], values[i] = pattern[K](linAbsent+uint64(i)), x.value(1)
		if verb == linInsertBatch {
			keys[i] = pattern[K](linPresent + uint64(i%2))
		}
	}
	for i, c := range calls {
		keys[i*spread], values[i*spread] = pattern[K](uint64(c.key)), x.value(c.new)
	}
	switch verb {
	case linGetBatch:
		m.GetBatch(keys, values, found)
		for i := range results {
			results[i] = x.result(values[i*spread], found[i*spread])
		}
	case linInsertBatch:
		m.InsertBatch(keys, values)
	case linRemoveBatch:
		linCount(results, m.RemoveBatch(keys))
	}
}

// linCount has results tell how many keys were removed, which also tells each if it is all or none.
func linCount(results []linResult, n int) {
	for i := range results {
		results[i].ok, results[i].count = n != 0, n
	}
}

// sweep has results tell what one that goes through the map finds.
func (x linTypes[K, V]) sweep(m *SeqMap[K, V], verb linVerb, keys []K, results []linResult) {
	switch verb {
	case linRange:
		m.Range(func(key K, v V) bool {
			if i := slices.Index(keys, key); i >= 0 {
				results[i] = x.result(v, true)
			}
			return true
		})
	case linKeys_:
		for key := range m.Keys() {
			if i := slices.Index(keys, key); i >= 0 {
				results[i].ok = true
			}
		}
	case linDeleteFunc:
		linCount(results, m.DeleteFunc(func(key K, v V) bool { return slices.Contains(keys, key) && linOdd(x.seed(v)) }))
	case linClone:
		c := m.Clone()
		for i, key := range keys {
			results[i] = x.result(c.Get(key))
		}
	default:
		panic(fmt.Sprint("no verb ", verb))
	}
}

// newLinMap returns a map whose tables depend on nothing but the seed at and what is done to it, but
// for keys that hash/maphash hashes.
func newLinMap[K comparable, V any](mode hashMode, at uint64) *SeqMap[K, V] {
	switch mode {
	case constantHash:
		return newMap[K, V](mode, WithSeed(at))
	case fourBitHash:
		return NewWithHasher[K, V](func(key K, _ uint64) uint64 { return seed(key) & 15 }, WithSeed(at))
	default:
		return New[K, V](WithSeed(at))
	}
}
