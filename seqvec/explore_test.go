//go:build seqsched

package seqvec

import (
	"fmt"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/sched"
)

// scenario is a small concurrent program over a vector.
type scenario struct {
	name    string
	start   int // elements that are there before: 101, 102, …
	threads [][]call
}

func pushes(x uint64) call          { return call{verb: push, new: x} }
func pushesTwo(x uint64) call       { return call{verb: pushSlice, new: x} }
func gets(i int) call               { return call{verb: get_, index: i} }
func sets(i int, x uint64) call     { return call{verb: set, index: i, new: x} }
func swaps(i int, x uint64) call    { return call{verb: swap, index: i, new: x} }
func updates(i int, x uint64) call  { return call{verb: update, index: i, new: x} }
func cas(i int, old, x uint64) call { return call{verb: compareAndSwap, index: i, old: old, new: x} }
func truncates(n int) call          { return call{verb: truncate, index: n} }

var (
	pops      = call{verb: pop}
	looksLong = call{verb: length}
	goesOver  = call{verb: all}
	goesBack  = call{verb: backward}
)

// full is how many elements fill the first segment of a vector.
const full = 1 << minShift

// asStack are explained as operations on a stack: G6, and with it G1 and G5.
var asStack = []scenario{
	{"push push", 0, [][]call{{pushes(1)}, {pushes(3)}, {looksLong, looksLong}}},
	{"push pop", 0, [][]call{{pushes(1), pops}, {pops, pushes(3)}}},
	{"push against pop", 1, [][]call{{pushes(1)}, {pops}, {looksLong}}},
	{"push against two pops", 1, [][]call{{pushes(1)}, {pops}, {pops}}},
	{"pop and push", 2, [][]call{{pops, pushes(1)}, {pops, pushes(3)}}},
	{"three of each", 0, [][]call{{pushes(1), pops}, {pushes(3), pops}, {pushes(5), pops}}},
	{"two at once", 0, [][]call{{pushesTwo(1)}, {pops, pops}, {pushes(3)}}},
	{"two at once, two pops", 1, [][]call{{pushesTwo(1)}, {pops}, {pops, looksLong}}},
	{"growth", full, [][]call{{pushes(1)}, {pushes(3)}, {looksLong, pops}}},
	{"growth and pop", full - 1, [][]call{{pushesTwo(1)}, {pushes(3), pops}}},
}

// byIndex are explained index by index: G3, with G1, G2, G4 and G5.
var byIndex = []scenario{
	{"get against push", 0, [][]call{{pushes(1), gets(0)}, {gets(0), gets(1)}, {pushes(3), gets(1)}}},
	{"get against pop", 1, [][]call{{pops, gets(0)}, {gets(0), gets(0)}, {pushes(3)}}},
	{"set against pop", 1, [][]call{{pops}, {sets(0, 1), gets(0)}, {pushes(3)}}},
	{"swap against pop", 1, [][]call{{pops, pushes(5)}, {swaps(0, 1)}, {gets(0)}}},
	{"swap against swap", 1, [][]call{{swaps(0, 1), gets(0)}, {swaps(0, 3)}, {gets(0), gets(0)}}},
	{"update against pop and push", 1, [][]call{{updates(0, 1)}, {pops, pushes(5)}, {gets(0)}}},
	{"compare against pop and push", 1, [][]call{{cas(0, 101, 1), gets(0)}, {pops, pushes(5)}, {sets(0, 3)}}},
	{"truncate against push", 1, [][]call{{truncates(0)}, {pushes(1), gets(1)}, {gets(0), gets(1)}}},
	{"truncate against pop", 2, [][]call{{truncates(0)}, {pops}, {pushes(1)}}},
	{"truncate against truncate", 2, [][]call{{truncates(1), pushes(1)}, {truncates(0), pushes(3)}}},
	{"truncate against two at once", 1, [][]call{{truncates(0)}, {pushesTwo(1)}, {gets(0), gets(1)}}},
	{"two at once against two at once", 0, [][]call{{pushesTwo(1), gets(2)}, {pushesTwo(3), gets(0)}}},
	{"all against pop and push", 2, [][]call{{goesOver}, {pops, pushes(1)}}},
	{"backward against pop and push", 2, [][]call{{goesBack}, {pops, pushes(1)}}},
}

// world is one run of a scenario.
type world[T comparable] struct {
	v       SeqVec[T]
	history []porcupine.Operation
	carry   func(v *SeqVec[T], in call) []operation
}

// do carries out a call and records what came of it, with the times of its first and last access.
func (w *world[T]) do(thread int, in call) {
	from := sched.Now() + 1
	sched.Stamp(&from)
	done := w.carry(&w.v, in)
	for _, op := range done {
		w.history = append(w.history, porcupine.Operation{ClientId: thread, Input: op.call, Output: op.result, Call: int64(from), Return: int64(sched.Now())})
	}
}

func (w *world[T]) program(s *scenario, check func() error) (p sched.Program) {
	for i := range s.start {
		w.do(len(s.threads), pushes(uint64(101+i)))
	}
	for t, calls := range s.threads {
		p.Threads = append(p.Threads, func() {
			for _, in := range calls {
				w.do(t, in)
			}
		})
	}
	p.Check = check
	return p
}

// leftOver adds to the history what a vector holds when all is over, and looks whether exactly the
// indexes below the length are there (G5, G7).
func (w *world[T]) leftOver(last []call) error {
	n := w.v.Len()
	for i := range n + 3 {
		if _, ok := w.v.Get(i); ok != (i < n) {
			return fmt.Errorf("G5: the length is %d, and Get(%d) says %v", n, i, ok)
		}
	}
	for _, in := range last {
		w.do(len(w.history), in)
	}
	return nil
}

// stackWorld and indexWorld make a run of a scenario, with what is wrong when it has ended.
func stackWorld[T comparable](s *scenario) sched.Program {
	w := &world[T]{carry: onStack[T]}
	return w.program(s, func() error {
		last := []call{looksLong}
		for range w.v.Len() + 1 {
			last = append(last, pops)
		}
		err := w.leftOver(last)
		if err == nil && !porcupine.CheckOperations(stack, w.history) {
			err = fmt.Errorf("G6: no order explains it: %v", w.history)
		}
		return err
	})
}

func indexWorld[T comparable](s *scenario) sched.Program {
	w := &world[T]{carry: atIndex[T]}
	return w.program(s, func() error {
		err := w.leftOver([]call{gets(0), gets(1), gets(2)})
		if err == nil {
			err = explained(w.history)
		}
		return err
	})
}

// TestExplore runs every scenario under all schedules up to a number of preemptions, and then under
// random ones. Waiting for ever is a failure too.
func TestExplore(t *testing.T) {
	arch.StepHook, arch.SpinHook = sched.Step, sched.Spin
	defer func() { arch.StepHook, arch.SpinHook = nil, nil }()
	for i := range asStack {
		s := &asStack[i]
		t.Run("stack "+s.name+"/bytes=8", func(t *testing.T) { explore(t, s, stackWorld[uint64]) })
		t.Run("stack "+s.name+"/bytes=24", func(t *testing.T) { explore(t, s, stackWorld[[3]uint64]) })
	}
	for i := range byIndex {
		s := &byIndex[i]
		t.Run("index "+s.name+"/bytes=8", func(t *testing.T) { explore(t, s, indexWorld[uint64]) })
		t.Run("index "+s.name+"/bytes=24", func(t *testing.T) { explore(t, s, indexWorld[[3]uint64]) })
	}
}

func explore(t *testing.T, s *scenario, build func(*scenario) sched.Program) {
	sched.Test(t, count(500), func() sched.Program { return build(s) })
}
