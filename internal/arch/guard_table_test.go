//go:build linux && (amd64 || arm64)

package arch

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A guardedTable is a table, what describes it, and the operands of a routine for one of its keys.
// Each of them begins or ends at a page that cannot be touched.
type guardedTable struct {
	*batchTable
	edge             *edge
	at               *Table
	key, value, prev unsafe.Pointer
}

// tablePieces is how many pieces of memory that is.
const tablePieces = 5

// table returns an empty table of the shape.
func (e *edge) table(s batchShape, buckets uintptr) *guardedTable {
	geo := layout.BucketOf(s.key, s.value)
	bytes := buckets * geo.Bytes
	// Safety: the piece has so many bytes.
	mem := unsafe.Slice((*byte)(e.take(bytes)), bytes)
	clear(mem)
	c := &guardedTable{batchTable: &batchTable{s, geo, mem, uint64(buckets), 7}, edge: e}
	c.at = (*Table)(e.take(unsafe.Sizeof(Table{})))
	b := c.batch()
	*c.at = b.Table
	c.key, c.value, c.prev = e.bytes(s.key, 1), e.bytes(s.value, 151), e.bytes(s.value, 201)
	return c
}

// A keyRoutine is a routine for one key of a table of any geometry, and what to compare it with.
type keyRoutine struct {
	name       string
	f, generic func(c *guardedTable) [2]uint64
}

// keyRoutines are all that this CPU can run on tables of the shape.
func keyRoutines(s batchShape) (all []keyRoutine) {
	get := func(f getFunc) func(c *guardedTable) [2]uint64 {
		return func(c *guardedTable) [2]uint64 { return [2]uint64{uint64(f(c.at, c.key, c.prev))} }
	}
	find := func(f findFunc) func(c *guardedTable) [2]uint64 {
		return func(c *guardedTable) [2]uint64 {
			bucket, i, found := f(c.at, c.key, c.at.hash(c.key))
			at := uint64(i)
			if bucket != nil {
				at += uint64(uintptr(bucket)-uintptr(c.at.Base)) * 8 // a bucket has less than 8 slots
			}
			return [2]uint64{uint64(found), at}
		}
	}
	swap := func(f swapFunc) func(c *guardedTable) [2]uint64 {
		return func(c *guardedTable) (result [2]uint64) {
			if f(c.at, c.key, c.value, c.prev) {
				result[0] = uint64(Present)
			}
			return result
		}
	}
	add := func(f addFunc) func(c *guardedTable) [2]uint64 {
		return func(c *guardedTable) (result [2]uint64) {
			if sum, ok := f(c.at, c.key, 0x1234567890); ok {
				result = [2]uint64{uint64(Present), sum}
			}
			return result
		}
	}
	for _, impl := range gets {
		all = append(all, keyRoutine{"Get/" + impl.name, get(impl.f), get(GetGeneric)})
	}
	for _, impl := range finds {
		all = append(all, keyRoutine{"Find/" + impl.name, find(impl.f), find(FindGeneric)})
	}
	for _, impl := range swaps {
		all = append(all, keyRoutine{"Swap/" + impl.name, swap(impl.f), swap(SwapGeneric)})
	}
	if s.value == 4 || s.value == 8 {
		for _, impl := range adds {
			all = append(all, keyRoutine{"Add/" + impl.name, add(impl.f), add(AddGeneric)})
		}
	}
	return all
}

// compare runs a routine and the one to compare it with, which must do the same to all that they
// are given. It says whether they found the key.
func (c *guardedTable) compare(t *testing.T, k keyRoutine) (found bool) {
	t.Helper()
	was := c.edge.contents()
	want := k.generic(c)
	after := c.edge.contents()
	c.edge.restore(was)
	if got := k.f(c); got != want || !slices.Equal(c.edge.contents(), after) {
		t.Fatalf("%s: %s %s: key %x in\n%x: %d,\n%x, want %d,\n%x", k.name, c.batchShape, c.edge, was[2], was, got, c.edge.contents(), want, after)
	}
	c.edge.restore(was)
	return Found(want[0]) == Present
}

// contents returns what is in the pieces.
func (e *edge) contents() (all []string) {
	for _, p := range e.pieces {
		all = append(all, stringAt(p[0], uintptr(p[1])-uintptr(p[0])))
	}
	return all
}

// restore puts back what was in the pieces.
func (e *edge) restore(contents []string) {
	for i, p := range e.pieces {
		copy(unsafe.Slice((*byte)(p[0]), len(contents[i])), contents[i])
	}
}

// TestKeyGuardPages looks up, finds, swaps and adds to the values of the keys of tables of every shape, in
// every slot, with every state of slots and every control word. All that the routines get begins
// or ends at a page that cannot be touched.
func TestKeyGuardPages(t *testing.T) {
	rounds := 25
	if testing.Short() {
		rounds = 10
	}
	for _, e := range edges(t, tablePieces) {
		r := rand.New(rand.NewPCG(11, 12))
		for _, s := range batchShapes {
			tried, found := map[string]int{}, map[string]int{}
			for round := range rounds {
				e.drop()
				c := e.table(s, uintptr(1+round%4))
				c.scramble(r)
				for at := range c.buckets {
					for i := range c.geo.Slots {
						copy(unsafe.Slice((*byte)(c.key), s.key), stringAt(c.slot(at, i).Key, s.key))
						for _, k := range keyRoutines(s) {
							if tried[k.name]++; c.compare(t, k) {
								found[k.name]++
							}
						}
					}
				}
			}
			for name, n := range tried {
				if found[name] < n/8 || found[name] == n {
					t.Errorf("%s: %s %s: %d of %d keys were found: some case is hardly tested", name, s, e, found[name], n)
				}
			}
		}
	}
}

// TestUpdateLineGuardPages updates keys of tables, with every state of slots and every control
// word, that begin or end at a page that cannot be touched. So does what describes the table.
func TestUpdateLineGuardPages(t *testing.T) {
	rounds := 1500
	if testing.Short() {
		rounds = 300
	}
	for _, e := range edges(t, 2) {
		for _, u := range updates {
			r := rand.New(rand.NewPCG(9, 10))
			updated := 0
			for range rounds {
				e.drop()
				buckets := uintptr(1 + r.IntN(9))
				table := unsafe.Slice((*wordBucket)(e.take(buckets*layout.LineBytes)), buckets)
				at := (*Table)(e.take(unsafe.Sizeof(Table{})))
				scramble(r, table)
				was := slices.Clone(table)
				for range 20 {
					key, x := smallKey(r), r.Uint64()
					*at = *wordTable(table, r.Uint64())
					want := slices.Clone(was)
					result, ok := u.generic(wordTable(want, at.Seed), key, x)
					if ok {
						updated++
					}
					for _, impl := range *u.all {
						copy(table, was)
						if got, gotOK := impl.f(at, key, x); gotOK != ok || ok && got != result || !slices.Equal(table, want) {
							t.Fatalf("%s %s %s: key %x in %+v: got %x, %v, %+v, want %x, %v, %+v", u.name, impl.name, e, key, was, got, gotOK, table, result, ok, want)
						}
					}
				}
			}
			if updated < rounds {
				t.Errorf("%d of %d updates: the case is hardly tested", updated, 20*rounds)
			}
		}
	}
}
