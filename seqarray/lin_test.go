package seqarray

import (
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"
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
	verbs
)

type call struct {
	verb     verb
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

// oneCell is the specification of a cell.
var oneCell = porcupine.Model{
	Init: func() any { return cellState{} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(cellState), input.(call), output.(result)
		switch in.verb {
		case get_:
			return out.ok == s.set && (!out.ok || out.value == s.value), s
		case set:
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

// TestLinearizable is G2: random histories of a few goroutines on one cell, each to be
// explained by some order of the calls.
func TestLinearizable(t *testing.T) {
	t.Run("bytes=8", testLinearizable[uint64])
	t.Run("bytes=12", testLinearizable[[3]uint32])
	t.Run("bytes=64", testLinearizable[[8]uint64])
}

func testLinearizable[T comparable](t *testing.T) {
	const goroutines, calls = 4, 12
	for round := range count(1500) {
		a := New[T](1)
		var clock atomic.Int64
		history := make([][]porcupine.Operation, goroutines)
		together(goroutines, func(g int) {
			r := rand.New(rand.NewPCG(uint64(round), uint64(g)))
			for range calls {
				in := call{verb(r.IntN(int(verbs))), r.Uint64N(3), r.Uint64N(3)}
				op := porcupine.Operation{ClientId: g, Input: in, Call: clock.Add(1)}
				op.Output = apply(a, in)
				op.Return = clock.Add(1)
				history[g] = append(history[g], op)
			}
		})
		var all []porcupine.Operation
		for _, h := range history {
			all = append(all, h...)
		}
		if !porcupine.CheckOperations(oneCell, all) {
			t.Fatalf("round %d is not linearizable: %v", round, all)
		}
	}
}

func apply[T comparable](a *SeqArray[T], in call) result {
	var v T
	var err error
	ok := true
	switch in.verb {
	case get_:
		v, err = a.Get(0)
	case set:
		err = a.Set(0, pattern[T](in.new))
	case initialize:
		err = a.Init(0, pattern[T](in.new))
	case swap:
		v, err = a.Swap(0, pattern[T](in.new))
	case compareAndSwap:
		ok, err = a.CompareAndSwap(0, pattern[T](in.old), pattern[T](in.new))
	case update:
		v, err = a.Update(0, func(old T) T { return pattern[T](seed(old) + in.new) })
	case clear_:
		err = a.Clear(0)
	}
	if err != nil && errors.Is(err, ErrOutOfBounds) {
		panic(err)
	}
	return result{seed(v), ok && err == nil}
}
