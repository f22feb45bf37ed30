package seqmap

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
	"github.com/seqmap/seqmap-go/internal/arch/testutil"
)

// tenMethods are the methods of sync.Map, with types in place of any.
type tenMethods[K, V any] interface {
	Load(key K) (value V, ok bool)
	Store(key K, value V)
	LoadOrStore(key K, value V) (actual V, loaded bool)
	LoadAndDelete(key K) (value V, loaded bool)
	Delete(key K)
	Swap(key K, value V) (previous V, loaded bool)
	CompareAndSwap(key K, old, value V) (swapped bool)
	CompareAndDelete(key K, old V) (deleted bool)
	Range(f func(key K, value V) bool)
	Clear()
}

var (
	_ tenMethods[any, any]           = (*sync.Map)(nil)
	_ tenMethods[uint64, uint64]     = (*SeqMap[uint64, uint64])(nil)
	_ tenMethods[[16]byte, [64]byte] = (*SeqMap[[16]byte, [64]byte])(nil)
)

// typed is a sync.Map with types.
type typed[K, V comparable] struct{ m sync.Map }

func as[V any](v any, ok bool) (V, bool) {
	x, _ := v.(V)
	return x, ok
}

func (x *typed[K, V]) Load(key K) (V, bool) { return as[V](x.m.Load(key)) }
func (x *typed[K, V]) Store(key K, value V) { x.m.Store(key, value) }
func (x *typed[K, V]) LoadOrStore(key K, value V) (V, bool) {
	return as[V](x.m.LoadOrStore(key, value))
}
func (x *typed[K, V]) LoadAndDelete(key K) (V, bool) { return as[V](x.m.LoadAndDelete(key)) }
func (x *typed[K, V]) Delete(key K)                  { x.m.Delete(key) }
func (x *typed[K, V]) Swap(key K, value V) (V, bool) { return as[V](x.m.Swap(key, value)) }
func (x *typed[K, V]) CompareAndSwap(key K, old, value V) bool {
	return x.m.CompareAndSwap(key, old, value)
}
func (x *typed[K, V]) CompareAndDelete(key K, old V) bool { return x.m.CompareAndDelete(key, old) }
func (x *typed[K, V]) Clear()                             { x.m.Clear() }
func (x *typed[K, V]) Range(f func(key K, value V) bool) {
	x.m.Range(func(key, value any) bool { return f(key.(K), value.(V)) })
}

// outcomeOfTen is what one call of one of the ten methods gives.
type outcomeOfTen[V any] struct {
	value V
	ok    bool
	n     int
}

// callOneOfTen calls method number op.
func callOneOfTen[K, V comparable](m tenMethods[K, V], op int, key K, old, value V) (o outcomeOfTen[V]) {
	switch op {
	case 0, 1, 2:
		o.value, o.ok = m.Load(key)
	case 3, 4:
		m.Store(key, value)
	case 5:
		o.value, o.ok = m.LoadOrStore(key, value)
	case 6:
		o.value, o.ok = m.LoadAndDelete(key)
	case 7:
		m.Delete(key)
	case 8:
		o.value, o.ok = m.Swap(key, value)
	case 9:
		o.ok = m.CompareAndSwap(key, old, value)
	case 10:
		o.ok = m.CompareAndDelete(key, old)
	case 11:
		m.Range(func(K, V) bool { o.n++; return o.n < 3 })
	case 12:
		if old == value {
			m.Clear()
		}
	}
	return o
}

// TestSyncMapMethods gives the same calls to a sync.Map and to a SeqMap, whose results must be
// the same.
func TestSyncMapMethods(t *testing.T) {
	t.Run("small", func(t *testing.T) { testSyncMapMethods[uint64, uint64](t) })
	t.Run("wide", func(t *testing.T) { testSyncMapMethods[[16]byte, [64]byte](t) })
}

func testSyncMapMethods[K, V comparable](t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var m SeqMap[K, V]
	var s typed[K, V]
	for range count(50_000) {
		op, key := r.IntN(13), pattern[K](r.Uint64N(40))
		old, value := pattern[V](r.Uint64N(30)), pattern[V](r.Uint64N(30))
		if v, ok := s.Load(key); ok && r.IntN(2) == 0 {
			old = v
		}
		if got, want := callOneOfTen(&m, op, key, old, value), callOneOfTen(&s, op, key, old, value); got != want {
			t.Fatalf("method %d of key %v, old %v, new %v: %v; sync.Map: %v", op, key, old, value, got, want)
		}
	}
	n := 0
	s.Range(func(key K, want V) bool {
		n++
		if v, ok := m.Load(key); !ok || v != want {
			t.Errorf("Load(%v) = %v, %v; want %v", key, v, ok, want)
		}
		return true
	})
	if m.Len() != n {
		t.Errorf("Len() = %d, want %d", m.Len(), n)
	}
}

// copies copies a map in the ways that go vet must find.
const copies = `package copies

import "github.com/seqmap/seqmap-go/seqmap"

type holder struct{ m seqmap.SeqMap[uint32, uint32] }

func assign(m *seqmap.SeqMap[uint32, uint32]) {
	copied := *m // want
	copied.Store(1, 1)
}

func pass(m seqmap.SeqMap[uint64, [3]uint64]) int { // want
	return m.Len()
}

func inside(h holder) int { // want
	return h.m.Len()
}

func pointers(m *seqmap.SeqMap[uint64, uint64]) int {
	n := m
	return n.Len()
}

var _ = []any{assign, pass, inside, pointers}
`

// TestCopiesAreFound: go vet reports each copy of a map, and nothing else. It is skipped without
// a go command, unless SEQMAP_REQUIRE has the word tools. d18
func TestCopiesAreFound(t *testing.T) { gotool.FindsCopies(t, copies, "seqmap.SeqMap") }

// TestEveryExportHasAnExample is about the examples in example_test.go.
func TestEveryExportHasAnExample(t *testing.T) {
	testutil.EveryExportHasAnExample(t, "SeqMap.Get", "Add", "CancelOp", "Integer")
}
