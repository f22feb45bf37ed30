package seqmap

import (
	"iter"
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// Range calls f for each entry until f returns false. A key that is present throughout is
// visited exactly once, also if the table is replaced meanwhile; one that was removed before
// the call began is not visited; one that comes or goes during the call is visited at
// most once. The value is one that the key had during the call. f runs with nothing locked and
// may use the map.
func (m *SeqMap[K, V]) Range(f func(key K, value V) bool) {
	if m.loadRoot() == nil {
		m.check()
		return
	}
	// A table attached later holds only keys that were moved there, which are found
	// through their old slot, and keys inserted after the call began.
	var room [4]*table
	chain := room[:0]
	for t := m.loadRoot(); t != nil; t = t.loadNext() {
		chain = append(chain, t)
	}
	var k plain.Buffer[K]
	var v plain.Buffer[V]
	for j, t := range chain {
		for n := range t.scattered() {
			b := t.bucket(n)
			for i := range t.geo.Slots {
				if t.visit(b, i, chain[:j], k.Pointer(), v.Pointer()) && !f(k.Value(), v.Value()) {
					return
				}
			}
		}
	}
}

// scattered yields every bucket once, block by block, the blocks in an order in which those of
// any part of the iteration are spread evenly over the table. Otherwise keys that are removed
// as they are visited, or put into another map with the same seed, would leave or
// fill one end of the table, for it is in the order of the hashes.
func (t *table) scattered() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		block, step := uint64(0), stride(t.blocks)
		for range t.blocks {
			for n := block * blockBuckets; n < min((block+1)*blockBuckets, t.buckets); n++ {
				if !yield(n) {
					return
				}
			}
			block = (block + step) % t.blocks
		}
	}
}

// stride returns a step that leads through all of n places round a circle: about the golden
// section of n, by which each step falls into the middle of the widest gap, and with no
// divisor in common with n.
func stride(n uint64) uint64 {
	step, _ := bits.Mul64(n, layout.FoldBy)
	for step++; ; step++ {
		a, b := n, step
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return step
		}
	}
}

// visit copies the entry in slot i of b, if there is one, to key and value. It passes over a
// key that has a slot in one of the earlier tables, for it was dealt with there.
func (t *table) visit(b unsafe.Pointer, i uintptr, earlier []*table, key, value unsafe.Pointer) bool {
	var wait arch.Backoff
	for {
		w := t.word(b, i)
		if !published(w) || dead(w) {
			return false
		}
		arch.LoadPacked(key, t.keyAt(b, i), t.geo.KeyBytes)
		for _, e := range earlier {
			if e.holdsPublished(key, e.hasher.hash(key)) {
				return false
			}
		}
		switch {
		case w == layout.Moved:
			return t.loadNext().get(key, t.hasher.hash(key), value)
		case frozen(w):
			arch.LoadPacked(value, t.valueAt(b, i), t.geo.ValueBytes)
			return true
		case inside(w) && !t.smallValues():
			wait.Wait()
		case t.stable(b, i, w, value):
			return true
		}
	}
}

// All returns an iterator over the entries, as Range visits them.
func (m *SeqMap[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { m.Range(yield) }
}

// Keys returns an iterator over the keys, as Range visits them.
func (m *SeqMap[K, V]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		m.Range(func(key K, _ V) bool { return yield(key) })
	}
}

// Values returns an iterator over the values, as Range visits them.
func (m *SeqMap[K, V]) Values() iter.Seq[V] {
	return func(yield func(V) bool) {
		m.Range(func(_ K, value V) bool { return yield(value) })
	}
}

// DeleteFunc removes each entry for which fn returns true, and returns how many it removed.
// An entry that changes between the call of fn and its removal is shown to fn again; so an fn that
// itself changes the entry, each time it returns true, is called for ever. fn runs with nothing
// locked and may use the map.
func (m *SeqMap[K, V]) DeleteFunc(fn func(key K, value V) bool) (deleted int) {
	for key := range m.Keys() {
		var e entry[K, V]
		e.begin(m, key)
		for e.look() && fn(key, e.value.Value()) {
			if e.remove() {
				deleted++
				break
			}
		}
	}
	return deleted
}

// Clone returns a map with the entries that Range visits, and the same options.
func (m *SeqMap[K, V]) Clone() *SeqMap[K, V] {
	c := &SeqMap[K, V]{custom: m.custom}
	c.seed, c.seeded = m.seed, m.seeded
	floor := m.floor.Load()
	c.floor.Store(floor)
	c.Grow(m.Len())
	c.floor.Store(floor) // the room for the entries may go with them
	m.Range(func(key K, value V) bool {
		c.Insert(key, value)
		return true
	})
	return c
}
