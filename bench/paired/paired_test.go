package paired_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/bench/paired"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

func TestCompare(t *testing.T) {
	maps := rivals.ForOneGoroutine[uint64]()
	for _, opts := range []paired.Options{
		{Size: 1, Rounds: 1, Turn: 1},
		{Size: 100, Rounds: 3, Turn: 1000, Seed: 1}, // repeats its keys
		{Size: 5000, Rounds: 2, Turn: 1500},         // moves a window over them
		{Size: 3000, Rounds: 2, Turn: 3000},
	} {
		steps := 0
		opts.Watch = func(string) { steps++ }
		results, err := paired.Compare(maps, opts)
		if err != nil {
			t.Fatalf("%+v: %v", opts, err)
		}
		for i, r := range results {
			if r.Name != maps[i].Name {
				t.Errorf("result %d is of %s, want %s", i, r.Name, maps[i].Name)
			}
			for _, op := range paired.Ops() {
				checkSample(t, r, op, opts.Rounds)
			}
		}
		if steps == 0 {
			t.Error("Watch was not called")
		}
	}
}

func checkSample(t *testing.T, r paired.Result, op paired.Op, rounds int) {
	t.Helper()
	s := r.Samples[op]
	if len(s.Nanos) < rounds || s.Min() <= 0 || s.Median() < s.Min() || s.Bytes < 0 || s.Allocs < 0 {
		t.Errorf("%s, %s: %+v after %d rounds", r.Name, op, s, rounds)
	}
}

// TestAllocationsAreSeen has one map that allocates on every insert.
func TestAllocationsAreSeen(t *testing.T) {
	results, err := paired.Compare([]rivals.Rival[uint64]{rivals.Builtin[uint64](), rivals.XSync[uint64]()},
		paired.Options{Size: 1000, Rounds: 2, Turn: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	builtin, xsync := results[0], results[1]
	if s := xsync.Samples[paired.InsertExisting]; s.Allocs < 0.9 || s.Bytes < 10 {
		t.Errorf("xsync's insert shows %.2f allocations, %.1f bytes", s.Allocs, s.Bytes)
	}
	if s := builtin.Samples[paired.InsertExisting]; s.Allocs > 0.1 {
		t.Errorf("the built-in map's insert shows %.2f allocations", s.Allocs)
	}
	if b := builtin.BytesPerEntry; b < 16 || b > 100 {
		t.Errorf("the built-in map shows %.1f bytes an entry", b)
	}
}

// forgetful loses a key on each of the verbs that it is told to fail at.
type forgetful struct {
	rivals.Table[uint64]
	noStore, noDelete bool
}

func (f *forgetful) Store(key, value uint64) {
	if !f.noStore || key%7 != 0 {
		f.Table.Store(key, value)
	}
}

func (f *forgetful) Delete(key uint64) {
	if !f.noDelete {
		f.Table.Delete(key)
	}
}

func TestCompareFindsFaults(t *testing.T) {
	for _, fault := range []forgetful{{noStore: true}, {noDelete: true}} {
		bad := rivals.Rival[uint64]{Name: "bad", NewTable: func(n int) rivals.Table[uint64] {
			return &forgetful{rivals.Builtin[uint64]().NewTable(n), fault.noStore, fault.noDelete}
		}}
		_, err := paired.Compare([]rivals.Rival[uint64]{bad}, paired.Options{Size: 100, Rounds: 1, Turn: 100})
		if err == nil || !strings.Contains(err.Error(), "bad: ") {
			t.Errorf("got %v; want an error that names bad", err)
		}
	}
}

// blind finds nothing in a batch.
type blind struct{ rivals.Table[uint64] }

func (blind) LoadBatch([]uint64, []uint64, []bool) int { return 0 }

func TestCompareTimesBatches(t *testing.T) {
	bad := rivals.Rival[uint64]{Name: "bad", NewTable: func(n int) rivals.Table[uint64] {
		return blind{rivals.Builtin[uint64]().NewTable(n)}
	}}
	_, err := paired.Compare([]rivals.Rival[uint64]{bad}, paired.Options{Size: 1000, Rounds: 1, Turn: 600})
	if want := `bad: 0 entries found after "get hit, batches", want 600`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func ExampleCompare() {
	maps := []rivals.Rival[uint64]{rivals.SeqMap[uint64](), rivals.XSync[uint64]()}
	results, err := paired.Compare(maps, paired.Options{Size: 100, Rounds: 3, Turn: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Println(r.Name, len(r.Samples[paired.InsertGrow].Nanos))
	}
	// Output:
	// seqmap 3
	// xsync 3
}
