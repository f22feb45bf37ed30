// Package torture keeps many goroutines at work on all containers at once, while tables grow
// and shrink under them, and checks what must hold: while they work, as far as one goroutine can
// know it, and the rest when they have stopped.
//
// A job is a container, or a few, and a kind of work on it with an invariant of its own. Every
// goroutine takes part in every job: it goes from one to the next at random. What it does is
// decided by the seed and its number; how the goroutines meet is not.
package torture

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Config says how long and how hard.
type Config struct {
	For        time.Duration // how long, unless Rounds is set
	Rounds     int           // turns of each goroutine at a job; for runs of a counted length
	Seed       uint64
	Goroutines int
	Patience   time.Duration // how long a few turns may take before they are taken to hang; 0 stands for a minute
	Subjects   Subjects      // the containers; their zero value stands for those of this module
}

// A Violation is an invariant that did not hold.
type Violation struct {
	Invariant string // the job's name, and what it asks for
	Key       string // where
	Saw       string // what was seen, and what should have been
	Goroutine int    // who saw it, or -1 if it was seen when all had stopped
	Turn      uint64 // of that goroutine
}

func (v *Violation) Error() string {
	who := fmt.Sprintf("goroutine %d, turn %d", v.Goroutine, v.Turn)
	if v.Goroutine < 0 {
		who = "seen at the end"
	}
	return fmt.Sprintf("%s is violated: key %s: %s (%s)", v.Invariant, v.Key, v.Saw, who)
}

// Tally is how many operations a job did.
type Tally struct {
	Job        string
	Operations uint64
}

// job is a kind of work. Its state of a goroutine is in a slice, at the goroutine's number.
type job interface {
	name() string
	// turn does a few operations for w and returns how many.
	turn(w *worker) (operations int)
	// finish checks what can be checked when nobody is at work any more.
	finish(w *worker)
}

// worker is one goroutine.
type worker struct {
	id, of int // its number, and how many there are
	r      *rand.Rand
	run    *run
	job    job
	turns  uint64
	ops    []uint64      // of each job
	at     atomic.Uint64 // its place, for others to see
}

// run is what the goroutines share.
type run struct {
	stop      atomic.Bool
	violation atomic.Pointer[Violation] // the first one
}

// violate reports that the invariant does not hold, and ends the run.
func (w *worker) violate(key any, format string, args ...any) {
	v := &Violation{w.job.name(), fmt.Sprint(key), fmt.Sprintf(format, args...), w.id, w.turns}
	w.run.violation.CompareAndSwap(nil, v)
	w.run.stop.Store(true)
}

// chance is true once in n times.
func (w *worker) chance(n int) bool { return w.r.IntN(n) == 0 }

// other returns the number of a goroutine, this one or another.
func (w *worker) other() int { return w.r.IntN(w.of) }

// Run tortures the containers. It returns what was done, and a *Violation as the error if an
// invariant did not hold. If a goroutine does not come back it returns a *Hang and leaves that
// goroutine, and what it works on, behind.
func Run(c Config) ([]Tally, error) {
	jobs := newJobs(c.Subjects.orDefault(), c.Goroutines)
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	var shared run
	if c.Rounds == 0 {
		timer := time.AfterFunc(c.For, func() { shared.stop.Store(true) })
		defer timer.Stop()
	}
	workers := make([]*worker, c.Goroutines)
	var all sync.WaitGroup
	for g := range workers {
		w := &worker{id: g, of: c.Goroutines, r: rand.New(rand.NewPCG(c.Seed, uint64(g))), run: &shared, ops: make([]uint64, len(jobs))}
		workers[g] = w
		all.Add(1)
		go func() {
			defer all.Done()
			w.work(jobs, c.Rounds)
		}()
	}
	last, done := &worker{id: -1, run: &shared}, make(chan struct{})
	go func() {
		defer close(done)
		all.Wait()
		last.finish(jobs)
	}()
	if h := watch(append(slices.Clone(workers), last), jobs, c.Patience, done); h != nil {
		shared.stop.Store(true)
		return nil, h
	}
	if v := shared.violation.Load(); v != nil {
		return tally(jobs, workers), v
	}
	return tally(jobs, workers), nil
}

// work takes turns at the jobs until the run stops, or as often as said if that is not 0.
func (w *worker) work(jobs []job, rounds int) {
	const turns = 16 // in a row, at one job
	defer w.leave()
	for round := 0; (rounds == 0 || round < rounds) && !w.run.stop.Load(); round++ {
		j := w.r.IntN(len(jobs))
		w.job = jobs[j]
		w.enter(j)
		for range turns {
			w.turns++
			w.ops[j] += uint64(w.job.turn(w))
		}
	}
}

// finish makes the checks of quiet containers, unless something was found before.
func (w *worker) finish(jobs []job) {
	defer w.leave()
	for j := range jobs {
		if w.run.violation.Load() == nil {
			w.job = jobs[j]
			w.enter(j)
			w.job.finish(w)
		}
	}
}

// tally adds up what the workers did.
func tally(jobs []job, workers []*worker) []Tally {
	ts := make([]Tally, len(jobs))
	for i, j := range jobs {
		ts[i].Job = j.name()
		for _, w := range workers {
			ts[i].Operations += w.ops[i]
		}
	}
	return ts
}
