package seqmap

import (
	"hash/maphash"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/testutil"
)

// The helpers of testutil, by short names.

var (
	together  = testutil.Together
	mustPanic = testutil.MustPanic
)

func pattern[T any](n uint64) T    { return testutil.Pattern[T](n) }
func seed[T any](v T) uint64       { return testutil.Seed(v) }
func whole[T comparable](v T) bool { return testutil.Whole(v) }
func bytesOf[T any](v *T) []byte   { return testutil.Bytes(v) }

// count shrinks the size of a test in short mode, and where the race detector slows it.
func count(n int) int {
	if raceBuild {
		return n/10 + 1
	}
	return testutil.Count(n)
}

// during runs f again and again, in a goroutine of its own, while work runs.
func during(f, work func()) {
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			f()
			runtime.Gosched()
		}
	}()
	defer func() {
		stop.Store(true)
		<-done
	}()
	work()
}

// storm runs work while the table of m is replaced without end.
func storm[K comparable, V any](m *SeqMap[K, V], work func()) {
	n := 0
	during(func() {
		if n++; n%2 == 0 {
			m.Shrink()
		} else {
			m.Grow(500)
		}
	}, work)
}

// hashMode is a way to hash: the map's own, or a poor function that makes long paths.
type hashMode int

const (
	defaultHash hashMode = iota
	constantHash
	fourBitHash
	hashModes
)

func (mode hashMode) String() string {
	return [...]string{"default", "constant", "4bits"}[mode]
}

var testSeed = maphash.MakeSeed()

// newMap returns a map with the hash function of the mode.
func newMap[K comparable, V any](mode hashMode, opts ...Option) *SeqMap[K, V] {
	switch mode {
	case constantHash:
		return NewWithHasher[K, V](func(K, uint64) uint64 { return 7 }, opts...)
	case fourBitHash:
		return NewWithHasher[K, V](func(key K, _ uint64) uint64 {
			return maphash.Comparable(testSeed, key) & 15
		}, opts...)
	default:
		return New[K, V](opts...)
	}
}

// forEachMode runs f as a subtest for each hash mode.
func forEachMode(t *testing.T, f func(t *testing.T, mode hashMode)) {
	for mode := range hashModes {
		t.Run("hash="+mode.String(), func(t *testing.T) { f(t, mode) })
	}
}

// checkQuiet fails if anything in m is locked or does not agree with the rest. Nobody may be
// at work in m.
func checkQuiet[K comparable, V any](t *testing.T, m *SeqMap[K, V]) {
	t.Helper()
	yielded := make(map[K]bool)
	for key, value := range m.All() {
		if yielded[key] {
			t.Errorf("key %v is yielded twice", key)
		}
		yielded[key] = true
		if got, ok := m.Get(key); !ok || any(got) != any(value) {
			t.Errorf("Get(%v) = %v, %v; All yields %v", key, got, ok, value)
		}
	}
	if n := m.Len(); n != len(yielded) {
		t.Errorf("Len() = %d, but All yields %d keys", n, len(yielded))
	}
	for b := m.root.Load(); b != nil; b = b.next.Load() {
		if n := lockedSlots(b); n != 0 {
			t.Errorf("%d slots are locked", n)
		}
	}
}

func lockedSlots(b *table) (n int) {
	for bucket := range b.buckets {
		for i := range b.geo.Slots {
			if inside(b.word(b.bucket(bucket), i)) {
				n++
			}
		}
	}
	return n
}

// find returns the slot of a key that is present in the newest table of a quiet map.
func find[K comparable, V any](t *testing.T, m *SeqMap[K, V], key K) spot {
	t.Helper()
	var e entry[K, V]
	e.begin(m, key)
	s, ok := m.seek(m.root.Load(), e.key.Pointer(), e.hash)
	if !ok {
		t.Fatalf("key %v is not there", key)
	}
	return s
}

// setWord sets the word of a slot by hand.
func (s spot) setWord(w uint64) {
	for {
		if old := s.t.word(s.b, s.i); s.t.casWord(s.b, s.i, old, w) {
			return
		}
	}
}

const (
	lockBit     = layout.Lock
	stateFrozen = layout.Final | layout.Lock
)
