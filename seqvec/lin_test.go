package seqvec

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch/record"
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
	clear_
	all // and Values, which is All without the indexes
	backward
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

// recorded runs calls on a few goroutines at the same time and returns their history. One call
// may be several operations, each with an input and an output.
func recorded(r *record.Round, calls int, apply func(random *rand.Rand, unique uint64) []operation) ([]porcupine.Operation, error) {
	const goroutines = 4
	history := make([][]porcupine.Operation, goroutines)
	err := r.Run(goroutines, func(g int, random *rand.Rand) {
		for k := range calls {
			called := r.Call()
			done := apply(random, uint64(1+2*(g*calls+k))) // and one more, for a second value
			returned := r.Return()
			for _, op := range done {
				history[g] = append(history[g], porcupine.Operation{ClientId: g, Input: op.call, Output: op.result, Call: called, Return: returned})
			}
		}
	})
	return slices.Concat(history...), err
}

// operation is a call with what came of it.
type operation struct {
	call
	result
}

// torn is the value of a mix of several. No history with it has an explanation.
const torn = 1 << 60

// valueOf returns the number of which x is the pattern.
func valueOf[T comparable](x T) uint64 {
	if !whole(x) {
		return torn
	}
	return seed(x)
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
	record.Rounds(t, count(700), func(r *record.Round) error {
		var v SeqVec[T]
		history, err := recorded(r, 10, func(random *rand.Rand, unique uint64) []operation {
			return onStack(&v, call{verb: verb(random.IntN(int(stackVerbs))), new: unique})
		})
		if err == nil && !porcupine.CheckOperations(stack, history) {
			err = fmt.Errorf("no order explains it: %v", history)
		}
		return err
	})
}

func onStack[T comparable](v *SeqVec[T], in call) []operation {
	var out result
	switch x := pattern[T](in.new); in.verb {
	case push:
		out.n = v.Push(x)
	case pushSlice:
		out.n = v.PushSlice([]T{x, x})
	case pop:
		var x T
		x, out.ok = v.Pop()
		out.value = valueOf(x)
	case length:
		out.n = v.Len()
	}
	return []operation{{in, out}}
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

// indexes is how many indexes a history is looked at.
const indexes = 3

// TestLinearizableIndex is G3 and G4, with Truncate and Clear at work too, while the vector grows.
func TestLinearizableIndex(t *testing.T) {
	t.Run("bytes=8", testLinearizableIndex[uint64])
	t.Run("bytes=24", testLinearizableIndex[[3]uint64])
}

func testLinearizableIndex[T comparable](t *testing.T) {
	record.Rounds(t, count(700), func(r *record.Round) error {
		var v SeqVec[T]
		history, err := recorded(r, 10, func(random *rand.Rand, unique uint64) []operation {
			return atIndex(&v, call{verb: verb(random.IntN(int(verbs))), index: random.IntN(indexes), new: unique, old: random.Uint64N(unique + 1)})
		})
		if err == nil {
			err = explained(history)
		}
		return err
	})
}

// explained returns an error with the part of the history that no order of the calls explains.
func explained(history []porcupine.Operation) error {
	model := oneIndex.ToModel()
	for i := range indexes {
		if part := historyOf(i, history); !porcupine.CheckOperations(model, part) {
			return fmt.Errorf("G3: index %d is not linearizable: %v", i, part)
		}
	}
	return nil
}

// atIndex carries out a call, and returns an operation for each index that it tells something
// about.
func atIndex[T comparable](v *SeqVec[T], in call) (done []operation) {
	tell := func(verb verb, index int, x T, ok bool) {
		done = append(done, operation{call{verb, index, in.old, in.new}, result{value: valueOf(x), ok: ok}})
	}
	var x T
	var ok bool
	switch fresh := pattern[T](in.new); in.verb {
	case push, length, stackVerbs: // length is not of interest here, and more pushes are
		tell(push, v.Push(fresh), x, true)
	case pushSlice:
		first := v.PushSlice([]T{fresh, pattern[T](in.new + 1)})
		tell(push, first, x, true)
		in.new++
		tell(push, first+1, x, true)
	case pop:
		x, ok = v.Pop()
		tell(pop, 0, x, ok)
	case truncate:
		v.Truncate(in.index)
		tell(truncate, in.index, x, true)
	case clear_:
		v.Clear()
		tell(truncate, 0, x, true)
	case all, backward:
		each := v.All()
		if in.verb == backward {
			each = v.Backward()
		}
		goOver(v, each, func(i int, x T, ok bool) { tell(get_, i, x, ok) })
	default:
		x, ok = inPlace(v, in)
		tell(in.verb, in.index, x, ok)
	}
	return done
}

// goOver tells what each of the indexes had that an iteration covers: those below the length that
// it began with. One that it does not yield was not there when its turn came.
func goOver[T any](v *SeqVec[T], each iter.Seq2[int, T], tell func(i int, x T, ok bool)) {
	yielded, covered := map[int]bool{}, 0
	tail := v.loadTail()
	begun := func() {
		if len(yielded) == 0 && v.loadTail() == tail { // so the iteration has read the same length
			covered = index(tail)
		}
	}
	for i, x := range each {
		begun()
		yielded[i] = true
		covered = max(covered, i+1)
		tell(i, x, true)
	}
	begun()
	for i := range covered {
		if !yielded[i] {
			tell(i, *new(T), false)
		}
	}
}

// inPlace carries out a call that changes no length. It returns the value that was there, if
// that is told.
func inPlace[T comparable](v *SeqVec[T], in call) (x T, ok bool) {
	switch fresh := pattern[T](in.new); in.verb {
	case set:
		ok = v.Set(in.index, fresh)
	case swap:
		x, ok = v.Swap(in.index, fresh)
	case compareAndSwap:
		ok = v.CompareAndSwap(in.index, pattern[T](in.old), fresh)
	case update:
		_, ok = v.Update(in.index, func(old T) T { x = old; return fresh })
	default:
		x, ok = v.Get(in.index)
	}
	return x, ok
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
			at, known := indexOf[out.value]
			if out.ok && (!known || at == i) { // a value that nobody wrote is wrong everywhere
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

// TestLinearizableCatches shows that the histories above suffice: a Push and a Swap in two steps
// are found, as a stack and at each index.
func TestLinearizableCatches(t *testing.T) {
	record.Rounds(t, 1, func(r *record.Round) error {
		asStack, byIndex := false, false
		for range 100_000 {
			var v, w SeqVec[uint64]
			pops, err := recorded(r, 10, func(random *rand.Rand, unique uint64) []operation {
				in := call{verb: verb(random.IntN(int(stackVerbs))), new: unique}
				if in.verb != push {
					return onStack(&v, in)
				}
				n := v.Len()
				runtime.Gosched()
				v.Push(unique)
				return []operation{{in, result{n: n}}}
			})
			if err != nil {
				return err
			}
			swaps, err := recorded(r, 10, func(random *rand.Rand, unique uint64) []operation {
				in := call{verb: verb(random.IntN(int(verbs))), index: random.IntN(indexes), new: unique}
				if in.verb != swap {
					return atIndex(&w, in)
				}
				x, _ := w.Get(in.index)
				runtime.Gosched()
				ok := w.Set(in.index, in.new)
				return []operation{{in, result{value: x, ok: ok}}}
			})
			if err != nil {
				return err
			}
			asStack = asStack || !porcupine.CheckOperations(stack, pops)
			byIndex = byIndex || explained(swaps) != nil
			if asStack && byIndex {
				return nil
			}
			r.Seed++
		}
		return fmt.Errorf("a Push in two steps is found: %v, a Swap in two steps: %v", asStack, byIndex)
	})
}
