package seqmap

import (
	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// entry is an operation that looks at the value of a key and then changes it, if it is
// still what it was. It lives on the caller's stack.
type entry[K comparable, V any] struct {
	m     *SeqMap[K, V]
	key   plain.Buffer[K]
	hash  uint64
	nan   bool
	value plain.Buffer[V] // as of the last look
	spot  spot
}

// begin begins an operation on key.
func (e *entry[K, V]) begin(m *SeqMap[K, V], key K) {
	t := m.start()
	if e.m, e.nan = m, key != key; !e.nan {
		e.hash = m.prepare(t, key, &e.key)
	}
}

// beginHashed begins an operation on key, which has hash h, if there is a table already.
func (e *entry[K, V]) beginHashed(m *SeqMap[K, V], key K, h uint64) {
	if e.m, e.hash, e.nan = m, h, key != key; !e.nan {
		e.key.Set(key)
		m.loadRoot().hasher.canon.apply(e.key.Pointer())
	}
}

// look reads the value. It returns false, and the value is zero, if the key is absent.
func (e *entry[K, V]) look() bool {
	for !e.nan {
		var ok bool
		e.spot, ok = e.m.seek(e.m.loadRoot(), e.key.Pointer(), e.hash)
		if !ok {
			break
		}
		s := &e.spot
		if s.t.stable(s.b, s.i, s.w, e.value.Pointer()) {
			return true
		}
	}
	e.value.Set(*new(V))
	return false
}

// has says whether the value that was seen is old, by ==.
func (e *entry[K, V]) has(old *V) bool {
	v := e.value.Value()
	return cell.Equal(&v, old)
}

// replace stores a value in place of the one that was seen. It fails if that has changed.
func (e *entry[K, V]) replace(value V) bool {
	var to plain.Buffer[V]
	to.Set(value)
	return e.spot.write(e.hash, e.value.Pointer(), to.Pointer())
}

// remove removes the value that was seen. It fails if that has changed. Now and again it looks
// whether the map has become sparse.
func (e *entry[K, V]) remove() bool {
	const every = 64
	if !e.spot.write(e.hash, e.value.Pointer(), nil) {
		return false
	}
	t := e.spot.t
	if n := arch.Load64(t.lineage.count.of(e.hash)); (n+e.hash>>48)%every == 0 {
		e.m.shrinkIfSparse(t)
	}
	return true
}

// commit stores a value if the entry, present or not, is still what it was.
func (e *entry[K, V]) commit(loaded bool, value V) bool {
	switch {
	case e.nan:
		return true
	case loaded:
		return e.replace(value)
	}
	var v, prev plain.Buffer[V]
	v.Set(value)
	var ins inserter
	ins.key, ins.value, ins.previous = e.key.Pointer(), v.Pointer(), prev.Pointer()
	ins.hash, ins.policy = e.hash, keep
	e.m.insert(e.m.loadRoot(), &ins)
	return !ins.was
}
