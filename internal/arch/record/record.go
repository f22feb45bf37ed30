// Package record runs the goroutines of a test against each other, round after round, and gives
// the calls that they make their times, so that a checker can look for an order that explains
// what they returned. Only tests use it.
//
// A round depends on a seed. From it come the random numbers of the goroutines, and in builds
// with the tag seqsched also how they take turns. There are several ways, each a subtest:
//
//	procs=1, 2, 4   goroutines as Go runs them, with GOMAXPROCS set to this. With the tag
//	                seqsched they also yield before steps of the protocol, inside of writes too.
//	                Which ones, counted over all goroutines, the seed decides.
//	walk            with the tag only: coroutines, one of which at a time makes a step; the
//	                seed decides which
//
// A failure prints the seed of its round, and SEQMAP_SEED=<seed> in the environment brings the
// round back. What comes back in a walk is every single step: the same seed gives the same history,
// in any process and on any machine of as many bits, provided that the test depends on nothing
// else; a map whose keys are hashed by hash/maphash depends on a seed of the process too. In the
// other ways the calls come back, and which of the steps yield; when a goroutine goes
// on is up to the Go scheduler, which has choices of its own even with GOMAXPROCS=1. So there
// a round is repeated as often as there would be rounds.
package record

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// Round is one run of a test's goroutines.
type Round struct {
	// Seed is what the round depends on.
	Seed  uint64
	way   *way
	clock atomic.Int64
}

// way is how the goroutines of a round take turns.
type way struct {
	name  string
	procs int // GOMAXPROCS
	// run calls all fs at the same time and returns when all have returned. An error says that
	// they do not come to an end.
	run func(r *Round, fs []func()) error
	// step is called before a call is given its time.
	step func()
	// exact says that a seed need not be tried twice.
	exact bool
}

// Rounds calls f with n rounds in each way. An error of f fails the test, with what brings the
// round back. f must not use parallel subtests, because GOMAXPROCS and the hooks of a build
// belong to the process.
func Rounds(t *testing.T, n int, f func(r *Round) error) {
	t.Helper()
	first, given := seed(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(w.procs))
			for i := range n {
				if given && w.exact && i > 0 {
					break
				}
				r := &Round{Seed: first, way: &w}
				if !given {
					r.Seed += uint64(i)
				}
				if err := f(r); err != nil {
					t.Fatalf("%v\nTo run it again: SEQMAP_SEED=%d go test%s -run '^%s$'", err, r.Seed, tags, t.Name())
				}
			}
		})
	}
}

// seed returns the seed of the first round, and whether it is the only one.
func seed(t *testing.T) (n uint64, given bool) {
	t.Helper()
	text := os.Getenv("SEQMAP_SEED")
	if text == "" {
		return rand.Uint64() >> 1, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("SEQMAP_SEED: %v", err)
	}
	return n, true
}

// Run calls f(0) to f(n-1) at the same time and returns when all have returned. In a walk, f must
// not wait for another one in any way but that of the containers. An error says that the
// goroutines wait for ever, or that one of them panicked.
func (r *Round) Run(n int, f func(g int, random *rand.Rand)) error {
	var fs []func()
	for g := range n {
		random := rand.New(rand.NewPCG(r.Seed, uint64(g)))
		fs = append(fs, func() { f(g, random) })
	}
	if err := r.way.run(r, fs); err != nil {
		return fmt.Errorf("the goroutines do not end: %w", err)
	}
	return nil
}

// Exact says whether the seed of the round brings back every single step.
func (r *Round) Exact() bool { return r.way.exact }

// Call returns the time at which the caller begins a call.
func (r *Round) Call() int64 {
	r.way.step()
	return r.clock.Add(1)
}

// Return returns the time at which the caller's call has returned.
func (r *Round) Return() int64 { return r.clock.Add(1) }

func noStep() {}

// free runs goroutines as Go does.
func free(_ *Round, fs []func()) error {
	var ready, finished sync.WaitGroup
	ready.Add(len(fs))
	for _, f := range fs {
		finished.Add(1)
		go func() {
			defer finished.Done()
			ready.Done()
			ready.Wait()
			f()
		}()
	}
	finished.Wait()
	return nil
}
