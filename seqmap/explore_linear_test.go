//go:build seqsched

package seqmap

// contents is the value of each key of a scenario, 0 if it is absent.
type contents [8]uint8

// apply carries out e on s, and says whether e had the outcome that it has now.
func (s *contents) apply(e *event) bool {
	old, x := int(s[e.key]), int(e.x)
	set := func(v int) { s[e.key] = uint8(v) }
	switch e.kind {
	case opGet:
		return e.got == old
	case opInsert:
		set(x)
		return e.got == old
	case opLoadOrStore:
		if old != 0 {
			return e.ok && e.got == old
		}
		set(x)
		return !e.ok && e.got == x
	case opRemove:
		set(0)
		return e.got == old
	case opUpdate, opAdd:
		set(old + x)
		return e.got == old+x
	case opSwapIf:
		if old == x {
			set(int(e.y))
		}
		return e.ok == (old == x)
	case opDeleteIf:
		if old == x {
			set(0)
		}
		return e.ok == (old == x)
	case opClear:
		*s = contents{}
		return true
	}
	panic("seqmap: " + opNames[e.kind] + " is not an operation on contents")
}

const maxEvents = 24

// outcome is what linearizability depends on: of each event the result, and the events that
// ended before it began.
type outcome [maxEvents]struct {
	op     op
	got    uint8
	ok     bool
	before uint32
}

// linearizable says whether the history, from the scenario's first contents, has an order that
// respects the times and gives every operation the outcome that it had.
func (w *world) linearizable() bool {
	var o outcome
	for i, e := range w.history {
		o[i].op, o[i].got, o[i].ok = e.op, uint8(e.got), e.ok
		for j, f := range w.history {
			if f.to < e.from {
				o[i].before |= 1 << j
			}
		}
	}
	verdict, known := w.outcomes[o]
	if !known {
		verdict = w.order(&o, 0, w.before, map[searched]bool{})
		w.outcomes[o] = verdict
	}
	return verdict
}

// searched is a state from which the search has found no way to the end.
type searched struct {
	done uint32
	now  contents
}

// order says whether the events that are not done can follow, beginning with the contents now.
func (w *world) order(o *outcome, done uint32, now contents, dead map[searched]bool) bool {
	if done == 1<<len(w.history)-1 {
		return true
	}
	if dead[searched{done, now}] {
		return false
	}
	for i := range w.history {
		if done&(1<<i) != 0 || o[i].before&^done != 0 {
			continue
		}
		after := now
		if after.apply(&w.history[i]) && w.order(o, done|1<<i, after, dead) {
			return true
		}
	}
	dead[searched{done, now}] = true
	return false
}
