package torture

// stack is a vector that all push to and pop from: each value that was pushed is popped once or
// still there.
type stack struct {
	v       Vec
	balance []balance // by goroutine
}

// balance is what a goroutine pushed less what it popped: how many, and the sum of what the
// numbers of the records mix to.
type balance struct{ n, sum uint64 }

func (b *balance) push(r Record) { b.n++; b.sum += mix(r[0]) + mix(^r[1]) }
func (b *balance) pop(r Record)  { b.n--; b.sum -= mix(r[0]) + mix(^r[1]) }

const mostPushed = 1 << 14 // elements, give or take what is pushed at the same time

func newStack(v Vec, n int) job { return &stack{v, make([]balance, n)} }

func (*stack) name() string { return "stack" }

func (j *stack) turn(w *worker) int {
	mine := &j.balance[w.id]
	r := record(uint64(w.id), w.turns<<8)
	full := j.v.Len() > mostPushed
	switch {
	case !full && w.chance(12):
		rs := make([]Record, w.r.IntN(20))
		for i := range rs {
			rs[i] = record(r[0], r[1]+uint64(i))
			mine.push(rs[i])
		}
		j.v.PushSlice(rs)
		return len(rs) + 1
	case !full && w.chance(2):
		j.v.Push(r)
		mine.push(r)
	case w.chance(4):
		i := w.r.IntN(j.v.Len() + 1)
		if r, ok := j.v.Get(i); ok && !r.whole() {
			w.violate(i, "Get gave the torn value %v", r)
		}
	default:
		if r, ok := j.v.Pop(); ok {
			if mine.pop(r); !r.whole() {
				w.violate(j.v.Len(), "Pop gave the torn value %v", r)
			}
		}
	}
	return 1
}

func (j *stack) finish(w *worker) {
	var b balance
	for _, mine := range j.balance {
		b.n, b.sum = b.n+mine.n, b.sum+mine.sum
	}
	for r := range j.v.Values() {
		b.pop(r)
	}
	if b != (balance{}) {
		w.violate("all", "%d values too few, or others: sum %#x", int64(b.n), b.sum)
	}
	for n := j.v.Len(); n > 0; n-- {
		if r, ok := j.v.Pop(); !ok || !r.whole() || j.v.Len() != n-1 {
			w.violate(n-1, "Pop gave %v, %v; Len() = %d", r, ok, j.v.Len())
			return
		}
	}
}

// log is a vector from which nothing is taken: what a goroutine has pushed stays at the index that
// Push gave it, and nobody else gets that.
type log struct {
	v    Vec
	mine [][]int    // the indexes that each goroutine was given
	last [][]Record // what it wrote there
}

func newLog(v Vec, n int) job { return &log{v, make([][]int, n), make([][]Record, n)} }

func (*log) name() string { return "log" }

func (j *log) turn(w *worker) int {
	mine, last := &j.mine[w.id], &j.last[w.id]
	if len(*mine) == 0 || j.v.Len() < 4*mostPushed && w.chance(4) {
		r := record(uint64(w.id), w.turns)
		*mine, *last = append(*mine, j.v.Push(r)), append(*last, r)
	}
	k := w.r.IntN(len(*mine))
	i := (*mine)[k]
	if r, ok := j.v.Get(i); !ok || r != (*last)[k] {
		w.violate(i, "Get gave %v, %v; want %v", r, ok, (*last)[k])
	}
	if w.chance(2) {
		(*last)[k] = record(uint64(w.id), w.turns)
		if !j.v.Set(i, (*last)[k]) {
			w.violate(i, "Set found no element")
		}
	}
	if r, ok := j.v.Get(w.r.IntN(j.v.Len())); ok && !r.whole() {
		w.violate("any", "Get gave the torn value %v", r)
	}
	return 3
}

func (j *log) finish(w *worker) {
	owned := map[int]bool{}
	for g, mine := range j.mine {
		want := map[int]Record{}
		for k, i := range mine {
			if owned[i] {
				w.violate(i, "it was given out twice")
			}
			owned[i], want[i] = true, j.last[g][k]
		}
		for i, r := range want {
			if got, ok := j.v.Get(i); !ok || got != r {
				w.violate(i, "Get gave %v, %v; want %v", got, ok, r)
			}
		}
	}
	if j.v.Len() != len(owned) {
		w.violate("all", "Len() = %d after %d pushes", j.v.Len(), len(owned))
	}
}
