//go:build seqsched

package seqarray

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/sched"
)

// scenario is a small concurrent program over an array of two cells, of which the first few are
// set to 101, 102.
type scenario struct {
	name    string
	start   int
	threads [][]call
}

func gets(i int) call               { return call{verb: get_, cell: i} }
func sets(i int, x uint64) call     { return call{verb: set, cell: i, new: x} }
func inits(i int, x uint64) call    { return call{verb: initialize, cell: i, new: x} }
func swaps(i int, x uint64) call    { return call{verb: swap, cell: i, new: x} }
func adds(i int, x uint64) call     { return call{verb: update, cell: i, new: x} }
func cas(i int, old, x uint64) call { return call{verb: compareAndSwap, cell: i, old: old, new: x} }
func clears(i int) call             { return call{verb: clear_, cell: i} }
func fills(x uint64) call           { return call{verb: fill, new: x} }
func grows(n uint64) call           { return call{verb: grow, new: n} }

var (
	goesOver  = call{verb: all}
	copiesOut = call{verb: copyTo}
)

// In these, a cell with the number 2 or above is used by a thread that has grown the array only.
var scenarios = []scenario{
	{"init init", 0, [][]call{{inits(0, 1)}, {inits(0, 3)}, {gets(0), gets(0)}}},
	{"init set clear", 0, [][]call{{inits(0, 1)}, {sets(0, 3)}, {clears(0), gets(0)}}},
	{"set set", 0, [][]call{{sets(0, 1)}, {sets(0, 3)}, {gets(0), gets(0)}}},
	{"set clear", 1, [][]call{{sets(0, 1), gets(0)}, {clears(0)}, {gets(0), gets(0)}}},
	{"clear clear", 1, [][]call{{clears(0), inits(0, 1)}, {clears(0), inits(0, 3)}, {gets(0)}}},
	{"swap swap", 1, [][]call{{swaps(0, 1)}, {swaps(0, 3)}, {gets(0), gets(0)}}},
	{"swap against clear and set", 1, [][]call{{swaps(0, 1), gets(0)}, {clears(0), sets(0, 101)}, {gets(0)}}},
	{"compare against clear and set", 1, [][]call{{cas(0, 101, 1)}, {clears(0), sets(0, 101)}, {cas(0, 101, 3), gets(0)}}},
	{"update update", 1, [][]call{{adds(0, 1)}, {adds(0, 2)}, {gets(0), gets(0)}}},
	{"update against clear and set", 1, [][]call{{adds(0, 1)}, {clears(0), sets(0, 1)}, {adds(0, 2)}}},
	{"fill against clear", 2, [][]call{{fills(1)}, {clears(0), clears(1)}, {goesOver}}},
	{"copy against set", 2, [][]call{{copiesOut}, {sets(0, 1), sets(1, 3)}, {clears(1)}}},
	{"grow against get", 2, [][]call{{grows(3), sets(2, 1), gets(2)}, {gets(0), gets(1)}, {sets(1, 3), gets(1)}}},
	{"grow grow", 1, [][]call{{grows(3), sets(2, 1), gets(2)}, {grows(5), sets(2, 3), gets(2)}, {clears(0), gets(0)}}},
	{"grow grow grow", 1, [][]call{{grows(3), inits(2, 1), gets(2)}, {grows(5), inits(2, 3), gets(2)}, {grows(20), gets(2)}}},
	{"fill against grow", 1, [][]call{{fills(1), gets(0)}, {grows(3), gets(1)}, {goesOver}}},
}

// world is one run of a scenario.
type world[T comparable] struct {
	a       *SeqArray[T]
	history []porcupine.Operation
}

// do carries out a call and records what came of it, with the times of its first and last access.
// What a Fill or a look at all cells says of a cell that may not have been there is left out; no
// scenario looks at such a cell.
func (w *world[T]) do(thread int, in call) {
	from := sched.Now() + 1
	sched.Stamp(&from)
	for _, op := range do(w.a, in) {
		if op.call.cell >= cells-1 && (in.verb == fill || in.verb == all) {
			continue
		}
		w.history = append(w.history, porcupine.Operation{ClientId: thread, Input: op.call, Output: op.result, Call: int64(from), Return: int64(sched.Now())})
	}
}

// watch is G4: at no moment are more cells set than the count says.
func (w *world[T]) watch() error {
	n := int64(0)
	for i := range uintptr(w.a.cells.firstCells) { // without a step of the explorer's
		if word := (*uint64)(unsafe.Add(w.a.cells.first, i*w.a.cells.stride)); cell.IsLive(*word) {
			n++
		}
	}
	if count := w.a.count.Load(); count < n {
		return fmt.Errorf("G4: %d cells are set, and the count is %d", n, count)
	}
	return nil
}

// check looks at what is left when all is over: every cell, the count, and an order that explains
// all results.
func (w *world[T]) check() error {
	n := 0
	for i := range w.a.Cap() {
		if _, err := w.a.Get(i); err == nil {
			n++
		}
		if i < cells-1 {
			w.do(len(w.history), gets(i))
		}
	}
	if w.a.Len() != n {
		return fmt.Errorf("G4: %d cells are set, and Len is %d", n, w.a.Len())
	}
	return explained(w.history)
}

func build[T comparable](s *scenario) (p sched.Program) {
	w := &world[T]{a: New[T](cells - 1)}
	for i := range s.start {
		w.do(len(s.threads), sets(i, uint64(101+i)))
	}
	for t, calls := range s.threads {
		p.Threads = append(p.Threads, func() {
			for _, in := range calls {
				w.do(t, in)
			}
		})
	}
	p.Check, p.Watch = w.check, w.watch
	return p
}

// TestExplore runs every scenario under all schedules up to a number of preemptions, and then under
// random ones. Waiting for ever is a failure too.
func TestExplore(t *testing.T) {
	arch.StepHook, arch.SpinHook = sched.Step, sched.Spin
	defer func() { arch.StepHook, arch.SpinHook = nil, nil }()
	for i := range scenarios {
		s := &scenarios[i]
		t.Run(s.name+"/bytes=8", func(t *testing.T) { explore(t, s, build[uint64]) })
		t.Run(s.name+"/bytes=24", func(t *testing.T) { explore(t, s, build[[3]uint64]) })
	}
}

func explore(t *testing.T, s *scenario, build func(*scenario) sched.Program) {
	sched.Test(t, count(500), func() sched.Program { return build(s) })
}
