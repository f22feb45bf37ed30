package arch

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

func wordTable(buckets []wordBucket, seed uint64) *Table {
	return &Table{Base: unsafe.Pointer(&buckets[0]), Buckets: uint64(len(buckets)), Seed: seed}
}

// updates are the two routines, in the same form: what an update of the key by x returns, and
// what is there afterwards.
var updates = []struct {
	name    string
	all     *[]implementation[updateLineFunc]
	generic updateLineFunc
	after   func(was, x uint64) uint64
	returns func(was, x uint64) uint64
}{
	{
		"SwapLine", &swapLines, SwapLineGeneric,
		func(_, x uint64) uint64 { return x },
		func(was, _ uint64) uint64 { return was },
	},
	{
		"AddLine", &addLines, AddLineGeneric,
		func(was, x uint64) uint64 { return was + x },
		func(was, x uint64) uint64 { return was + x },
	},
}

// TestUpdateLineMatchesGeneric compares all implementations in tables with every state of slots
// and every control word.
func TestUpdateLineMatchesGeneric(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 600
	}
	for _, u := range updates {
		r := rand.New(rand.NewPCG(7, 8))
		updated := 0
		for range rounds {
			table := make([]wordBucket, 1+r.IntN(9))
			scramble(r, table)
			for range 20 {
				key, x, seed := smallKey(r), r.Uint64(), r.Uint64()
				want := slices.Clone(table)
				result, ok := u.generic(wordTable(want, seed), key, x)
				if ok {
					updated++
				}
				for _, impl := range *u.all {
					got := slices.Clone(table)
					gotResult, gotOK := impl.f(wordTable(got, seed), key, x)
					if gotOK != ok || ok && gotResult != result || !slices.Equal(got, want) {
						t.Fatalf("%s %s: key %x, seed %x in %+v: got %x, %v, %+v, want %x, %v, %+v",
							u.name, impl.name, key, seed, table, gotResult, gotOK, got, result, ok, want)
					}
				}
			}
		}
		if updated < rounds {
			t.Errorf("%d of %d updates: the case is hardly tested", updated, 20*rounds)
		}
	}
}

// TestUpdateLineReference checks what an update does, in a small table that is filled properly.
func TestUpdateLineReference(t *testing.T) {
	const seed = 3
	for _, u := range updates {
		for _, impl := range *u.all {
			buckets := make([]wordBucket, 10)
			for key := range uint64(24) {
				put(buckets, key, seed, 100+key)
			}
			table := wordTable(buckets, seed)
			for key := range uint64(24) {
				was, x := 100+key, ^key
				if result, ok := impl.f(table, key, x); !ok || result != u.returns(was, x) {
					t.Errorf("%s %s: key %d: %d, %v", u.name, impl.name, key, result, ok)
				}
				value, found := GetLine(table.Base, 10, HashWord(key, seed), key)
				if found != Present || value != u.after(was, x) {
					t.Errorf("%s %s: key %d: has %d, %v", u.name, impl.name, key, value, found)
				}
			}
			was := slices.Clone(buckets)
			if _, ok := impl.f(table, 77, 1); ok || !slices.Equal(was, buckets) {
				t.Errorf("%s %s: an absent key was updated", u.name, impl.name)
			}
		}
	}
}

// TestUpdateLineStress has goroutines swap values into one slot, and add to another, and checks
// that each value comes out once: none is lost and none is seen twice.
func TestUpdateLineStress(t *testing.T) {
	const goroutines, key, seed = 4, 0, 9
	rounds := uint64(20000)
	if testing.Short() {
		rounds = 2000
	}
	for _, u := range updates {
		for _, impl := range *u.all {
			buckets := make([]wordBucket, 2)
			put(buckets, key, seed, 0)
			table := wordTable(buckets, seed)
			seen := make([][]uint64, goroutines)
			var wg sync.WaitGroup
			for g := range uint64(goroutines) {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for i := range rounds {
						x := uint64(1)
						if u.name == "SwapLine" {
							x += g*rounds + i
						}
						seen[g] = append(seen[g], untilDone(impl.f, table, key, x))
					}
				}()
			}
			wg.Wait()
			last, _ := GetLine(table.Base, 2, HashWord(key, seed), key)
			all := slices.Concat(seen...)
			if u.name == "SwapLine" {
				all = append(all, last)
			} else if all = append(all, 0); last != goroutines*rounds {
				t.Errorf("%s: the sum is %d, want %d", impl.name, last, goroutines*rounds)
			}
			slices.Sort(all)
			for i, x := range all {
				if x != uint64(i) {
					t.Fatalf("%s %s: value %d came out instead of %d", u.name, impl.name, x, i)
				}
			}
			if locked(buckets) {
				t.Errorf("%s %s: a slot is left locked", u.name, impl.name)
			}
		}
	}
}

// untilDone makes an update of a key that is there.
func untilDone(f updateLineFunc, t *Table, key, x uint64) (result uint64) {
	var b Backoff
	for {
		if result, ok := f(t, key, x); ok {
			return result
		}
		b.Wait()
	}
}

// locked says whether a slot is locked.
func locked(buckets []wordBucket) bool {
	return slices.ContainsFunc(buckets, func(b wordBucket) bool {
		return slices.ContainsFunc(b.words[:], func(w uint32) bool { return w&layout.Lock != 0 })
	})
}

// TestNobodySleepsInUpdates checks that on one processor nobody ever finds a slot locked: the
// scheduler has no point inside an update at which it could run somebody else.
// TestNobodySleepsInside shows that the harness would find one.
func TestNobodySleepsInUpdates(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	looks := 10
	if testing.Short() {
		looks = 4
	}
	for _, u := range updates {
		for _, impl := range *u.all {
			buckets := make([]wordBucket, 2)
			put(buckets, 5, 1, 0)
			table := wordTable(buckets, 1)
			n := lookWhile(looks, func() bool {
				return (Load32(unsafe.Pointer(&buckets[0].words[0]))|Load32(unsafe.Pointer(&buckets[1].words[0])))&layout.Lock != 0
			}, func() bool { return false }, func() { impl.f(table, 5, 1) })
			if n > instrumented(looks) {
				t.Errorf("%s %s: %d of %d looks found a writer parked inside", u.name, impl.name, n, looks)
			}
		}
	}
}

// BenchmarkUpdateLine compares the implementations of SwapLine and AddLine.
func BenchmarkUpdateLine(b *testing.B) {
	const size, seed = 1 << 10, 3
	buckets := make([]wordBucket, size*10/24)
	for key := range uint64(size) {
		put(buckets, key, seed, 0)
	}
	for _, u := range updates {
		for _, impl := range *u.all {
			b.Run("op="+u.name+"/of="+impl.name, func(b *testing.B) {
				table := wordTable(buckets, seed)
				for i := range b.N {
					if _, ok := impl.f(table, uint64(i)*7%size, 1); !ok {
						b.Fatal("the key was not found")
					}
				}
			})
		}
	}
}
