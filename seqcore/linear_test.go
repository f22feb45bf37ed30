package seqcore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch/record"
	"github.com/seqmap/seqmap-go/seqcore"
)

// An op is one call of a method on a cell. Values are given by the byte they are made of.
type op struct {
	method   string
	new, old byte
	version  uint64
}

// A result is what a method returned.
type result struct {
	value   byte
	version uint64
	ok      bool
	torn    bool // the value is a mix of several
}

// A state is what a cell holds.
type state struct {
	value   byte
	version uint64
}

// apply says what the method does to a cell in the given state, and what it returns. It is
// the specification that the tests below compare the cell with.
func (o op) apply(s state) (state, result) {
	write := state{o.new, s.version + 1}
	switch o.method {
	case "Load", "TryLoad", "LoadTo":
		return s, result{value: s.value, ok: true}
	case "LoadVersion":
		return s, result{value: s.value, version: s.version}
	case "Version":
		return s, result{version: s.version}
	case "Store", "StoreFrom":
		return write, result{}
	case "StoreIf":
		if s.version != o.version {
			return s, result{}
		}
		return write, result{ok: true}
	case "Swap":
		return write, result{value: s.value}
	case "CompareAndSwap":
		if s.value != o.old {
			return s, result{}
		}
		return write, result{ok: true}
	case "Update":
		write.value = s.value + o.new
		return write, result{value: write.value}
	}
	panic(o.method)
}

// run calls the method on a real cell.
func run[T any](o op, c *seqcore.Cell[T]) (r result) {
	var v T
	switch o.method {
	case "Load":
		v, r.ok = c.Load(), true
	case "TryLoad":
		v, r.ok = c.TryLoad()
	case "LoadTo":
		v, r.ok = value[T](99), true // every byte of it is to be overwritten
		c.LoadTo(&v)
	case "LoadVersion":
		v, r.version = c.LoadVersion()
	case "Version":
		return result{version: c.Version()}
	case "Store":
		c.Store(value[T](o.new))
		return result{}
	case "StoreFrom":
		v = value[T](o.new)
		c.StoreFrom(&v)
		return result{}
	case "StoreIf":
		return result{ok: c.StoreIf(o.version, value[T](o.new))}
	case "Swap":
		v = c.Swap(value[T](o.new))
	case "CompareAndSwap":
		return result{ok: c.CompareAndSwap(value[T](o.old), value[T](o.new))}
	case "Update":
		v = c.Update(func(v T) T { return value[T](bytesOf(&v)[0] + o.new) })
	}
	r.value = bytesOf(&v)[0]
	r.torn = !intact(v)
	return r
}

var methods = []string{"Load", "TryLoad", "LoadVersion", "Version", "Store", "StoreIf", "Swap", "CompareAndSwap", "Update", "LoadTo", "StoreFrom"}

// TestLinearizable checks G2: whatever several goroutines do to one cell, there is an order
// of their calls that explains all results.
func TestLinearizable(t *testing.T) {
	t.Run("small", func(t *testing.T) { testLinearizable[uint32](t, "Version") })
	t.Run("odd", func(t *testing.T) { testLinearizable[[3]byte](t, "Version") })
	t.Run("wide", func(t *testing.T) { testLinearizable[[3]uint64](t, "") })
	t.Run("long", func(t *testing.T) { testLinearizable[[255]byte](t, "") })
}

func testLinearizable[T any](t *testing.T, without string) {
	record.Rounds(t, few(1000), func(r *record.Round) error {
		h, err := history(r, without, run[T])
		if err == nil && !porcupine.CheckOperations(cellModel, h) {
			err = fmt.Errorf("there is no order that explains it: %v", h)
		}
		return err
	})
}

// history runs a few random calls in each of several goroutines and returns what happened.
func history[T any](r *record.Round, without string, run func(op, *seqcore.Cell[T]) result) ([]porcupine.Operation, error) {
	var c seqcore.Cell[T]
	c.Store(value[T](0))
	const goroutines, calls = 4, 12
	all := make([]porcupine.Operation, goroutines*calls)
	err := r.Run(goroutines, func(g int, random *rand.Rand) {
		for i := range calls {
			o := op{methods[random.IntN(len(methods))], byte(random.IntN(4)), byte(random.IntN(4)), c.Version()}
			if o.method == without {
				o.method = "Load"
			}
			called := r.Call()
			result := run(o, &c)
			all[g*calls+i] = porcupine.Operation{ClientId: g, Input: o, Output: result, Call: called, Return: r.Return()}
		}
	})
	return all, err
}

var cellModel = porcupine.Model{
	Init: func() any { return state{0, 1} },
	Step: func(s, input, output any) (bool, any) {
		o, r := input.(op), output.(result)
		if o.method == "TryLoad" && !r.ok {
			return true, s
		}
		next, want := o.apply(s.(state))
		return r == want, next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}

// TestLinearizableCatches shows that the check can fail: a lost Store has no explanation, nor has
// an Update in two steps, and the histories above are long enough to show that.
func TestLinearizableCatches(t *testing.T) {
	h := []porcupine.Operation{
		{ClientId: 0, Input: op{method: "Store", new: 3}, Output: result{}, Call: 1, Return: 2},
		{ClientId: 1, Input: op{method: "Load"}, Output: result{ok: true}, Call: 3, Return: 4},
	}
	if r := porcupine.CheckOperationsTimeout(cellModel, h, time.Minute); r != porcupine.Illegal {
		t.Errorf("a lost Store is %v", r)
	}
	inTwo := func(o op, c *seqcore.Cell[uint64]) result {
		if o.method != "Update" {
			return run(o, c)
		}
		sum := byte(c.Load()) + o.new
		runtime.Gosched()
		c.Store(value[uint64](sum))
		return result{value: sum}
	}
	record.Rounds(t, 1, func(r *record.Round) error {
		for range 100_000 {
			h, err := history(r, "", inTwo)
			if err != nil {
				return err
			}
			if !porcupine.CheckOperations(cellModel, h) {
				return nil
			}
			r.Seed++
		}
		return errors.New("an Update in two steps is not found")
	})
}
