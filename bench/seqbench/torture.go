package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/seqmap/seqmap-go/bench/torture"
)

func setupTorture(fs *flag.FlagSet) action {
	var c torture.Config
	fs.DurationVar(&c.For, "for", 30*time.Second, "how long; a `duration` such as 90s or 24h")
	fs.Uint64Var(&c.Seed, "seed", rand.Uint64(), "`number` that decides what each goroutine does")
	fs.IntVar(&c.Goroutines, "goroutines", 4*runtime.GOMAXPROCS(0), "`number` of goroutines")
	return action{
		check: func() error {
			if c.For <= 0 {
				return fmt.Errorf("-for is %v, must be more than 0", c.For)
			}
			if c.Goroutines < 1 {
				return fmt.Errorf("-goroutines is %d, must be at least 1", c.Goroutines)
			}
			return nil
		},
		do: func(out io.Writer, line *statusLine) error { return tortureAll(out, line, c) },
	}
}

// tortureAll reports what was done. Its error, if an invariant was violated or a goroutine did not
// come back, says what was seen and how to do the same again.
func tortureAll(out io.Writer, line *statusLine, c torture.Config) error {
	fmt.Fprintf(out, "torture of all containers for %v, %s, seed %d, GOMAXPROCS %d\n\n",
		c.For, plural(c.Goroutines, "goroutine"), c.Seed, runtime.GOMAXPROCS(0))
	line.show("at work")
	tallies, err := torture.Run(c)
	if h := (*torture.Hang)(nil); errors.As(err, &h) {
		return again(c, err)
	}
	t := newTable("job", "operations")
	total := uint64(0)
	for _, tally := range tallies {
		t.add(tally.Job, grouped(tally.Operations))
		total += tally.Operations
	}
	t.add("all", grouped(total))
	t.write(out)
	if err != nil {
		return again(c, err)
	}
	fmt.Fprintln(out, "every invariant held")
	return nil
}

// again adds to what went wrong how to do the same again.
func again(c torture.Config, err error) error {
	return fmt.Errorf("%w\nto do the same again: seqbench torture -seed %d -goroutines %d -for %v", err, c.Seed, c.Goroutines, c.For)
}
