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
	sum      int  // the number of the batch or sweep that tells how many keys it removed, or 0
}

// linResult is what a call returned: a value, 0 if it was absent, a truth, and what a batch or
// sweep that counts has counted, all of its keys together.
type linResult struct {
	linEntry
	count int
}

// linEntry is what a map has for one key.
type linEntry struct {
	value uint64
	ok    bool
}

// told returns the result of one call that counts nothing.
func told(value uint64, ok bool) linResult { return linResult{linEntry: linEntry{value, ok}} }

// apply is the specification of every operation: what becomes of the entry, and the result.
func (c linCall) apply(e linEntry) (linEntry, linResult) {
	set := linEntry{c.new, true}
	switch c.verb {
	case linGet, linLoad, linGetBatch, linRange, linClone, linCancel:
		return e, told(e.value, e.ok)
	case linContains, linKeys_:
		return e, told(0, e.ok)
	case linInsert, linSwap, linInsertBatch:
		return set, told(e.value, e.ok)
	case linStore:
		return set, linResult{}
	case linLoadOrStore, linLoadOrCompute:
		if e.ok {
			return e, told(e.value, true)
		}
		return set, told(c.new, false)
	case linRemove, linLoadAndDelete:
		return linEntry{}, told(e.value, e.ok)
	case linDeleteFunc:
		if e.ok && linOdd(e.value) {
			return linEntry{}, told(0, true)
		}
		return e, linResult{}
	case linDelete, linClear:
		return linEntry{}, linResult{}
	case linRemoveBatch:
		return linEntry{}, told(0, e.ok)
	case linCompareAndSwap:
		if hit := e.ok && e.value == c.old; hit {
			return set, told(0, true)
		}
		return e, linResult{}
	case linCompareAndDelete:
		if hit := e.ok && e.value == c.old; hit {
			return linEntry{}, told(0, true)
		}
		return e, linResult{}
	case linAdd, linUpdate:
		sum := linEntry{e.value + c.new, true}
		return sum, told(sum.value, true)
	case linSet:
		return set, told(c.new, true)
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
	return c.untold || r.linEntry == want.linEntry
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

// linCalls is how many calls a history may have that is looked at as a whole.
const linCalls = 64

// linState is what a map holds, and how far the batches and sweeps have come that count what they
// remove, each by its number.
type linState struct {
	entries [linKeys]linEntry
	sums    [linCalls]struct{ done, removed int8 }
}

// wholeMap is the specification of all keys of a history together, with Clear, and with what a
// batch or sweep counts: each of its keys has its own moment, but they must add up. The keys are
// numbered from 0 on.
var wholeMap = porcupine.Model{
	Init: func() any { return linState{} },
	Step: func(state, input, output any) (bool, any) {
		c, s, r := input.(linCall), state.(linState), output.(linResult)
		if c.verb == linClear {
			s.entries = [linKeys]linEntry{}
			return true, s
		}
		before := s.entries[c.key]
		next, want := c.apply(before)
		s.entries[c.key] = next
		return c.accepts(r, want) && (c.sum == 0 || s.add(c.sum, before.ok && !next.ok, r.count)), s
	},
	DescribeOperation: oneKey.DescribeOperation,
}

// add takes note of one key of batch or sweep n, and says whether it can still come to count.
func (s *linState) add(n int, removed bool, count int) bool {
	sum := &s.sums[n-1]
	if sum.done++; removed {
		sum.removed++
	}
	missing := count - int(sum.removed)
	return missing >= 0 && missing <= linKeys-int(sum.done)
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
