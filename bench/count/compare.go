package count

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/seqmap/seqmap-go/bench/meter"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

// Options say how Compare is to run.
type Options[K comparable] struct {
	Goroutines int
	Rounds     int
	Presize    bool // make room for all entries ahead instead of growing
	Top        int  // how many of the commonest keys to return
	Compare    func(a, b K) int
	// Watch, if not nil, is called before each count, with the number of keys
	// counted so far, which rises from 0; the function that it returns is
	// called when the count is over.
	Watch func(name string, round int, done *atomic.Int64) (stop func())
}

// Measurement is what the rounds of one map gave.
type Measurement struct {
	Name          string
	Times         []time.Duration // one a round
	BytesPerEntry float64         // heap growth over distinct keys
}

// Median returns the median time.
func (m Measurement) Median() time.Duration { return meter.Median(m.Times) }

// Compare counts the keys of job with each of the maps, in rounds that
// interleave them, and returns the counts and one Measurement a map, in the
// order of maps. Only one map is alive at a time. It returns an error if a
// count differs from that of the first map. The first map is checked in each
// round, the others, of which some take longer to read than to fill, in the
// first round.
func Compare[K comparable](job Job[K], maps []rivals.Rival[K], opts Options[K]) (Summary[K], []Measurement, error) {
	c := comparison[K]{job: job, opts: opts, results: make([]Measurement, len(maps))}
	if opts.Presize {
		c.capacity = c.distinct(maps[0])
	}
	for round := range opts.Rounds {
		for i, r := range maps {
			if err := c.turn(r, round, i); err != nil {
				return c.first, c.results, fmt.Errorf("round %d: %s %w as %s did", round+1, r.Name, err, maps[0].Name)
			}
		}
	}
	return c.first, c.results, nil
}

type comparison[K comparable] struct {
	job      Job[K]
	opts     Options[K]
	capacity int
	first    Summary[K] // of the first map in the first round
	results  []Measurement
}

// distinct counts the distinct keys, to make room for them.
func (c *comparison[K]) distinct(r rivals.Rival[K]) int {
	var done atomic.Int64
	counter := r.NewCounter(0)
	Run(c.job, counter, c.opts.Goroutines, &done)
	return counter.Len()
}

// turn counts once with the map at index i.
func (c *comparison[K]) turn(r rivals.Rival[K], round, i int) error {
	before := meter.LiveBytes()
	var done atomic.Int64
	stop := func() {}
	if c.opts.Watch != nil {
		stop = c.opts.Watch(r.Name, round, &done)
	}
	counter := r.NewCounter(c.capacity)
	elapsed := Run(c.job, counter, c.opts.Goroutines, &done)
	stop()

	into := &c.results[i]
	into.Name = r.Name
	into.Times = append(into.Times, elapsed)
	if round > 0 && i > 0 {
		return nil
	}
	grown := max(0, meter.LiveBytes()-before)
	got := Summarize(counter, c.opts.Top, c.opts.Compare)
	into.BytesPerEntry = float64(grown) / float64(max(1, got.Distinct))
	if round == 0 && i == 0 {
		c.first = got
	}
	return got.sameAs(c.first)
}
