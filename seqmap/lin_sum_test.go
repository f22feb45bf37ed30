package seqmap

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/seqmap/seqmap-go/internal/arch/record"
)

// TestLinearizableCatchesSums shows that histories tell a wrong sum of a RemoveBatch or a DeleteFunc:
// one that counts keys when it looks at them, and not when it removes them.
func TestLinearizableCatchesSums(t *testing.T) {
	x := linIntegers[uint64, uint64]()
	for verb, name := range map[linVerb]string{linRemoveBatch: "RemoveBatch", linDeleteFunc: "DeleteFunc"} {
		t.Run(name, func(t *testing.T) {
			record.Rounds(t, 1, func(r *record.Round) error {
				for range 100_000 {
					m := New[uint64, uint64](WithSeed(r.Seed))
					broken := x.over(m)
					broken.trio = func(v linVerb, calls []linCall) []linResult {
						looked := looksLike(m, v, calls)
						runtime.Gosched()
						results := x.trio(m, v, calls)
						if v == verb {
							linCount(results, looked)
						}
						return results
					}
					history, err := linHistory(r, broken, linShape{goroutines: 4, calls: 10, clears: 8})
					if err != nil {
						return err
					}
					if unexplainedWhole(history) != nil {
						return nil
					}
					r.Seed++
				}
				return fmt.Errorf("a %s that counts too early is not found", name)
			})
		})
	}
}

// looksLike returns how many of the keys a batch or sweep would remove now.
func looksLike(m *SeqMap[uint64, uint64], verb linVerb, calls []linCall) (n int) {
	for _, c := range calls {
		if v, ok := m.Get(uint64(c.key)); ok && (verb != linDeleteFunc || linOdd(v)) {
			n++
		}
	}
	return n
}

// TestLinearizableSums checks the model of sums by hand: two batches that overlap and tell of three
// removals when there were two keys are wrong, although either alone could be right.
func TestLinearizableSums(t *testing.T) {
	batch := func(g, sum, count int, called, returned int64) (ops []porcupine.Operation) {
		for key := range linKeys {
			ops = append(ops, porcupine.Operation{ClientId: g, Call: called, Return: returned,
				Input: linCall{verb: linRemoveBatch, key: key, sum: sum, untold: true}, Output: linResult{count: count}})
		}
		return ops
	}
	inserts := []porcupine.Operation{
		{Input: linCall{verb: linStore, key: 0, new: 1}, Output: linResult{}, Call: 1, Return: 2},
		{Input: linCall{verb: linStore, key: 2, new: 2}, Output: linResult{}, Call: 3, Return: 4},
	}
	for _, tc := range []struct {
		a, b  int
		right bool
	}{
		{a: 1, b: 1, right: true},
		{a: 2, b: 0, right: true},
		{a: 0, b: 2, right: true},
		{a: 2, b: 1},
		{a: 1, b: 0},
		{a: 0, b: 0},
	} {
		history := slices.Concat(inserts, batch(0, 1, tc.a, 5, 8), batch(1, 2, tc.b, 6, 7))
		if got := unexplainedWhole(history) == nil; got != tc.right {
			t.Errorf("two batches at once that remove %d and %d of two keys are explained: %v", tc.a, tc.b, got)
		}
	}
}
