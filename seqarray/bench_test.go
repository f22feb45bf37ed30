package seqarray

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// The rivals: a slice behind a lock, and for one word a slice of atomics.

type locked[T any] struct {
	mu     sync.RWMutex
	values []T
}

func (l *locked[T]) get(i int) T {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.values[i]
}

func (l *locked[T]) set(i int, v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.values[i] = v
}

const benchCells = 1024 // a power of two, in the caches

func BenchmarkGet(b *testing.B) {
	benchGet[uint64](b)
	benchGet[[2]uint64](b)
	benchGet[[8]uint64](b)
	b.Run("impl=atomic/bytes=8", func(b *testing.B) {
		values := make([]atomic.Uint64, benchCells)
		var sum uint64
		for i := 0; b.Loop(); i++ {
			sum += values[i%benchCells].Load()
		}
	})
}

func benchGet[T comparable](b *testing.B) {
	bytes := len(bytesOf(new(T)))
	b.Run(fmt.Sprintf("impl=seqarray/bytes=%d", bytes), func(b *testing.B) {
		a := New[T](benchCells)
		a.Fill(pattern[T](1))
		for i := 0; b.Loop(); i++ {
			if _, err := a.Get(i % benchCells); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run(fmt.Sprintf("impl=rwmutex/bytes=%d", bytes), func(b *testing.B) {
		l := locked[T]{values: make([]T, benchCells)}
		for i := 0; b.Loop(); i++ {
			l.get(i % benchCells)
		}
	})
}

func BenchmarkSet(b *testing.B) {
	benchSet[uint64](b)
	benchSet[[2]uint64](b)
	benchSet[[8]uint64](b)
	b.Run("impl=atomic/bytes=8", func(b *testing.B) {
		values := make([]atomic.Uint64, benchCells)
		for i := 0; b.Loop(); i++ {
			values[i%benchCells].Store(uint64(i))
		}
	})
}

func benchSet[T comparable](b *testing.B) {
	bytes := len(bytesOf(new(T)))
	v := pattern[T](7)
	b.Run(fmt.Sprintf("impl=seqarray/bytes=%d", bytes), func(b *testing.B) {
		a := New[T](benchCells)
		for i := 0; b.Loop(); i++ {
			if err := a.Set(i%benchCells, v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run(fmt.Sprintf("impl=rwmutex/bytes=%d", bytes), func(b *testing.B) {
		l := locked[T]{values: make([]T, benchCells)}
		for i := 0; b.Loop(); i++ {
			l.set(i%benchCells, v)
		}
	})
}

// BenchmarkMixed has all processors at work, one operation of ten a write.
func BenchmarkMixed(b *testing.B) {
	type value = [4]uint64
	parallel := func(b *testing.B, op func(i int, write bool)) {
		var seeds atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for i := int(seeds.Add(97)); pb.Next(); i++ {
				op(i*61%benchCells, i%10 == 0)
			}
		})
	}
	for _, padding := range []bool{false, true} {
		b.Run(fmt.Sprintf("impl=seqarray/bytes=32/padding=%v", padding), func(b *testing.B) {
			var opts []Option
			if padding {
				opts = append(opts, WithPadding())
			}
			a := New[value](benchCells, opts...)
			a.Fill(value{})
			parallel(b, func(i int, write bool) {
				if write {
					ignore(a.Set(i, value{1}))
				} else if _, err := a.Get(i); err != nil {
					b.Error(err)
				}
			})
		})
	}
	b.Run("impl=rwmutex/bytes=32", func(b *testing.B) {
		l := locked[value]{values: make([]value, benchCells)}
		parallel(b, func(i int, write bool) {
			if write {
				l.set(i, value{1})
			} else {
				l.get(i)
			}
		})
	})
}
