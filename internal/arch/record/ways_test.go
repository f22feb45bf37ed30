//go:build seqsched

package record

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
)

// addTwice has two goroutines add one to a word n times each, in two steps, and returns the sum. It
// is less than 2n if one came between the steps of the other.
func addTwice(r *Round, n int) (sum uint64, err error) {
	p := unsafe.Pointer(&sum)
	err = r.Run(2, func(int, *rand.Rand) {
		for range n {
			arch.Store64(p, arch.Load64(p)+1)
		}
	})
	return sum, err
}

// TestYieldsAreInside checks that every way has goroutines come between two steps of another one.
func TestYieldsAreInside(t *testing.T) {
	lost := map[string]int{}
	Rounds(t, 50, func(r *Round) error {
		sum, err := addTwice(r, 100)
		if sum < 200 {
			lost[r.way.name]++
		}
		return err
	})
	for _, w := range ways {
		if lost[w.name] == 0 {
			t.Errorf("way %s never comes between two steps", w.name)
		}
	}
}

// TestWalkComesBack checks that a seed stands for one history of a walk, and not for that of the
// next.
func TestWalkComesBack(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	seen := map[string]bool{}
	for seed := range uint64(50) {
		history := walked(t, seed)
		if again := walked(t, seed); again != history {
			t.Fatalf("seed %d leads to\n%s\nand to\n%s", seed, history, again)
		}
		seen[history] = true
	}
	if len(seen) < 45 {
		t.Errorf("50 seeds lead to %d histories", len(seen))
	}
}

// walked returns the history of some goroutines that change a word.
func walked(t *testing.T, seed uint64) (history string) {
	r := &Round{Seed: seed, way: &ways[0]}
	var x uint64
	err := r.Run(3, func(g int, random *rand.Rand) {
		for range 10 {
			called := r.Call()
			got := arch.Add64(unsafe.Pointer(&x), random.Uint64N(1000))
			history += fmt.Sprintln(g, called, got, r.Return())
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// TestYieldsComeBack checks that a seed decides which steps yield, from none in thirty to half of
// them.
func TestYieldsComeBack(t *testing.T) {
	chosen := func(seed uint64) (steps []bool) {
		yielded := false
		hook := yields(seed, func() { yielded = true })
		for range 1000 {
			yielded = false
			hook()
			steps = append(steps, yielded)
		}
		return steps
	}
	least, most := 1000, 0
	for seed := range uint64(50) {
		a, b, n := chosen(seed), chosen(seed), 0
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("seed %d: step %d yields and does not", seed, i)
			}
			if a[i] {
				n++
			}
		}
		least, most = min(least, n), max(most, n)
	}
	if least < 5 || least > 60 || most < 400 || most > 600 {
		t.Errorf("of 1000 steps %d to %d yield", least, most)
	}
}

// TestWalkFindsALivelock checks that goroutines that wait for ever are an error.
func TestWalkFindsALivelock(t *testing.T) {
	r := &Round{Seed: 1, way: &ways[0]}
	err := r.Run(2, func(int, *rand.Rand) {
		for {
			var b arch.Backoff
			b.Wait()
		}
	})
	if err == nil {
		t.Error("two goroutines that wait for ever come to an end")
	}
}
