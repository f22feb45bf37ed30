package seqmap

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch"
)

// shrinkPart is how small a part of its limit the live entries must be for the map to
// shrink by itself. It is far from the half at which a table starts, so that a map that
// breathes does not shrink and grow in turns.
const shrinkPart = 8

// shrinkBytes is the size of a table that is too small to be worth shrinking.
const shrinkBytes = 64 << 10

// bucketsAtLimit returns the buckets of a table whose limit is just above the given number of
// entries. It panics if there cannot be so many.
func bucketsAtLimit(slots uintptr, entries uint64) uint64 {
	if entries >= maxBytes {
		panic(tooLarge)
	}
	return bucketsFor(slots, entries+1, 1, 1)
}

// sizeFor returns the size of the table that replaces t: room for the live entries at half
// the limit. A table that is itself still being filled gets a successor of twice its size, so
// that a chain of tables cannot grow long.
func (m *core) sizeFor(t *table) uint64 {
	n := max(bucketsFor(t.geo.Slots, t.lineage.live(), 1, 2), m.floor.Load())
	if t != m.loadRoot() {
		n = max(n, 2*t.buckets)
	}
	return n
}

// replace is called by a writer that found t over its limit, or sparse: it begins the
// migration to a table of the right size, unless somebody else has.
func (m *core) replace(t *table) {
	if t.loadNext() != nil {
		return
	}
	arch.Step()
	if !t.growing.CompareAndSwap(0, 1) {
		return
	}
	n := m.sizeFor(t)
	if most := mostBuckets(t.geo.Bytes); n > most {
		n = most
		if n <= t.buckets { // it cannot get larger and goes on until it is full
			t.growing.Store(0)
			return
		}
	}
	t.attachNext(n)
}

// sizeWhenFull returns the size of the table that replaces t, of which every slot is used. It
// panics if there cannot be a table for as many entries as there are: then nothing has changed.
func (t *table) sizeWhenFull() uint64 {
	n, most := 2*t.buckets, mostBuckets(t.geo.Bytes)
	if n <= most {
		return n
	}
	slabBytes(bucketsAtLimit(t.geo.Slots, t.lineage.live()), t.geo.Bytes)
	return most // without the slots of removed keys
}

// shrinkIfSparse is called after a removal, now and again.
func (m *core) shrinkIfSparse(t *table) {
	if t.buckets <= m.floor.Load() || uintptr(t.buckets)*t.geo.Bytes <= shrinkBytes || t != m.loadRoot() {
		return
	}
	if t.lineage.live()*shrinkPart < t.limit {
		m.replace(t)
	}
}

// Grow makes room for n more entries, so that the map need not grow up to there. It moves
// every entry, while other goroutines go on, and returns when that is done. The map does not
// shrink below this size by itself, only by Shrink; if others call Shrink at the same time, there
// may be less room. It panics if n is negative or there cannot be so many entries.
func (m *SeqMap[K, V]) Grow(n int) {
	if n < 0 {
		panic(fmt.Sprintf("seqmap: Grow by a negative number of entries, %d", n))
	}
	t := m.start()
	want := bucketsAtLimit(t.geo.Slots, t.lineage.live()+uint64(n))
	slabBytes(want, t.geo.Bytes)
	for low := m.floor.Load(); low < want && !m.floor.CompareAndSwap(low, want); low = m.floor.Load() {
	}
	m.rebuild(
		func(t *table) bool { return t.buckets >= want && t.used.sum()+uint64(n) < t.limit },
		func(t *table) uint64 { return max(want, t.buckets) },
	)
}

// Shrink reduces the memory of the map to what its entries need, and forgets the slots of
// removed keys, and what WithCapacity and Grow have reserved. It moves every entry, while other
// goroutines go on, and returns when that is done.
func (m *SeqMap[K, V]) Shrink() {
	if m.loadRoot() == nil {
		m.check()
		return
	}
	m.floor.Store(minBuckets)
	size := func(t *table) uint64 {
		n := t.lineage.live()
		return bucketsAtLimit(t.geo.Slots, n+n/8)
	}
	tidy := func(t *table) bool {
		n := t.lineage.live()
		return t.buckets <= size(t) && t.used.sum() <= n+n/8
	}
	m.rebuild(tidy, size)
}

// rebuild finishes a migration that is under way, and then replaces the root by a table of
// the size asked for, unless it is good as it is. Other goroutines may be resizing the map at
// the same time, so it looks at the outcome, and tries a few times.
func (m *core) rebuild(good func(*table) bool, size func(*table) uint64) {
	const tries = 4
	for range tries {
		var wait arch.Backoff
		t := m.loadRoot()
		for t.loadNext() != nil {
			m.finish(t)
			if nt := m.loadRoot(); nt != t {
				t = nt
			} else {
				wait.Wait() // somebody has marked the last block, and not yet counted it
			}
		}
		if good(t) {
			return
		}
		t.attachNext(size(t))
		m.finish(t)
	}
}

// finish moves all of the root t, and makes its successor the root.
func (m *core) finish(t *table) {
	t.moveAll()
	m.advance()
}
