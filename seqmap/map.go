package seqmap

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
	"github.com/seqmap/seqmap-go/seqcore"
)

// SeqMap is a hash map for any number of concurrent readers and writers. Keys and values
// are of types without pointers. The zero value is an empty map that is ready to use. A
// SeqMap must not be copied after first use.
//
// Readers write nothing that others can see. Writers contend only on the entry that they
// write. Growing, shrinking and cleaning up happen a little at a time, in the writers'
// calls, and nobody waits for them. Every operation on one key is linearizable; the
// guarantees are numbered in the package documentation.
//
// Operations on one key take constant time on average, besides a share of the moving while the
// table is replaced; those that look at all entries take time in proportion to the size of
// the table. A writer waits only for a writer inside the same entry, or inside a slot on its
// key's path. What happened before a value was written happens before what follows a
// read that returns it. The first use of a map whose K or V has pointers or is too large
// panics and names the field.
//
// Keys are the same if they are equal by ==, except that they are kept in one form: a key
// with a negative zero in it comes back from an iteration with a zero. A key that is not
// equal to itself, because it has a NaN in it, can never be found, so it is not stored: writing
// methods return what they would for an absent key, and change nothing.
type SeqMap[K comparable, V any] struct {
	_ [0]func(V) // maps of different types do not convert into each other
	core
	custom func(key K, seed uint64) uint64
}

// core is what a map consists of apart from the types of its keys and values.
type core struct {
	root atomic.Pointer[table]
	seed uint64
	// floor is the number of buckets of an empty table. The map does not shrink below it by
	// itself. Grow raises it, Shrink takes it back.
	floor  atomic.Uint64
	seeded bool
}

// Option configures a new map.
type Option func(*config)

type config struct {
	capacity int
	seed     uint64
	seeded   bool
}

// WithCapacity makes room for n entries at once, so that the map need not grow up to there.
// The map does not shrink below it by itself, only by Shrink. It panics if n is negative.
func WithCapacity(n int) Option {
	if n < 0 {
		panic(fmt.Sprintf("seqmap: negative capacity %d", n))
	}
	return func(c *config) { c.capacity = n }
}

// WithSeed sets the seed of the hash function, which is random by default. With the same
// seed, two maps of one process that were filled in the same order yield their
// entries in the same order. A fixed seed lets who knows it choose keys that collide.
func WithSeed(seed uint64) Option {
	return func(c *config) { c.seed, c.seeded = seed, true }
}

// New returns an empty map. It panics if K or V has pointers or is too large, naming the
// field (see seqcore.CheckType), or if there is no room for the capacity asked for.
func New[K comparable, V any](opts ...Option) *SeqMap[K, V] {
	return NewWithHasher[K, V](nil, opts...)
}

// NewWithHasher returns an empty map that hashes its keys with the given function. Equal
// keys must have equal hashes for one seed, and a key's hash must never change. The function
// runs with nothing locked, in whatever goroutine uses the map, the moving of other
// goroutines' keys included; it must not panic. The map mixes the result, so a simple
// function will do; one that sends many keys to one hash makes the map slow, not wrong.
// A nil function stands for the default.
func NewWithHasher[K comparable, V any](hash func(key K, seed uint64) uint64, opts ...Option) *SeqMap[K, V] {
	var c config
	for _, o := range opts {
		o(&c)
	}
	m := &SeqMap[K, V]{custom: hash}
	m.seed, m.seeded = c.seed, c.seeded
	m.check()
	m.floor.Store(bucketsAtLimit(m.geometry().Slots, uint64(c.capacity)))
	m.start()
	return m
}

// Collect returns a map with the pairs of seq; of several pairs with one key, the last. It
// panics as New does.
func Collect[K comparable, V any](seq iter.Seq2[K, V]) *SeqMap[K, V] {
	m := New[K, V]()
	for k, v := range seq {
		m.Insert(k, v)
	}
	return m
}

// check panics if the map cannot be used with its types.
func (m *SeqMap[K, V]) check() {
	if err := errors.Join(seqcore.CheckType[K](), seqcore.CheckType[V]()); err != nil {
		panic(err)
	}
}

func (m *SeqMap[K, V]) geometry() layout.Bucket {
	return layout.BucketOf(unsafe.Sizeof(*new(K)), unsafe.Sizeof(*new(V)))
}

func (m *core) loadRoot() *table {
	arch.Step()
	return m.root.Load()
}

func (m *core) casRoot(old, t *table) bool {
	arch.Step()
	return m.root.CompareAndSwap(old, t)
}

// start returns the root, making the first table of a map that has none.
func (m *SeqMap[K, V]) start() *table {
	if t := m.loadRoot(); t != nil {
		return t
	}
	return m.makeRoot()
}

func (m *SeqMap[K, V]) makeRoot() *table {
	m.check()
	seed := m.seed
	if !m.seeded {
		seed = rand.Uint64()
	}
	m.casRoot(nil, m.emptyTable(newHasher(seed, m.custom), m.geometry()))
	return m.loadRoot()
}

// emptyTable returns a table of a new lineage.
func (m *core) emptyTable(h hasher, geo layout.Bucket) *table {
	return newTable(geo, h, new(lineage), max(m.floor.Load(), minBuckets))
}

// prepare puts key into b, in its canonical form, and returns its hash.
func (m *SeqMap[K, V]) prepare(t *table, key K, b *plain.Buffer[K]) (h uint64) {
	b.Set(key)
	if t.hasher.kind == hashWord {
		return t.hasher.word(plain.Bits(key))
	}
	t.hasher.canon.apply(b.Pointer())
	if m.custom != nil {
		return t.hasher.mix(m.custom(b.Value(), t.hasher.seed))
	}
	return t.hasher.hash(b.Pointer())
}

// Len returns the number of entries. It is never negative, and exact when no writer is at
// work. It adds up a few counters, their number growing with GOMAXPROCS.
func (m *SeqMap[K, V]) Len() int {
	t := m.loadRoot()
	if t == nil {
		m.check()
		return 0
	}
	return int(t.lineage.live())
}

// IsEmpty says whether Len() is 0.
func (m *SeqMap[K, V]) IsEmpty() bool { return m.Len() == 0 }

// Cap returns the number of entries at which the map grows. Removed entries that have not
// been cleaned up count too. It is 0 before the first use of a map that was not made by New.
func (m *SeqMap[K, V]) Cap() int {
	t := m.loadRoot()
	if t == nil {
		m.check()
		return 0
	}
	for nx := t.loadNext(); nx != nil; nx = nx.loadNext() {
		t = nx
	}
	return int(t.limit)
}

// Clear removes all entries. It is one atomic step: every other operation happens before it
// or after it. The memory of the entries is left to the garbage collector.
func (m *SeqMap[K, V]) Clear() {
	t := m.loadRoot()
	if t == nil {
		m.check()
		return
	}
	// No link leads from the old tables to the new one. Operations that are at work there
	// end there, and are ordered before the Clear.
	nt := m.emptyTable(t.hasher, t.geo)
	arch.Step()
	m.root.Swap(nt)
}
