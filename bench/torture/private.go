package torture

// private is a map in which each goroutine has keys of its own, so that it knows exactly what
// they must have. The keys of others it can only look at: their values must be whole and theirs.
type private[K, V comparable] struct {
	kind  string
	m     Map[K, V]
	key   func(owner, i uint64) K
	value func(key K, n uint64) V
	whole func(key K, value V) bool
	want  [][]held[V] // by goroutine and key
}

// held is what a key must have.
type held[V any] struct {
	value V
	there bool
}

const privateKeys = 150 // of each goroutine

func newPrivate[K, V comparable](kind string, m Map[K, V], n int, key func(owner, i uint64) K,
	value func(key K, n uint64) V, whole func(key K, value V) bool) job {
	j := &private[K, V]{kind: kind, m: m, key: key, value: value, whole: whole, want: make([][]held[V], n)}
	for g := range j.want {
		j.want[g] = make([]held[V], privateKeys)
	}
	return j
}

func (j *private[K, V]) name() string { return "private keys, " + j.kind }

func (j *private[K, V]) turn(w *worker) int {
	ops := 1 + storm(w, j.m, 3000)
	switch {
	case w.chance(1000):
		ops += j.wave(w)
	case w.chance(6):
		j.batch(w)
		ops += batchKeys - 1
	case w.chance(4):
		j.look(w)
	default:
		j.one(w)
	}
	return ops
}

// expect fails unless the outcome of an operation on key is the wanted one.
func (j *private[K, V]) expect(w *worker, op string, key K, got V, ok bool, want held[V]) {
	if got != want.value || ok != want.there {
		w.violate(key, "%s gave %v, %v; want %v, %v", op, got, ok, want.value, want.there)
	}
}

// one does one operation on one of the goroutine's keys.
func (j *private[K, V]) one(w *worker) {
	i := w.r.IntN(privateKeys)
	key, want := j.key(uint64(w.id), uint64(i)), &j.want[w.id][i]
	was, fresh := *want, held[V]{j.value(key, w.turns), true}
	switch w.r.IntN(8) {
	case 0, 1:
		v, ok := j.m.Get(key)
		j.expect(w, "Get", key, v, ok, was)
	case 2:
		v, ok := j.m.Insert(key, fresh.value)
		j.expect(w, "Insert", key, v, ok, was)
		*want = fresh
	case 3:
		v, ok := j.m.Remove(key)
		j.expect(w, "Remove", key, v, ok, was)
		*want = held[V]{}
	case 4:
		v, ok := j.m.LoadOrStore(key, fresh.value)
		if !was.there {
			*want = fresh
		}
		j.expect(w, "LoadOrStore", key, v, ok, held[V]{want.value, was.there})
	case 5:
		j.m.Update(key, func(v V, ok bool) V { j.expect(w, "Update", key, v, ok, was); return fresh.value })
		*want = fresh
	case 6:
		if ok := j.m.CompareAndSwap(key, was.value, fresh.value); ok != was.there {
			w.violate(key, "CompareAndSwap of %v gave %v", was, ok)
		}
		if was.there {
			*want = fresh
		}
	case 7:
		if j.m.CompareAndDelete(key, fresh.value) {
			w.violate(key, "CompareAndDelete removed %v although it was to remove %v", was, fresh.value)
		}
		if ok := j.m.CompareAndDelete(key, was.value); ok != was.there {
			w.violate(key, "CompareAndDelete of %v gave %v", was, ok)
		}
		*want = held[V]{}
	}
}

const batchKeys = 12

// batch looks up several of the goroutine's keys at once.
func (j *private[K, V]) batch(w *worker) {
	var keys [batchKeys]K
	var values [batchKeys]V
	var found [batchKeys]bool
	var at [batchKeys]int
	for n := range keys {
		at[n] = w.r.IntN(privateKeys)
		keys[n] = j.key(uint64(w.id), uint64(at[n]))
	}
	hits := j.m.GetBatch(keys[:], values[:], found[:])
	for n, i := range at {
		j.expect(w, "GetBatch", keys[n], values[n], found[n], j.want[w.id][i])
		if found[n] {
			hits--
		}
	}
	if hits != 0 {
		w.violate(keys[0], "GetBatch counted %d hits too many", hits)
	}
}

// look reads a key that somebody else may be writing.
func (j *private[K, V]) look(w *worker) {
	key := j.key(uint64(w.other()), uint64(w.r.IntN(privateKeys)))
	if v, ok := j.m.Get(key); ok && !j.whole(key, v) {
		w.violate(key, "Get gave %v, which is torn or belongs to another key", v)
	}
}

// wave inserts or removes all of the goroutine's keys, so that the table grows or empties.
func (j *private[K, V]) wave(w *worker) int {
	in := w.chance(2)
	for i := range j.want[w.id] {
		key, want := j.key(uint64(w.id), uint64(i)), &j.want[w.id][i]
		if in {
			fresh := held[V]{j.value(key, w.turns), true}
			v, ok := j.m.Insert(key, fresh.value)
			j.expect(w, "Insert", key, v, ok, *want)
			*want = fresh
		} else {
			v, ok := j.m.Remove(key)
			j.expect(w, "Remove", key, v, ok, *want)
			*want = held[V]{}
		}
	}
	return privateKeys
}

func (j *private[K, V]) finish(w *worker) {
	there := 0
	for owner, all := range j.want {
		for i, want := range all {
			key := j.key(uint64(owner), uint64(i))
			v, ok := j.m.Get(key)
			j.expect(w, "Get", key, v, ok, want)
			if want.there {
				there++
			}
		}
	}
	for key, v := range j.m.All() {
		if there--; !j.whole(key, v) {
			w.violate(key, "All yields %v", v)
		}
	}
	if there != 0 {
		w.violate("all", "All yields %d keys too few", there)
	}
}
