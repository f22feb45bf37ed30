package record

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// TestRounds checks what a round consists of: all goroutines run, with GOMAXPROCS as the way says, and
// no two moments have one time.
func TestRounds(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	const rounds, goroutines, calls = 5, 3, 20
	ran := map[string]int{}
	Rounds(t, rounds, func(r *Round) error {
		ran[r.way.name]++
		if got := runtime.GOMAXPROCS(0); got != r.way.procs {
			return fmt.Errorf("GOMAXPROCS is %d", got)
		}
		var mu sync.Mutex
		times := map[int64]bool{}
		err := r.Run(goroutines, func(int, *rand.Rand) {
			for range calls {
				called := r.Call()
				returned := r.Return()
				mu.Lock() // not held where a walk changes goroutines
				times[called], times[returned] = called < returned, true
				mu.Unlock()
			}
		})
		if err == nil && len(times) != 2*goroutines*calls {
			err = fmt.Errorf("%d calls have %d times", goroutines*calls, len(times))
		}
		return err
	})
	for _, w := range ways {
		if ran[w.name] == 0 {
			t.Errorf("way %s has no round", w.name)
		}
	}
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("GOMAXPROCS was %d and is now %d", before, got)
	}
}

// TestSeedsDiffer checks that the rounds of a way have seeds of their own, and the goroutines of
// a round random numbers of their own.
func TestSeedsDiffer(t *testing.T) {
	seen := map[string]bool{}
	n := 0
	Rounds(t, 10, func(r *Round) error {
		var mu sync.Mutex
		return r.Run(2, func(g int, random *rand.Rand) {
			mu.Lock()
			defer mu.Unlock()
			n++
			seen[fmt.Sprint(r.way.name, random.Uint64())] = true
		})
	})
	if _, given := seed(t); !given && len(seen) != n {
		t.Errorf("%d goroutines have %d random numbers", n, len(seen))
	}
}
