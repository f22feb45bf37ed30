package outcome

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seqmap/seqmap-go/bench/internal/quick"
)

// runs shrinks a number of runs in short mode.
func runs(n int) int {
	if quick.Mode() {
		return n / 10
	}
	return n
}

// checkClean searches and fails if anything is found.
func checkClean(t *testing.T, s Subject, n int) {
	t.Helper()
	rep := Search(s, Options{Runs: n, PerScenario: 1000, Seed: rand.Uint64()})
	if v := rep.Violation; v != nil {
		t.Errorf("%v\nTo try the scenario again: go -C bench run ./seqbench outcomes -map '%s' -seed %d", v, s.Name, v.Scenario.Seed)
	}
	if rep.Hang != nil {
		t.Error(rep.Hang)
	}
	t.Logf("%d runs of %d scenarios, %d of %d outcomes seen", rep.Runs, rep.Scenarios, rep.Seen, rep.Allowed)
}

// TestSeqMap is G1, G3 and G6 of seqmap: each call and batch, in tables that grow, shrink and are
// cleared, with three ways to hash.
func TestSeqMap(t *testing.T) {
	for h := range Hashes {
		for _, s := range SeqMaps(h) {
			t.Run(s.Name, func(t *testing.T) { checkClean(t, s, runs(40_000)) })
		}
	}
}

func TestRivals(t *testing.T) {
	for _, s := range Rivals() {
		t.Run(s.Name, func(t *testing.T) { checkClean(t, s, runs(40_000)) })
	}
}

// budget is the number of runs in which a wrong map must be found. It is many times as large as
// it takes.
const budget = 20_000_000

// TestHaxMap shows that the search finds what is wrong with a map that is in use: haxmap 1.4.0
// loses and duplicates what is removed at the same time.
func TestHaxMap(t *testing.T) {
	rep := Search(HaxMap(), Options{Runs: budget, PerScenario: 500, Seed: rand.Uint64()})
	if rep.Violation == nil {
		t.Fatalf("nothing wrong found in %d runs of %d scenarios", rep.Runs, rep.Scenarios)
	}
	t.Log(rep.Violation)
}

// faulty is the reference behind a lock, right but for one fault.
type faulty struct {
	fault string
	mu    sync.Mutex
	m     map[uint64]state // guarded by mu; by key 0 of a scenario
}

// faults are what can be wrong with a faulty map, and with which kind of call. That call is not
// one step: it looks, lets go, and then changes what it saw before.
var faults = map[string]Kind{
	"none":                              Load,
	"LoadOrStore looks, then stores":    LoadOrStore,
	"Update loads, then stores":         Update,
	"Remove loads, then removes":        Remove,
	"CompareAndSwap loads, then stores": CompareAndSwap,
	"Clear clears twice":                Clear,
	"InsertBatch drops a key":           InsertBatch,
	"Len counts what is removed":        Delete,
}

func (f *faulty) Len() (n int) {
	for _, s := range f.m {
		n += int(s.final()[Keys])
	}
	if f.fault == "Len counts what is removed" {
		n++
	}
	return n
}

func (f *faulty) Do(base uint64, c Call) Results {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.m[base]
	isFaulty := f.fault != "none" && faults[f.fault] == c.Kind
	first := s.apply(c)
	if c.Kind == Clear {
		clear(f.m)
	}
	if isFaulty {
		f.mu.Unlock()
		runtime.Gosched()
		f.mu.Lock()
		if c.Kind != Clear {
			entry := s[c.Key]
			s = f.m[base]
			s[c.Key] = entry
		}
	}
	var second Result
	if c.Kind.isBatch() && !isFaulty {
		second = s.apply(c.other())
	}
	f.m[base] = s
	if c.Kind == RemoveBatch {
		return Results(first + second)
	}
	return Pair(first, second)
}

func faultyMap(fault string) Subject {
	kinds := []Kind{Load, Store, Delete, Get, Remove, LoadOrStore, Update, CompareAndSwap, GetBatch, InsertBatch, RemoveBatch, Clear}
	return Subject{Name: fault, Kinds: kinds, Counts: true, New: func() Map {
		return &faulty{fault: fault, m: map[uint64]state{}}
	}}
}

// TestFaults shows that the search can fail: it finds each fault, and none where there is none;
// and the seed of a violation brings back its scenario.
func TestFaults(t *testing.T) {
	for fault := range faults {
		s := faultyMap(fault)
		if fault == "none" {
			checkClean(t, s, runs(40_000))
			continue
		}
		t.Run(fault, func(t *testing.T) {
			rep := Search(s, Options{Runs: budget, PerScenario: 500, Seed: rand.Uint64()})
			if rep.Violation == nil {
				t.Fatalf("not found in %d runs of %d scenarios", rep.Runs, rep.Scenarios)
			}
			t.Logf("found after %d runs of %d scenarios", rep.Runs, rep.Scenarios)
			first := rep.Violation.Scenario
			if again := New(first.Seed, s.Kinds); again.String() != first.String() {
				t.Errorf("seed %d brings back\n%v, not\n%v", first.Seed, again, first)
			}
		})
	}
}

// stuck is a map of which one call never returns.
type stuck struct {
	Map
	calls    *atomic.Int64
	released chan struct{}
}

func (m *stuck) Do(key uint64, c Call) Results {
	if m.calls.Add(1) == 5000 {
		<-m.released
	}
	return m.Map.Do(key, c)
}

// TestHang: a scenario that does not end is reported.
func TestHang(t *testing.T) {
	s, calls, released := faultyMap("none"), new(atomic.Int64), make(chan struct{})
	defer close(released)
	make1 := s.New
	s.New = func() Map { return &stuck{make1(), calls, released} }
	rep := Search(s, Options{Runs: budget, Seed: 5, Patience: time.Second})
	if rep.Hang == nil || rep.Runs == 0 || rep.Runs > 5000 {
		t.Fatalf("not found in %d runs: %v", rep.Runs, rep.Violation)
	}
	for _, want := range []string{"none: after run ", "seed 5: before", "goroutine 0:  ", "(*stuck).Do"} {
		if !strings.Contains(rep.Hang.Error(), want) {
			t.Errorf("the report lacks %q:\n%v", want, rep.Hang)
		}
	}
}

// TestText pins the report of a violation, which names all that there is to know.
func TestText(t *testing.T) {
	v := &Violation{
		Scenario: &Scenario{
			Seed: 5, Before: [Keys]uint16{20, 0}, Fillers: 3, Reuse: 8,
			Threads: [][]Call{
				{{Kind: GetBatch, Key: 1}, {Kind: CompareAndSwap, Old: 20, Value: 3}},
				{{Kind: InsertBatch, Value: 5}, {Kind: Clear}, {Kind: Contains}},
			},
		},
		Outcome: Outcome{Pair(0, Of(20, true)), Results(Of(0, true)), 0, 0, 0, Results(Of(3, true)), Results(Of(Torn, true)), 2},
		Subject: "some map", Allowed: 7, Run: 99,
	}
	const want = `some map: run 99 has an outcome that is none of the 7 possible ones
seed 5: before: key 0 20, key 1 -; 3 other keys, 8 runs with one map, new keys false
  goroutine 0:  GetBatch(1, 0) = - and 20  CompareAndSwap(0, 20, 3) = yes
  goroutine 1:  InsertBatch(0: 5, 1: 6) = -  Clear() = -  Contains(0) = -
  after: key 0 3, key 1 torn, 2 of them counted
`
	if got := v.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func Example() {
	for _, s := range SeqMaps(FourBitHash) {
		if slices.Contains(s.Kinds, Add) {
			rep := Search(s, Options{Runs: 160, Seed: 1})
			fmt.Println(s.Name, rep.Runs, rep.Violation)
		}
	}
	// Output:
	// seqmap[uint64, uint64] with hash 4bits 160 <nil>
	// seqmap[[16]uint8, uint64] with hash 4bits 160 <nil>
}
