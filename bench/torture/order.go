package torture

// order is two places for each goroutine, of which it writes a number to the first and then to
// the second. Who reads the second and then the first must find there that number or a later one.
type order struct {
	kind string
	put  func(place int, n uint64)
	get  func(place int) (n uint64, ok bool)
	next []uint64 // by goroutine
}

func (j *order) name() string { return "order of publication, " + j.kind }

func (j *order) turn(w *worker) int {
	if w.chance(2) {
		n := &j.next[w.id]
		*n++
		j.put(2*w.id, *n)
		j.put(2*w.id+1, *n)
		return 2
	}
	g := w.other()
	second, ok2 := j.get(2*g + 1)
	first, ok1 := j.get(2 * g)
	if ok2 && (!ok1 || first < second) {
		w.violate(2*g, "%d, %v after %d was seen in the place that is written later", first, ok1, second)
	}
	return 2
}

func (j *order) finish(w *worker) {
	for g, n := range j.next {
		for place := 2 * g; place < 2*g+2; place++ {
			if got, ok := j.get(place); got != n || ok != (n > 0) {
				w.violate(place, "%d, %v; want %d", got, ok, n)
			}
		}
	}
}

func orderInWords(m Words, n int) job {
	return &order{"words", func(p int, x uint64) { m.Insert(uint64(p), x) },
		func(p int) (uint64, bool) { return m.Get(uint64(p)) }, make([]uint64, n)}
}

// number returns the number in a record, or an impossible one if the record is torn.
func number(of int, r Record, ok bool) (uint64, bool) {
	if ok && (!r.whole() || r[0] != uint64(of)) {
		return 0, false
	}
	return r[1], ok
}

func orderInWide(m Map[Record, Record], n int) job {
	key := func(p int) Record { return record(uint64(p), 1) }
	return &order{"wide", func(p int, x uint64) { m.Insert(key(p), record(uint64(p), x)) },
		func(p int) (uint64, bool) { r, ok := m.Get(key(p)); return number(p, r, ok) }, make([]uint64, n)}
}

func orderInArray(a Array, n int) job {
	a.Grow(2 * n)
	return &order{"array", func(p int, x uint64) { _ = a.Set(p, record(uint64(p), x)) }, // get finds a failure
		func(p int) (uint64, bool) { r, err := a.Get(p); return number(p, r, err == nil) }, make([]uint64, n)}
}

func orderInCells(make1 func() Cell, n int) job {
	all := make([]Cell, 2*n)
	for i := range all {
		all[i] = make1()
	}
	return &order{"cells", func(p int, x uint64) { all[p].Store(record(uint64(p), x)) },
		func(p int) (uint64, bool) {
			r := all[p].Load()
			return number(p, r, r != Record{})
		}, make([]uint64, n)}
}
