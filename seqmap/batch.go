package seqmap

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// chunk is how many keys of a batch are in work at once: enough for the processor to
// wait for several lines from memory at the same time.
const chunk = 16

// GetBatch looks up keys[i] for each i, sets values[i] and found[i] as Get would return
// them, and returns the number of keys found. Each lookup is an operation of its own; the
// waits of many of them for memory overlap. It panics if the slices differ in length.
func (m *SeqMap[K, V]) GetBatch(keys []K, values []V, found []bool) (hits int) {
	if len(values) != len(keys) || len(found) != len(keys) {
		panic(fmt.Sprintf("seqmap: GetBatch of %d keys into %d values and %d found", len(keys), len(values), len(found)))
	}
	if unsafe.Sizeof(*new(K)) == layout.WordBytes && unsafe.Sizeof(*new(V)) == layout.WordBytes {
		var n int
		n, hits = m.getWords(keys, values, found)
		keys, values, found = keys[n:], values[n:], found[n:]
	}
	var hashes [chunk]uint64
	for len(keys) > 0 {
		n := min(len(keys), chunk)
		t := m.loadRoot()
		if t == nil {
			m.check()
			clear(values)
			clear(found)
			return hits
		}
		m.touch(t, keys[:n], &hashes)
		for i, key := range keys[:n] {
			if values[i], found[i] = m.getHashed(t, key, hashes[i]); found[i] {
				hits++
			}
		}
		keys, values, found = keys[n:], values[n:], found[n:]
	}
	return hits
}

// getWords is GetBatch for keys and values of exactly one word each. It returns how many of
// the keys it has dealt with, which are all of them if the tables are of word buckets.
func (m *SeqMap[K, V]) getWords(keys []K, values []V, found []bool) (n, hits int) {
	var b arch.Batch
	for n < len(keys) {
		t := m.loadRoot()
		if t == nil || !t.words {
			break
		}
		end := min(n+layout.BatchKeys, len(keys))
		// Safety: the three parts have the same length, end-n.
		some, odd := arch.GetWordBatch(t.base, t.buckets, t.hasher.seed, first(keys[n:end]),
			first(values[n:end]), first(found[n:end]), uintptr(end-n), &b)
		for _, i := range b.Odd[:odd] {
			j := n + int(i)
			if values[j], found[j] = m.getHashed(t, keys[j], t.hasher.word(plain.Bits(keys[j]))); found[j] {
				some++
			}
		}
		n, hits = end, hits+some
	}
	return n, hits
}

// first returns the address of the first element.
func first[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }

// getHashed is Get in table t with the hash that touch has computed.
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

// touch hashes up to chunk keys and loads a word of the first bucket of each, so that the
// misses of the caches overlap.
func (m *SeqMap[K, V]) touch(t *table, keys []K, hashes *[chunk]uint64) {
	var k plain.Buffer[K]
	for i, key := range keys {
		if key != key {
			continue
		}
		h := m.prepare(t, key, &k)
		hashes[i%chunk] = h
		arch.Touch(t.bucket(t.home(h)))
	}
}

// InsertBatch sets the value of keys[i] to values[i] for each i, in order. Each is an operation
// of its own. It panics if the slices differ in length.
func (m *SeqMap[K, V]) InsertBatch(keys []K, values []V) {
	if len(values) != len(keys) {
		panic(fmt.Sprintf("seqmap: InsertBatch of %d keys and %d values", len(keys), len(values)))
	}
	var hashes [chunk]uint64
	for len(keys) > 0 {
		n := min(len(keys), chunk)
		m.touch(m.start(), keys[:n], &hashes)
		for i, key := range keys[:n] {
			m.Insert(key, values[i])
		}
		keys, values = keys[n:], values[n:]
	}
}

// RemoveBatch removes each of the keys and returns how many were present, a key that occurs
// twice counting once. Each is an operation of its own.
func (m *SeqMap[K, V]) RemoveBatch(keys []K) (removed int) {
	if m.loadRoot() == nil {
		m.check()
		return 0
	}
	var hashes [chunk]uint64
	for len(keys) > 0 {
		n := min(len(keys), chunk)
		m.touch(m.start(), keys[:n], &hashes)
		for _, key := range keys[:n] {
			if _, ok := m.Remove(key); ok {
				removed++
			}
		}
		keys = keys[n:]
	}
	return removed
}
