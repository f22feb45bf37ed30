package rivals_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/seqmap/seqmap-go/bench/internal/quick"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

// all returns every rival once.
func all[K comparable]() []rivals.Rival[K] {
	list := append(rivals.ForCounting[K](), rivals.ForOneGoroutine[K]()...)
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(r rivals.Rival[K]) bool {
		old := seen[r.Name]
		seen[r.Name] = true
		return old
	})
}

func TestTableMatchesModel(t *testing.T) {
	for _, r := range all[uint64]() {
		for _, capacity := range []int{0, 10, 5000} {
			t.Run(fmt.Sprintf("map=%s/capacity=%d", r.Name, capacity), func(t *testing.T) {
				table, model := r.NewTable(capacity), map[uint64]uint64{}
				rng := rand.New(rand.NewPCG(5, 6))
				for range 20_000 {
					key, value := rng.Uint64N(3000), rng.Uint64N(100)
					switch rng.IntN(4) {
					case 0:
						table.Store(key, value)
						model[key] = value
					case 1:
						table.Add(key, value)
						model[key] += value
					case 2:
						table.Delete(key)
						delete(model, key)
					case 3:
						got, ok := table.Load(key)
						if want, present := model[key]; got != want || ok != present {
							t.Fatalf("Load(%d) = %d, %t; want %d, %t", key, got, ok, want, present)
						}
					}
				}
				checkEqual(t, table, model)
			})
		}
	}
}

// TestBatcherMatchesLoad also sees to it that seqmap is compared by its batches.
func TestBatcherMatchesLoad(t *testing.T) {
	batchers := 0
	for _, r := range all[uint64]() {
		table := r.NewTable(0)
		b, ok := table.(rivals.Batcher[uint64])
		if !ok {
			continue
		}
		batchers++
		keys := make([]uint64, 1000)
		for i := range keys {
			keys[i] = uint64(i)
			if i%3 > 0 {
				table.Store(keys[i], uint64(i)+7)
			}
		}
		values, found := make([]uint64, len(keys)), make([]bool, len(keys))
		if hits := b.LoadBatch(keys, values, found); hits != table.Len() {
			t.Errorf("%s: %d hits, want %d", r.Name, hits, table.Len())
		}
		for i, key := range keys {
			if v, ok := table.Load(key); values[i] != v || found[i] != ok {
				t.Fatalf("%s: key %d is %d, %t in a batch, else %d, %t", r.Name, key, values[i], found[i], v, ok)
			}
		}
	}
	if _, ok := rivals.SeqMap[uint64]().NewTable(10).(rivals.Batcher[uint64]); !ok || batchers == 0 {
		t.Error("seqmap has no batches")
	}
}

func checkEqual[K comparable](t *testing.T, got rivals.Counter[K], want map[K]uint64) {
	t.Helper()
	if got.Len() != len(want) {
		t.Errorf("Len is %d, want %d", got.Len(), len(want))
	}
	if entries := maps.Collect(got.All()); !maps.Equal(entries, want) {
		t.Errorf("All yields %d entries that are not the %d wanted", len(entries), len(want))
	}
}

func TestCounterFromManyGoroutines(t *testing.T) {
	rounds := 40
	if quick.Mode() {
		rounds = 10
	}
	for _, r := range all[[16]byte]() {
		for _, goroutines := range []int{1, 2, runtime.GOMAXPROCS(0), 100} {
			if !r.Concurrent && goroutines > 1 {
				continue
			}
			for kind, c := range map[string]rivals.Counter[[16]byte]{"counter": r.NewCounter(0), "table": r.NewTable(0)} {
				t.Run(fmt.Sprintf("map=%s/kind=%s/p=%d", r.Name, kind, goroutines), func(t *testing.T) {
					checkEqual(t, c, addFromAll(c, goroutines, rounds))
				})
			}
		}
	}
}

// addFromAll adds to the same keys from all goroutines and returns the sums.
func addFromAll(c rivals.Counter[[16]byte], goroutines, rounds int) map[[16]byte]uint64 {
	const keys = 100
	var wg sync.WaitGroup
	for range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range rounds {
				for i := range keys {
					c.Add([16]byte{15: byte(i)}, uint64(i))
				}
			}
		}()
	}
	wg.Wait()
	want := map[[16]byte]uint64{}
	for i := range keys {
		want[[16]byte{15: byte(i)}] = uint64(i * rounds * goroutines)
	}
	return want
}

func Example() {
	for _, r := range rivals.ForCounting[uint64]() {
		c := r.NewCounter(0)
		c.Add(21, 1)
		c.Add(21, 1)
		n, ok := c.Load(21)
		fmt.Println(r.Name, n, ok, c.Len())
	}
	// Output:
	// seqmap 2 true 1
	// sync.Map 2 true 1
	// map+mutex 2 true 1
	// xsync 2 true 1
	// FlatMapOf 2 true 1
}
