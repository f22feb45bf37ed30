package seqvec

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"
)

type verb int

const (
	push verb = iota
	pop
	pushSlice
	length
	stackVerbs

	get_ = iota
	set
	swap
	compareAndSwap
	update
	truncate
	verbs
)

type call struct {
	verb     verb
	index    int // for a push, the one that it returned
	old, new uint64
}

type result struct {
	value uint64
	n     int
	ok    bool
}

// record runs calls on goroutines at the same time and returns their history.
func record(goroutines, calls int, round int, apply func(r *rand.Rand, unique uint64) (any, any)) []porcupine.Operation {
	var clock atomic.Int64
	history := make([][]porcupine.Operation, goroutines)
	together(goroutines, func(g int) {
		r := rand.New(rand.NewPCG(uint64(round), uint64(g)))
		for k := range calls {
			op := porcupine.Operation{ClientId: g, Call: clock.Add(1)}
			op.Input, op.Output = apply(r, uint64(1+g*calls+k))
			op.Return = clock.Add(1)
			history[g] = append(history[g], op)
		}
	})
	return slices.Concat(history...)
}

// stack is the specification of Push, PushSlice, Pop and Len together. Its state is a
// string with one byte for each element.
var stack = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(string), input.(call), output.(result)
		switch in.verb {
		case push:
			return out.n == len(s), s + string(rune(in.new))
		case pushSlice:
			return out.n == len(s), s + strings.Repeat(string(rune(in.new)), 2)
		case pop:
			if s == "" {
				return !out.ok, s
			}
			last := len(s) - 1
			return out.ok && out.value == uint64(s[last]), s[:last]
		default:
			return out.n == len(s), s
		}
	},
}

// TestLinearizableStack is G6: random histories of a few goroutines, each to be explained
// by some order of the calls.
func TestLinearizableStack(t *testing.T) {
	t.Run("bytes=8", testLinearizableStack[uint64])
	t.Run("bytes=24", testLinearizableStack[[3]uint64])
}

func testLinearizableStack[T comparable](t *testing.T) {
	const goroutines, calls = 4, 10
	for round := range count(1500) {
		var v SeqVec[T]
		history := record(goroutines, calls, round, func(r *rand.Rand, unique uint64) (any, any) {
			in, out := call{verb: verb(r.IntN(int(stackVerbs))), new: unique}, result{}
			switch x := pattern[T](unique); in.verb {
			case push:
				out.n = v.Push(x)
			case pushSlice:
				out.n = v.PushSlice([]T{x, x})
			case pop:
				var x T
				x, out.ok = v.Pop()
				out.value = seed(x)
			case length:
				out.n = v.Len()
			}
			return in, out
		})
		if !porcupine.CheckOperations(stack, history) {
			t.Fatalf("round %d is not linearizable: %v", round, history)
		}
	}
}

type cellState struct {
	value uint64
	live  bool
}

// oneIndex is the specification of one index: what a Push fills and a Pop or Truncate
// empties. A Truncate may or may not have come to it.
var oneIndex = porcupine.NondeterministicModel{
	Init: func() []any { return []any{cellState{}} },
	Step: func(state, input, output any) []any {
		s, in, out := state.(cellState), input.(call), output.(result)
		next, ok := s, false
		switch in.verb {
		case push:
			next, ok = cellState{in.new, true}, !s.live
		case pop:
			next, ok = cellState{}, s.live && out.value == s.value
		case truncate:
			return []any{s, cellState{}}
		case set:
			if ok = out.ok == s.live; out.ok {
				next.value = in.new
			}
		case compareAndSwap:
			if ok = out.ok == (s.live && s.value == in.old); out.ok {
				next.value = in.new
			}
		case get_:
			ok = out.ok == s.live && (!out.ok || out.value == s.value)
		default: // swap and update, both with the value that was there
			if ok = out.ok == s.live && (!out.ok || out.value == s.value); out.ok {
				next.value = in.new
			}
		}
		if !ok {
			return nil
		}
		return []any{next}
	},
}

// TestLinearizableIndex is G3, with Truncate at work too.
func TestLinearizableIndex(t *testing.T) {
	t.Run("bytes=8", testLinearizableIndex[uint64])
	t.Run("bytes=24", testLinearizableIndex[[3]uint64])
}

func testLinearizableIndex[T comparable](t *testing.T) {
	const goroutines, calls, indexes = 4, 10, 3
	model := oneIndex.ToModel()
	for round := range count(1500) {
		var v SeqVec[T]
		history := record(goroutines, calls, round, func(r *rand.Rand, unique uint64) (any, any) {
			in := call{verb: verb(r.IntN(int(verbs))), index: r.IntN(indexes), new: unique, old: r.Uint64N(unique + 1)}
			return in, applyAt(&v, &in)
		})
		for i := range indexes {
			if part := historyOf(i, history); !porcupine.CheckOperations(model, part) {
				t.Fatalf("round %d is not linearizable at index %d: %v", round, i, part)
			}
		}
	}
}

func applyAt[T comparable](v *SeqVec[T], in *call) (out result) {
	var x T
	switch fresh := pattern[T](in.new); in.verb {
	case pushSlice, length: // not of interest here
		in.verb = push
		fallthrough
	case push, stackVerbs:
		in.verb = push
		in.index = v.Push(fresh)
	case pop:
		x, out.ok = v.Pop()
	case set:
		out.ok = v.Set(in.index, fresh)
	case swap:
		x, out.ok = v.Swap(in.index, fresh)
	case compareAndSwap:
		out.ok = v.CompareAndSwap(in.index, pattern[T](in.old), fresh)
	case update:
		_, out.ok = v.Update(in.index, func(old T) T { x = old; return fresh })
	case truncate:
		v.Truncate(in.index)
	default:
		x, out.ok = v.Get(in.index)
	}
	out.value = seed(x)
	return out
}

// historyOf returns the operations at one index. A Pop does not tell its index, but its
// value does, because every value is written to one index only.
func historyOf(i int, history []porcupine.Operation) (part []porcupine.Operation) {
	indexOf := make(map[uint64]int)
	for _, op := range history {
		in := op.Input.(call)
		if in.verb != pop && in.verb != truncate && in.verb != get_ {
			indexOf[in.new] = in.index
		}
	}
	for _, op := range history {
		in, out := op.Input.(call), op.Output.(result)
		switch in.verb {
		case pop:
			if at, ok := indexOf[out.value]; out.ok && ok && at == i {
				part = append(part, op)
			}
		case truncate:
			if in.index <= i {
				part = append(part, op)
			}
		default:
			if in.index == i {
				part = append(part, op)
			}
		}
	}
	return part
}
