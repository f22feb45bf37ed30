package torture

import (
	"fmt"
	"runtime/pprof"
	"strings"
	"time"
)

// defaultPatience is many times as long as a few turns take on the busiest machine.
const defaultPatience = time.Minute

// A Hang is a goroutine that did not come back from a job.
type Hang struct {
	Job     string
	Workers []string // what each goroutine was doing; the last one makes the checks at the end
	Stacks  string   // of all goroutines of the program
}

func (h *Hang) Error() string {
	return fmt.Sprintf("%s hangs:\n  %s\n\n%s", h.Job, strings.Join(h.Workers, "\n  "), h.Stacks)
}

// place is what a worker is doing: its job, counted from 1, and above jobBits its turns when it
// began with it. It is 0 while the worker is at no job.
type place uint64

const jobBits = 8

func (w *worker) enter(job int) { w.at.Store(w.turns<<jobBits | uint64(job+1)) }

func (w *worker) leave() { w.at.Store(0) }

// in returns which of the jobs it is, or nil if it is none.
func (p place) in(jobs []job) job {
	if p == 0 {
		return nil
	}
	return jobs[p&(1<<jobBits-1)-1]
}

// watch returns nil as soon as done is closed, and a Hang if one of the workers is still at the
// same place after the time of patience, at the latest after twice that.
func watch(workers []*worker, jobs []job, patience time.Duration, done <-chan struct{}) *Hang {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	was := make([]place, len(workers))
	for {
		select {
		case <-done:
			return nil
		case <-tick.C:
		}
		for i, w := range workers {
			at := place(w.at.Load())
			if j := at.in(jobs); j != nil && at == was[i] {
				return newHang(j, workers, jobs)
			}
			was[i] = at
		}
	}
}

func newHang(j job, workers []*worker, jobs []job) *Hang {
	h := &Hang{Job: j.name()}
	for _, w := range workers {
		who, what := fmt.Sprintf("goroutine %d", w.id), "at no job"
		if w.id < 0 {
			who = "checks at the end"
		}
		at := place(w.at.Load())
		if j := at.in(jobs); j != nil {
			what = fmt.Sprintf("%s, since turn %d", j.name(), at>>jobBits)
		}
		h.Workers = append(h.Workers, who+": "+what)
	}
	var stacks strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 2) // a Builder takes all
	h.Stacks = stacks.String()
	return h
}
