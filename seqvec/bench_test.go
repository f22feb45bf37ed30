package seqvec

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// locked is the rival: a slice behind a lock.
type locked[T any] struct {
	mu     sync.RWMutex
	values []T
}

func (l *locked[T]) push(x T) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.values = append(l.values, x)
	return len(l.values) - 1
}

func (l *locked[T]) pop() (x T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.values) - 1
	if n < 0 {
		return x, false
	}
	x = l.values[n]
	l.values = l.values[:n]
	return x, true
}

func (l *locked[T]) get(i int) (x T, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if uint(i) >= uint(len(l.values)) {
		return x, false
	}
	return l.values[i], true
}

const benchElements = 1024 // a power of two, in the caches

func BenchmarkGet(b *testing.B) {
	benchGet[uint64](b)
	benchGet[[8]uint64](b)
	b.Run("impl=atomic/bytes=8", func(b *testing.B) {
		values := make([]atomic.Uint64, benchElements)
		var sum uint64
		for i := 0; b.Loop(); i++ {
			sum += values[i%benchElements].Load()
		}
	})
}

func benchGet[T comparable](b *testing.B) {
	bytes := len(bytesOf(new(T)))
	for _, capacity := range []int{0, benchElements} {
		b.Run(fmt.Sprintf("impl=seqvec/bytes=%d/capacity=%d", bytes, capacity), func(b *testing.B) {
			v := New[T](WithCapacity(capacity))
			v.PushSlice(make([]T, benchElements))
			for i := 0; b.Loop(); i++ {
				if _, ok := v.Get(i % benchElements); !ok {
					b.Fatal("an element is missing")
				}
			}
		})
	}
	b.Run(fmt.Sprintf("impl=rwmutex/bytes=%d", bytes), func(b *testing.B) {
		l := locked[T]{values: make([]T, benchElements)}
		for i := 0; b.Loop(); i++ {
			l.get(i % benchElements)
		}
	})
}

// BenchmarkPushPop pushes and pops by turns, which needs no growth.
func BenchmarkPushPop(b *testing.B) {
	benchPushPop[uint64](b)
	benchPushPop[[8]uint64](b)
}

func benchPushPop[T comparable](b *testing.B) {
	bytes, x := len(bytesOf(new(T))), pattern[T](7)
	var v SeqVec[T]
	var l locked[T]
	for _, impl := range []struct {
		name string
		push func(T) int
		pop  func() (T, bool)
	}{{"seqvec", v.Push, v.Pop}, {"mutex", l.push, l.pop}} {
		b.Run(fmt.Sprintf("impl=%s/bytes=%d/parallel=false", impl.name, bytes), func(b *testing.B) {
			for b.Loop() {
				impl.push(x)
				impl.pop()
			}
		})
		b.Run(fmt.Sprintf("impl=%s/bytes=%d/parallel=true", impl.name, bytes), func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					impl.push(x)
					impl.pop()
				}
			})
		})
	}
}

// BenchmarkFill pushes from all processors, growth included.
func BenchmarkFill(b *testing.B) {
	const elements = 1 << 20
	for _, impl := range []struct {
		name string
		make func() func(uint64) int
	}{
		{"seqvec", func() func(uint64) int { return new(SeqVec[uint64]).Push }},
		{"mutex", func() func(uint64) int { return new(locked[uint64]).push }},
	} {
		b.Run("impl="+impl.name+"/bytes=8", func(b *testing.B) {
			for b.Loop() {
				push := impl.make()
				together(4, func(int) {
					for i := range uint64(elements / 4) {
						push(i)
					}
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/elements, "ns/push")
		})
	}
}

// BenchmarkGetWhilePushing reads by index while another goroutine pushes and pops.
func BenchmarkGetWhilePushing(b *testing.B) {
	var v SeqVec[uint64]
	var l locked[uint64]
	for _, impl := range []struct {
		name string
		push func(uint64) int
		pop  func() (uint64, bool)
		get  func(int) (uint64, bool)
	}{{"seqvec", v.Push, v.Pop, v.Get}, {"rwmutex", l.push, l.pop, l.get}} {
		b.Run("impl="+impl.name+"/bytes=8", func(b *testing.B) {
			for range benchElements {
				impl.push(1)
			}
			var stop atomic.Bool
			stopped := make(chan bool)
			go func() {
				for !stop.Load() {
					impl.push(2)
					impl.pop()
				}
				close(stopped)
			}()
			for i := 0; b.Loop(); i++ {
				impl.get(i % benchElements)
			}
			stop.Store(true)
			<-stopped
		})
	}
}
