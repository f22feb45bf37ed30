package paths

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqmap"
)

const (
	smallEntries = 1 << 10   // a map that fits the caches
	largeEntries = 1_000_000 // a map that fits no cache
	wordsEntries = 3_000_000 // the same for the map of the goals
	mustInsert   = 1.5       // the goal of Insert of a key that is there
)

// seed gives the maps of all children the same layout.
var seed = seqmap.WithSeed(1)

// mapData is a map whose keys are there, and keys that are not.
type mapData[K comparable, V comparable] struct {
	m       *seqmap.SeqMap[K, V]
	present []K
	absent  []K
	value   V // of each key
	at      int
	values  [BatchKeys]V
	found   [BatchKeys]bool
}

func newMap[K, V comparable](entries int, key func(uint64) K, value V) func() *mapData[K, V] {
	return func() *mapData[K, V] {
		d := &mapData[K, V]{
			m:       seqmap.New[K, V](seed),
			present: make([]K, entries),
			absent:  make([]K, entries),
			value:   value,
		}
		for i := range entries {
			d.present[i], d.absent[i] = key(uint64(i)), key(uint64(entries+i))
			d.m.Insert(d.present[i], value)
		}
		shuffle(d.present)
		shuffle(d.absent)
		for i := range d.values {
			d.values[i] = value
		}
		return d
	}
}

// window returns which of the keys n operations take, and how often: all of them if they are
// no more than n, or else n of them, other ones each time as long as there are any.
func (d *mapData[K, V]) window(keys []K, n int) (_ []K, passes int) {
	if n >= len(keys) {
		return keys, n / len(keys)
	}
	from := d.at % (len(keys) / n) * n
	d.at++
	return keys[from : from+n], 1
}

// A shape is the types of keys and values of a map, and how to make them.
type shape[K, V comparable] struct {
	key   func(uint64) K
	value V
}

// named returns a case on a map of that shape.
func (s shape[K, V]) named(entries int, verb string) Case {
	c := Case{Name: fmt.Sprintf("SeqMap %d:%d n=%d %s", unsafe.Sizeof(*new(K)), unsafe.Sizeof(s.value), entries, verb)}
	if entries > sliceOps {
		c.ops, c.warm, c.share = largeOps, largeWarm, largeShare
	} else {
		c.ops = sliceOps / entries * entries
		c.warm, c.share = c.ops, 1
	}
	return c
}

// singles are the operations on a single key that every shape is timed with.
func (s shape[K, V]) singles(entries int) []op[mapData[K, V]] {
	return []op[mapData[K, V]]{
		{s.named(entries, "Get hit"), getHits[K, V]},
		{s.named(entries, "Get miss"), getMisses[K, V]},
		{s.named(entries, "Insert existing"), insertExisting[K, V]},
		{s.named(entries, "Remove+Insert"), removeInsert[K, V]},
	}
}

func (s shape[K, V]) batches(entries int) []op[mapData[K, V]] {
	return []op[mapData[K, V]]{
		{s.named(entries, "GetBatch hits"), getBatchHits[K, V]},
		{s.named(entries, "GetBatch misses"), getBatchMisses[K, V]},
		{s.named(entries, "InsertBatch existing"), insertBatch[K, V]},
		{s.named(entries, "RemoveBatch+InsertBatch"), removeInsertBatch[K, V]},
	}
}

func (s shape[K, V]) family(entries int, ops ...[]op[mapData[K, V]]) family {
	return newFamily(newMap(entries, s.key, s.value), slices.Concat(ops...)...)
}

// full returns a small and a large map with all operations that every shape is timed with.
func (s shape[K, V]) full(most int) (list []family) {
	for _, entries := range capped(most, smallEntries, largeEntries) {
		list = append(list, s.family(entries, s.singles(entries), s.batches(entries)))
	}
	return list
}

// alone is full without the batches.
func (s shape[K, V]) alone(most int) (list []family) {
	for _, entries := range capped(most, smallEntries, largeEntries) {
		list = append(list, s.family(entries, s.singles(entries)))
	}
	return list
}

// grow returns the case of a map that grows from nothing to so many entries.
func (s shape[K, V]) grow(entries int) []op[mapData[K, V]] {
	c := s.named(entries, "Insert growing")
	c.garbage = true
	if entries > sliceOps {
		c.ops, c.warm, c.share = entries, 0, growShare
	}
	return []op[mapData[K, V]]{{c, insertGrowing[K, V]}}
}

// capped returns the sizes, none of them larger than most, each once.
func capped(most int, sizes ...int) []int {
	for i := range sizes {
		sizes[i] = min(sizes[i], most)
	}
	return slices.Compact(sizes)
}

// wordFamilies are the maps of one word to one word, which have more cases than the others.
func wordFamilies(most int) (list []family) {
	s := shape[uint64, uint64]{spread, 7}
	for _, entries := range capped(most, smallEntries, wordsEntries) {
		singles := s.singles(entries)
		singles[2].Must = mustInsert
		singles = append(singles,
			op[mapData[uint64, uint64]]{s.named(entries, "LoadOrStore present"), loadOrStore[uint64, uint64]},
			op[mapData[uint64, uint64]]{s.named(entries, "CompareAndSwap"), compareAndSwap[uint64, uint64]})
		list = append(list, s.family(entries, singles, s.batches(entries)))
		// Add leaves other values than the rest expects.
		list = append(list, s.family(entries, []op[mapData[uint64, uint64]]{{s.named(entries, "Add"), add[uint64]}}))
	}
	for _, entries := range capped(most, smallEntries, largeEntries) {
		list = append(list, s.family(entries, s.grow(entries)))
	}
	return list
}

// mapFamilies returns the maps, with at most so many entries.
func mapFamilies(most int) []family {
	line := bytes64{1, 7: 2}
	return slices.Concat(
		wordFamilies(most),
		shape[bytes8, bytes4]{spread, 7}.alone(most),
		shape[bytes8, bytes16]{spread, bytes16{1, 2}}.alone(most),
		shape[bytes8, bytes64]{spread, line}.full(most),
		shape[bytes4, bytes4]{key4, 7}.full(most),
		shape[bytes4, bytes8]{key4, 7}.full(most),
		shape[uuid, bytes8]{keyUUID, 7}.full(most),
		shape[uuid, bytes16]{keyUUID, bytes16{1, 2}}.full(most),
		shape[bytes24, bytes8]{key24, 7}.full(most),
	)
}
