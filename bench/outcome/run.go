package outcome

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// line is how far things that different goroutines write stand apart, in bytes.
const line = 128

// barrier is where the goroutines of a scenario meet.
type barrier struct {
	looks int // how often a goroutine looks at most before it lets others run
	_     [line]byte
	count atomic.Uint64 // arrivals so far, at all meetings
	_     [line]byte
}

// meet returns when all have come that arrivals, of all meetings so far, stands for. It spins, so
// that they go on within a few moments of each other. If that takes long it lets other
// goroutines run; and after so many turns it sleeps, because then the machine is busy with
// something else. Who sleeps goes on later than the others. It returns whether the looks, as many
// as are given, were too few.
func (b *barrier) meet(arrivals uint64, looks, turns int) (late bool) {
	b.count.Add(1)
	for i := 0; b.count.Load() < arrivals; i++ {
		switch {
		case i >= looks+turns:
			time.Sleep(nap)
		case i >= looks:
			late = true
			runtime.Gosched()
		}
	}
	return late
}

const (
	// manyLooks take longer than most waits do if there is a processor for each goroutine.
	manyLooks = 5000
	fewLooks  = 16
	nap       = 20 * time.Microsecond
	// A meeting before the calls of a run is worth more turns than one between blocks of runs.
	turnsBeforeCalls, turnsBetweenBlocks = 300, 20
)

// lanes is how many runs are prepared at once. They are separate, each with a map of its own,
// but one follows the other with no more than a meeting in between.
const lanes = 16

// lane is what one run at a time takes place in.
type lane struct {
	m      Map
	uses   int    // runs with m so far
	others int    // entries of m that are none of the scenario's keys
	key    uint64 // key 0 of the current run
}

// player runs one scenario on real maps. Its goroutines are those of the scenario. They also
// share the preparation of the runs and the look at what came out.
type player struct {
	*Scenario
	subject Subject
	allowed map[Outcome]bool
	clears  bool
	blocks  int
	barrier
	lanes   [lanes]lane
	results [maxThreads][lanes]struct { // written by the goroutine, read after the next meeting
		of [maxCalls]Results
		_  [line]byte
	}
	mu        sync.Mutex
	seen      map[Outcome]bool // guarded by mu
	violation *Violation       // guarded by mu
	violated  atomic.Bool      // there is a violation
	runs      atomic.Int64
}

// play runs a scenario at least n times, or until it finds a violation. If no run ends in the time
// of patience it returns without the goroutines, which may still write what mu guards.
func play(s *Scenario, subject Subject, n int, patience time.Duration) (p *player, ended bool) {
	p = &player{Scenario: s, subject: subject, allowed: s.Allowed(), clears: s.clears(),
		blocks: (n + lanes - 1) / lanes, seen: map[Outcome]bool{}}
	if runtime.GOMAXPROCS(0) >= len(s.Threads) {
		p.looks = manyLooks
	}
	var all sync.WaitGroup
	for t := range s.Threads {
		all.Add(1)
		go func() {
			defer all.Done()
			g := goroutine{player: p, t: t, rand: rand.New(rand.NewPCG(s.Seed, uint64(t))), seen: map[Outcome]bool{}}
			g.play()
		}()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		all.Wait()
	}()
	return p, p.ends(done, patience)
}

// ends waits until done is closed, or no further run has ended in the time of patience, and says
// which.
func (p *player) ends(done <-chan struct{}, patience time.Duration) bool {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for was := int64(-1); ; was = p.runs.Load() {
		select {
		case <-done:
			return true
		case <-tick.C:
			if p.runs.Load() == was {
				return false
			}
		}
	}
}

// goroutine is one of a player's.
type goroutine struct {
	*player
	t        int
	patience int    // how often it looks at the next meeting; see meet
	arrivals uint64 // at the barrier, of all goroutines, when the next meeting begins
	rand     *rand.Rand
	seen     map[Outcome]bool // by this goroutine
}

// meet has the goroutine wait for the others. It looks less often after it has looked in vain: on a
// busy machine its looks may be what keeps the one that it waits for from its processor.
func (g *goroutine) meet(turns int) {
	g.arrivals += uint64(len(g.Threads))
	if g.barrier.meet(g.arrivals, g.patience, turns) {
		g.patience /= 2
	} else {
		g.patience = min(2*g.patience+fewLooks, g.looks)
	}
}

func (g *goroutine) play() {
	for block := range g.blocks {
		for i := g.t; i < lanes; i += len(g.Threads) {
			g.prepare(&g.lanes[i])
		}
		g.meet(turnsBetweenBlocks)
		if g.violated.Load() { // set before the meeting, if at all
			break
		}
		for i := range g.lanes {
			g.call(&g.lanes[i], g.results[g.t][i].of[:])
		}
		g.meet(turnsBetweenBlocks)
		for i := g.t; i < lanes; i += len(g.Threads) {
			g.judge(g.outcome(i), block*lanes+i)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for out := range g.seen {
		g.player.seen[out] = true
	}
}

// prepare brings a lane to where the scenario begins.
func (g *goroutine) prepare(l *lane) {
	if l.m == nil || l.uses >= g.Reuse {
		l.m, l.uses, l.others = g.subject.New(), 0, g.Fillers
		fill(l.m, g.Fillers)
	}
	l.uses++
	if g.NewKeys {
		l.key += Keys
	}
	for key, number := range g.Before {
		c := Call{Kind: Store, Key: key, Value: number}
		if number == 0 {
			c.Kind = Delete
		}
		l.m.Do(l.key, c)
	}
}

// longestPause is how many turns of an empty loop put one goroutine behind another by about as
// much as a few calls take.
const longestPause = 100

// call makes the goroutine's calls, when all goroutines of the run are ready.
func (g *goroutine) call(l *lane, results []Results) {
	pause := g.rand.IntN(longestPause)
	g.meet(turnsBeforeCalls)
	for range pause {
	}
	for i, c := range g.Threads[g.t] {
		results[i] = l.m.Do(l.key, c)
	}
}

// outcome returns what is to be seen of the run in a lane, which has ended.
func (g *goroutine) outcome(i int) (o Outcome) {
	n := 0
	for t, calls := range g.Threads {
		n += copy(o[n:], g.results[t][i].of[:len(calls)])
	}
	l := &g.lanes[i]
	present := 0
	for key := range Keys {
		o[n+key] = l.m.Do(l.key, Call{Kind: Load, Key: key})
		present += int(o[n+key] & 1)
	}
	if g.clears {
		l.others = 0
	}
	o[n+Keys] = Results(present)
	if g.subject.Counts {
		o[n+Keys] = Results(l.m.Len() - l.others)
	}
	if g.NewKeys {
		l.others += present
	}
	return o
}

// judge takes note of an outcome.
func (g *goroutine) judge(out Outcome, run int) {
	g.runs.Add(1)
	if g.seen[out] {
		return
	}
	if g.allowed[out] {
		g.seen[out] = true
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.violation == nil || run < g.violation.Run {
		g.violation = &Violation{Scenario: g.Scenario, Outcome: out, Subject: g.subject.Name, Allowed: len(g.allowed), Run: run}
	}
	g.violated.Store(true)
}
