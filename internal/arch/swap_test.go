package arch

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// TestSwapWordMatchesGeneric compares all implementations in tables with every state of slots
// and every control word.
func TestSwapWordMatchesGeneric(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 600
	}
	r := rand.New(rand.NewPCG(7, 8))
	swapped := 0
	for range rounds {
		table := make([]wordBucket, 1+r.IntN(9))
		scramble(r, table)
		for range 20 {
			key, value, hash := smallKey(r), r.Uint64(), r.Uint64()
			want := slices.Clone(table)
			old, ok := SwapWordGeneric(unsafe.Pointer(&want[0]), uint64(len(want)), hash, key, value)
			if ok {
				swapped++
			}
			for _, impl := range swapWords {
				got := slices.Clone(table)
				gotOld, gotOK := impl.f(unsafe.Pointer(&got[0]), uint64(len(got)), hash, key, value)
				if gotOld != old || gotOK != ok || !slices.Equal(got, want) {
					t.Fatalf("%s: key %x, hash %x in %+v: got %x, %v, %+v, want %x, %v, %+v", impl.name, key, hash, table, gotOld, gotOK, got, old, ok, want)
				}
			}
		}
	}
	if swapped < rounds {
		t.Errorf("%d of %d swaps: the case is hardly tested", swapped, 20*rounds)
	}
}

// TestSwapWordReference checks what a swap does, in a small table that is filled properly.
func TestSwapWordReference(t *testing.T) {
	const seed = 3
	for _, impl := range swapWords {
		table := make([]wordBucket, 10)
		for key := range uint64(24) {
			put(table, key, seed, 100+key)
		}
		base := unsafe.Pointer(&table[0])
		for key := range uint64(24) {
			if old, ok := impl.f(base, 10, HashWord(key, seed), key, 200+key); !ok || old != 100+key {
				t.Errorf("%s: key %d: had %d, %v", impl.name, key, old, ok)
			}
			if value, found := GetWordGeneric(base, 10, HashWord(key, seed), key); found != Present || value != 200+key {
				t.Errorf("%s: key %d: has %d, %v", impl.name, key, value, found)
			}
		}
		was := slices.Clone(table)
		if old, ok := impl.f(base, 10, HashWord(77, seed), 77, 1); ok || old != 0 || !slices.Equal(was, table) {
			t.Errorf("%s: an absent key had %d, %v", impl.name, old, ok)
		}
	}
}

// TestSwapWordStress has goroutines swap values into one slot and checks that each value comes
// out once: none is lost and none is seen twice.
func TestSwapWordStress(t *testing.T) {
	const goroutines, key, seed = 4, 0, 9
	rounds := uint64(20000)
	if testing.Short() {
		rounds = 2000
	}
	for _, impl := range swapWords {
		table := make([]wordBucket, 2)
		put(table, key, seed, 0)
		base, hash := unsafe.Pointer(&table[0]), HashWord(key, seed)
		seen := make([][]uint64, goroutines)
		var wg sync.WaitGroup
		for g := range uint64(goroutines) {
			wg.Add(1)
			go func() {
				defer wg.Done()
				var b Backoff
				for i := range rounds {
					for {
						if old, ok := impl.f(base, 2, hash, key, 1+g*rounds+i); ok {
							seen[g] = append(seen[g], old)
							break
						}
						b.Wait()
					}
				}
			}()
		}
		wg.Wait()
		last, _ := GetWordGeneric(base, 2, hash, key)
		all := append(slices.Concat(seen...), last)
		slices.Sort(all)
		for i, x := range all {
			if x != uint64(i) {
				t.Fatalf("%s: value %d came out instead of %d", impl.name, x, i)
			}
		}
		for i := range table {
			for _, w := range table[i].words {
				if w&layout.Lock != 0 {
					t.Errorf("%s: a slot is left locked", impl.name)
				}
			}
		}
	}
}

// BenchmarkSwapWord compares the implementations of SwapWord.
func BenchmarkSwapWord(b *testing.B) {
	const size, seed = 1 << 10, 3
	table := make([]wordBucket, size*10/24)
	for key := range uint64(size) {
		put(table, key, seed, 0)
	}
	for _, impl := range swapWords {
		b.Run("of="+impl.name, func(b *testing.B) {
			for i := range b.N {
				key := uint64(i) * 7 % size
				if _, ok := impl.f(unsafe.Pointer(&table[0]), uint64(len(table)), HashWord(key, seed), key, 1); !ok {
					b.Fatal("the key was not found")
				}
			}
		})
	}
}
