// Package paths compares the code paths of one build: plain Go with what was chosen for the
// CPU, and batch lookups with single ones and with other maps.
//
// The choice of a path is made once in each process. So Run starts one child process for each
// level, keeps them alive, and has them time short slices of one operation in turn, on the same
// processor, over pipes: what disturbs the machine disturbs all of them alike, and the least of
// many short slices is undisturbed.
//
// Each operation is done in a loop as a user would write it, on the containers themselves, and
// the loop counts the operations that did what they must.
package paths

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"time"

	"github.com/seqmap/seqmap-go/bench/meter"
	"github.com/seqmap/seqmap-go/bench/paired"
	"github.com/seqmap/seqmap-go/seqcore"
)

// Options say what Run is to time.
type Options struct {
	// Levels are values of SEQMAP_CPU, or LevelDefault, at least one. The others are
	// compared with the first; lookups are timed at the last.
	Levels []string
	// Rounds is how many slices of a case each child times in a sitting, at least 1. Slow
	// cases get fewer. For each of the Sittings, at least 1, the data is built anew, for it
	// matters where in memory it comes to lie.
	Rounds, Sittings int
	// Most is the number of entries that no map has more of, at least 1.
	Most int
	// Match, if not nil, chooses the cases by their names.
	Match *regexp.Regexp
	// Lookups asks for the comparison of GetBatch with single lookups.
	Lookups bool
	// Command returns a new command that runs Serve with Most on its standard input and output.
	Command func() *exec.Cmd
	// Patience is how long a child may take for one answer; 0 is enough for anything.
	Patience time.Duration
	// Watch, if not nil, is told what begins.
	Watch func(step string)
}

// enough is the patience for the slowest case on a busy machine.
const enough = 5 * time.Minute

// A Result is what Run found.
type Result struct {
	Levels  []Level
	Rows    []Row // in the order of Names
	Lookups []LookupTable
}

// A Level is what one child said of itself.
type Level struct {
	Asked    string // as in Options
	Features seqcore.Info
}

// A Row is what the levels gave for one case.
type Row struct {
	Case
	Samples []paired.Sample // one a level, in their order
}

// Faster returns how many times as fast as the first level another one is.
func (r Row) Faster(level int) Ratio { return faster(r.Samples[0], r.Samples[level]) }

// A Ratio says how many times as fast as another sample one is, in three ways: by the least
// times, by the median times, and by the median of the ratios of each round, which long
// disturbances leave alone.
type Ratio struct{ Least, Median, Round float64 }

// faster returns how many times as fast as slow another sample of the same rounds is.
func faster(slow, fast paired.Sample) Ratio {
	rounds := make([]float64, len(slow.Nanos))
	for i := range rounds {
		rounds[i] = slow.Nanos[i] / fast.Nanos[i]
	}
	return Ratio{slow.Min() / fast.Min(), slow.Median() / fast.Median(), meter.Median(rounds)}
}

// A LookupTable is what the lookups of one key each, in maps of one size, gave.
type LookupTable struct {
	Entries int
	// Names are NameBatch, then the maps that single lookups were done in, seqmap first.
	Names   []string
	Samples []paired.Sample
	// MustSingle and MustRival are how many times as fast as Get of the same map, and as the
	// best other map, GetBatch has to be on amd64.
	MustSingle, MustRival float64
}

// Faster returns how many times as fast as another lookup, by its position, GetBatch is.
func (t LookupTable) Faster(than int) Ratio { return faster(t.Samples[than], t.Samples[0]) }

// Best returns the position of the fastest of the other maps, by the least times.
func (t LookupTable) Best() int {
	best := 2
	for i := range t.Samples {
		if i > best && t.Samples[i].Min() < t.Samples[best].Min() {
			best = i
		}
	}
	return best
}

// Run times all cases that were chosen. It blocks until the children have ended, also if it
// returns an error: that a child died, said what is no answer or nothing at all, or that an
// operation did not do what it must.
func Run(opts Options) (result Result, err error) {
	r := runner{opts: opts, processors: processors()}
	if r.opts.Patience == 0 {
		r.opts.Patience = enough
	}
	defer func() { err = errors.Join(err, r.stop()) }()
	for _, level := range opts.Levels {
		r.watch("starting the child for the level %s", level)
		c, err := start(opts.Command(), level, r.opts.Patience)
		if err != nil {
			return result, err
		}
		r.children = append(r.children, c)
		result.Levels = append(result.Levels, Level{Asked: level, Features: c.features})
	}
	if result.Rows, err = r.rows(); err != nil || !opts.Lookups {
		return result, err
	}
	result.Lookups, err = r.lookups()
	return result, err
}

type runner struct {
	opts       Options
	children   []*child
	processors []int // to time on; none: any
}

// processor returns the one for a round of turns. All turns have the same one, because some
// may be slower than others; it is the next one's when each of the turns has begun a round.
func (r *runner) processor(round, turns int) *int {
	if len(r.processors) == 0 {
		return nil
	}
	return &r.processors[round/turns%len(r.processors)]
}

func (r *runner) watch(format string, args ...any) {
	if r.opts.Watch != nil {
		r.opts.Watch(fmt.Sprintf(format, args...))
	}
}

func (r *runner) stop() (err error) {
	for _, c := range r.children {
		err = errors.Join(err, c.stop())
	}
	return err
}

// rows times each case in all children.
func (r *runner) rows() (rows []Row, err error) {
	for _, f := range families(r.opts.Most) {
		var some []Row
		for _, c := range f.cases {
			if r.opts.Match == nil || r.opts.Match.MatchString(c.Name) {
				some = append(some, Row{c, make([]paired.Sample, len(r.children))})
			}
		}
		for sitting := range r.opts.Sittings {
			for i := range some {
				if err := r.interleave(r.across(&some[i]), sitting, i == 0); err != nil {
					return nil, err
				}
			}
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

// across returns the turns of a case in all children.
func (r *runner) across(row *Row) (turns []turn) {
	for i, c := range r.children {
		turns = append(turns, turn{c, row.Case, &row.Samples[i]})
	}
	return turns
}

// lookups times all lookups in the last child.
func (r *runner) lookups() (tables []LookupTable, err error) {
	for i, entries := range capped(r.opts.Most, smallEntries, wordsEntries) {
		t := LookupTable{Entries: entries, Names: lookupNames, MustSingle: mustSingle, MustRival: mustRival}
		if i > 0 {
			t.MustSingle, t.MustRival = mustSingleLarge, mustRivalLarge
		}
		t.Samples = make([]paired.Sample, len(t.Names))
		var turns []turn
		for i, c := range lookupFamily(entries).cases {
			turns = append(turns, turn{r.children[len(r.children)-1], c, &t.Samples[i]})
		}
		for sitting := range r.opts.Sittings {
			if err := r.interleave(turns, sitting, true); err != nil {
				return nil, err
			}
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// A turn is a case in a child, and where its times go.
type turn struct {
	*child
	Case
	sample *paired.Sample
}

// interleave has the turns of one sitting opened and goes round them. Fresh asks for new data,
// which is then built by all children at once.
func (r *runner) interleave(turns []turn, sitting int, fresh bool) error {
	r.watch("%s: getting ready", turns[0].Name)
	for i, t := range turns {
		// Turns of the same child share its data.
		build := fresh && (i == 0 || t.child != turns[0].child)
		if err := t.send(request{Case: t.Name, Open: true, Fresh: build}); err != nil {
			return err
		}
	}
	for _, t := range turns {
		a, err := t.answer()
		if err != nil {
			return err
		}
		t.sample.Bytes, t.sample.Allocs = max(t.sample.Bytes, a.Bytes), max(t.sample.Allocs, a.Allocs)
	}
	rounds := (r.opts.Rounds + turns[0].share - 1) / turns[0].share
	for round := range rounds {
		r.watch("%s: sitting %d of %d, round %d of %d", turns[0].Name, sitting+1, r.opts.Sittings, round+1, rounds)
		for i := range turns {
			// Another one begins each round, so that none always follows the same one.
			t := turns[(i+round)%len(turns)]
			nanos, err := t.slice(t.Name, r.processor(round, len(turns)))
			if err != nil {
				return err
			}
			t.sample.Nanos = append(t.sample.Nanos, nanos)
		}
	}
	return nil
}
