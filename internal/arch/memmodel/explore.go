package memmodel

import (
	"fmt"
	"slices"
	"strings"
)

// State is how an execution ended.
type State struct {
	p       *Program
	picked  []*trace
	final   []uint64 // of each location; nil as long as it is not known
	unknown bool     // the condition has asked for what is not known
}

// Result returns what the thread recorded under that name, or 0.
func (s *State) Result(thread int, name string) uint64 { return s.picked[thread].results[name] }

// Has says whether the thread recorded a result of that name.
func (s *State) Has(thread int, name string) bool {
	_, ok := s.picked[thread].results[name]
	return ok
}

// Final returns the last value of the location at addr.
func (s *State) Final(addr uint64) uint64 {
	if s.final == nil {
		s.unknown = true
		return 0
	}
	return s.final[s.p.byAddr[addr]]
}

// String lists the results of the threads and the final values.
func (s *State) String() string {
	var out []string
	for i, t := range s.picked {
		for name, v := range t.results {
			out = append(out, fmt.Sprintf("%s.%s=%d", s.p.threads[i].name, name, v))
		}
	}
	slices.Sort(out)
	for i, l := range s.p.locs {
		if s.final != nil {
			out = append(out, fmt.Sprintf("[%s]=%d", l.name, s.final[i]))
		}
	}
	return strings.Join(out, " ")
}

// Condition is a question about final states. It must depend on the state alone.
type Condition func(*State) bool

// Answer is what Explore found.
type Answer struct {
	Possible []bool   // whether each condition holds at the end of some execution
	Witness  []string // and such an end
	Fault    string   // what a thread did, in some execution, that no thread may do
	Combined int      // combinations of runs of the threads whose executions were looked at
}

// maxRounds bounds the values that depend on each other; see domains.
const maxRounds = 12

// Explore goes through all executions of the program under its model, and finds out which
// conditions hold at the end of one. It stops when all do.
//
// A value that a location can have only after several others is found in rounds. In each
// round, a thread that might read a value not found so far is also run up to that read only;
// if such an execution exists together with the write of that value, another round is needed.
// That is enough because every beginning of an execution is an execution.
func (p *Program) Explore(conditions ...Condition) Answer {
	a := Answer{Possible: make([]bool, len(conditions)), Witness: make([]string, len(conditions))}
	d := p.firstDomains()
	for range maxRounds {
		x := explorer{p: p, conditions: conditions, answer: &a}
		for i, l := range p.locs {
			x.first.add(d.number(i, l.init))
		}
		plain := d.settled()
		var more []threadSet
		more, x.beyond = d.more(plain)
		if x.run(plain); !x.another && x.beyond != (valueSet{}) && !x.done() {
			x.cutOnly = true
			x.run(d.traces(more))
		}
		if !x.another || x.done() && !x.cutOnly {
			return a
		}
		d.grow(plain)
	}
	a.Fault = fmt.Sprintf("values still new after %d rounds", maxRounds)
	return a
}

// explorer is one round of Explore.
type explorer struct {
	p          *Program
	conditions []Condition
	answer     *Answer
	traces     [][]*trace
	first      valueSet   // the first values
	beyond     valueSet   // the values that are in no domain
	another    bool       // an execution writes one of those, so another round is needed
	cutOnly    bool       // the combinations without a run that was cut have been looked at
	rest       []valueSet // what the threads from each one on can write at all
	picked     []*trace
}

// done says whether nothing is left to find out in this round.
func (x *explorer) done() bool {
	if x.cutOnly && x.another {
		return true
	}
	return x.answer.Fault != "" || !slices.Contains(x.answer.Possible, false)
}

func (x *explorer) run(traces [][]*trace) {
	x.traces = traces
	n := len(traces)
	x.rest = make([]valueSet, n+1)
	for i := n - 1; i >= 0; i-- {
		x.rest[i] = x.rest[i+1]
		for _, t := range x.traces[i] {
			x.rest[i] = x.rest[i].or(&t.provides)
		}
	}
	x.picked = make([]*trace, 0, n)
	x.pick(x.first, valueSet{})
}

// pick goes through the combinations of traces in which each read finds its value somewhere.
func (x *explorer) pick(have, need valueSet) {
	i := len(x.picked)
	if i == len(x.traces) {
		x.combine(&have)
		return
	}
	for _, t := range x.traces[i] {
		h, n := have.or(&t.provides), need.or(&t.needs)
		all := h.or(&x.rest[i+1])
		if !n.in(&all) {
			continue
		}
		x.picked = append(x.picked, t)
		x.pick(h, n)
		x.picked = x.picked[:i]
		if x.done() {
			return
		}
	}
}

// combine looks at the executions of one combination, if one of them could be of interest.
func (x *explorer) combine(have *valueSet) {
	cut, fault := false, ""
	for _, t := range x.picked {
		cut = cut || t.cut
		if t.fault != "" {
			fault = t.fault
		}
	}
	fresh := !x.another && have.meets(&x.beyond)
	s := &State{p: x.p, picked: x.picked}
	if x.cutOnly && !cut || !fresh && (cut || fault == "" && !x.undecided(s)) {
		return
	}
	x.answer.Combined++
	newExecution(x.p, x.picked).each(func(final []uint64) (enough bool) {
		x.another = x.another || fresh
		switch {
		case cut:
			return true
		case fault != "":
			x.answer.Fault = fault
			return true
		}
		s.final = final
		return !x.judge(s)
	})
}

// undecided says whether a condition that does not hold so far holds in s, or may, depending on
// the final values.
func (x *explorer) undecided(s *State) bool {
	for i, holds := range x.conditions {
		if x.answer.Possible[i] {
			continue
		}
		if s.unknown = false; holds(s) || s.unknown {
			return true
		}
	}
	return false
}

// judge notes which conditions hold in s, and says whether some do not hold so far that may in
// another execution of the same traces.
func (x *explorer) judge(s *State) (undecided bool) {
	for i, holds := range x.conditions {
		if !x.answer.Possible[i] && holds(s) {
			x.answer.Possible[i], x.answer.Witness[i] = true, s.String()
		}
	}
	return x.undecided(&State{p: s.p, picked: s.picked})
}
