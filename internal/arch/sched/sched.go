package sched

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Config says which schedules to explore.
type Config struct {
	Preemptions int    // the bound of the systematic part
	Walks       int    // random schedules after it
	Seed        uint64 // of the random schedules
	Steps       int    // accesses after which a run counts as endless; 0 stands for a default
	// Schedule is the only schedule to run, if it is not nil.
	Schedule Schedule
}

const defaultSteps = 2000

// Program is what one run executes. Its parts share what the call of build that made it has
// set up.
type Program struct {
	Threads []func()
	// Watch, if not nil, is called after each access of a thread. It must not step.
	Watch func() error
	// Check is called when all threads have ended.
	Check func() error
}

// Report is the outcome of Explore. If Err is not nil, Schedule leads to it.
type Report struct {
	Runs     int // schedules
	Steps    int // accesses of the threads in all of them
	Err      error
	Schedule Schedule
	Trace    string // which thread made how many accesses, in turn
}

// Explore runs the programs that build makes, one for each schedule. build and Check run
// alone, and to wait in them is a deadlock. There is one explorer in a process: Explore must
// not be called by two goroutines at once.
func Explore(c Config, build func() Program) (rep Report) {
	if c.Steps == 0 {
		c.Steps = defaultSteps
	}
	if c.Schedule != nil {
		rep.add(execute(c, math.MaxInt, c.Schedule.pick, build))
		return rep
	}
	var s search
	for rep.Err == nil {
		s.at = 0
		rep.add(execute(c, c.Preemptions, s.pick, build))
		if !s.advance() {
			break
		}
	}
	w := walk{rand: rand.New(rand.NewPCG(c.Seed, 0))}
	for i := 0; i < c.Walks && rep.Err == nil; i++ {
		w.begin()
		rep.add(execute(c, math.MaxInt, w.pick, build))
	}
	return rep
}

// Walk runs the threads once, by a random schedule. The same seed leads to the same schedule, as
// long as the threads are deterministic. It is an error if they make more accesses than steps.
// Like Explore it must not be called by two goroutines at once.
func Walk(seed uint64, steps int, threads []func()) (rep Report) {
	w := walk{rand: rand.New(rand.NewPCG(seed, 0))}
	w.begin()
	rep.add(execute(Config{Steps: steps}, math.MaxInt, w.pick, func() Program {
		return Program{Threads: threads, Check: func() error { return nil }}
	}))
	return rep
}

func (rep *Report) add(r *run) {
	rep.Runs++
	rep.Steps += len(r.trace)
	if r.err != nil {
		rep.Err, rep.Schedule, rep.Trace = r.err, r.taken, r.traceString()
	}
}

func execute(c Config, bound int, pick picker, build func() Program) *run {
	r := &run{pick: pick, bound: bound}
	active = r
	defer func() { active = nil }()
	var p Program
	r.alone(c.Steps, func() error {
		p = build()
		return nil
	})
	r.watch, r.tracing, r.points = p.Watch, true, 0
	r.play(c.Steps, p.Threads)
	r.watch, r.tracing = nil, false
	r.alone(c.Steps, p.Check)
	return r
}

// alone plays f as the only thread.
func (r *run) alone(steps int, f func() error) {
	r.play(steps, []func(){func() {
		if err := f(); err != nil {
			r.fail(err)
		}
	}})
}

// active is the run that Step and Spin belong to.
var active *run

// Step is called by a thread before each access to shared memory. Outside of a run it does
// nothing.
func Step() {
	if active != nil {
		active.step()
	}
}

// Spin is called by a thread that can only wait for another one. It returns false, having
// done nothing, outside of a run.
func Spin() bool {
	if active == nil {
		return false
	}
	active.spin()
	return true
}

// Now returns the time, which is the number of accesses so far.
func Now() int { return active.clock }

// Stamp has the time of the next access of the calling thread stored to at.
func Stamp(at *int) { active.current.stamp = at }

// Spins returns how often the calling thread has called Spin.
func Spins() int { return active.current.spins }

// picker chooses one of n > 1 threads at the current point of r. If stay, number 0 is the
// thread that ran up to now, and each other number is a preemption.
type picker func(r *run, n int, stay bool) int

// search is the systematic part: it remembers the choices of the last run, and changes the
// last of them that can be changed.
type search struct {
	path []point
	at   int // how much of the path the run has gone
}

type point struct{ choice, of int }

func (s *search) pick(r *run, n int, _ bool) int {
	if s.at == len(s.path) {
		s.path = append(s.path, point{0, n})
	}
	p := s.path[s.at]
	s.at++
	if p.of != n {
		r.fail(fmt.Errorf("sched: the program is not deterministic: %d threads to choose from where there were %d", n, p.of))
		return 0
	}
	return p.choice
}

// advance makes the path that of the next run. It returns false if there is none.
func (s *search) advance() bool {
	for i := len(s.path) - 1; i >= 0; i-- {
		if s.path[i].choice++; s.path[i].choice < s.path[i].of {
			s.path = s.path[:i+1]
			return true
		}
	}
	return false
}

// walk is the random part. Each walk has its own inclination to stay with a thread.
type walk struct {
	rand *rand.Rand
	stay int
}

func (w *walk) begin() { w.stay = 2 << w.rand.IntN(5) }

func (w *walk) pick(_ *run, n int, stay bool) int {
	if stay && w.rand.IntN(w.stay) != 0 {
		return 0
	}
	return w.rand.IntN(n)
}
