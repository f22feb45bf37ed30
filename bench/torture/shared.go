package torture

// counters are a few keys to which all goroutines add: nothing that is added is lost, and nobody
// sees a sum become smaller.
type counters struct {
	m     Words
	added [][]uint64 // by goroutine and key
	seen  [][]uint64 // the last sum that each goroutine saw
}

const counterKeys = 8

func newCounters(m Words, n int) job {
	j := &counters{m: m, added: make([][]uint64, n), seen: make([][]uint64, n)}
	for g := range n {
		j.added[g], j.seen[g] = make([]uint64, counterKeys), make([]uint64, counterKeys)
	}
	return j
}

func (*counters) name() string { return "shared counters" }

func (j *counters) turn(w *worker) int {
	key, delta := w.r.IntN(counterKeys), 1+w.r.Uint64N(100)
	var sum uint64
	switch w.r.IntN(4) {
	case 0:
		sum = j.m.Update(uint64(key), func(v uint64, _ bool) uint64 { return v + delta })
	case 1:
		old, ok := j.m.Get(uint64(key))
		if sum = old; ok && j.m.CompareAndSwap(uint64(key), old, old+delta) {
			sum += delta
		} else {
			delta = 0
		}
	default:
		sum = j.m.Add(uint64(key), delta)
	}
	j.added[w.id][key] += delta
	if last := &j.seen[w.id][key]; sum < *last+delta {
		w.violate(key, "the sum is %d after it was %d and %d was added", sum, *last, delta)
	} else {
		*last = sum
	}
	return 1 + storm(w, j.m, 2000)
}

func (j *counters) finish(w *worker) {
	for key := range counterKeys {
		want := uint64(0)
		for _, added := range j.added {
			want += added[key]
		}
		if got, _ := j.m.Get(uint64(key)); got != want {
			w.violate(key, "the sum is %d, but %d was added", got, want)
		}
	}
}

// snapshot is a map with keys that stay and keys that come and go. Whoever goes through it,
// or copies it, sees each key that stays exactly once and no key twice.
type snapshot struct{ m Words }

const (
	stayingKeys = 400
	movingKeys  = 50 // of each goroutine
)

func newSnapshot(m Words, _ int) job {
	for key := range uint64(stayingKeys) {
		m.Insert(key, wordValue(key, 0))
	}
	return &snapshot{m}
}

func (*snapshot) name() string { return "snapshots" }

func (j *snapshot) turn(w *worker) int {
	switch {
	case w.chance(100):
		j.check(w, "All", j.m)
		return stayingKeys
	case w.chance(300):
		j.check(w, "Clone", j.m.Copy())
		return stayingKeys
	case w.chance(3):
		key := w.r.Uint64N(stayingKeys)
		if old, ok := j.m.Insert(key, wordValue(key, w.turns)); !ok || !wholeWord(key, old) {
			w.violate(key, "Insert replaced %d, %v, though the key stays", old, ok)
		}
	default:
		key := uint64(w.id+1)<<32 | w.r.Uint64N(movingKeys)
		if w.chance(2) {
			j.m.Insert(key, wordValue(key, w.turns))
		} else {
			j.m.Remove(key)
		}
	}
	return 1 + storm(w, j.m, 2000)
}

// check goes through m.
func (*snapshot) check(w *worker, how string, m Map[uint64, uint64]) {
	seen := make(map[uint64]bool, 2*stayingKeys)
	staying := 0
	for key, v := range m.All() {
		if seen[key] {
			w.violate(key, "%s yields it twice", how)
		}
		if seen[key] = true; !wholeWord(key, v) {
			w.violate(key, "%s yields the value %d", how, v)
		}
		if key < stayingKeys {
			staying++
		}
	}
	for key := range uint64(stayingKeys) {
		if staying != stayingKeys && !seen[key] {
			w.violate(key, "%s does not yield it, though it stays", how)
		}
	}
}

func (j *snapshot) finish(w *worker) {
	j.check(w, "All", j.m)
	j.check(w, "Clone", j.m.Copy())
}
