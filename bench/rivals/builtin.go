package rivals

import (
	"iter"
	"maps"
	"sync"
)

// Builtin is Go's map with no lock: for one goroutine, as a yardstick.
func Builtin[K comparable]() Rival[K] {
	r := ofTable(NameBuiltin, func(capacity int) Table[K] { return newBuiltin[K](capacity) })
	r.Concurrent = false
	return r
}

// Locked is Go's map behind one lock: an RWMutex in the Table, a plain Mutex,
// which is faster where everybody writes, in the Counter.
func Locked[K comparable]() Rival[K] {
	return Rival[K]{
		Name:       NameLocked,
		Concurrent: true,
		NewTable:   func(capacity int) Table[K] { return &rwLocked[K]{table: newBuiltin[K](capacity)} },
		NewCounter: func(capacity int) Counter[K] { return &locked[K]{table: newBuiltin[K](capacity)} },
	}
}

type builtin[K comparable] struct{ m map[K]uint64 }

func newBuiltin[K comparable](capacity int) *builtin[K] {
	return &builtin[K]{make(map[K]uint64, capacity)}
}

func (b *builtin[K]) Add(key K, delta uint64) { b.m[key] += delta }

func (b *builtin[K]) Load(key K) (uint64, bool) {
	v, ok := b.m[key]
	return v, ok
}

func (b *builtin[K]) Store(key K, value uint64) { b.m[key] = value }
func (b *builtin[K]) Delete(key K)              { delete(b.m, key) }
func (b *builtin[K]) Len() int                  { return len(b.m) }
func (b *builtin[K]) All() iter.Seq2[K, uint64] { return maps.All(b.m) }

// locked has no lock in Len and All: they are for a map that nobody writes.
type locked[K comparable] struct {
	mu    sync.Mutex
	table *builtin[K] // guarded by mu
}

func (l *locked[K]) Add(key K, delta uint64) {
	l.mu.Lock()
	l.table.Add(key, delta)
	l.mu.Unlock()
}

func (l *locked[K]) Load(key K) (uint64, bool) {
	l.mu.Lock()
	v, ok := l.table.Load(key)
	l.mu.Unlock()
	return v, ok
}

func (l *locked[K]) Len() int                  { return l.table.Len() }
func (l *locked[K]) All() iter.Seq2[K, uint64] { return l.table.All() }

// rwLocked has no lock in Len and All: they are for a map that nobody writes.
type rwLocked[K comparable] struct {
	mu    sync.RWMutex
	table *builtin[K] // guarded by mu
}

func (l *rwLocked[K]) Add(key K, delta uint64) {
	l.mu.Lock()
	l.table.Add(key, delta)
	l.mu.Unlock()
}

func (l *rwLocked[K]) Load(key K) (uint64, bool) {
	l.mu.RLock()
	v, ok := l.table.Load(key)
	l.mu.RUnlock()
	return v, ok
}

func (l *rwLocked[K]) Store(key K, value uint64) {
	l.mu.Lock()
	l.table.Store(key, value)
	l.mu.Unlock()
}

func (l *rwLocked[K]) Delete(key K) {
	l.mu.Lock()
	l.table.Delete(key)
	l.mu.Unlock()
}

func (l *rwLocked[K]) Len() int                  { return l.table.Len() }
func (l *rwLocked[K]) All() iter.Seq2[K, uint64] { return l.table.All() }
