package seqarray

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch/record"
)

type verb int

const (
	get_ verb = iota
	set
	initialize
	swap
	compareAndSwap
	update
	clear_
	// The following are an operation on each cell.
	fill
	all // and Values, which is All without the indexes
	copyTo
	grow // changes no cell
	verbs
)

// call is one operation on one cell.
type call struct {
	verb     verb
	cell     int
	old, new uint64
}

type result struct {
	value uint64
	ok    bool // no error, and for compareAndSwap that it swapped
}

type cellState struct {
	value uint64
	set   bool
}

// torn is the value of a mix of several. No history with it has an explanation.
const torn = 1 << 60

// oneCell is the specification of a cell.
var oneCell = porcupine.Model{
	Init: func() any { return cellState{} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(cellState), input.(call), output.(result)
		switch in.verb {
		case get_, all, copyTo:
			return out.ok == s.set && (!out.ok || out.value == s.value), s
		case set, fill:
			return out.ok, cellState{in.new, true}
		case initialize:
			if s.set {
				return !out.ok, s
			}
			return out.ok, cellState{in.new, true}
		case swap:
			if !s.set {
				return !out.ok, s
			}
			return out.ok && out.value == s.value, cellState{in.new, true}
		case compareAndSwap:
			if !s.set || s.value != in.old {
				return !out.ok, s
			}
			return out.ok, cellState{in.new, true}
		case update:
			if !s.set {
				return !out.ok, s
			}
			return out.ok && out.value == s.value+in.new, cellState{s.value + in.new, true}
		default:
			return out.ok, cellState{}
		}
	},
}

// cells is how many cells a history is about. The array is made with one less.
const cells = 3

// TestLinearizable is G2, G1 and G5: random histories of a few goroutines, while the array grows,
// each to be explained, cell by cell, by some order of the calls.
func TestLinearizable(t *testing.T) {
	t.Run("bytes=8", testLinearizable[uint64])
	t.Run("bytes=12", testLinearizable[[3]uint32])
	t.Run("bytes=64", testLinearizable[[8]uint64])
}

func testLinearizable[T comparable](t *testing.T) {
	record.Rounds(t, count(700), func(r *record.Round) error {
		a := New[T](cells - 1)
		a.Grow(cells) // the last cell is in another segment
		history, err := recorded(r, func(in call) []operation { return do(a, in) })
		if err == nil {
			err = explained(history)
		}
		return err
	})
}

// recorded has a few goroutines do random calls and returns what came of them.
func recorded(r *record.Round, do func(in call) []operation) ([]porcupine.Operation, error) {
	const goroutines, calls = 4, 12
	history := make([][]porcupine.Operation, goroutines)
	err := r.Run(goroutines, func(g int, random *rand.Rand) {
		var last [cells]uint64 // the newest value of each cell that this goroutine knows
		for k := range calls {
			in := call{verb(random.IntN(int(verbs))), random.IntN(cells), 0, uint64(1 + g*calls + k)}
			in.old = last[in.cell]
			called := r.Call()
			done := do(in)
			returned := r.Return()
			for _, op := range done {
				if op.result.ok && op.result.value != 0 {
					last[op.call.cell] = op.result.value
				}
				history[g] = append(history[g], porcupine.Operation{ClientId: g, Input: op.call, Output: op.result, Call: called, Return: returned})
			}
		}
	})
	return slices.Concat(history...), err
}

// explained returns an error with the part of the history that no order of the calls explains.
func explained(history []porcupine.Operation) error {
	for i := range cells {
		part := slices.DeleteFunc(slices.Clone(history), func(op porcupine.Operation) bool { return op.Input.(call).cell != i })
		if !porcupine.CheckOperations(oneCell, part) {
			return fmt.Errorf("G2: cell %d is not linearizable: %v", i, part)
		}
	}
	return nil
}

// operation is a call with what came of it.
type operation struct {
	call
	result
}

// do carries out a call on a, and returns an operation for each cell that it tells something about.
func do[T comparable](a *SeqArray[T], in call) []operation {
	switch in.verb {
	case fill:
		a.Fill(pattern[T](in.new))
		return forEachCell(in, func(int) result { return result{ok: true} })
	case all:
		found := map[int]result{}
		for i, v := range a.All() {
			found[i] = result{valueOf(v), true}
		}
		return forEachCell(in, func(i int) result { return found[i] })
	case copyTo:
		var dst [cells]T
		n := a.CopyTo(dst[:cells-in.cell], in.cell)
		read := forEachCell(in, func(i int) result {
			if i < in.cell || i >= in.cell+n {
				return result{}
			}
			return result{valueOf(dst[i-in.cell]), true}
		})
		return read[in.cell:min(in.cell+n+1, cells)] // the first that is unset ends it
	case grow:
		a.Grow(int(in.new))
		return nil
	default:
		return []operation{{in, doOne(a, in)}}
	}
}

func forEachCell(in call, f func(i int) result) (done []operation) {
	for i := range cells {
		in.cell = i
		done = append(done, operation{in, f(i)})
	}
	return done
}

// valueOf returns the number of which v is the pattern.
func valueOf[T comparable](v T) uint64 {
	if !whole(v) {
		return torn
	}
	return seed(v)
}

func doOne[T comparable](a *SeqArray[T], in call) result {
	var v T
	var err error
	ok := true
	fresh := pattern[T](in.new)
	switch in.verb {
	case get_:
		v, err = a.Get(in.cell)
	case set:
		err = a.Set(in.cell, fresh)
	case initialize:
		err = a.Init(in.cell, fresh)
	case swap:
		v, err = a.Swap(in.cell, fresh)
	case compareAndSwap:
		ok, err = a.CompareAndSwap(in.cell, pattern[T](in.old), fresh)
	case update:
		v, err = a.Update(in.cell, func(old T) T { return pattern[T](valueOf(old) + in.new) })
	case clear_:
		err = a.Clear(in.cell)
	}
	if err != nil && errors.Is(err, ErrOutOfBounds) {
		panic(err)
	}
	return result{valueOf(v), ok && err == nil}
}

// TestLinearizableCatches shows that the histories above suffice: a Swap in two steps is found.
func TestLinearizableCatches(t *testing.T) {
	record.Rounds(t, 1, func(r *record.Round) error {
		for range 100_000 {
			a := New[uint64](cells)
			history, err := recorded(r, func(in call) []operation {
				if in.verb != swap {
					return do(a, in)
				}
				v, err := a.Get(in.cell)
				runtime.Gosched()
				if err == nil {
					err = a.Set(in.cell, in.new)
				}
				return []operation{{in, result{v, err == nil}}}
			})
			if err != nil {
				return err
			}
			if explained(history) != nil {
				return nil
			}
			r.Seed++
		}
		return errors.New("a Swap in two steps is not found")
	})
}
