package seqmap

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch/record"
)

// linShape is what a history looks like.
type linShape struct {
	goroutines, calls int
	clears            int // one of so many calls is Clear; 0 stands for none
}

// linHistory has a few goroutines call m at the same time, and one more change its table, and
// returns what happened.
func linHistory(r *record.Round, m linMap, shape linShape) ([]porcupine.Operation, error) {
	history := make([][]porcupine.Operation, shape.goroutines)
	var working atomic.Int32
	working.Store(int32(shape.goroutines))
	err := r.Run(shape.goroutines+1, func(g int, random *rand.Rand) {
		if g == shape.goroutines {
			for n := 0; n < 12 && working.Load() > 0; n++ {
				m.turn(n)
				runtime.Gosched()
			}
			return
		}
		defer working.Add(-1)
		history[g] = m.play(r, g, shape, random)
	})
	return slices.Concat(history...), err
}

// play makes the calls of one goroutine and returns what came of them.
func (m linMap) play(r *record.Round, g int, shape linShape, random *rand.Rand) (history []porcupine.Operation) {
	var last [linKeys]uint64 // the newest value of each key that this goroutine knows
	for n := range shape.calls {
		batch := linChoose(random, uint64(1+g*shape.calls+n), last, shape.clears)
		called := r.Call()
		results := m.run(batch)
		returned := r.Return()
		for i, c := range batch {
			if c.sum != 0 && results[i].count%len(batch) == 0 { // all or none
				c.untold = false
			}
			if v := results[i].value; v != 0 {
				last[c.key] = v
			}
			history = append(history, porcupine.Operation{ClientId: g, Input: c, Output: results[i], Call: called, Return: returned})
		}
		if random.IntN(4) == 0 {
			runtime.Gosched()
		}
	}
	return history
}

func (m linMap) run(batch []linCall) []linResult {
	if len(batch) == 1 {
		return []linResult{m.do(batch[0])}
	}
	return m.trio(batch[0].verb, batch)
}

// linChoose returns a random call, or a batch or sweep of all keys. Every value is new in its
// history, but for those that come of sums.
func linChoose(r *rand.Rand, unique uint64, last [linKeys]uint64, clears int) []linCall {
	if clears != 0 && r.IntN(clears) == 0 {
		return []linCall{{verb: linClear}}
	}
	c := linCall{verb: linVerb(r.IntN(int(linVerbs))), key: r.IntN(linKeys), new: unique}
	c.old = last[c.key]
	switch c.verb {
	case linRange, linKeys_, linClone, linDeleteFunc:
	case linGetBatch, linInsertBatch, linRemoveBatch:
		if r.IntN(2) == 0 {
			c.untold = c.verb == linInsertBatch
			return []linCall{c}
		}
	default:
		return []linCall{c}
	}
	batch := make([]linCall, linKeys)
	for i := range batch {
		batch[i] = linCall{verb: c.verb, key: i, new: unique + uint64(1000*i)}
		switch c.verb {
		case linInsertBatch:
			batch[i].untold = true
		case linRemoveBatch, linDeleteFunc:
			batch[i].untold, batch[i].sum = true, int(unique)
		}
	}
	return batch
}

// TestLinearizable is G3, and G1, on histories of all operations but Clear, while the table is
// replaced again and again and grows because of other keys. d5, d22, N1, N2, N3, N4, N5
func TestLinearizable(t *testing.T) {
	shape := linShape{goroutines: 4, calls: 12}
	t.Run("key=8/value=8", func(t *testing.T) { testLinearizable(t, linIntegers[uint64, uint64](), shape, unexplained) })
	t.Run("key=4/value=4", func(t *testing.T) { testLinearizable(t, linIntegers[uint32, int32](), shape, unexplained) })
	t.Run("key=24/value=8", func(t *testing.T) { testLinearizable(t, linIntegers[[24]byte, uint64](), shape, unexplained) })
	t.Run("key=8/value=24", func(t *testing.T) { testLinearizable(t, linPatterns[uint64, [3]uint64](), shape, unexplained) })
	t.Run("key=16/value=64", func(t *testing.T) { testLinearizable(t, linPatterns[[16]byte, [64]byte](), shape, unexplained) })
}

// TestLinearizableWithClear is G3 of the map as a whole. d23
func TestLinearizableWithClear(t *testing.T) {
	shape := linShape{goroutines: 4, calls: 6, clears: 8}
	t.Run("small", func(t *testing.T) { testLinearizable(t, linIntegers[uint64, uint64](), shape, unexplainedWhole) })
	t.Run("wide", func(t *testing.T) { testLinearizable(t, linPatterns[[16]byte, [64]byte](), shape, unexplainedWhole) })
}

// testLinearizable records histories with each way to hash. wrong returns what has no explanation.
func testLinearizable[K, V comparable](t *testing.T, x linTypes[K, V], shape linShape, wrong func([]porcupine.Operation) []porcupine.Operation) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		record.Rounds(t, count(200), func(r *record.Round) error {
			m := newLinMap[K, V](mode, r.Seed)
			history, err := linHistory(r, x.over(m), shape)
			if err != nil {
				return err
			}
			checkQuiet(t, m)
			if part := wrong(history); part != nil {
				return fmt.Errorf("there is no order that explains it: %v", part)
			}
			return nil
		})
	})
}

// unexplainedWhole returns the history if no order of all of it explains the results.
func unexplainedWhole(history []porcupine.Operation) []porcupine.Operation {
	if porcupine.CheckOperations(wholeMap, history) {
		return nil
	}
	return history
}

// TestLinearizableCatches shows that the histories above suffice: a map whose LoadOrStore looks
// first and then stores is found wrong, by each key and as a whole.
func TestLinearizableCatches(t *testing.T) {
	x := linIntegers[uint64, uint64]()
	record.Rounds(t, 1, func(r *record.Round) error {
		byKey, asWhole := false, false
		for range 100_000 {
			m := New[uint64, uint64]()
			broken := x.over(m)
			right := broken.do
			broken.do = func(c linCall) linResult {
				if c.verb != linLoadOrStore {
					return right(c)
				}
				if v, ok := m.Get(uint64(c.key)); ok {
					return told(v, true)
				}
				runtime.Gosched()
				m.Insert(uint64(c.key), c.new)
				return told(c.new, false)
			}
			history, err := linHistory(r, broken, linShape{goroutines: 4, calls: 10})
			if err != nil {
				return err
			}
			byKey = byKey || unexplained(history) != nil
			asWhole = asWhole || unexplainedWhole(history) != nil
			if byKey && asWhole {
				return nil
			}
			r.Seed++
		}
		return fmt.Errorf("a LoadOrStore in two steps is found by key: %v, as a whole: %v", byKey, asWhole)
	})
}
