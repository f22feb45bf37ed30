package count_test

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/bench/count"
	"github.com/seqmap/seqmap-go/bench/data"
	"github.com/seqmap/seqmap-go/bench/fasta"
	"github.com/seqmap/seqmap-go/bench/internal/quick"
	"github.com/seqmap/seqmap-go/bench/kmer"
	"github.com/seqmap/seqmap-go/bench/rivals"
	"github.com/seqmap/seqmap-go/bench/words"
)

var goroutineCounts = []int{1, 2, 8}

// genome returns the codes of the embedded genome, read once.
var genome = sync.OnceValue(func() []byte {
	seq, err := fasta.Read(data.GenomeName, bytes.NewReader(data.Genome))
	if err != nil {
		panic(err)
	}
	return seq.Codes
})

// part returns the first bases of the genome, fewer in quick mode.
func part(bases int) []byte {
	if quick.Mode() {
		bases = min(bases, 100_000)
	}
	return genome()[:bases]
}

// naiveKmers counts with the built-in map in one loop.
func naiveKmers(codes []byte, k int) map[uint64]uint64 {
	want := map[uint64]uint64{}
	s := kmer.NewScanner(codes, k, 0, len(codes))
	key := make([]uint64, 1)
	for s.Fill(key) > 0 {
		want[key[0]]++
	}
	return want
}

func checkCounts[K comparable](t *testing.T, got rivals.Counter[K], want map[K]uint64) {
	t.Helper()
	n := 0
	for key, v := range got.All() {
		n++
		if want[key] != v {
			t.Fatalf("key %v has count %d, want %d", key, v, want[key])
		}
	}
	if n != len(want) || got.Len() != len(want) {
		t.Fatalf("%d entries, Len %d; want %d", n, got.Len(), len(want))
	}
}

// TestKmersOfGenome checks the known figures; the map starts empty, so that it
// must grow while all goroutines count.
func TestKmersOfGenome(t *testing.T) {
	codes := part(len(genome()))
	for _, tc := range []struct {
		k, distinct int
		goroutines  []int
	}{
		{11, 2_285_050, []int{8}},
		{15, 4_814_709, []int{2}},
		{21, 4_863_207, goroutineCounts},
		{31, 4_872_066, []int{8}},
	} {
		k, distinct := tc.k, tc.distinct
		if quick.Mode() {
			distinct = len(naiveKmers(codes, k))
		}
		for _, p := range tc.goroutines {
			c := rivals.SeqMap[uint64]().NewCounter(0)
			var done atomic.Int64
			count.Run(count.OfKmers(codes, k), c, p, &done)
			got := count.Summarize(c, 1, cmp.Compare[uint64])
			windows := len(codes) - k + 1
			if got.Distinct != distinct || c.Len() != distinct || got.Total != uint64(windows) || done.Load() != int64(windows) {
				t.Errorf("k=%d p=%d: %d distinct, Len %d, %d in all, %d done; want %d distinct of %d",
					k, p, got.Distinct, c.Len(), got.Total, done.Load(), distinct, windows)
			}
		}
	}
}

func TestKmersMatchNaive(t *testing.T) {
	codes := slices.Clone(part(300_000))
	for i := 1000; i < len(codes); i += 9973 {
		codes[i] = fasta.Break
	}
	for _, k := range []int{1, 4, 12, 32} {
		want := naiveKmers(codes, k)
		for _, r := range rivals.ForCounting[uint64]() {
			for _, capacity := range []int{0, len(want)} {
				c := r.NewCounter(capacity)
				var done atomic.Int64
				count.Run(count.OfKmers(codes, k), c, 8, &done)
				checkCounts(t, c, want)
			}
		}
	}
}

// TestKmersWithReaders looks up random k-mers all the while: no count may go
// down or past its end, and none may vanish.
func TestKmersWithReaders(t *testing.T) {
	codes := part(1_500_000)
	const k, readers = 12, 2
	want := naiveKmers(codes, k)
	for _, p := range goroutineCounts {
		c := rivals.SeqMap[uint64]().NewCounter(0)
		var over atomic.Bool
		var wg sync.WaitGroup
		for i := range readers {
			wg.Add(1)
			go func() {
				defer wg.Done()
				watchCounts(t, c, codes, k, want, &over, uint64(i))
			}()
		}
		var done atomic.Int64
		count.Run(count.OfKmers(codes, k), c, p, &done)
		over.Store(true)
		wg.Wait()
		checkCounts(t, c, want)
	}
}

func watchCounts(t *testing.T, c rivals.Counter[uint64], codes []byte, k int, want map[uint64]uint64, over *atomic.Bool, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 7))
	seen := map[uint64]uint64{}
	key := make([]uint64, 1)
	for !over.Load() {
		from := rng.IntN(len(codes) - k)
		s := kmer.NewScanner(codes, k, from+k-1, from+k)
		if s.Fill(key) == 0 {
			continue
		}
		got, ok := c.Load(key[0])
		if got < seen[key[0]] || got > want[key[0]] || ok != (got > 0) {
			t.Errorf("%s: count %d, %t after %d; the end is %d", kmer.Decode(key[0], k), got, ok, seen[key[0]], want[key[0]])
			return
		}
		seen[key[0]] = got
	}
}

func TestWordsOfBible(t *testing.T) {
	list, err := words.Read(data.BibleName, bytes.NewReader(data.Bible))
	if err != nil {
		t.Fatal(err)
	}
	want := map[words.Word]uint64{}
	for _, w := range list {
		want[w]++
	}
	for i, r := range rivals.ForCounting[words.Word]() {
		if i > 0 && quick.Mode() {
			break
		}
		for _, p := range goroutineCounts {
			c := r.NewCounter(0)
			var done atomic.Int64
			count.Run(count.OfSlice(list, 4096), c, p, &done)
			got := count.Summarize(c, 2, words.Compare)
			if got.Distinct != 12_830 || got.Total != 790_889 || got.Top[0].Key.String() != "the" || got.Top[0].Count != 63_919 {
				t.Errorf("%s p=%d: got %d distinct of %d, first %v; want 12830 of 790889, the 63919", r.Name, p, got.Distinct, got.Total, got.Top)
			}
			checkCounts(t, c, want)
		}
	}
}

func TestOfSliceCoversEachOnce(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 100} {
		keys := make([]int, n)
		for i := range keys {
			keys[i] = i
		}
		job := count.OfSlice(keys, 10)
		var got []int
		for shard := range job.Shards {
			job.Visit(shard, func(batch []int) { got = append(got, batch...) })
		}
		if job.Keys != n || !slices.Equal(got, keys) {
			t.Errorf("n=%d: Keys %d, visited %v", n, job.Keys, got)
		}
	}
}

func TestSummarizeTop(t *testing.T) {
	c := rivals.Builtin[uint64]().NewCounter(0)
	rng := rand.New(rand.NewPCG(8, 9))
	var all []count.Entry[uint64]
	for key := range uint64(500) {
		n := 1 + rng.Uint64N(20) // so that many counts are equal
		c.Add(key, n)
		all = append(all, count.Entry[uint64]{Key: key, Count: n})
	}
	slices.SortStableFunc(all, func(a, b count.Entry[uint64]) int { return cmp.Compare(b.Count, a.Count) })
	for _, top := range []int{0, 1, 10, 499, 500, 1000} {
		got := count.Summarize(c, top, cmp.Compare[uint64])
		if want := all[:min(top, len(all))]; !slices.Equal(got.Top, want) {
			t.Errorf("top %d: got %v, want %v", top, got.Top, want)
		}
	}
}

// faulty counts one key once too little, or a wrong key, or nothing.
type faulty struct {
	rivals.Counter[uint64]
	change func(map[uint64]uint64)
}

func (f faulty) All() iter.Seq2[uint64, uint64] {
	m := maps.Collect(f.Counter.All())
	f.change(m)
	return maps.All(m)
}

func TestCompareFindsWrongCounts(t *testing.T) {
	keys := []uint64{1, 2, 2, 3, 3, 3}
	for fault, change := range map[string]func(map[uint64]uint64){
		"distinct keys": func(m map[uint64]uint64) { delete(m, 1) },
		"keys in all":   func(m map[uint64]uint64) { m[3]-- },
		"not as often":  func(m map[uint64]uint64) { m[3], m[1] = m[1], m[3] },
		"not the same":  func(m map[uint64]uint64) { m[4] = m[3]; delete(m, 3) },
	} {
		good := rivals.Locked[uint64]()
		bad := rivals.Rival[uint64]{Name: "bad", NewCounter: func(n int) rivals.Counter[uint64] {
			return faulty{good.NewCounter(n), change}
		}}
		_, _, err := count.Compare(count.OfSlice(keys, 2), []rivals.Rival[uint64]{good, bad}, options(1))
		if err == nil || !strings.Contains(err.Error(), "bad") || !strings.Contains(err.Error(), fault) {
			t.Errorf("got %v; want an error that names bad and says %q", err, fault)
		}
	}
}

func options(rounds int) count.Options[uint64] {
	return count.Options[uint64]{Goroutines: 2, Rounds: rounds, Top: 2, Compare: cmp.Compare[uint64]}
}

func TestCompare(t *testing.T) {
	for _, presize := range []bool{false, true} {
		opts := options(3)
		opts.Presize = presize
		var order []string
		opts.Watch = func(name string, round int, done *atomic.Int64) func() {
			order = append(order, fmt.Sprint(name, round, done.Load()))
			return func() { order = append(order, fmt.Sprint("stop", done.Load())) }
		}
		list := []rivals.Rival[uint64]{rivals.SeqMap[uint64](), rivals.XSync[uint64]()}
		s, results, err := count.Compare(count.OfSlice([]uint64{7, 7, 8}, 1), list, opts)
		if err != nil {
			t.Fatal(err)
		}
		if want := []count.Entry[uint64]{{7, 2}, {8, 1}}; s.Distinct != 2 || s.Total != 3 || !slices.Equal(s.Top, want) {
			t.Errorf("got %+v", s)
		}
		for i, r := range results {
			if r.Name != list[i].Name || len(r.Times) != 3 || r.BytesPerEntry < 0 {
				t.Errorf("measurement %d is %+v", i, r)
			}
		}
		want := []string{}
		for round := range 3 {
			want = append(want, fmt.Sprint("seqmap", round, 0), "stop3", fmt.Sprint("xsync", round, 0), "stop3")
		}
		if !reflect.DeepEqual(order, want) {
			t.Errorf("watched %q, want %q", order, want)
		}
	}
}

func ExampleCompare() {
	job := count.OfSlice(strings.Split("acgtaacca", ""), 3)
	s, results, err := count.Compare(job, []rivals.Rival[string]{rivals.XSync[string](), rivals.FlatMapOf[string]()},
		count.Options[string]{Goroutines: 4, Rounds: 1, Top: 2, Compare: strings.Compare})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Distinct, s.Total, s.Top)
	fmt.Println(results[0].Name, results[1].Name)
	// Output:
	// 4 9 [{a 4} {c 3}]
	// xsync FlatMapOf
}

func ExampleRun() {
	c := rivals.SeqMap[uint64]().NewCounter(0)
	var done atomic.Int64
	count.Run(count.OfKmers([]byte{fasta.G, fasta.A, fasta.G, fasta.A}, 2), c, 2, &done)
	s := count.Summarize(c, 1, cmp.Compare[uint64])
	fmt.Println(done.Load(), s.Distinct, kmer.Decode(s.Top[0].Key, 2), s.Top[0].Count)
	// Output: 3 2 GA 2
}
