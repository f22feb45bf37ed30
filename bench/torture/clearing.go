package torture

import "sync/atomic"

// clearing is a map that is cleared again and again. A key that a goroutine has inserted is
// there unless a Clear came between, and is not there if one began after the insertion and has
// ended.
type clearing struct {
	m            Words
	began, ended atomic.Uint64 // Clears
	kept         [][]insertion // by goroutine and key
}

// insertion is a key that was inserted.
type insertion struct {
	value uint64
	there bool   // since the last Remove
	ended uint64 // Clears that had ended when the insertion began
	began uint64 // Clears that had begun when the insertion had ended
}

const clearedKeys = 100

func newClearing(m Words, n int) job {
	j := &clearing{m: m, kept: make([][]insertion, n)}
	for g := range j.kept {
		j.kept[g] = make([]insertion, clearedKeys)
	}
	return j
}

func (*clearing) name() string { return "Clear" }

func (j *clearing) turn(w *worker) int {
	if w.chance(400) {
		j.began.Add(1)
		j.m.Clear()
		j.ended.Add(1)
		return 1
	}
	i := w.r.IntN(clearedKeys)
	key, at := uint64(w.id)<<32|uint64(i), &j.kept[w.id][i]
	switch w.r.IntN(8) {
	case 0, 1, 2:
		j.find(w, key, at)
		return 1 + storm(w, j.m, 3000)
	case 3:
		j.m.Remove(key)
		*at = insertion{}
		return 1
	}
	*at = insertion{value: wordValue(key, w.turns), there: true, ended: j.ended.Load()}
	j.m.Insert(key, at.value)
	at.began = j.began.Load()
	j.find(w, key, at)
	return 2
}

// find looks for the goroutine's last insertion of a key, or for none if it was removed.
func (j *clearing) find(w *worker, key uint64, at *insertion) {
	ended := j.ended.Load()
	v, ok := j.m.Get(key)
	switch {
	case ok && (!at.there || v != at.value):
		w.violate(key, "Get gave %d; the last insertion was %v", v, *at)
	case ok && ended > at.began:
		w.violate(key, "Get gave %d, though a Clear that began after the insertion has ended", v)
	case !ok && at.there && j.began.Load() == at.ended:
		// As many Clears have begun by now as had ended before: none came between.
		w.violate(key, "it is gone, though nothing was cleared since its insertion: %v", *at)
	}
}

func (j *clearing) finish(w *worker) {
	if j.m.Clear(); j.m.Len() != 0 {
		w.violate("all", "Len() = %d after Clear", j.m.Len())
	}
	for key := range j.m.All() {
		w.violate(key, "it is there after Clear")
	}
}
