package seqmap

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// chunk is how many keys of a batch are hashed, and their buckets asked for, at once. That
// happens one chunk ahead of their use, so that the processor waits for many lines from
// memory at the same time.
const chunk = 16

// stretch is how many keys of a batch are dealt with before it looks at the size of the table
// again. While the table is small, a batch is nothing but single operations.
const stretch = 32 * chunk

// few is how many keys are too few for a kernel: it takes as long to call it as to look them up.
const few = 8

// near is the size in bytes of a table whose buckets are likely at hand.
const near = 64 << 10

// GetBatch looks up keys[i] for each i, sets values[i] and found[i] as Get would return
// them, and returns the number of keys found. Each lookup is an operation of its own; the
// waits of many of them for memory overlap. values may be keys itself, but must not overlap it
// in any other way. It panics if the slices differ in length.
func (m *SeqMap[K, V]) GetBatch(keys []K, values []V, found []bool) (hits int) {
	if len(values) != len(keys) || len(found) != len(keys) {
		panic(fmt.Sprintf("seqmap: GetBatch of %d keys into %d values and %d found", len(keys), len(values), len(found)))
	}
	t := m.loadRoot()
	if t == nil {
		m.check()
		clear(values)
		clear(found)
		return 0
	}
	kernel := isProbed[K, V]() && t.hasher.plain() && arch.HasBatch()
	if kernel && len(keys) >= few {
		var n int
		n, hits = m.getPlain(keys, values, found)
		keys, values, found = keys[n:], values[n:], found[n:]
	}
	for len(keys) >= few {
		n := min(len(keys), stretch)
		if t := m.loadRoot(); t.far() {
			hits += m.getStretch(t, keys[:n], values[:n], found[:n])
		} else {
			hits += m.getEach(keys[:n], values[:n], found[:n])
		}
		keys, values, found = keys[n:], values[n:], found[n:]
	}
	return hits + m.getEach(keys, values, found)
}

// getEach is GetBatch by as many single lookups.
func (m *SeqMap[K, V]) getEach(keys []K, values []V, found []bool) (hits int) {
	for i, key := range keys {
		if values[i], found[i] = m.Get(key); found[i] {
			hits++
		}
	}
	return hits
}

// getStretch is GetBatch in the tables from t on, by one lookup after the other.
func (m *SeqMap[K, V]) getStretch(t *table, keys []K, values []V, found []bool) (hits int) {
	var hashes [2 * chunk]uint64
	m.ask(t, keys, 0, &hashes)
	for i, key := range keys {
		if i%chunk == 0 {
			m.ask(t, keys, i+chunk, &hashes)
		}
		if values[i], found[i] = m.getHashed(t, key, hashes[i%len(hashes)]); found[i] {
			hits++
		}
	}
	return hits
}

// getPlain is GetBatch by kernels, for plain keys and values of the sizes that they know. A call,
// in which the scheduler cannot stop the goroutine, takes no more than layout.BatchKeys keys. It
// returns how many of the keys it has dealt with: all but a few.
func (m *SeqMap[K, V]) getPlain(keys []K, values []V, found []bool) (done, hits int) {
	var b arch.Batch
	for len(keys) >= few {
		n := min(len(keys), layout.BatchKeys)
		t := m.loadRoot()
		b.Table = t.head
		// Safety: the slices have the same length, which is n or more.
		some, odd := arch.GetBatch(&b, first(keys), first(values), first(found), uintptr(n))
		for _, i := range b.Odd[:odd] {
			if values[i], found[i] = m.getOdd(t, keys[i]); found[i] {
				some++
			}
		}
		done, hits = done+n, hits+some
		keys, values, found = keys[n:], values[n:], found[n:]
	}
	return done, hits
}

// first returns the address of the first element.
func first[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }

// getOdd is Get in table t, without the fast path.
func (m *SeqMap[K, V]) getOdd(t *table, key K) (value V, ok bool) {
	var k plain.Buffer[K]
	return m.getHashed(t, key, m.prepare(t, key, &k))
}

// getHashed is Get in table t with the hash that ask has computed.
func (m *SeqMap[K, V]) getHashed(t *table, key K, h uint64) (value V, ok bool) {
	if unsafe.Sizeof(key) <= layout.WordBytes && unsafe.Sizeof(value) <= layout.WordBytes && t.hasher.kind == hashWord {
		v, ok := t.getWord(plain.Bits(key), h)
		return plain.FromBits[V](v), ok
	}
	if key != key {
		return value, false
	}
	var k plain.Buffer[K]
	k.Set(key)
	t.hasher.canon.apply(k.Pointer())
	return getPrepared[K, V](t, &k, h)
}

// far says whether the table is so large that its buckets are likely not at hand, and worth
// asking for.
func (t *table) far() bool {
	return t.buckets*uint64(t.geo.Bytes) > near
}

// ask puts the hashes of a chunk of keys, from position i on, where there are any, into their
// places of hashes, and asks for the first lines of their home buckets in t.
func (m *SeqMap[K, V]) ask(t *table, keys []K, i int, hashes *[2 * chunk]uint64) {
	if i >= len(keys) {
		return
	}
	keys = keys[i:min(i+chunk, len(keys))]
	part := hashes[i%len(hashes):][:len(keys)] // i is a multiple of chunk
	m.hashAll(t, keys, part)
	arch.Prefetch(t.base, t.buckets, t.geo.Bytes, first(part), uintptr(len(part)))
}

// hashAll puts the hashes of the keys into hashes.
func (m *SeqMap[K, V]) hashAll(t *table, keys []K, hashes []uint64) {
	hashes = hashes[:len(keys)]
	if unsafe.Sizeof(*new(K)) <= layout.WordBytes && t.hasher.kind == hashWord {
		for i, key := range keys {
			hashes[i] = t.hasher.word(plain.Bits(key))
		}
		return
	}
	var k plain.Buffer[K]
	for i, key := range keys {
		if key == key {
			hashes[i] = m.prepare(t, key, &k)
		}
	}
}

// InsertBatch sets the value of keys[i] to values[i] for each i, in order. Each is an operation
// of its own. It panics if the slices differ in length.
func (m *SeqMap[K, V]) InsertBatch(keys []K, values []V) {
	if len(values) != len(keys) {
		panic(fmt.Sprintf("seqmap: InsertBatch of %d keys and %d values", len(keys), len(values)))
	}
	for len(keys) > 0 {
		n := min(len(keys), stretch)
		if t := m.start(); t.far() {
			m.insertStretch(t, keys[:n], values[:n])
		} else {
			for i, key := range keys[:n] {
				m.Insert(key, values[i])
			}
		}
		keys, values = keys[n:], values[n:]
	}
}

func (m *SeqMap[K, V]) insertStretch(t *table, keys []K, values []V) {
	var hashes [2 * chunk]uint64
	m.ask(t, keys, 0, &hashes)
	for i, key := range keys {
		if i%chunk == 0 {
			m.ask(m.loadRoot(), keys, i+chunk, &hashes)
		}
		m.insertHashed(key, values[i], hashes[i%len(hashes)])
	}
}

// RemoveBatch removes each of the keys and returns how many were present, a key that occurs
// twice counting once. Each is an operation of its own.
func (m *SeqMap[K, V]) RemoveBatch(keys []K) (removed int) {
	if m.loadRoot() == nil {
		m.check()
		return 0
	}
	for len(keys) > 0 {
		n := min(len(keys), stretch)
		if t := m.loadRoot(); t.far() {
			removed += m.removeStretch(t, keys[:n])
		} else {
			for _, key := range keys[:n] {
				if _, ok := m.Remove(key); ok {
					removed++
				}
			}
		}
		keys = keys[n:]
	}
	return removed
}

func (m *SeqMap[K, V]) removeStretch(t *table, keys []K) (removed int) {
	var hashes [2 * chunk]uint64
	m.ask(t, keys, 0, &hashes)
	for i, key := range keys {
		if i%chunk == 0 {
			m.ask(m.loadRoot(), keys, i+chunk, &hashes)
		}
		if m.removeHashed(key, hashes[i%len(hashes)]) {
			removed++
		}
	}
	return removed
}
