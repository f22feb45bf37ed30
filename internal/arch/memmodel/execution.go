package memmodel

// execution is a combination of runs, one of each thread, of which the possible executions are
// to be found: the ways to say which write each read reads from (rf), and in which order the
// writes of a location come (co).
type execution struct {
	p      *Program
	events []globalEvent
	halves [][]int // of each thread, the number among events of each of its own, or -1
	base   relation
	places []place
}

type globalEvent struct {
	*event
	thread, at int
}

// place is a location and all accesses to it.
type place struct {
	loc     int
	writes  [][]int // of each thread that has some, in its order
	threads [][]int // the accesses of each thread, in its order
	reads   []int
}

// outcome is one coherent way in which the accesses to a location may have come.
type outcome struct {
	edges [][2]int
	final uint64
}

func newExecution(p *Program, picked []*trace) *execution {
	x := &execution{p: p, halves: make([][]int, len(picked))}
	constant := constants(p, picked)
	for t, tr := range picked {
		x.halves[t] = make([]int, len(tr.events))
		for i := range tr.events {
			e := &tr.events[i]
			if x.halves[t][i] = -1; !e.access() || constant[e.loc] && e.idle(p) {
				continue
			}
			x.halves[t][i] = len(x.events)
			x.events = append(x.events, globalEvent{e, t, i})
		}
	}
	if len(x.events) > 64 {
		panic("memmodel: more than 64 accesses in an execution")
	}
	for t, tr := range picked {
		for i, later := range tr.order {
			for j := i + 1; j < len(tr.events); j++ {
				if a, b := x.halves[t][i], x.halves[t][j]; later.has(j) && a >= 0 && b >= 0 {
					x.base.add(a, b)
				}
			}
		}
	}
	x.findPlaces(len(picked))
	return x
}

// constants says of each location whether no trace writes it.
func constants(p *Program, picked []*trace) []bool {
	constant := make([]bool, len(p.locs))
	for i := range constant {
		constant[i] = true
	}
	for _, tr := range picked {
		for i := range tr.events {
			if e := &tr.events[i]; e.kind == write {
				constant[e.loc] = false
			}
		}
	}
	return constant
}

// idle says whether an access to a location that nobody writes need not be looked at: a plain read
// of what is there from the beginning, whose address depends on nothing. Nothing comes after
// such a read but by the thread's own order, and what comes before it does so by a barrier or by
// an order of its own, which puts it before all that comes after the read as well.
func (e *event) idle(p *Program) bool {
	return e.kind == read && e.order == Plain && !e.atomic && e.addr == (Deps{}) && e.value == p.locs[e.loc].init
}

func (x *execution) findPlaces(threads int) {
	byLoc := map[int]*place{}
	var locs []int
	for g, e := range x.events {
		pl := byLoc[e.loc]
		if pl == nil {
			pl = &place{loc: e.loc, writes: make([][]int, threads), threads: make([][]int, threads)}
			byLoc[e.loc] = pl
			locs = append(locs, e.loc)
		}
		pl.threads[e.thread] = append(pl.threads[e.thread], g)
		if e.kind == write {
			pl.writes[e.thread] = append(pl.writes[e.thread], g)
		} else {
			pl.reads = append(pl.reads, g)
		}
	}
	for _, l := range locs {
		x.places = append(x.places, *byLoc[l])
	}
}

// each calls f with the final values of each execution that the model allows, until f returns
// true.
func (x *execution) each(f func(final []uint64) bool) {
	outcomes := make([][]outcome, len(x.places))
	for i := range x.places {
		if outcomes[i] = x.outcomes(&x.places[i]); outcomes[i] == nil {
			return
		}
	}
	final := make([]uint64, len(x.p.locs))
	for i, l := range x.p.locs {
		final[i] = l.init
	}
	var rec func(i int, r *relation) bool
	rec = func(i int, r *relation) bool {
		if i == len(outcomes) {
			return f(final)
		}
	next:
		for _, o := range outcomes[i] {
			r := *r
			for _, e := range o.edges {
				if !r.add(e[0], e[1]) {
					continue next
				}
			}
			if final[x.places[i].loc] = o.final; rec(i+1, &r) {
				return true
			}
		}
		return false
	}
	rec(0, &x.base)
}

// outcomes returns the coherent ways for one location.
func (x *execution) outcomes(pl *place) (out []outcome) {
	n := 0
	for _, ws := range pl.writes {
		n += len(ws)
	}
	co, taken := make([]int, 0, n), make([]int, len(pl.writes))
	var rec func()
	rec = func() {
		if len(co) == n {
			out = x.readsFrom(pl, co, out)
			return
		}
		for t, ws := range pl.writes {
			if taken[t] == len(ws) {
				continue
			}
			co = append(co, ws[taken[t]])
			taken[t]++
			rec()
			taken[t]--
			co = co[:len(co)-1]
		}
	}
	rec()
	return out
}

// readsFrom adds the ways to choose what the reads of a location read from, if its writes come
// in the order co.
func (x *execution) readsFrom(pl *place, co []int, out []outcome) []outcome {
	// The place in co of each write, from 1, and of the write that each read reads from; 0 is
	// the first value.
	var pos [64]int
	for i, w := range co {
		pos[w] = i + 1
	}
	var rec func(k int)
	rec = func(k int) {
		if k == len(pl.reads) {
			if x.coherent(pl, co, &pos) {
				out = append(out, x.outcome(pl, co, &pos))
			}
			return
		}
		r := pl.reads[k]
		for i := 0; i <= len(co); i++ {
			v := x.p.locs[pl.loc].init
			if i > 0 {
				v = x.events[co[i-1]].value
			}
			if v == x.events[r].value {
				pos[r] = i
				rec(k + 1)
			}
		}
	}
	rec(0)
	return out
}

// coherent says whether each thread sees the location change in the order of its writes, and
// whether nobody wrote between the halves of a read-modify-write.
func (x *execution) coherent(pl *place, co []int, pos *[64]int) bool {
	for _, accesses := range pl.threads {
		now := 0
		for _, g := range accesses {
			if pos[g] < now || x.events[g].kind == write && pos[g] == now {
				return false
			}
			now = pos[g]
		}
	}
	for i, w := range co {
		e := x.events[w]
		if e.reads < 0 {
			continue
		}
		for k := pos[x.halves[e.thread][e.reads]]; k < i; k++ {
			if x.events[co[k]].thread != e.thread {
				return false
			}
		}
	}
	return true
}

// outcome returns the order that co and the choices of the reads impose.
func (x *execution) outcome(pl *place, co []int, pos *[64]int) outcome {
	o := outcome{final: x.p.locs[pl.loc].init}
	for i, w := range co {
		if i > 0 {
			o.edges = append(o.edges, [2]int{co[i-1], w})
		}
		o.final = x.events[w].value
	}
	for _, r := range pl.reads {
		if i := pos[r]; i > 0 {
			// A processor reads its own writes before others see them, so those say nothing.
			if w := co[i-1]; x.p.Model == SC || x.events[w].thread != x.events[r].thread {
				o.edges = append(o.edges, [2]int{w, r})
			}
		}
		if i := pos[r]; i < len(co) {
			o.edges = append(o.edges, [2]int{r, co[i]})
		}
	}
	return o
}

// relation is a strict order of up to 64 events: of each, those behind it.
type relation [64]uint64

// add puts b behind a, and says false if a was behind b already.
func (r *relation) add(a, b int) bool {
	if a == b || r[b]>>a&1 != 0 {
		return false
	}
	if r[a]>>b&1 != 0 {
		return true
	}
	behind := r[b] | 1<<b
	r[a] |= behind
	for i := range r {
		if r[i]>>a&1 != 0 {
			r[i] |= behind
		}
	}
	return true
}
