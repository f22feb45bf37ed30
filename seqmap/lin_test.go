package seqmap

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"
)

// linVerb is an operation of which histories consist.
type linVerb int

const (
	linGet linVerb = iota
	linContains
	linGetBatch
	linInsert
	linStore
	linInsertBatch
	linLoadOrStore
	linLoadOrCompute
	linRemove
	linDelete
	linRemoveBatch
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

// linCall is one operation on one key. A batch is as many calls as it has keys.
type linCall struct {
	verb     linVerb
	key      int
	old, new uint64
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
	case linGet, linGetBatch, linCancel:
		return e, e
	case linContains:
		return e, linResult{0, e.ok}
	case linInsert, linInsertBatch:
		return set, e
	case linStore:
		return set, linResult{}
	case linLoadOrStore, linLoadOrCompute:
		if e.ok {
			return e, e
		}
		return set, linResult{c.new, false}
	case linRemove:
		return linEntry{}, e
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

// noValue is what a torn value counts as. No history with it has an explanation.
const noValue = 1 << 60

// linMap is the map under test, by numbers for keys and values.
type linMap struct {
	do   func(c linCall) linResult
	trio func(verb linVerb, calls []linCall) []linResult // a batch of several keys
}

// linTypes says how numbers become values of type V, and back, and how to add.
type linTypes[K, V comparable] struct {
	value func(n uint64) V
	seed  func(v V) uint64
	add   func(m *SeqMap[K, V], key K, delta uint64) V
}

func linIntegers[K comparable, V Integer]() linTypes[K, V] {
	return linTypes[K, V]{
		value: func(n uint64) V { return V(n) },
		seed:  func(v V) uint64 { return uint64(v) },
		add:   func(m *SeqMap[K, V], key K, delta uint64) V { return Add(m, key, V(delta)) },
	}
}

func linPatterns[K, V comparable]() (x linTypes[K, V]) {
	x.value = pattern[V]
	x.seed = func(v V) uint64 {
		if !whole(v) {
			return noValue
		}
		return seed(v)
	}
	x.add = func(m *SeqMap[K, V], key K, delta uint64) V {
		return m.Update(key, func(old V, _ bool) V { return pattern[V](x.seed(old) + delta) })
	}
	return x
}

func (x linTypes[K, V]) result(v V, ok bool) linResult { return linResult{x.seed(v), ok} }

// over returns m by numbers.
func (x linTypes[K, V]) over(m *SeqMap[K, V]) linMap {
	return linMap{
		do:   func(c linCall) linResult { return x.do(m, c) },
		trio: func(verb linVerb, calls []linCall) []linResult { return x.trio(m, verb, calls) },
	}
}

func (x linTypes[K, V]) do(m *SeqMap[K, V], c linCall) (r linResult) {
	key, old, value := pattern[K](uint64(c.key)), x.value(c.old), x.value(c.new)
	switch c.verb {
	case linGet:
		return x.result(m.Get(key))
	case linContains:
		r.ok = m.Contains(key)
	case linInsert:
		return x.result(m.Insert(key, value))
	case linStore:
		m.Store(key, value)
	case linLoadOrStore:
		return x.result(m.LoadOrStore(key, value))
	case linLoadOrCompute:
		return x.result(m.LoadOrCompute(key, func() V { return value }))
	case linRemove:
		return x.result(m.Remove(key))
	case linDelete:
		m.Delete(key)
	case linCompareAndSwap:
		r.ok = m.CompareAndSwap(key, old, value)
	case linCompareAndDelete:
		r.ok = m.CompareAndDelete(key, old)
	case linAdd:
		return linResult{x.seed(x.add(m, key, c.new)), true}
	case linUpdate:
		sum := m.Update(key, func(old V, _ bool) V { return x.value(x.seed(old) + c.new) })
		return linResult{x.seed(sum), true}
	case linCancel, linSet, linDrop:
		op := [...]Op{CancelOp, UpdateOp, DeleteOp}[c.verb-linCancel]
		return x.result(m.Compute(key, func(V, bool) (V, Op) { return value, op }))
	case linClear:
		m.Clear()
	default:
		return x.trio(m, c.verb, []linCall{c})[0]
	}
	return r
}

// trio does one batch. A RemoveBatch of several keys does not say which were there, so here it
// is one of one key each.
func (x linTypes[K, V]) trio(m *SeqMap[K, V], verb linVerb, calls []linCall) []linResult {
	n := len(calls)
	keys, values, found, results := make([]K, n), make([]V, n), make([]bool, n), make([]linResult, n)
	for i, c := range calls {
		keys[i], values[i] = pattern[K](uint64(c.key)), x.value(c.new)
	}
	switch verb {
	case linGetBatch:
		m.GetBatch(keys, values, found)
		for i := range results {
			results[i] = x.result(values[i], found[i])
		}
	case linInsertBatch:
		m.InsertBatch(keys, values)
	case linRemoveBatch:
		for i := range results {
			results[i].ok = m.RemoveBatch(keys[i:i+1]) == 1
		}
	}
	return results
}

// linKeys is how many keys a history is about.
const linKeys = 3

// linHistory has a few goroutines call m at the same time, on keys from first on, and returns
// what happened. One of clears calls is Clear, if that is not 0.
func linHistory(m linMap, round uint64, first, goroutines, calls, clears int) []porcupine.Operation {
	var clock atomic.Int64
	history := make([][]porcupine.Operation, goroutines)
	together(goroutines, func(g int) {
		r := rand.New(rand.NewPCG(round, uint64(g)))
		var last [linKeys]uint64 // the newest value of each key that this goroutine knows
		for n := range calls {
			batch := linChoose(r, uint64(1+g*calls+n), first, last, clears)
			called := clock.Add(1)
			results := m.run(batch)
			returned := clock.Add(1)
			for i, c := range batch {
				if v := results[i].value; v != 0 {
					last[c.key-first] = v
				}
				history[g] = append(history[g], porcupine.Operation{ClientId: g, Input: c, Output: results[i], Call: called, Return: returned})
			}
			if r.IntN(4) == 0 {
				runtime.Gosched()
			}
		}
	})
	return slices.Concat(history...)
}

func (m linMap) run(batch []linCall) []linResult {
	if len(batch) == 1 {
		return []linResult{m.do(batch[0])}
	}
	return m.trio(batch[0].verb, batch)
}

// linChoose returns a random call, or a batch of several. Every value is new in its history, but
// for those that come of sums.
func linChoose(r *rand.Rand, unique uint64, first int, last [linKeys]uint64, clears int) []linCall {
	if clears != 0 && r.IntN(clears) == 0 {
		return []linCall{{verb: linClear, key: first}}
	}
	c := linCall{verb: linVerb(r.IntN(int(linVerbs))), key: first + r.IntN(linKeys), new: unique}
	c.old = last[c.key-first]
	if isBatch := c.verb == linGetBatch || c.verb == linInsertBatch; !isBatch || r.IntN(2) == 0 {
		return []linCall{c}
	}
	batch := make([]linCall, linKeys)
	for i := range batch {
		batch[i] = linCall{verb: c.verb, key: first + i, new: unique + uint64(1000*i)}
	}
	return batch
}

// accepts says whether a call whose result is want may have given r.
func (c linCall) accepts(r, want linResult) bool {
	return c.verb == linInsertBatch || r == want // a batch returns no previous values
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

// TestLinearizable is G3, and G1, on histories of all operations but Clear, while the table is
// replaced without end and grows because of other keys. d5, d22, N1, N2, N3, N4, N5
func TestLinearizable(t *testing.T) {
	t.Run("key=8/value=8", func(t *testing.T) { testLinearizable(t, linIntegers[uint64, uint64]()) })
	t.Run("key=4/value=4", func(t *testing.T) { testLinearizable(t, linIntegers[uint32, int32]()) })
	t.Run("key=24/value=8", func(t *testing.T) { testLinearizable(t, linIntegers[[24]byte, uint64]()) })
	t.Run("key=8/value=24", func(t *testing.T) { testLinearizable(t, linPatterns[uint64, [3]uint64]()) })
	t.Run("key=16/value=64", func(t *testing.T) { testLinearizable(t, linPatterns[[16]byte, [64]byte]()) })
}

func testLinearizable[K, V comparable](t *testing.T, x linTypes[K, V]) {
	const rounds, goroutines, calls = 12, 4, 12
	forEachMode(t, func(t *testing.T, mode hashMode) {
		for set := range count(12) {
			m := newMap[K, V](mode)
			storm(m, func() {
				for round := range rounds {
					history := linHistory(x.over(m), uint64(set*rounds+round), 1+round*linKeys, goroutines, calls, 0)
					if part := unexplained(history); part != nil {
						t.Fatalf("set %d, round %d has no order that explains it: %v", set, round, part)
					}
					for filler := range 5 { // so that the table grows by itself too
						m.Insert(pattern[K](uint64(1000+round*5+filler)), x.value(1))
					}
				}
			})
			checkQuiet(t, m)
		}
	})
}

// TestLinearizableWithClear is G3 of the map as a whole. d23
func TestLinearizableWithClear(t *testing.T) {
	t.Run("small", func(t *testing.T) { testWithClear(t, linIntegers[uint64, uint64]()) })
	t.Run("wide", func(t *testing.T) { testWithClear(t, linPatterns[[16]byte, [3]uint64]()) })
}

func testWithClear[K, V comparable](t *testing.T, x linTypes[K, V]) {
	const rounds, goroutines, calls, clears = 12, 4, 6, 8
	forEachMode(t, func(t *testing.T, mode hashMode) {
		for set := range count(12) {
			m := newMap[K, V](mode)
			storm(m, func() {
				for round := range rounds {
					m.Clear()
					history := linHistory(x.over(m), uint64(set*rounds+round), 0, goroutines, calls, clears)
					if !porcupine.CheckOperations(wholeMap, history) {
						t.Fatalf("set %d, round %d has no order that explains it: %v", set, round, history)
					}
				}
			})
			checkQuiet(t, m)
		}
	})
}

// TestLinearizableCatches shows that the histories above suffice: a map whose LoadOrStore looks
// first and then stores is found wrong, by each key and as a whole.
func TestLinearizableCatches(t *testing.T) {
	x := linIntegers[uint64, uint64]()
	byKey, asWhole := false, false
	for round := uint64(0); round < 100_000 && !(byKey && asWhole); round++ {
		m := New[uint64, uint64]()
		broken := x.over(m)
		right := broken.do
		broken.do = func(c linCall) linResult {
			if c.verb != linLoadOrStore {
				return right(c)
			}
			if v, ok := m.Get(uint64(c.key)); ok {
				return linResult{v, true}
			}
			runtime.Gosched()
			m.Insert(uint64(c.key), c.new)
			return linResult{c.new, false}
		}
		history := linHistory(broken, round, 0, 4, 10, 0)
		byKey = byKey || unexplained(history) != nil
		asWhole = asWhole || !porcupine.CheckOperations(wholeMap, history)
	}
	if !byKey || !asWhole {
		t.Errorf("a LoadOrStore in two steps is found by key: %v, as a whole: %v", byKey, asWhole)
	}
}
