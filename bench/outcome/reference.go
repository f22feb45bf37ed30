package outcome

import "math/bits"

// entry is what a map has for one key.
type entry struct {
	number uint16
	ok     bool
}

func (e entry) result() Result { return Of(e.number, e.ok) }

// state is the reference: a map of two keys.
type state [Keys]entry

// apply is the specification of every kind of call on one key.
func (s *state) apply(c Call) Result {
	e := &s[c.Key]
	was := *e
	switch c.Kind {
	case Load, Get, GetBatch, ComputeLeave:
		return was.result()
	case Contains:
		return Of(0, was.ok)
	case Insert, Swap:
		*e = entry{c.Value, true}
		return was.result()
	case Store, InsertBatch:
		*e = entry{c.Value, true}
	case LoadOrStore, LoadOrCompute:
		if was.ok {
			return was.result()
		}
		*e = entry{c.Value, true}
		return Of(c.Value, false)
	case LoadAndDelete, Remove:
		*e = entry{}
		return was.result()
	case Delete, ComputeRemove:
		*e = entry{}
	case CompareAndSwap, CompareAndDelete:
		return s.compare(c)
	case Add, Update, ComputeAdd:
		*e = entry{was.number + c.Value, true}
		return e.result()
	case RemoveBatch:
		*e = entry{}
		if was.ok {
			return Of(1, false)
		}
	case Clear:
		*s = state{}
	}
	return 0
}

func (s *state) compare(c Call) Result {
	e := &s[c.Key]
	if !e.ok || e.number != c.Old {
		return 0
	}
	*e = entry{c.Value, true}
	if c.Kind == CompareAndDelete {
		*e = entry{}
	}
	return Of(0, true)
}

// final returns what the map holds at the end, as an outcome has it.
func (s *state) final() (f [Keys + 1]Results) {
	for key, e := range s {
		f[key] = Results(e.result())
		if e.ok {
			f[Keys]++
		}
	}
	return f
}

// Outcome is what can be seen of a run: the results of the calls, goroutine after goroutine,
// then what a Load of each key returns when all is over, and how many of the keys the map
// counts. What is not used is 0.
type Outcome [maxCalls + Keys + 1]Results

// step is one operation on one key, or on none. A batch is two.
type step struct {
	Call
	at     int  // which result of the outcome it gives
	second bool // it is of the second key of a batch
	free   bool // the step after it may come first: both are of one GetBatch
}

// steps returns what the goroutine does whose first call is number at of the scenario.
func steps(calls []Call, at int) (list []step) {
	for i, c := range calls {
		first := step{Call: c, at: at + i, free: c.Kind == GetBatch}
		list = append(list, first)
		if c.Kind.isBatch() {
			list = append(list, step{Call: c.other(), at: at + i, second: true})
		}
	}
	return list
}

// position is a point on the way through a scenario. No two ways on from equal positions
// differ.
type position struct {
	done  [maxThreads]uint32 // the steps that are done, one bit each
	state state
	out   Outcome
}

// Allowed returns the outcomes that a linearizable map may show. Its time grows with the number
// of the orders of the calls that make a difference.
func (s *Scenario) Allowed() map[Outcome]bool {
	var threads [][]step
	at := 0
	for _, calls := range s.Threads {
		threads = append(threads, steps(calls, at))
		at += len(calls)
	}
	e := enumeration{threads: threads, calls: at, visited: map[position]bool{}, allowed: map[Outcome]bool{}}
	e.from(position{state: s.initial()})
	return e.allowed
}

// enumeration goes through all orders of the steps.
type enumeration struct {
	threads [][]step
	calls   int
	visited map[position]bool
	allowed map[Outcome]bool
}

func (e *enumeration) from(p position) {
	if e.visited[p] {
		return
	}
	e.visited[p] = true
	ended := true
	for t, list := range e.threads {
		i := bits.TrailingZeros32(^p.done[t])
		if i == len(list) {
			continue
		}
		ended = false
		e.from(p.after(t, i, list[i]))
		if list[i].free && p.done[t]>>(i+1)&1 == 0 {
			e.from(p.after(t, i+1, list[i+1]))
		}
	}
	if ended {
		f := p.state.final()
		copy(p.out[e.calls:], f[:])
		e.allowed[p.out] = true
	}
}

// after returns the position after step i of goroutine t.
func (p position) after(t, i int, s step) position {
	r := Results(p.state.apply(s.Call))
	if s.second && s.Kind == GetBatch {
		r <<= 16
	}
	p.out[s.at] += r
	p.done[t] |= 1 << i
	return p
}
