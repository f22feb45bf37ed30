package outcome

import (
	"reflect"
	"testing"
)

// TestAllowed counts the outcomes of scenarios that are small enough to be counted by hand.
func TestAllowed(t *testing.T) {
	call := func(k Kind, key int, value, old uint16) Call { return Call{Kind: k, Key: key, Value: value, Old: old} }
	for _, tc := range []struct {
		why     string
		before  uint16 // the value of key 0
		threads [][]Call
		want    int
	}{
		{"calls of one goroutine keep their order", 0, [][]Call{{call(Store, 0, 1, 0), call(Store, 0, 3, 0), call(Load, 0, 0, 0)}}, 1},
		{"one of two comes first", 0, [][]Call{{call(LoadOrStore, 0, 1, 0)}, {call(LoadOrStore, 0, 3, 0)}}, 2},
		{"different keys do not meet", 0, [][]Call{{call(Insert, 0, 1, 0)}, {call(Insert, 1, 3, 0)}}, 1},
		{"nothing that is added is lost", 20, [][]Call{{call(Add, 0, 32, 0)}, {call(Add, 0, 96, 0)}}, 2},
		{"one of two finds the old value", 20, [][]Call{{call(CompareAndSwap, 0, 1, 20)}, {call(CompareAndDelete, 0, 0, 20)}}, 2},
		{"a value is removed once", 20, [][]Call{{call(LoadAndDelete, 0, 0, 0)}, {call(Remove, 0, 0, 0)}, {call(RemoveBatch, 1, 0, 0)}}, 3},
		{"Clear is one step", 20, [][]Call{{call(Clear, 0, 0, 0)}, {call(Store, 0, 1, 0), call(Store, 1, 3, 0)}}, 3},
		{"each key of a batch has its own moment", 0, [][]Call{{call(GetBatch, 0, 0, 0)}, {call(InsertBatch, 0, 1, 0)}}, 4},
		{"a GetBatch may begin with either key", 0, [][]Call{{call(GetBatch, 0, 0, 0)}, {call(InsertBatch, 1, 1, 0)}}, 4},
		{"three goroutines", 0, [][]Call{{call(Swap, 0, 1, 0)}, {call(Swap, 0, 3, 0)}, {call(Swap, 0, 5, 0)}}, 6},
	} {
		s := &Scenario{Before: [Keys]uint16{tc.before}, Threads: tc.threads}
		if got := len(s.Allowed()); got != tc.want {
			t.Errorf("%s: %d outcomes, want %d of\n%v", tc.why, got, tc.want, s)
		}
	}
}

// TestScenarios checks that a seed makes one scenario, that scenarios keep to their bounds, and
// that every kind of call is in some of them.
func TestScenarios(t *testing.T) {
	all := SeqMaps(RealHash)[0].Kinds
	seen := map[Kind]int{}
	for seed := range uint64(3000) {
		s := New(seed, all)
		if again := New(seed, all); !reflect.DeepEqual(s, again) {
			t.Fatalf("seed %d makes two scenarios:\n%v%v", seed, s, again)
		}
		calls, batches, stored := 0, 0, map[uint16]bool{}
		for _, thread := range s.Threads {
			if len(thread) < 2 || len(thread) > 4 {
				t.Errorf("a goroutine makes %d calls in\n%v", len(thread), s)
			}
			for _, c := range thread {
				seen[c.Kind]++
				calls++
				if c.Kind.isBatch() {
					batches++
				}
				if stored[c.Value] {
					t.Errorf("two calls store %d in\n%v", c.Value, s)
				}
				stored[c.Value] = true
			}
		}
		if n := len(s.Threads); n < 2 || n > maxThreads || calls > maxCalls || batches > maxBatches || s.Reuse < 1 {
			t.Errorf("%d goroutines, %d calls, %d batches in\n%v", n, calls, batches, s)
		}
	}
	if len(seen) != int(kinds) {
		t.Errorf("the scenarios have calls of %d kinds, want %d: %v", len(seen), kinds, seen)
	}
}
