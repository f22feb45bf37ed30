package arch

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A general is an update of any table in the form that the tests below share: it makes of the
// value of a key one of which each half word is x, or adds x to it, and returns the value before
// or the sum.
type general struct {
	name string
	f    func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool
	ref  func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool
	fits func(s batchShape) bool
}

// generals are all updates that this CPU can make in a table of any geometry.
func generals() (all []general) {
	swapper := func(swap swapFunc) func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool {
		return func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool {
			var value [layout.BatchValueBytes / 4]uint32
			for i := range value {
				value[i] = x
			}
			return swap(t, key, unsafe.Pointer(&value), result)
		}
	}
	adder := func(add addFunc) func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool {
		return func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool {
			sum, ok := add(t, key, uint64(x))
			if ok {
				*(*uint64)(result) = sum
			}
			return ok
		}
	}
	for _, impl := range swaps {
		all = append(all, general{"Swap/" + impl.name, swapper(impl.f), swapper(SwapGeneric), func(batchShape) bool { return true }})
	}
	for _, impl := range adds {
		all = append(all, general{"Add/" + impl.name, adder(impl.f), adder(AddGeneric), func(s batchShape) bool { return s.value == 4 || s.value == 8 }})
	}
	return all
}

// TestUpdateMatchesGeneric compares all implementations in tables of every shape, with every state
// of slots and every control word: what they return, and every byte of the table and of the
// result.
func TestUpdateMatchesGeneric(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	for _, g := range generals() {
		r := rand.New(rand.NewPCG(7, 8))
		tried, updated := 0, 0
		for _, s := range slices.DeleteFunc(slices.Clone(batchShapes), func(s batchShape) bool { return !g.fits(s) }) {
			for range rounds {
				table := newBatchTable(s, 1+r.IntN(20), r.Uint64())
				table.scramble(r)
				for range 20 {
					var key [2]uint64
					setKey(unsafe.Pointer(&key), s.key, r.Uint64N(patternKeys))
					x, before := r.Uint32(), string(table.mem)
					run := func(f func(t *Table, key unsafe.Pointer, x uint32, result unsafe.Pointer) bool) (ok bool, result [layout.BatchValueBytes]byte, after string) {
						copy(table.mem, before)
						for i := range result {
							result[i] = 0xa5
						}
						b := table.batch()
						ok = f(&b.Table, unsafe.Pointer(&key), x, unsafe.Pointer(&result))
						return ok, result, string(table.mem)
					}
					wantOK, wantResult, want := run(g.ref)
					ok, result, after := run(g.f)
					if ok != wantOK || result != wantResult || after != want {
						t.Fatalf("%s: %s: key %x in\n%x: %v, %x,\n%x, want %v, %x,\n%x", g.name, s, key, before, ok, result, after, wantOK, wantResult, want)
					}
					if tried++; ok {
						updated++
					}
				}
			}
		}
		if updated < tried/20 || updated > tried*19/20 {
			t.Errorf("%s: %d of %d were updates: some case is hardly tested", g.name, updated, tried)
		}
	}
}

// TestUpdateStates checks which states of a slot, in each position, can be updated, what becomes
// of the slot's word, and that the value is what was asked for.
func TestUpdateStates(t *testing.T) {
	for _, g := range generals() {
		for _, s := range batchShapes {
			if !g.fits(s) {
				continue
			}
			table := newBatchTable(s, 1, 5)
			for i := range table.geo.Slots {
				for _, state := range wordStates {
					word := uint64(state)
					if word&layout.StateMask == layout.Live {
						word |= 3 * layout.Version
					}
					table.set(0, i, word, 7, 40)
					var key [2]uint64
					var result [layout.BatchValueBytes / 4]uint32
					setKey(unsafe.Pointer(&key), s.key, 7)
					b := table.batch()
					ok := g.f(&b.Table, unsafe.Pointer(&key), 2, unsafe.Pointer(&result))
					free := word&(layout.StateMask|layout.Lock) == layout.Live
					if ok != free || ok && table.word(0, i) != layout.Next(word, layout.Live) || !ok && table.word(0, i) != word {
						t.Errorf("%s: %s, slot %d, word %#x: %v, and then %#x", g.name, s, i, word, ok, table.word(0, i))
					}
				}
				table.set(0, i, layout.Empty, 0, 0)
			}
		}
	}
}

// TestSwapStress has goroutines put values into one slot while others look, and checks that each
// value comes out once, whole: none is lost, none is seen twice, none is torn.
func TestSwapStress(t *testing.T) {
	const goroutines = 4
	rounds := uint32(3000)
	if testing.Short() {
		rounds = 300
	}
	for _, s := range []batchShape{{4, 4}, {4, 16}, {8, 8}, {8, 24}, {16, 8}, {16, 40}, {16, 64}} {
		for _, impl := range swaps {
			table := newBatchTable(s, 2, 9)
			table.put(1, 0)
			seen := make([][]uint64, goroutines)
			var wg sync.WaitGroup
			for g := range uint32(goroutines) {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for i := range rounds {
						seen[g] = append(seen[g], uint64(table.swapped(t, impl.f, 1+g*rounds+i)))
					}
				}()
			}
			wg.Wait()
			all := append(slices.Concat(seen...), uint64(table.swapped(t, impl.f, 0)))
			slices.Sort(all)
			for i, x := range all {
				if x != uint64(i) {
					t.Fatalf("%s: %s: value %d came out instead of %d", impl.name, s, x, i)
				}
			}
		}
	}
}

// swapped puts x into each half word of the value of key 1, and returns what was there.
func (t *batchTable) swapped(test *testing.T, swap swapFunc, x uint32) uint32 {
	var key [2]uint64
	var value, prev [layout.BatchValueBytes / 4]uint32
	setKey(unsafe.Pointer(&key), t.key, 1)
	for i := range value {
		value[i] = x
	}
	b := t.batch()
	var wait Backoff
	for !swap(&b.Table, unsafe.Pointer(&key), unsafe.Pointer(&value), unsafe.Pointer(&prev)) {
		wait.Wait()
	}
	for _, half := range prev[1 : t.value/4] {
		if half != prev[0] {
			test.Errorf("%s: a torn value: %x", t.batchShape, prev)
			break
		}
	}
	return prev[0]
}

// TestAddStress has goroutines add to one value, and checks the sum.
func TestAddStress(t *testing.T) {
	const goroutines = 4
	rounds := 5000
	if testing.Short() {
		rounds = 500
	}
	for _, s := range []batchShape{{4, 4}, {4, 8}, {8, 4}, {8, 8}, {16, 4}, {16, 8}} {
		for _, impl := range adds {
			table := newBatchTable(s, 2, 9)
			table.put(1, 0)
			var key [2]uint64
			setKey(unsafe.Pointer(&key), s.key, 1)
			b := table.batch()
			add := func(delta uint64) (sum uint64) {
				var wait Backoff
				for {
					sum, ok := impl.f(&b.Table, unsafe.Pointer(&key), delta)
					if ok {
						return sum
					}
					wait.Wait()
				}
			}
			var wg sync.WaitGroup
			for range goroutines {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for range rounds {
						add(3)
					}
				}()
			}
			wg.Wait()
			if sum := add(0); sum != uint64(3*goroutines*rounds) {
				t.Errorf("%s: %s: the sum is %d, want %d", impl.name, s, sum, 3*goroutines*rounds)
			}
			if all := ^uint64(0) >> (64 - 8*s.value); add(-add(0)) != 0 || add(^uint64(0)) != all {
				t.Errorf("%s: %s: the sum does not wrap around to %#x", impl.name, s, all)
			}
		}
	}
}

// TestNobodySleepsInGeneralUpdates is TestNobodySleepsInUpdates for tables of any geometry.
func TestNobodySleepsInGeneralUpdates(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	looks := 10
	if testing.Short() {
		looks = 4
	}
	for _, g := range generals() {
		for _, s := range []batchShape{{4, 8}, {8, 64}, {16, 8}} {
			if !g.fits(s) {
				continue
			}
			table := newBatchTable(s, 1, 1)
			table.put(5, 0)
			var key [2]uint64
			var result [layout.BatchValueBytes]byte
			setKey(unsafe.Pointer(&key), s.key, 5)
			b := table.batch()
			n := lookWhile(looks, func() bool { return table.word(0, 0)&layout.Lock != 0 }, func() bool { return false },
				func() { g.f(&b.Table, unsafe.Pointer(&key), 1, unsafe.Pointer(&result)) })
			if n > instrumented(looks) {
				t.Errorf("%s: %s: %d of %d looks found a writer parked inside", g.name, s, n, looks)
			}
		}
	}
}

// probed returns a table with so many entries, and keys to look up in it. There is no key 0, for
// which EMPTY slots are looked at too.
func probed(s batchShape, entries int) (table *batchTable, keys batchOf) {
	table = newBatchTable(s, entries*5/int(4*layout.BucketOf(s.key, s.value).Slots), 3)
	r := rand.New(rand.NewPCG(1, 2))
	for n := range entries {
		table.put(uint64(n)+1, 1)
	}
	keys = table.operands(max(entries, 1<<14))
	for i := range keys.n {
		setKey(unsafe.Add(keys.keys, i*int(s.key)), s.key, 1+r.Uint64N(uint64(entries)))
	}
	return table, keys
}

// BenchmarkGet compares the implementations of Get.
func BenchmarkGet(b *testing.B) {
	for _, s := range batchBenchShapes {
		table, keys := probed(s, 1<<10)
		batch := table.batch()
		for _, impl := range gets {
			b.Run(fmt.Sprintf("%s/of=%s", s, impl.name), func(b *testing.B) {
				var value [layout.BatchValueBytes]byte
				for i := range b.N {
					if impl.f(&batch.Table, unsafe.Add(keys.keys, i%keys.n*int(s.key)), unsafe.Pointer(&value)) != Present {
						b.Fatal("the key was not found")
					}
				}
			})
		}
	}
}

// BenchmarkFind compares the implementations of Find.
func BenchmarkFind(b *testing.B) {
	for _, s := range batchBenchShapes {
		table, keys := probed(s, 1<<10)
		batch := table.batch()
		for _, impl := range finds {
			b.Run(fmt.Sprintf("%s/of=%s", s, impl.name), func(b *testing.B) {
				for i := range b.N {
					key := unsafe.Add(keys.keys, i%keys.n*int(s.key))
					if _, _, found := impl.f(&batch.Table, key, batch.hash(key)); found != Present {
						b.Fatal("the key was not found")
					}
				}
			})
		}
	}
}

// BenchmarkUpdate compares the implementations of Swap and of Add.
func BenchmarkUpdate(b *testing.B) {
	for _, s := range batchBenchShapes {
		table, keys := probed(s, 1<<10)
		batch := table.batch()
		for _, impl := range swaps {
			b.Run(fmt.Sprintf("op=Swap/%s/of=%s", s, impl.name), func(b *testing.B) {
				var value, prev [layout.BatchValueBytes]byte
				for i := range b.N {
					if !impl.f(&batch.Table, unsafe.Add(keys.keys, i%keys.n*int(s.key)), unsafe.Pointer(&value), unsafe.Pointer(&prev)) {
						b.Fatal("the key was not found")
					}
				}
			})
		}
		if s.value != 4 && s.value != 8 {
			continue
		}
		for _, impl := range adds {
			b.Run(fmt.Sprintf("op=Add/%s/of=%s", s, impl.name), func(b *testing.B) {
				for i := range b.N {
					if _, ok := impl.f(&batch.Table, unsafe.Add(keys.keys, i%keys.n*int(s.key)), 1); !ok {
						b.Fatal("the key was not found")
					}
				}
			})
		}
	}
}
