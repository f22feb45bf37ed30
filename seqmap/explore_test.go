//go:build seqsched

package seqmap

import (
	"flag"
	"runtime/debug"
	"testing"
	"time"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/sched"
)

var (
	scheduleFlag = flag.String("schedule", "", "the only schedule of TestExplore to run, as a failure prints it")
	deeperFlag   = flag.Int("deeper", 0, "preemptions of TestExplore beyond the bounds of the scenarios")
	shardFlag    = flag.Int("shard", 0, "the part of TestExplore to run, from 0")
	shardsFlag   = flag.Int("shards", 1, "the number of parts of TestExplore")
	walksFlag    = flag.Int("walks", 1000, "random schedules of each scenario of TestExplore")
	seedFlag     = flag.Uint64("seed", 1, "seed of the random schedules of TestExplore")
)

// explore runs a scenario over maps of one shape.
func (s *scenario) explore(c sched.Config, sh shape) sched.Report {
	make := sh.prepare(s)
	s.outcomes = map[outcome]bool{}
	return sched.Explore(c, func() sched.Program {
		w := &world{subject: make(), scenario: s, small: sh.small}
		w.history = w.room[:0]
		w.first = w.core().root.Load().lineage
		w.begin()
		p := sched.Program{Watch: w.watch, Check: w.check}
		for _, ops := range s.threads {
			p.Threads = append(p.Threads, w.thread(ops))
		}
		return p
	})
}

// config says which schedules of the scenario to explore. All of those with few preemptions are
// explored for two of the shapes; for the others, which share the code, fewer and random ones.
func (s *scenario) config(t *testing.T, sh shape) sched.Config {
	c := sched.Config{Preemptions: s.bound + *deeperFlag, Walks: *walksFlag, Seed: *seedFlag}
	if testing.Short() || sh.name != wordShape.name && sh.name != wide16Shape.name {
		c.Preemptions = min(1, c.Preemptions)
	}
	if testing.Short() {
		c.Walks /= 10
	}
	if *scheduleFlag != "" {
		var err error
		if c.Schedule, err = sched.ParseSchedule(*scheduleFlag); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// TestExplore runs every scenario under all schedules up to its bound of preemptions, and then
// under random ones.
func TestExplore(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	arch.StepHook, arch.SpinHook = sched.Step, sched.Spin
	defer func() { arch.StepHook, arch.SpinHook = nil, nil }()
	n := 0
	for i := range scenarios {
		s := &scenarios[i]
		for _, sh := range s.shapes {
			n++
			if n%*shardsFlag != *shardFlag {
				continue
			}
			t.Run(s.name+"/"+sh.name, func(t *testing.T) {
				c := s.config(t, sh)
				began := time.Now()
				rep := s.explore(c, sh)
				t.Logf("%d preemptions: %d schedules, %d accesses, %d outcomes, %v",
					c.Preemptions, rep.Runs, rep.Steps, len(s.outcomes), time.Since(began).Round(time.Millisecond))
				if rep.Err != nil {
					t.Errorf("this failed:\n%v\nThe threads made their accesses in this order: %s\nTo run it again: go test -tags seqsched ./seqmap -run '%s' -schedule %v",
						rep.Err, rep.Trace, t.Name(), rep.Schedule)
				}
			})
		}
	}
}
