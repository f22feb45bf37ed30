package seqmap

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// linVerb is an operation of which histories consist.
type linVerb int

const (
	linGet linVerb = iota
	linLoad
	linContains
	linGetBatch
	linRange // and All and Values, which are Range
	linKeys_
	linClone
	linInsert
	linSwap
	linStore
	linInsertBatch
	linLoadOrStore
	linLoadOrCompute
	linRemove
	linLoadAndDelete
	linDelete
	linRemoveBatch
	linDeleteFunc // of odd values
	linCompareAndSwap
	linCompareAndDelete
	linAdd
	linUpdate
	linCancel // Compute, which then leaves the entry, sets it, or removes it
	linSet
	linDrop
	linVerbs // how many verbs are for one key
	linClear
)

// linCall is one operation on one key. A batch or a sweep is as many calls as it has keys.
type linCall struct {
	verb     linVerb
	key      int
	old, new uint64
	untold   bool // the result is not told for each key
}

// linResult is what a call returned: a value, 0 if it was absent, and a truth.
type linResult struct {
	value uint64
	ok    bool
}

// linEntry is what a map has for one key.
type linEntry = linResult

// apply is the specification of every operation: what becomes of the entry, and the result.
func (c linCall) apply(e linEntry) (linEntry, linResult) {
	set := linEntry{c.new, true}
	switch c.verb {
	case linGet, linLoad, linGetBatch, linRange, linClone, linCancel:
		return e, e
	case linContains, linKeys_:
		return e, linResult{0, e.ok}
	case linInsert, linSwap, linInsertBatch:
		return set, e
	case linStore:
		return set, linResult{}
	case linLoadOrStore, linLoadOrCompute:
		if e.ok {
			return e, e
		}
		return set, linResult{c.new, false}
	case linRemove, linLoadAndDelete:
		return linEntry{}, e
	case linDeleteFunc:
		if e.ok && linOdd(e.value) {
			return linEntry{}, linResult{}
		}
		return e, linResult{}
	case linDelete, linClear:
		return linEntry{}, linResult{}
	case linRemoveBatch:
		return linEntry{}, linResult{0, e.ok}
	case linCompareAndSwap:
		if hit := e.ok && e.value == c.old; hit {
			return set, linResult{0, true}
		}
		return e, linResult{}
	case linCompareAndDelete:
		if hit := e.ok && e.value == c.old; hit {
			return linEntry{}, linResult{0, true}
		}
		return e, linResult{}
	case linAdd, linUpdate:
		sum := linEntry{e.value + c.new, true}
		return sum, linResult{sum.value, true}
	case linSet:
		return set, set
	case linDrop:
		return linEntry{}, linResult{}
	}
	panic(fmt.Sprint("no verb ", c.verb))
}

func linOdd(value uint64) bool { return value%2 == 1 }

// noValue is what a torn value counts as. No history with it has an explanation.
const noValue = 1 << 60

// linKeys is how many keys a history is about.
const linKeys = 3

// accepts says whether a call whose result is want may have given r.
func (c linCall) accepts(r, want linResult) bool {
	return c.untold || r == want
}

// oneKey is the specification of one key.
var oneKey = porcupine.Model{
	Init: func() any { return linEntry{} },
	Step: func(state, input, output any) (bool, any) {
		c := input.(linCall)
		next, want := c.apply(state.(linEntry))
		return c.accepts(output.(linResult), want), next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}

// wholeMap is the specification of all keys of a history together, with Clear. The keys are
// numbered from 0 on.
var wholeMap = porcupine.Model{
	Init: func() any { return [linKeys]linEntry{} },
	Step: func(state, input, output any) (bool, any) {
		c, s := input.(linCall), state.([linKeys]linEntry)
		if c.verb == linClear {
			return true, [linKeys]linEntry{}
		}
		next, want := c.apply(s[c.key])
		s[c.key] = next
		return c.accepts(output.(linResult), want), s
	},
	DescribeOperation: oneKey.DescribeOperation,
}

// unexplained returns a key's part of a history of which no order explains the results.
func unexplained(history []porcupine.Operation) []porcupine.Operation {
	byKey := make(map[int][]porcupine.Operation)
	for _, op := range history {
		key := op.Input.(linCall).key
		byKey[key] = append(byKey[key], op)
	}
	for _, part := range byKey {
		if !porcupine.CheckOperations(oneKey, part) {
			return part
		}
	}
	return nil
}
