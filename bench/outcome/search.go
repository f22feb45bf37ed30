package outcome

import (
	"fmt"
	"runtime/debug"
)

// Options says how much to search.
type Options struct {
	Runs        int    // in all; rounded up to a small multiple
	PerScenario int    // runs of one scenario; 0 stands for a default
	Seed        uint64 // of the first scenario; each further one has the next seed
}

const defaultPerScenario = 4000

// Report is what a search has come to.
type Report struct {
	Runs, Scenarios int
	Seen, Allowed   int // outcomes, of all scenarios
	Violation       *Violation
}

// Violation is an outcome that no order of the calls explains.
type Violation struct {
	Scenario *Scenario
	Outcome  Outcome
	Subject  string
	Allowed  int // outcomes that the scenario may have
	Run      int // which run of the search it was, from 1
}

func (v *Violation) String() string {
	return fmt.Sprintf("%s: run %d has an outcome that is none of the %d possible ones\n%s",
		v.Subject, v.Run, v.Allowed, v.Scenario.text(&v.Outcome))
}

// gcPercent is how much garbage there may be while scenarios run. Most runs are short enough for
// a collection to push them apart.
const gcPercent = 2000

// Search runs random scenarios on maps of the subject until it finds a violation or has made all
// runs. It keeps up to three goroutines busy, and has the garbage collector of the whole
// program run seldom meanwhile. A map that hangs hangs the search.
func Search(subject Subject, o Options) (rep Report) {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	if o.PerScenario == 0 {
		o.PerScenario = defaultPerScenario
	}
	for seed := o.Seed; rep.Runs < o.Runs && rep.Violation == nil; seed++ {
		p := play(New(seed, subject.Kinds), subject, min(o.PerScenario, o.Runs-rep.Runs))
		if rep.Violation = p.violation; rep.Violation != nil {
			rep.Violation.Run += rep.Runs + 1
		}
		rep.Runs += int(p.runs.Load())
		rep.Scenarios++
		rep.Seen += len(p.seen)
		rep.Allowed += len(p.allowed)
	}
	return rep
}
