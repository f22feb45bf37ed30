package seqcore_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqcore"
)

// A shared is one value under one way of sharing it.
type shared[T any] interface {
	Load() T
	Store(T)
}

type locked[T any] struct {
	mu sync.RWMutex
	v  T
}

func (l *locked[T]) Load() T {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.v
}

func (l *locked[T]) Store(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.v = v
}

type pointed[T any] struct{ p atomic.Pointer[T] }

func (p *pointed[T]) Load() T   { return *p.p.Load() }
func (p *pointed[T]) Store(v T) { p.p.Store(&v) }

// BenchmarkCell compares a Cell with the two usual ways of sharing a value. The methods are
// called directly, so that what can be inlined is.
func BenchmarkCell(b *testing.B) {
	benchmarkSize[[1]uint64](b)
	benchmarkSize[[2]uint64](b)
	benchmarkSize[[8]uint64](b)
	benchmarkSize[[32]uint64](b)
}

func benchmarkSize[T any](b *testing.B) {
	name := func(op, of string) string {
		return fmt.Sprintf("op=%s/bytes=%d/of=%s", op, unsafe.Sizeof(*new(T)), of)
	}
	c, l, p := new(seqcore.Cell[T]), new(locked[T]), new(pointed[T])
	v := value[T](1)
	c.Store(v)
	l.Store(v)
	p.Store(v)
	b.Run(name("load", "cell"), func(b *testing.B) { loads(b, c.Load) })
	b.Run(name("load", "rwmutex"), func(b *testing.B) { loads(b, l.Load) })
	b.Run(name("load", "pointer"), func(b *testing.B) { loads(b, p.Load) })
	b.Run(name("store", "cell"), func(b *testing.B) { stores(b, c, v) })
	b.Run(name("store", "rwmutex"), func(b *testing.B) { stores(b, l, v) })
	b.Run(name("store", "pointer"), func(b *testing.B) { stores(b, p, v) })
	b.Run(name("mixed", "cell"), func(b *testing.B) { mixed(b, c, v) })
	b.Run(name("mixed", "rwmutex"), func(b *testing.B) { mixed(b, l, v) })
	b.Run(name("mixed", "pointer"), func(b *testing.B) { mixed(b, p, v) })
	b.Run(name("swap", "cell"), func(b *testing.B) {
		for range b.N {
			c.Swap(v)
		}
	})
	b.Run(name("update", "cell"), func(b *testing.B) {
		for range b.N {
			c.Update(func(v T) T { return v })
		}
	})
	b.Run(name("cas", "cell"), func(b *testing.B) {
		c.Store(v)
		for range b.N {
			c.CompareAndSwap(v, v)
		}
	})
}

func loads[T any](b *testing.B, load func() T) {
	var sum byte
	for range b.N {
		v := load()
		sum += bytesOf(&v)[0]
	}
	benchSink.Store(uint32(sum))
}

func stores[T any](b *testing.B, s shared[T], v T) {
	b.ReportAllocs()
	for range b.N {
		s.Store(v)
	}
}

// mixed has all processors read one value, and write it once in a hundred.
func mixed[T any](b *testing.B, s shared[T], v T) {
	b.RunParallel(func(pb *testing.PB) {
		var sum byte
		for i := 0; pb.Next(); i++ {
			if i%100 == 0 {
				s.Store(v)
				continue
			}
			v := s.Load()
			sum += bytesOf(&v)[0]
		}
		benchSink.Store(uint32(sum))
	})
}

var benchSink atomic.Uint32

// BenchmarkLoadInline is a Load of a small value in the caller's loop.
func BenchmarkLoadInline(b *testing.B) {
	b.Run("value=nonzero", func(b *testing.B) { inlineLoads(b, 1) })
	b.Run("value=zero", func(b *testing.B) { inlineLoads(b, 0) })
	b.Run("value=never", func(b *testing.B) { inlineLoads(b, -1) })
}

func inlineLoads(b *testing.B, v int) {
	c := new(seqcore.Cell[int])
	if v >= 0 {
		c.Store(v)
	}
	sum := 0
	for range b.N {
		sum += c.Load()
	}
	benchSink.Store(uint32(sum))
}
