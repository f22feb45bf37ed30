package outcome

import (
	"fmt"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"time"
)

// Options says how much to search.
type Options struct {
	Runs        int    // in all; rounded up to a small multiple
	PerScenario int    // runs of one scenario; 0 stands for a default
	Seed        uint64 // of the first scenario; each further one has the next seed
	// Patience is how long a few runs may take before they are taken to hang; 0 stands for a minute.
	Patience time.Duration
}

const (
	defaultPerScenario = 4000
	defaultPatience    = time.Minute
)

// Report is what a search has come to.
type Report struct {
	Runs, Scenarios int
	Seen, Allowed   int // outcomes, of all scenarios
	Violation       *Violation
	Hang            *Hang
}

// Hang is a scenario that does not end.
type Hang struct {
	Scenario *Scenario
	Subject  string
	Run      int    // the search had made so many runs
	Stacks   string // of all goroutines of the program
}

func (h *Hang) Error() string {
	return fmt.Sprintf("%s: after run %d it hangs\n%v\n%s", h.Subject, h.Run, h.Scenario, h.Stacks)
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
// program run seldom meanwhile. If a scenario does not end, the search reports that and leaves its
// goroutines behind.
func Search(subject Subject, o Options) (rep Report) {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	if o.PerScenario == 0 {
		o.PerScenario = defaultPerScenario
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	for seed := o.Seed; rep.Runs < o.Runs && rep.Violation == nil; seed++ {
		p, ended := play(New(seed, subject.Kinds), subject, min(o.PerScenario, o.Runs-rep.Runs), o.Patience)
		if !ended {
			rep.Runs += int(p.runs.Load())
			rep.Hang = &Hang{p.Scenario, subject.Name, rep.Runs, stacks()}
			return rep
		}
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

// stacks returns the stacks of all goroutines.
func stacks() string {
	var b strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&b, 2) // a Builder takes all
	return b.String()
}
