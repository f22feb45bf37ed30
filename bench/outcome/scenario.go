package outcome

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

const (
	maxThreads = 3
	maxCalls   = 9 // in a scenario: three goroutines with three each, or two with up to four
	maxBatches = 2 // in a scenario, because each of them doubles the orders to enumerate
)

// Scenario is a tiny concurrent program.
type Scenario struct {
	Seed    uint64
	Before  [Keys]uint16 // the value of each key before the calls; 0 if it is absent
	Threads [][]Call
	Fillers int  // other keys that are in a new map, so that it may be about to grow
	Reuse   int  // runs with one map, at least 1
	NewKeys bool // each run with a map has keys of its own; else they are put back as they were
}

// New returns the scenario of a seed, with calls of the given kinds, of which there must be one
// at least.
func New(seed uint64, of []Kind) *Scenario {
	m := maker{rand: rand.New(rand.NewPCG(seed, 0))}
	s := &Scenario{Seed: seed, Reuse: []int{1, 8, 64}[m.rand.IntN(3)], NewKeys: m.rand.IntN(2) == 0}
	if m.rand.IntN(2) == 0 {
		s.Fillers = m.rand.IntN(24)
	}
	for key := range s.Before {
		if m.rand.IntN(2) == 0 {
			s.Before[key] = before + uint16(key)
		}
	}
	// Few kinds in one scenario meet each other more often than many.
	for range 3 {
		m.kinds = append(m.kinds, of[m.rand.IntN(len(of))])
	}
	m.kinds = append(m.kinds, of[0])
	threads, most := 2, 4
	if m.rand.IntN(3) == 0 {
		threads, most = 3, 3
	}
	for range threads {
		var calls []Call
		for range 2 + m.rand.IntN(most-1) {
			calls = append(calls, m.call())
		}
		s.Threads = append(s.Threads, calls)
	}
	return s
}

// before is the value of the first key before the calls. It is above all that calls store and
// below all that they add.
const before = 2*maxCalls + 2

// maker makes the calls of a scenario.
type maker struct {
	rand           *rand.Rand
	kinds          []Kind
	calls, batches int // so far
}

// call returns the next call. Every value is stored by one call only.
func (m *maker) call() Call {
	kind := m.kinds[m.rand.IntN(len(m.kinds))]
	if kind.isBatch() {
		if m.batches++; m.batches > maxBatches {
			kind = m.kinds[len(m.kinds)-1]
		}
	}
	value := uint16(2*m.calls + 1)
	m.calls++
	if kind.adds() {
		value <<= 5
	}
	old := before + uint16(m.rand.IntN(Keys))
	if m.rand.IntN(2) == 0 {
		old = uint16(2*m.rand.IntN(maxCalls) + 1)
	}
	return Call{Kind: kind, Key: m.rand.IntN(Keys), Value: value, Old: old}
}

func (s *Scenario) initial() (st state) {
	for key, number := range s.Before {
		st[key] = entry{number, number != 0}
	}
	return st
}

// clears says whether a call of the scenario clears the map.
func (s *Scenario) clears() bool {
	for _, calls := range s.Threads {
		for _, c := range calls {
			if c.Kind == Clear {
				return true
			}
		}
	}
	return false
}

func (s *Scenario) String() string { return s.text(nil) }

// text returns the scenario in words, with the outcome if there is one.
func (s *Scenario) text(o *Outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: before: key 0 %v, key 1 %v; %d other keys, %d runs with one map, new keys %v\n",
		s.Seed, s.initial()[0].result(), s.initial()[1].result(), s.Fillers, s.Reuse, s.NewKeys)
	at := 0
	for t, calls := range s.Threads {
		fmt.Fprintf(&b, "  goroutine %d:", t)
		for _, c := range calls {
			fmt.Fprintf(&b, "  %v", c)
			if o != nil {
				fmt.Fprintf(&b, " = %v", o[at])
			}
			at++
		}
		b.WriteByte('\n')
	}
	if o != nil {
		fmt.Fprintf(&b, "  after: key 0 %v, key 1 %v, %d of them counted\n", o[at], o[at+1], int32(o[at+Keys]))
	}
	return b.String()
}
