package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/seqmap/seqmap-go/bench/outcome"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

type outcomesFlags struct {
	subject string
	runs    int
	each    int
	seed    uint64
}

func setupOutcomes(fs *flag.FlagSet) action {
	flags := outcomesFlags{subject: rivals.NameSeqMap}
	fs.StringVar(&flags.subject, "map", flags.subject, "what the `name` of a map begins with")
	fs.IntVar(&flags.runs, "runs", 1_000_000, "`number` of runs of each map")
	fs.IntVar(&flags.each, "each", 4000, "`number` of runs of each scenario")
	fs.Uint64Var(&flags.seed, "seed", 1, "`seed` of the first scenario; each further one has the next")
	return action{check: flags.check, do: flags.do}
}

func (f *outcomesFlags) check() error {
	if f.runs < 1 {
		return fmt.Errorf("-runs is %d, must be at least 1", f.runs)
	}
	if f.each < 1 {
		return fmt.Errorf("-each is %d, must be at least 1", f.each)
	}
	if len(f.subjects()) == 0 {
		return fmt.Errorf("-map is %q, but there are %s", f.subject, strings.Join(names(outcomeSubjects()), "; "))
	}
	return nil
}

// outcomeSubjects returns all maps that scenarios can run on.
func outcomeSubjects() (list []outcome.Subject) {
	for h := range outcome.Hashes {
		list = append(list, outcome.SeqMaps(h)...)
	}
	return append(append(list, outcome.Rivals()...), outcome.HaxMap())
}

func names(list []outcome.Subject) (names []string) {
	for _, s := range list {
		names = append(names, s.Name)
	}
	return names
}

func (f *outcomesFlags) subjects() (list []outcome.Subject) {
	for _, s := range outcomeSubjects() {
		if strings.HasPrefix(s.Name, f.subject) {
			list = append(list, s)
		}
	}
	return list
}

func (f *outcomesFlags) do(out io.Writer, line *statusLine) error {
	t := newTable("map", "runs", "scenarios", "outcomes seen", "possible", "runs/s")
	var wrong []string
	var hang error
	for _, s := range f.subjects() {
		line.show(s.Name)
		began := time.Now()
		rep := outcome.Search(s, outcome.Options{Runs: f.runs, PerScenario: f.each, Seed: f.seed})
		rate := float64(rep.Runs) / time.Since(began).Seconds()
		t.add(s.Name, grouped(uint64(rep.Runs)), grouped(uint64(rep.Scenarios)), grouped(uint64(rep.Seen)),
			grouped(uint64(rep.Allowed)), grouped(uint64(rate)))
		if rep.Violation != nil {
			wrong = append(wrong, rep.Violation.String())
		}
		if rep.Hang != nil {
			hang = rep.Hang
			break // its goroutines are still there, and would be in the way of others
		}
	}
	line.clear()
	t.write(out)
	if wrong != nil {
		return errors.Join(fmt.Errorf("not linearizable\n%s", strings.Join(wrong, "\n")), hang)
	}
	return hang
}
