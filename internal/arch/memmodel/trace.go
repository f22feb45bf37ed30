package memmodel

// trace is one way in which a thread may run, given what its reads return.
type trace struct {
	events   []event
	order    []set // localOrder
	results  map[string]uint64
	needs    valueSet // the values that its reads must find
	provides valueSet // the values that its writes leave
	cut      bool     // it is only the beginning of a run
	fault    string
}

// domains are the values that the locations may have. They grow in rounds: at first each
// location has its first value, and then also what the threads write when they read values
// of the round before.
type domains struct {
	p      *Program
	values [][]candidate
	index  []map[uint64]int // value of a location to its number among all values of all of them
	n      int
}

// candidate is a value that a location may have, and the set of threads that may write it.
type candidate struct {
	value   uint64
	writers threadSet
}

// threadSet is a set of the threads of a program.
type threadSet uint64

// others says whether a thread other than t is in the set.
func (s threadSet) others(t int) bool { return s&^(1<<t) != 0 }

func (p *Program) firstDomains() *domains {
	d := &domains{p: p, values: make([][]candidate, len(p.locs)), index: make([]map[uint64]int, len(p.locs))}
	for i, l := range p.locs {
		d.index[i] = map[uint64]int{}
		d.number(i, l.init)
		d.values[i] = []candidate{{value: l.init}}
	}
	return d
}

// number returns the number of a value of a location.
func (d *domains) number(loc int, x uint64) int {
	n, ok := d.index[loc][x]
	if !ok {
		n = d.n
		d.index[loc][x] = n
		d.n++
	}
	return n
}

// candidate returns the value x of a location, or nil if it is in no domain yet.
func (d *domains) candidate(loc int, x uint64) *candidate {
	for i := range d.values[loc] {
		if c := &d.values[loc][i]; c.value == x {
			return c
		}
	}
	return nil
}

// eachWrite calls f for the writes of the traces.
func eachWrite(traces [][]*trace, f func(thread int, e *event)) {
	for t, ts := range traces {
		for _, tr := range ts {
			for i := range tr.events {
				if e := &tr.events[i]; e.kind == write {
					f(t, e)
				}
			}
		}
	}
}

// note adds the threads that write values of the domains. It returns false if that is nothing new.
func (d *domains) note(traces [][]*trace) (news bool) {
	eachWrite(traces, func(t int, e *event) {
		if c := d.candidate(e.loc, e.value); c != nil && c.writers>>t&1 == 0 {
			c.writers |= 1 << t
			news = true
		}
	})
	return news
}

// grow adds the values that the traces write.
func (d *domains) grow(traces [][]*trace) {
	eachWrite(traces, func(t int, e *event) {
		if d.candidate(e.loc, e.value) == nil {
			d.values[e.loc] = append(d.values[e.loc], candidate{value: e.value})
		}
	})
	d.note(traces)
}

// more returns what the traces write that is in no domain: of each location the threads that do,
// and the set of those values.
func (d *domains) more(traces [][]*trace) (writers []threadSet, beyond valueSet) {
	writers = make([]threadSet, len(d.values))
	eachWrite(traces, func(t int, e *event) {
		if d.candidate(e.loc, e.value) == nil {
			writers[e.loc] |= 1 << t
			beyond.add(d.number(e.loc, e.value))
		}
	})
	return writers, beyond
}

// traces returns all ways in which each thread can run. A read of a location for which another
// thread is in more may also be where the run is cut.
func (d *domains) traces(more []threadSet) [][]*trace {
	out := make([][]*trace, len(d.p.threads))
	for i := range d.p.threads {
		out[i] = d.tracesOf(i, more)
	}
	return out
}

// settled returns the traces without any that are cut, when it is known which threads write the
// values of the domains.
func (d *domains) settled() [][]*trace {
	for {
		if ts := d.traces(nil); !d.note(ts) {
			return ts
		}
	}
}

func (d *domains) tracesOf(t int, more []threadSet) (ts []*trace) {
	c := &CPU{p: d.p, thread: t, domains: d, more: more}
	for {
		if tr := c.trace(d, d.p.threads[t].run); !c.dropped || d.p.Waits && tr.provides != (valueSet{}) {
			ts = append(ts, tr)
		}
		if !c.choices.advance() {
			return ts
		}
	}
}

// trace runs the thread once.
func (c *CPU) trace(d *domains, run func(*CPU)) *trace {
	c.events, c.results, c.private = nil, map[string]uint64{}, privateMemory{}
	c.ctrl, c.group, c.groups, c.exclusive, c.steps = Deps{}, 0, 0, -1, 0
	c.failures, c.cut, c.fault, c.dropped = c.p.Failures, false, "", false
	c.runToStop(run)
	t := &trace{events: c.events, results: c.results, cut: c.cut || c.dropped, fault: c.fault}
	t.order = localOrder(c.p.Model, t.events)
	for i := range t.events {
		switch e := &t.events[i]; e.kind {
		case read:
			t.needs.add(d.number(e.loc, e.value))
		case write:
			t.provides.add(d.number(e.loc, e.value))
		}
	}
	return t
}

func (c *CPU) runToStop(run func(*CPU)) {
	defer func() {
		if r := recover(); r != nil && r != (stop{}) {
			panic(r)
		}
	}()
	run(c)
}

// valueSet is a set of the numbers of values, below 64 times its length.
type valueSet [8]uint64

func (b *valueSet) add(i int) {
	if i/64 >= len(b) {
		panic("memmodel: too many values")
	}
	b[i/64] |= 1 << (i % 64)
}

func (b *valueSet) or(o *valueSet) (r valueSet) {
	for i := range b {
		r[i] = b[i] | o[i]
	}
	return r
}

// in says whether b is a part of o.
func (b *valueSet) in(o *valueSet) bool {
	for i := range b {
		if b[i]&^o[i] != 0 {
			return false
		}
	}
	return true
}

func (b *valueSet) meets(o *valueSet) bool {
	for i := range b {
		if b[i]&o[i] != 0 {
			return true
		}
	}
	return false
}
