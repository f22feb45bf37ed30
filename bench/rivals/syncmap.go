package rivals

import (
	"iter"
	"sync"
	"sync/atomic"
)

// SyncMap is the standard library's sync.Map. It has no room to be made ahead,
// so the capacity is ignored. The Table holds the values themselves, the
// Counter pointers to atomic counters, which saves the loop of compare-and-swap.
func SyncMap[K comparable]() Rival[K] {
	return Rival[K]{
		Name:       NameSyncMap,
		Concurrent: true,
		NewTable:   func(int) Table[K] { return new(syncMap[K]) },
		NewCounter: func(int) Counter[K] { return new(syncCounter[K]) },
	}
}

type syncMap[K comparable] struct{ m sync.Map }

func (s *syncMap[K]) Add(key K, delta uint64) {
	for {
		old, loaded := s.m.LoadOrStore(key, delta)
		if !loaded || s.m.CompareAndSwap(key, old, old.(uint64)+delta) {
			return
		}
	}
}

func (s *syncMap[K]) Load(key K) (uint64, bool) {
	v, ok := s.m.Load(key)
	if !ok {
		return 0, false
	}
	return v.(uint64), true
}

func (s *syncMap[K]) Store(key K, value uint64) { s.m.Store(key, value) }
func (s *syncMap[K]) Delete(key K)              { s.m.Delete(key) }
func (s *syncMap[K]) Len() int                  { return syncLen(&s.m) }

func (s *syncMap[K]) All() iter.Seq2[K, uint64] {
	return func(yield func(K, uint64) bool) {
		s.m.Range(func(k, v any) bool { return yield(k.(K), v.(uint64)) })
	}
}

type syncCounter[K comparable] struct{ m sync.Map }

func (s *syncCounter[K]) Add(key K, delta uint64) {
	v, ok := s.m.Load(key)
	if !ok {
		v, _ = s.m.LoadOrStore(key, new(atomic.Uint64))
	}
	v.(*atomic.Uint64).Add(delta)
}

func (s *syncCounter[K]) Load(key K) (uint64, bool) {
	v, ok := s.m.Load(key)
	if !ok {
		return 0, false
	}
	return v.(*atomic.Uint64).Load(), true
}

func (s *syncCounter[K]) Len() int { return syncLen(&s.m) }

func (s *syncCounter[K]) All() iter.Seq2[K, uint64] {
	return func(yield func(K, uint64) bool) {
		s.m.Range(func(k, v any) bool { return yield(k.(K), v.(*atomic.Uint64).Load()) })
	}
}

func syncLen(m *sync.Map) int {
	n := 0
	m.Range(func(any, any) bool {
		n++
		return true
	})
	return n
}
