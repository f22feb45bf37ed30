package torture

import (
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seqmap/seqmap-go/bench/internal/quick"
)

// config is a run of a counted length.
func config(goroutines int, s Subjects) Config {
	c := Config{Rounds: 1500, Seed: 1, Goroutines: goroutines, Subjects: s}
	return c
}

// TestNothingIsViolated is the soak, shortened.
func TestNothingIsViolated(t *testing.T) {
	for _, n := range []int{1, 2, 4 * runtime.GOMAXPROCS(0)} {
		c := config(n, Subjects{})
		if !quick.Mode() {
			c.Rounds *= 10
		}
		ts, err := Run(c)
		if err != nil {
			t.Fatalf("%d goroutines: %v", n, err)
		}
		for _, tally := range ts {
			if tally.Operations == 0 {
				t.Errorf("%d goroutines: nothing done at %s", n, tally.Job)
			}
		}
	}
}

// TestSeedDecides: what one goroutine does follows from the seed.
func TestSeedDecides(t *testing.T) {
	run := func(seed uint64) []Tally {
		c := config(1, Subjects{})
		c.Seed = seed
		ts, err := Run(c)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	if a, b := run(5), run(5); !slices.Equal(a, b) {
		t.Errorf("one seed, two runs: %v, %v", a, b)
	}
	if a, b := run(5), run(6); slices.Equal(a, b) {
		t.Errorf("two seeds, one run: %v", a)
	}
}

// TestTimeEnds: a run without a count ends by its time.
func TestTimeEnds(t *testing.T) {
	if _, err := Run(Config{For: time.Millisecond, Goroutines: 2}); err != nil {
		t.Error(err)
	}
}

// fuse blows at every n-th call, of all containers of a run.
type fuse struct {
	n, every int64
	released chan struct{} // closed when those may go on that never return
}

func (f *fuse) blows() bool { return atomic.AddInt64(&f.n, 1)%f.every == 0 }

// badWords is a map with one of several faults.
type badWords struct {
	Words
	fault string
	*fuse
}

func (m *badWords) hit(fault string) bool { return m.fault == fault && m.blows() }

func (m *badWords) Insert(key, value uint64) (uint64, bool) {
	if m.hit("an insertion is lost") {
		return m.Words.Get(key)
	}
	return m.Words.Insert(key, value)
}

func (m *badWords) Remove(key uint64) (uint64, bool) {
	if m.hit("a removal never returns") {
		<-m.released
	}
	if m.hit("a removal is lost") {
		return m.Words.Get(key)
	}
	return m.Words.Remove(key)
}

func (m *badWords) Add(key, delta uint64) uint64 {
	if m.hit("an addition is lost") {
		v, _ := m.Words.Get(key)
		return v + delta
	}
	return m.Words.Add(key, delta)
}

func (m *badWords) Update(key uint64, fn func(uint64, bool) uint64) uint64 {
	if m.hit("Update is two steps") {
		v, ok := m.Words.Get(key)
		v = fn(v, ok)
		time.Sleep(time.Microsecond)
		m.Words.Insert(key, v)
		return v
	}
	return m.Words.Update(key, fn)
}

func (m *badWords) Clear() {
	if !m.hit("Clear does nothing") {
		m.Words.Clear()
	}
}

func (m *badWords) GetBatch(keys, values []uint64, found []bool) int {
	hits := m.Words.GetBatch(keys, values, found)
	if m.hit("a batch is out of order") {
		slices.Reverse(values)
		slices.Reverse(found)
	}
	return hits
}

func (m *badWords) All() iter.Seq2[uint64, uint64] {
	return func(yield func(uint64, uint64) bool) {
		if m.hit("All never returns") {
			<-m.released
		}
		for key, v := range m.Words.All() {
			if m.hit("a key is skipped") {
				continue
			}
			if !yield(key, v) || m.hit("a key is yielded twice") && !yield(key, v) {
				return
			}
		}
	}
}

func (m *badWords) Copy() Map[uint64, uint64] {
	c := m.Words.Copy()
	if m.hit("a clone lacks a key") {
		c.Remove(7)
	}
	return c
}

// torn is a record of which one word belongs to another.
func torn(r Record) Record { r[3]++; return r }

// badWide is a map with a fault.
type badWide struct {
	Map[Record, Record]
	*fuse
}

func (m *badWide) Get(key Record) (Record, bool) {
	r, ok := m.Map.Get(key)
	if m.blows() {
		r = torn(r)
	}
	return r, ok
}

// badArray is an array with one of several faults.
type badArray struct {
	Array
	fault string
	*fuse
}

func (a *badArray) Set(i int, r Record) error {
	if a.fault == "a write goes to a neighbour" && a.blows() {
		return a.Array.Set(i+1, r)
	}
	return a.Array.Set(i, r)
}

func (a *badArray) Init(i int, r Record) error {
	if a.fault == "Init writes twice" && a.blows() {
		return a.Array.Set(i, r)
	}
	return a.Array.Init(i, r)
}

func (a *badArray) Update(i int, fn func(Record) Record) (Record, error) {
	if a.fault == "an update is lost" && a.blows() {
		r, err := a.Array.Get(i)
		return fn(r), err
	}
	return a.Array.Update(i, fn)
}

// badVec is a vector with one of several faults.
type badVec struct {
	Vec
	fault string
	*fuse
}

func (v *badVec) Push(r Record) int {
	i := v.Vec.Push(r)
	if v.fault == "an index is given out twice" && i > 0 && v.blows() {
		return i - 1
	}
	return i
}

func (v *badVec) PushSlice(rs []Record) int {
	if v.fault == "a slice loses its end" && len(rs) > 0 && v.blows() {
		rs = rs[:len(rs)-1]
	}
	return v.Vec.PushSlice(rs)
}

func (v *badVec) Pop() (Record, bool) {
	if v.fault == "an element is popped twice" && v.blows() {
		return v.Get(v.Len() - 1)
	}
	return v.Vec.Pop()
}

// badCell is a cell with one of several faults.
type badCell struct {
	Cell
	fault string
	*fuse
}

func (c *badCell) Load() Record {
	r := c.Cell.Load()
	if c.fault == "a read is torn" && c.blows() {
		r = torn(r)
	}
	return r
}

func (c *badCell) Store(r Record) {
	if c.fault != "a write is lost" || !c.blows() {
		c.Cell.Store(r)
	}
}

func (c *badCell) StoreIf(version uint64, r Record) bool {
	if c.fault == "the version is ignored" && c.blows() {
		c.Cell.Store(record(r[0], r[1]-1))
		return true
	}
	return c.Cell.StoreIf(version, r)
}

// planted are faults, and the jobs that can find them.
var planted = []struct {
	fault string
	every int64
	in    func(fault string, f *fuse) Subjects
	jobs  []string
}{
	{"an insertion is lost", 100, inWords, []string{"private keys, words", "snapshots", "Clear", "order of publication, words"}},
	{"a removal is lost", 10, inWords, []string{"private keys, words", "Clear"}},
	{"an addition is lost", 50, inWords, []string{"shared counters"}},
	{"Update is two steps", 1, inWords, []string{"shared counters"}},
	{"Clear does nothing", 2, inWords, []string{"Clear"}},
	{"a batch is out of order", 10, inWords, []string{"private keys, words"}},
	{"a key is skipped", 1000, inWords, []string{"snapshots", "private keys, words"}},
	{"a key is yielded twice", 1000, inWords, []string{"snapshots", "private keys, words"}},
	{"a clone lacks a key", 2, inWords, []string{"snapshots"}},
	{"a map's value is torn", 100, inWide, []string{"private keys, wide", "order of publication, wide"}},
	{"a write goes to a neighbour", 50, inArray, []string{"array", "order of publication, array"}},
	{"Init writes twice", 10, inArray, []string{"array"}},
	{"an update is lost", 20, inArray, []string{"array"}},
	{"an index is given out twice", 20, inVec, []string{"log"}},
	{"a slice loses its end", 20, inVec, []string{"stack"}},
	{"an element is popped twice", 100, inVec, []string{"stack"}},
	{"a read is torn", 100, inCell, []string{"cell", "order of publication, cells"}},
	{"a write is lost", 30, inCell, []string{"order of publication, cells"}},
	{"the version is ignored", 20, inCell, []string{"cell"}},
}

func inWords(fault string, f *fuse) Subjects {
	return Subjects{Words: func() Words { return &badWords{Subjects{}.orDefault().Words(), fault, f} }}
}

func inWide(_ string, f *fuse) Subjects {
	return Subjects{Wide: func() Map[Record, Record] { return &badWide{Subjects{}.orDefault().Wide(), f} }}
}

func inArray(fault string, f *fuse) Subjects {
	return Subjects{Array: func() Array { return &badArray{Subjects{}.orDefault().Array(), fault, f} }}
}

func inVec(fault string, f *fuse) Subjects {
	return Subjects{Vec: func() Vec { return &badVec{Subjects{}.orDefault().Vec(), fault, f} }}
}

func inCell(fault string, f *fuse) Subjects {
	return Subjects{Cell: func() Cell { return &badCell{Subjects{}.orDefault().Cell(), fault, f} }}
}

// TestPlantedFaults: each fault is found, by a job that looks for it.
func TestPlantedFaults(t *testing.T) {
	for _, p := range planted {
		_, err := Run(config(4, p.in(p.fault, &fuse{every: p.every})))
		v, ok := err.(*Violation)
		if !ok {
			t.Errorf("%s: not found", p.fault)
			continue
		}
		if !slices.Contains(p.jobs, v.Invariant) || v.Key == "" || v.Saw == "" {
			t.Errorf("%s: %v", p.fault, v)
		}
	}
}

// TestHang: a goroutine that does not come back is reported, with what all were doing.
func TestHang(t *testing.T) {
	f := &fuse{every: 50, released: make(chan struct{})}
	defer close(f.released)
	c := config(4, inWords("a removal never returns", f))
	c.Patience = time.Second
	_, err := Run(c)
	h, ok := err.(*Hang)
	if !ok {
		t.Fatalf("not found: %v", err)
	}
	if len(h.Workers) != 4+1 || h.Workers[4] != "checks at the end: at no job" {
		t.Errorf("goroutines that were at work: %q", h.Workers)
	}
	for _, want := range []string{h.Job + " hangs", "goroutine 3: ", "since turn ", "(*badWords).Remove"} {
		if !strings.Contains(h.Error(), want) {
			t.Errorf("the report lacks %q:\n%v", want, h)
		}
	}
}

// TestHangAtTheEnd: so is a check of quiet containers that does not come back.
func TestHangAtTheEnd(t *testing.T) {
	f := &fuse{every: 1, released: make(chan struct{})}
	defer close(f.released)
	c := config(2, inWords("All never returns", f))
	c.Rounds, c.Patience = 1, time.Second
	_, err := Run(c)
	if h, ok := err.(*Hang); !ok || !strings.Contains(h.Workers[2], "checks at the end: "+h.Job+", since turn 0") {
		t.Fatalf("not found: %v", err)
	}
}
