// Package paired times single operations of several maps in interleaved
// rounds of one process, so that what disturbs the machine disturbs all maps
// alike. One goroutine runs them; the keys and values are uint64.
//
// Every map does an operation in the same loop, behind the same interface.
// Lookups take turns with all maps filled and alive and the collector off.
// Writes have the collector on and only one map alive, so that each map pays
// for its own garbage and for nobody else's.
package paired

import (
	"math/rand/v2"
	"slices"

	"github.com/seqmap/seqmap-go/bench/meter"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

// Op is an operation that is timed.
type Op int

// The operations, in the order in which they are reported.
const (
	GetHit Op = iota
	GetMiss
	GetBatch       // hits, BatchKeys in a call; one in a call where a map has no such call
	InsertGrow     // into a map that starts empty
	InsertExisting // a new value for a key that is there
	AddExisting
	Remove
	Reinsert // the removed keys again
	opCount
)

// String returns the name of the operation in words.
func (op Op) String() string {
	return [opCount]string{
		"get hit", "get miss", "get hit, batches", "insert, growing", "insert existing", "add", "remove", "insert again",
	}[op]
}

// BatchKeys is how many keys a batch has, but the last one of a turn.
const BatchKeys = 256

// Ops returns all operations in order.
func Ops() []Op {
	ops := make([]Op, opCount)
	for i := range ops {
		ops[i] = Op(i)
	}
	return ops
}

// Options say what Compare is to time.
type Options struct {
	Size   int    // entries of each map, at least 1
	Rounds int    // at least 1
	Seed   uint64 // of the keys and their order
	// Turn is the number of operations that a map does before it is the next
	// one's turn, at least 1. Small maps repeat their keys to reach it.
	Turn int
	// Watch, if not nil, is told what begins.
	Watch func(step string)
}

// Sample is what the turns of one map at one operation gave.
type Sample struct {
	Nanos  []float64 // per operation, one a turn
	Bytes  float64   // allocated per operation, over all turns
	Allocs float64   // allocations per operation, over all turns
}

// Min returns the least time of all turns.
func (s Sample) Min() float64 { return slices.Min(s.Nanos) }

// Median returns the median time of all turns.
func (s Sample) Median() float64 { return meter.Median(s.Nanos) }

func (s *Sample) add(ops int, c meter.Cost) {
	s.Nanos = append(s.Nanos, float64(c.Elapsed)/float64(ops))
	turns := float64(len(s.Nanos))
	s.Bytes += (float64(c.Bytes)/float64(ops) - s.Bytes) / turns
	s.Allocs += (float64(c.Allocs)/float64(ops) - s.Allocs) / turns
}

// Result is what one map gave.
type Result struct {
	Name          string
	Samples       [opCount]Sample
	BytesPerEntry float64 // heap growth of a map that grew to Size entries, over Size
}

// workload is the keys that all maps are given, each in its order.
type workload struct {
	present []uint64 // in the order of insertion
	visit   []uint64 // the same keys in another order
	absent  []uint64 // as many others
}

func newWorkload(size int, seed uint64) workload {
	rng := rand.New(rand.NewPCG(seed, uint64(size)))
	// An odd multiplier makes keys that differ as surely as the numbers do.
	multiplier := rng.Uint64() | 1
	keys := make([]uint64, 2*size)
	for i := range keys {
		keys[i] = (uint64(i) + 1) * multiplier
	}
	shuffle(rng, keys)
	w := workload{present: keys[:size:size], absent: keys[size:]}
	w.visit = slices.Clone(w.present)
	shuffle(rng, w.visit)
	return w
}

func shuffle(rng *rand.Rand, keys []uint64) {
	rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
}

// Compare times all operations on all maps and returns one Result a map, in
// the order of maps, or an error if a map loses or invents an entry.
func Compare(maps []rivals.Rival[uint64], opts Options) ([]Result, error) {
	results := make([]Result, len(maps))
	for i, r := range maps {
		results[i].Name = r.Name
	}
	run := runner{opts: opts, work: newWorkload(opts.Size, opts.Seed)}
	run.lookups(maps, results)
	run.writes(maps, results)
	return results, run.err
}
