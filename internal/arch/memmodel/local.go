package memmodel

// localOrder returns, for each event of a thread, the later events that every processor must
// see behind it because of the thread's own code alone: lob of aarch64.cat, the preserved
// program order of x86-TSO, all of program order under SC.
func localOrder(m Model, ev []event) []set {
	out := make([]set, len(ev))
	for i := range ev {
		if !ev[i].access() {
			continue
		}
		var f fences
		for j := i + 1; j < len(ev); j++ {
			if !ev[j].access() {
				f = f.and(ev[j].fence)
				continue
			}
			if ordered(m, ev, i, j, f) {
				out[i] |= 1 << j
			}
		}
	}
	return out
}

// fences are the barriers between two accesses.
type fences struct{ full, load, store bool }

func (f fences) and(x Fence) fences {
	f.full = f.full || x == FenceFull
	f.load = f.load || x == FenceLoad
	f.store = f.store || x == FenceStore
	return f
}

func ordered(m Model, ev []event, i, j int, f fences) bool {
	x, y := &ev[i], &ev[j]
	if x.group != 0 && x.group == y.group {
		return false
	}
	switch m {
	case SC:
		return true
	case TSO:
		return f.full || x.kind == read || y.kind == write || x.atomic || y.atomic
	}
	return barrierOrdered(ev, x, y, f) || dependent(ev, i, j) || sameLocation(ev, i, j)
}

// barrierOrdered is bob: barriers, acquire and release.
func barrierOrdered(ev []event, x, y *event, f fences) bool {
	switch {
	case f.full,
		f.load && x.kind == read && !x.dropped,
		f.store && x.kind == write && y.kind == write,
		x.kind == read && x.order&(Acquire|AcquirePC) != 0,
		y.kind == write && y.order&Release != 0:
		return true
	}
	if x.kind != write || x.order&Release == 0 {
		return false
	}
	// A store-release before a load-acquire; and an instruction that is both, before all.
	return y.kind == read && y.order&Acquire != 0 ||
		x.atomic && x.reads >= 0 && ev[x.reads].order&Acquire != 0
}

// dependent is dob and pob: an address, a value or the decision to store that comes from a read.
func dependent(ev []event, i, j int) bool {
	y := &ev[j]
	if ev[i].kind != read {
		return false
	}
	if y.addr.data.has(i) {
		return true
	}
	if y.kind == read {
		return false
	}
	if (y.addr.pick | y.data.pick | y.ctrl.pick).has(i) {
		return true
	}
	for k := i + 1; k < j; k++ { // a store behind an access whose address depends
		if ev[k].access() && ev[k].addr.pick.has(i) {
			return true
		}
	}
	return false
}

// sameLocation is lws, aob, and the part of dob that goes through a store of the thread's own.
func sameLocation(ev []event, i, j int) bool {
	x, y := &ev[i], &ev[j]
	if y.kind == write {
		return x.loc == y.loc || y.reads == i
	}
	if x.kind != read {
		return false
	}
	for k := j - 1; k > i; k-- {
		if w := &ev[k]; w.kind == write && w.loc == y.loc {
			return (w.addr.data | w.data.data).has(i) ||
				w.reads == i && y.order&(Acquire|AcquirePC) != 0
		}
	}
	return false
}
