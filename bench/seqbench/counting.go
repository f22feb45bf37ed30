package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/seqmap/seqmap-go/bench/count"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

// topKeys is how many of the commonest keys are printed.
const topKeys = 10

// countFlags are the flags that kmers and words have in common.
type countFlags struct {
	in         string
	goroutines int
	rivals     bool
	rounds     int
	growth     bool
}

func (c *countFlags) declare(fs *flag.FlagSet, format string) {
	fs.StringVar(&c.in, "in", "", "read this `file`, "+format+", plain or gzip-compressed, instead of the embedded one")
	fs.IntVar(&c.goroutines, "p", runtime.GOMAXPROCS(0), "number of `goroutines` that count")
	fs.BoolVar(&c.rivals, "rivals", true, "do the same work with the other maps too")
	fs.IntVar(&c.rounds, "rounds", 3, "interleaved rounds; the `number` of times that each map counts")
	fs.BoolVar(&c.growth, "growth", true, "begin with an empty map that grows; =false makes room ahead")
}

func (c *countFlags) check() error {
	if c.goroutines < 1 {
		return fmt.Errorf("-p is %d, must be at least 1", c.goroutines)
	}
	if c.rounds < 1 {
		return fmt.Errorf("-rounds is %d, must be at least 1", c.rounds)
	}
	return nil
}

// source is an input that is either a file or embedded.
type source struct {
	name string // in messages
	io.ReadCloser
}

func (c *countFlags) open(embeddedName string, embedded []byte) (source, error) {
	if c.in == "" {
		return source{embeddedName, io.NopCloser(bytes.NewReader(embedded))}, nil
	}
	f, err := os.Open(c.in)
	return source{c.in, f}, err
}

// parseSource opens the input, has parse read it, and closes it.
func parseSource[T any](c *countFlags, embeddedName string, embedded []byte, line *statusLine, parse func(string, io.Reader) (T, error)) (value T, name string, err error) {
	src, err := c.open(embeddedName, embedded)
	if err != nil {
		return value, "", err
	}
	line.show("reading " + src.name)
	value, err = parse(src.name, src)
	return value, src.name, errors.Join(err, src.Close())
}

// counting is a job with the words that its report needs.
type counting[K comparable] struct {
	job     count.Job[K]
	compare func(a, b K) int
	text    func(K) string
	noun    string // what a key is, in the plural
}

// run counts and reports.
func (c counting[K]) run(out io.Writer, line *statusLine, flags *countFlags) error {
	list := rivals.ForCounting[K]()
	if !flags.rivals {
		list = list[:1]
	}
	summary, results, err := count.Compare(c.job, list, count.Options[K]{
		Goroutines: flags.goroutines,
		Rounds:     flags.rounds,
		Presize:    !flags.growth,
		Top:        topKeys,
		Compare:    c.compare,
		Watch: func(name string, round int, done *atomic.Int64) func() {
			return line.follow(fmt.Sprintf("round %d/%d %s", round+1, flags.rounds, name), done, c.job.Keys)
		},
	})
	if err != nil {
		return err
	}
	c.reportKeys(out, summary)
	reportMaps(out, results, flags)
	return nil
}

func (c counting[K]) reportKeys(out io.Writer, s count.Summary[K]) {
	fmt.Fprintf(out, "%s %s, %s distinct\n\n", grouped(s.Total), c.noun, grouped(uint64(s.Distinct)))
	if len(s.Top) == 0 {
		return
	}
	fmt.Fprintf(out, "the %d commonest:\n", len(s.Top))
	for _, e := range s.Top {
		fmt.Fprintf(out, "%12s  %s\n", grouped(e.Count), c.text(e.Key))
	}
	fmt.Fprintln(out)
}

func reportMaps(out io.Writer, results []count.Measurement, flags *countFlags) {
	start := "starting empty"
	if !flags.growth {
		start = "with room made ahead"
	}
	fmt.Fprintf(out, "%s, %s; median of %s:\n",
		plural(flags.goroutines, "goroutine"), start, plural(flags.rounds, "interleaved round"))
	t := newTable("map", "time", "ratio", "bytes/entry")
	base := results[0].Median()
	for _, r := range results {
		ratio := float64(r.Median()) / float64(max(base, 1))
		t.add(r.Name, r.Median().Round(100*time.Microsecond).String(), fmt.Sprintf("%.2f", ratio), fmt.Sprintf("%.1f", r.BytesPerEntry))
	}
	t.write(out)
	if len(results) > 1 {
		fmt.Fprintf(out, "ratio: time over that of %s; all maps counted the same\n", results[0].Name)
	}
}
