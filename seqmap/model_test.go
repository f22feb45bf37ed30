package seqmap

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// chooser makes the choices of a command stream: a random generator, or a fuzzer's bytes.
type chooser interface{ IntN(n int) int }

// model is a map and what it should hold. If other goroutines use the map too, the keys are
// this one's alone, and shared says so.
type model[K, V comparable] struct {
	t      *testing.T
	m      *SeqMap[K, V]
	want   map[K]V
	c      chooser
	key    func(n uint64) K
	keys   int         // how many numbers key is called with
	add    adder[K, V] // if not nil, values can be added to
	unique uint64
	shared bool
}

// An adder is an operation of a model that adds to the value of a key, which is the given one.
type adder[K, V comparable] func(x *model[K, V], key K, was V)

// addTo is an adder by Add.
func addTo[K comparable, V Integer](x *model[K, V], key K, was V) {
	delta := x.fresh()
	sum := Add(x.m, key, delta)
	x.same("Add", key, sum, true, was+delta, true)
	x.want[key] = sum
}

func newModel[K, V comparable](t *testing.T, m *SeqMap[K, V], c chooser, keys int) *model[K, V] {
	return &model[K, V]{t: t, m: m, want: make(map[K]V), c: c, key: pattern[K], keys: keys}
}

func (x *model[K, V]) anyKey() K { return x.key(uint64(x.c.IntN(x.keys))) }

// fresh returns a value that was not there before, unless V is too small.
func (x *model[K, V]) fresh() V {
	x.unique++
	return pattern[V](x.unique * 0x9e3779b97f4a7c15)
}

// oldOr returns the value of key, or sometimes another one.
func (x *model[K, V]) oldOr(key K) V {
	if x.c.IntN(3) == 0 {
		return x.fresh()
	}
	return x.want[key]
}

// same fails the test unless the outcome of an operation is the wanted one.
func (x *model[K, V]) same(op string, key K, v V, ok bool, want V, wantOK bool) {
	x.t.Helper()
	if v != want || ok != wantOK {
		x.t.Fatalf("%s(%v) = %v, %v; want %v, %v", op, key, v, ok, want, wantOK)
	}
}

// step does one operation on one key, or on a few.
func (x *model[K, V]) step() {
	key := x.anyKey()
	want, was := x.want[key]
	ops := 20
	if x.add != nil {
		ops = 24
	}
	op := x.c.IntN(ops)
	switch op {
	case 0, 1, 2, 3:
		x.read(op, key, want, was)
	case 4, 5, 6, 7, 8:
		x.write(op, key, want, was)
	case 9, 10, 11:
		x.remove(op, key, want, was)
	case 12, 13:
		x.compareAnd(op, key, want, was)
	case 14, 15, 16:
		x.compute(key, want, was)
	case 17, 18, 19:
		x.batch(op)
	default:
		x.add(x, key, want)
	}
	if !x.shared && (x.m.Len() != len(x.want) || x.m.IsEmpty() != (len(x.want) == 0)) {
		x.t.Fatalf("Len() = %d, want %d", x.m.Len(), len(x.want))
	}
}

func (x *model[K, V]) read(op int, key K, want V, was bool) {
	x.t.Helper()
	switch op {
	case 0, 1:
		v, ok := x.m.Get(key)
		x.same("Get", key, v, ok, want, was)
	case 2:
		v, ok := x.m.Load(key)
		x.same("Load", key, v, ok, want, was)
	case 3:
		x.same("Contains", key, want, x.m.Contains(key), want, was)
	}
}

func (x *model[K, V]) write(op int, key K, want V, was bool) {
	fresh := x.fresh()
	actual := fresh
	if was {
		actual = want
	}
	switch op {
	case 4:
		v, ok := x.m.Insert(key, fresh)
		x.same("Insert", key, v, ok, want, was)
	case 5:
		v, ok := x.m.Swap(key, fresh)
		x.same("Swap", key, v, ok, want, was)
	case 6:
		x.m.Store(key, fresh)
	case 7:
		v, ok := x.m.LoadOrStore(key, fresh)
		x.same("LoadOrStore", key, v, ok, actual, was)
		fresh = actual
	case 8:
		v, ok := x.m.LoadOrCompute(key, func() V { return fresh })
		x.same("LoadOrCompute", key, v, ok, actual, was)
		fresh = actual
	}
	x.want[key] = fresh
}

func (x *model[K, V]) remove(op int, key K, want V, was bool) {
	switch op {
	case 9:
		v, ok := x.m.Remove(key)
		x.same("Remove", key, v, ok, want, was)
	case 10:
		v, ok := x.m.LoadAndDelete(key)
		x.same("LoadAndDelete", key, v, ok, want, was)
	case 11:
		x.m.Delete(key)
	}
	delete(x.want, key)
}

func (x *model[K, V]) compareAnd(op int, key K, want V, was bool) {
	old, fresh := x.oldOr(key), x.fresh()
	hit := was && old == want
	if op == 12 {
		x.same("CompareAndSwap", key, want, x.m.CompareAndSwap(key, old, fresh), want, hit)
		if hit {
			x.want[key] = fresh
		}
		return
	}
	x.same("CompareAndDelete", key, want, x.m.CompareAndDelete(key, old), want, hit)
	if hit {
		delete(x.want, key)
	}
}

func (x *model[K, V]) compute(key K, want V, was bool) {
	fresh, op := x.fresh(), Op(x.c.IntN(4))
	if op > DeleteOp {
		v := x.m.Update(key, func(old V, loaded bool) V {
			x.same("function in Update", key, old, loaded, want, was)
			return fresh
		})
		x.same("Update", key, v, true, fresh, true)
		x.want[key] = fresh
		return
	}
	v, ok := x.m.Compute(key, func(old V, loaded bool) (V, Op) {
		x.same("function in Compute", key, old, loaded, want, was)
		return fresh, op
	})
	switch op {
	case UpdateOp:
		x.want[key] = fresh
	case DeleteOp:
		delete(x.want, key)
	}
	want, was = x.want[key]
	x.same(fmt.Sprintf("Compute with Op %d", op), key, v, ok, want, was)
}

// batch does one of the batch operations, on up to 40 keys of which some may be the same.
func (x *model[K, V]) batch(op int) {
	n := x.c.IntN(40)
	if n < 20 {
		n /= 4
	}
	keys, values, found := make([]K, n), make([]V, n), make([]bool, n)
	for i := range keys {
		keys[i], values[i] = x.anyKey(), x.fresh()
	}
	switch op {
	case 17:
		x.m.InsertBatch(keys, values)
		for i, key := range keys {
			x.want[key] = values[i]
		}
	case 18:
		hits := 0
		got := x.m.GetBatch(keys, values, found)
		for i, key := range keys {
			want, was := x.want[key]
			x.same("GetBatch", key, values[i], found[i], want, was)
			if was {
				hits++
			}
		}
		if got != hits {
			x.t.Fatalf("GetBatch found %d, want %d", got, hits)
		}
	case 19:
		before := len(x.want)
		got := x.m.RemoveBatch(keys)
		for _, key := range keys {
			delete(x.want, key)
		}
		if got != before-len(x.want) {
			x.t.Fatalf("RemoveBatch removed %d, want %d", got, before-len(x.want))
		}
	}
}

// upheaval does an operation on the map as a whole.
func (x *model[K, V]) upheaval() {
	switch x.c.IntN(7) {
	case 0:
		x.m.Grow(x.c.IntN(1000))
	case 1, 2:
		x.m.Shrink()
	case 3:
		x.m.Clear()
		clear(x.want)
	case 4:
		x.deleteFunc()
	case 5:
		x.m = x.m.Clone()
	case 6:
		x.m = x.handOver()
	}
	x.check()
}

// handOver clones the map and shows that clone and original are independent.
func (x *model[K, V]) handOver() *SeqMap[K, V] {
	c := x.m.Clone()
	x.m.Clear()
	if x.m.Len() != 0 || c.Len() != len(x.want) {
		x.t.Fatalf("%d and %d entries after Clone and Clear; want 0 and %d", x.m.Len(), c.Len(), len(x.want))
	}
	return c
}

func (x *model[K, V]) deleteFunc() {
	doomed := func(V) bool { return x.c.IntN(2) == 0 }
	before, gone := len(x.want), make(map[K]bool)
	n := x.m.DeleteFunc(func(key K, value V) bool {
		x.same("function in DeleteFunc", key, value, true, x.want[key], true)
		gone[key] = doomed(value)
		return gone[key]
	})
	maps.DeleteFunc(x.want, func(key K, _ V) bool { return gone[key] })
	if len(gone) != before || n != before-len(x.want) {
		x.t.Fatalf("DeleteFunc showed %d keys of %d and removed %d", len(gone), before, n)
	}
}

// check compares the whole map, by each of the iterations.
func (x *model[K, V]) check() {
	x.t.Helper()
	got, keys, values := make(map[K]V), 0, make(map[V]int)
	x.m.Range(func(key K, value V) bool {
		x.same("Range", key, value, true, x.want[key], true)
		got[key] = value
		values[value]++
		return true
	})
	if !maps.Equal(got, x.want) || !maps.Equal(got, maps.Collect(x.m.All())) {
		x.t.Fatalf("Range yields %d entries, All %d, want %d", len(got), len(maps.Collect(x.m.All())), len(x.want))
	}
	for key := range x.m.Keys() {
		if _, ok := x.want[key]; !ok {
			x.t.Fatalf("Keys yields %v", key)
		}
		keys++
	}
	for value := range x.m.Values() {
		values[value]--
		keys--
	}
	for value, n := range values {
		if n != 0 || keys != 0 {
			x.t.Fatalf("Values yields %v %d times too little", value, n)
		}
	}
}

// run does steps operations.
func (x *model[K, V]) run(steps int) {
	for range steps {
		if x.c.IntN(200) == 0 {
			x.upheaval()
		} else {
			x.step()
		}
	}
	x.check()
}

// testModel compares a map with a built-in map, for each hash mode. key and add may be nil.
func testModel[K, V comparable](t *testing.T, key func(n uint64) K, add adder[K, V]) {
	forEachMode(t, func(t *testing.T, mode hashMode) {
		steps, keys := 4000, 500
		if mode != defaultHash {
			steps, keys = 1000, 60
		}
		for s := range uint64(2) {
			var zero SeqMap[K, V]
			m := &zero
			if mode != defaultHash || s > 0 {
				m = newMap[K, V](mode)
			}
			x := newModel(t, m, rand.New(rand.NewPCG(s, 1)), keys)
			if x.add = add; key != nil {
				x.key = key
			}
			x.run(count(steps))
		}
	})
}
