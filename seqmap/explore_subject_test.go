//go:build seqsched

package seqmap

import (
	"math/bits"
	"math/rand/v2"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// subject is the map under test with keys and values of some types. The scenarios know the
// keys as numbers from 0 and the values as numbers from 1; 0 stands for absence, and torn for
// a value that nobody stored.
type subject interface {
	core() *core
	get(key int) int
	insert(key, value int) int
	loadOrStore(key, value int) (int, bool)
	remove(key int) int
	update(key int, fn func(old int) int) int
	add(key, delta int) int
	swapIf(key, old, value int) bool
	deleteIf(key, old int) bool
	each(visit func(key, value int) bool)
	size() int
	grow(n int)
	shrink()
	clear()
	// fill puts a key into the first table without looking at how full it is.
	fill(key, value int)
}

const torn = 255

// place says where the path of a key is to begin in the first table.
type place struct{ bucket, class, slot int }

// shape makes subjects of one pair of types.
type shape struct {
	name  string
	small bool // values are at most one word
	// prepare chooses keys for the scenario's places. The function that it returns makes maps.
	prepare func(s *scenario) func() subject
}

// The word shape has fast paths of its own, the wide ones have 64-bit slot words, the tagged one
// has tags in 64-bit control words, and the half one has 32-bit keys and values.
var (
	wordShape   = shapeOf("word", func(x uint64) uint64 { return x }, func(v int) uint64 { return uint64(v) })
	halfShape   = shapeOf("half", func(x uint64) uint32 { return uint32(x) }, func(v int) uint32 { return uint32(v) })
	wide16Shape = shapeOf("wide16", func(x uint64) uint64 { return x }, func(v int) [2]uint64 { return [2]uint64{uint64(v), uint64(v)} })
	wide24Shape = shapeOf("wide24", func(x uint64) uint64 { return x }, func(v int) [3]uint64 { return [3]uint64{uint64(v), uint64(v), uint64(v)} })
	taggedShape = shapeOf("tagged", func(x uint64) [2]uint64 { return [2]uint64{x, x} }, func(v int) uint64 { return uint64(v) })
)

func shapeOf[K, V comparable](name string, key func(x uint64) K, value func(v int) V) shape {
	return shape{name, plain.Small[V](), func(s *scenario) func() subject {
		h, keys := placeKeys(s, key)
		geo := layout.BucketOf(unsafe.Sizeof(*new(K)), unsafe.Sizeof(*new(V)))
		return func() subject {
			m := &SeqMap[K, V]{}
			m.seed, m.seeded = h.seed, true
			m.root.Store(newTable(geo, h, new(lineage), s.firstSize()))
			return &subjectOf[K, V]{m, keys, value}
		}
	}}
}

// placeKeys looks for a seed and for keys whose hashes belong to the places.
func placeKeys[K comparable](s *scenario, key func(x uint64) K) (h hasher, keys []K) {
	geo := layout.BucketOf(unsafe.Sizeof(*new(K)), layout.WordBytes)
	random := rand.New(rand.NewPCG(1, 2))
	fits := func(k K, p place) bool {
		var b plain.Buffer[K]
		b.Set(k)
		x := h.hash(b.Pointer())
		bucket, _ := bits.Mul64(x, s.firstSize())
		return int(bucket) == p.bucket && layout.ClassBit(x) == 1<<p.class && int(layout.HomeSlot(x, geo.Slots)) == p.slot
	}
	for h = newHasher[K](random.Uint64(), nil); s.zero && !fits(key(0), s.places[0]); h.seed = random.Uint64() {
	}
	for i, p := range s.places {
		k := key(0)
		for (i > 0 || !s.zero) && k == key(0) || !fits(k, p) {
			k = key(random.Uint64())
		}
		keys = append(keys, k)
	}
	return h, keys
}

type subjectOf[K, V comparable] struct {
	m     *SeqMap[K, V]
	keys  []K
	value func(v int) V
}

func (s *subjectOf[K, V]) core() *core { return &s.m.core }

// number is the inverse of value.
func (s *subjectOf[K, V]) number(v V, ok bool) int {
	if !ok {
		return 0
	}
	// Safety: a V is at least 4 bytes.
	if x := int(*(*uint32)(unsafe.Pointer(&v))); s.value(x) == v {
		return x
	}
	return torn
}

func (s *subjectOf[K, V]) get(key int) int { return s.number(s.m.Get(s.keys[key])) }

func (s *subjectOf[K, V]) insert(key, value int) int {
	return s.number(s.m.Insert(s.keys[key], s.value(value)))
}

func (s *subjectOf[K, V]) loadOrStore(key, value int) (int, bool) {
	v, loaded := s.m.LoadOrStore(s.keys[key], s.value(value))
	return s.number(v, true), loaded
}

func (s *subjectOf[K, V]) remove(key int) int { return s.number(s.m.Remove(s.keys[key])) }

func (s *subjectOf[K, V]) update(key int, fn func(old int) int) int {
	return s.number(s.m.Update(s.keys[key], func(old V, loaded bool) V {
		return s.value(fn(s.number(old, loaded)))
	}), true)
}

// add is Add if the types are those of the word shape, and Compute of the same sum if not.
func (s *subjectOf[K, V]) add(key, delta int) int {
	if m, ok := any(s.m).(*SeqMap[uint64, uint64]); ok {
		return int(Add(m, any(s.keys[key]).(uint64), uint64(delta)))
	}
	return s.number(s.m.Compute(s.keys[key], func(old V, loaded bool) (V, Op) {
		return s.value(s.number(old, loaded) + delta), UpdateOp
	}))
}

func (s *subjectOf[K, V]) swapIf(key, old, value int) bool {
	return s.m.CompareAndSwap(s.keys[key], s.value(old), s.value(value))
}

func (s *subjectOf[K, V]) deleteIf(key, old int) bool {
	return s.m.CompareAndDelete(s.keys[key], s.value(old))
}

func (s *subjectOf[K, V]) each(visit func(key, value int) bool) {
	s.m.Range(func(key K, value V) bool {
		for i, k := range s.keys {
			if k == key {
				return visit(i, s.number(value, true))
			}
		}
		return visit(-1, torn)
	})
}

func (s *subjectOf[K, V]) size() int  { return s.m.Len() }
func (s *subjectOf[K, V]) grow(n int) { s.m.Grow(n) }
func (s *subjectOf[K, V]) shrink()    { s.m.Shrink() }
func (s *subjectOf[K, V]) clear()     { s.m.Clear() }

func (s *subjectOf[K, V]) fill(key, value int) {
	t := s.m.root.Load()
	var k plain.Buffer[K]
	var v plain.Buffer[V]
	k.Set(s.keys[key])
	v.Set(s.value(value))
	ins := inserter{key: k.Pointer(), value: v.Pointer(), hash: t.hasher.hash(k.Pointer())}
	ins.place(t)
}
