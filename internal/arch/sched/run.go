package sched

import (
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"strings"
)

// patience is how often a thread that spins may look again although no other thread has made
// an access since: it may have spun for what it saw some accesses ago.
const patience = 3

var errDeadlock = errors.New("sched: deadlock: all threads wait")

// thread is one coroutine.
type thread struct {
	id     int
	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool

	chosen   bool // its next access was chosen when the thread was
	done     bool
	spinning bool   // and no other thread has made an access since
	seen     uint64 // threads, one bit each, that made an access since the last spin
	behind   uint64 // threads that must come first
	idle     int    // spins since another thread made an access
	spins    int
	stamp    *int // receives the time of the next access
}

// run is one execution of a program.
type run struct {
	pick    picker
	watch   func() error
	err     error
	threads []*thread
	current *thread
	left    int // accesses until the run counts as endless
	clock   int

	points      int // moments so far at which a thread was chosen, if only from one
	bound       int // preemptions allowed
	preemptions int
	taken       Schedule

	tracing bool
	trace   []uint8 // the thread of each access
	options []*thread
}

// stopped is what a thread that will not be resumed panics with.
type stopped struct{}

// play runs the functions as threads until all have ended or something has failed.
func (r *run) play(steps int, fs []func()) {
	if r.err != nil {
		return
	}
	r.left = steps
	r.threads = make([]*thread, len(fs))
	for i, f := range fs {
		r.threads[i] = r.start(i, f)
	}
	for r.current = r.choose(nil); r.current != nil && r.err == nil; {
		t := r.current
		if _, paused := t.resume(); !paused {
			t.done = true
			r.current = r.choose(nil)
		}
	}
	for _, t := range r.threads {
		r.current = t
		t.stop()
	}
}

func (r *run) start(id int, f func()) *thread {
	t := &thread{id: id, chosen: true, seen: ^uint64(0)}
	t.resume, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		t.yield = yield
		defer func() {
			switch x := recover().(type) {
			case nil, stopped:
			default:
				r.fail(fmt.Errorf("panic: %v\n%s", x, debug.Stack()))
			}
		}()
		f()
	})
	return t
}

// fail ends the run, at the next choice at the latest.
func (r *run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *run) step() {
	t := r.current
	if !t.chosen {
		r.goOnWith(r.choose(t))
	}
	t.chosen = false
	if r.left--; r.left < 0 {
		r.fail(errors.New("sched: livelock: the run does not end"))
		r.goOnWith(nil)
	}
	r.clock++
	if r.tracing {
		r.trace = append(r.trace, uint8(t.id))
	}
	if t.stamp != nil {
		*t.stamp, t.stamp = r.clock, nil
	}
	for _, o := range r.threads {
		if o != t {
			o.spinning, o.idle = false, 0
			o.seen |= 1 << t.id
			o.behind &^= 1 << t.id
		}
	}
}

// spin keeps the schedule fair: a thread that spins again stands behind all others that have not
// made an access since it last did. Otherwise two that spin could take turns for ever,
// while the one that they wait for does nothing.
func (r *run) spin() {
	t := r.current
	t.spins++
	t.idle++
	t.spinning = true
	t.behind = ^t.seen &^ (1 << t.id)
	t.seen = 0
	r.goOnWith(r.choose(t))
	t.spinning, t.chosen, t.behind = false, true, 0
}

// goOnWith has the current thread wait until it is chosen again, unless it is next.
func (r *run) goOnWith(next *thread) {
	t := r.current
	if next == t && r.err == nil {
		return
	}
	r.current = next
	if !t.yield(struct{}{}) {
		panic(stopped{})
	}
}

// choose returns the thread that is to go on. cur is the thread that ran up to now, or nil if
// it has ended. It returns nil if all have ended or something has failed.
func (r *run) choose(cur *thread) *thread {
	if r.watch != nil && r.err == nil {
		if err := r.watch(); err != nil {
			r.fail(err)
		}
	}
	if r.err != nil {
		return nil
	}
	stay := cur != nil && !cur.spinning
	r.points++
	if stay && r.preemptions >= r.bound {
		return cur
	}
	options := r.canGoOn(cur, stay)
	switch len(options) {
	case 0:
		return nil
	case 1:
		return options[0]
	}
	c := r.pick(r, len(options), stay)
	if c != 0 {
		r.taken = append(r.taken, Choice{r.points, c})
		if stay {
			r.preemptions++
		}
	}
	return options[c]
}

// canGoOn returns the threads to choose from, cur first if it can stay.
func (r *run) canGoOn(cur *thread, stay bool) []*thread {
	options := r.options[:0]
	if stay {
		options = append(options, cur)
	}
	alive := uint64(0)
	for _, t := range r.threads {
		if !t.done {
			alive |= 1 << t.id
		}
	}
	for _, t := range r.threads {
		if t != cur && !t.done && !t.spinning && t.behind&alive == 0 {
			options = append(options, t)
		}
	}
	if len(options) == 0 && alive != 0 {
		for _, t := range r.threads {
			if !t.done && t.idle <= patience {
				options = append(options, t)
			}
		}
		if len(options) == 0 {
			r.fail(errDeadlock)
		}
	}
	r.options = options
	return options
}

// traceString returns the trace as runs: "0*12 1*3" are twelve accesses of thread 0 and three of
// thread 1. It leaves out the end of a very long one.
func (r *run) traceString() string {
	var s []string
	for i := 0; i < len(r.trace); {
		if len(s) == 100 {
			s = append(s, "...")
			break
		}
		n := 1
		for i+n < len(r.trace) && r.trace[i+n] == r.trace[i] {
			n++
		}
		s = append(s, fmt.Sprintf("%d*%d", r.trace[i], n))
		i += n
	}
	return strings.Join(s, " ")
}
