package torture

import "sync/atomic"

// cells is an array in which each goroutine has cells of its own, and knows what they have,
// and all share a few that count. It grows while they work.
type cells struct {
	a     Array
	want  [][]held[Record] // by goroutine and cell
	added []uint64         // by goroutine, to all shared cells
}

const (
	sharedCells = 4
	ownCells    = 60
	mostCells   = 1 << 15 // to which the array may grow, or twice that
)

func newCells(a Array, n int) job {
	a.Grow(sharedCells + n*ownCells)
	j := &cells{a: a, want: make([][]held[Record], n), added: make([]uint64, n)}
	for g := range j.want {
		j.want[g] = make([]held[Record], ownCells)
	}
	for i := range sharedCells {
		_ = a.Set(i, record(uint64(i), 0)) // finish finds it if it fails
	}
	return j
}

func (*cells) name() string { return "array" }

func (j *cells) turn(w *worker) int {
	switch {
	case w.chance(5000) && j.a.Cap() < mostCells:
		j.a.Grow(j.a.Cap() + 1)
	case w.chance(4):
		i := w.r.IntN(sharedCells)
		r, err := j.a.Update(i, func(r Record) Record { return record(r[0], r[1]+1) })
		if j.added[w.id]++; err != nil || r[0] != uint64(i) || !r.whole() {
			w.violate(i, "Update gave %v, %v", r, err)
		}
	case w.chance(4):
		i := sharedCells + w.other()*ownCells + w.r.IntN(ownCells)
		if r, err := j.a.Get(i); err == nil && (r[0] != uint64(i) || !r.whole()) {
			w.violate(i, "Get gave %v, which is torn or belongs to another cell", r)
		}
	default:
		j.own(w)
	}
	return 1
}

// own does one operation on one of the goroutine's cells.
func (j *cells) own(w *worker) {
	n := w.r.IntN(ownCells)
	i, want := sharedCells+w.id*ownCells+n, &j.want[w.id][n]
	was, fresh := *want, record(uint64(i), w.turns)
	got, err, fails := was.value, error(nil), !was.there
	switch w.r.IntN(6) {
	case 0:
		got, err = j.a.Get(i)
	case 1:
		err, fails = j.a.Set(i, fresh), false
		*want = held[Record]{fresh, true}
	case 2:
		if err, fails = j.a.Init(i, fresh), was.there; !was.there {
			*want = held[Record]{fresh, true}
		}
	case 3:
		err, fails = j.a.Clear(i), false
		*want = held[Record]{}
	case 4:
		if got, err = j.a.Swap(i, fresh); was.there {
			want.value = fresh
		}
	case 5:
		var swapped bool
		if swapped, err = j.a.CompareAndSwap(i, was.value, fresh); swapped != was.there {
			w.violate(i, "CompareAndSwap of %v gave %v", was, swapped)
		}
		if was.there {
			want.value = fresh
		}
	}
	if got != was.value || (err != nil) != fails {
		w.violate(i, "an operation gave %v, %v; the cell had %v", got, err, was)
	}
}

func (j *cells) finish(w *worker) {
	sum, set := uint64(0), sharedCells
	for i := range sharedCells {
		r, _ := j.a.Get(i)
		sum += r[1]
	}
	for g, all := range j.want {
		sum -= j.added[g]
		for n, want := range all {
			i := sharedCells + g*ownCells + n
			if r, err := j.a.Get(i); r != want.value || (err == nil) != want.there {
				w.violate(i, "Get gave %v, %v; want %v", r, err, want)
			}
			if want.there {
				set++
			}
		}
	}
	for range j.a.All() {
		set--
	}
	if sum != 0 || set != 0 {
		w.violate("all", "%d increments and %d cells too few", -int64(sum), set)
	}
}

// single is one cell that everybody writes: each write is the next number, so none can be lost,
// and nobody sees a smaller number or version than before.
type single struct {
	c     Cell
	added atomic.Uint64
	seen  []Record
}

func newSingle(c Cell, n int) job {
	c.Store(record(7, 0))
	return &single{c: c, seen: make([]Record, n)}
}

func (*single) name() string { return "cell" }

func (j *single) turn(w *worker) int {
	next := func(r Record) Record { return record(r[0], r[1]+1) }
	r, wrote := Record{}, false
	switch w.r.IntN(6) {
	case 0:
		r, wrote = j.c.Update(next), true
	case 1:
		old := j.c.Load()
		if wrote = j.c.CompareAndSwap(old, next(old)); wrote {
			old = next(old)
		}
		r = old
	case 2:
		old, version := j.c.LoadVersion()
		if wrote = j.c.StoreIf(version, next(old)); wrote {
			old = next(old)
		}
		r = old
	case 3:
		var ok bool
		if r, ok = j.c.TryLoad(); !ok {
			return 1
		}
	default:
		r = j.c.Load()
	}
	if wrote {
		j.added.Add(1)
	}
	if last := &j.seen[w.id]; !r.whole() || r[0] != 7 || r[1] < last[1] {
		w.violate("cell", "%v after %v", r, *last)
	} else {
		*last = r
	}
	return 1
}

func (j *single) finish(w *worker) {
	if r, version := j.c.LoadVersion(); r != record(7, j.added.Load()) || version != j.added.Load()+1 {
		w.violate("cell", "%v, version %d, after %d writes", r, version, j.added.Load()+1)
	}
	if r := j.c.Swap(Record{}); r != record(7, j.added.Load()) {
		w.violate("cell", "Swap gave %v", r)
	}
}
