package seqmap

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/plain"
)

// Get returns the value of key and whether the key is present. It writes nothing, and never
// waits for a migration nor for a writer of another key; if a V is at most 8 bytes, it
// waits for nobody.
func (m *SeqMap[K, V]) Get(key K) (value V, ok bool) {
	if arch.Exploring {
		arch.Step()
	}
	t := m.root.Load()
	if t == nil {
		m.check()
		return value, false
	}
	if unsafe.Sizeof(key) <= layout.WordBytes && unsafe.Sizeof(value) <= layout.WordBytes {
		k := plain.Bits(key)
		h := wordHash[K](t, k)
		if t.words {
			// What follows is arch.GetLine for the home bucket.
			b := lineOf[K](t, h)
			if i := firstEqual[K](b.key(0), b.key(1), b.key(2), k); i < layout.WordSlots {
				w := b.word(i) // R1
				// An EMPTY slot has the key 0, so what was seen before w does not count.
				if restful[K](w) && b.key(i) == k {
					v := b.value(i)     // R2
					if b.word(i) == w { // R3 is in the acquire load of R2; R4
						return plain.FromBits[V](v), true
					}
				}
			} else if b.ends(h) {
				return value, false
			}
		}
		if t.hasher.kind == hashWord && (t.words || !t.probed || !isProbed[K, V]()) {
			v, ok := t.getWord(k, h)
			return plain.FromBits[V](v), ok
		}
	}
	if isProbed[K, V]() && t.probed {
		found := arch.Unsure
		switch unsafe.Sizeof(key) {
		case 4:
			found = arch.GetHalf(&t.head, unsafe.Pointer(&key), unsafe.Pointer(&value))
		case 8:
			found = arch.GetWord(&t.head, unsafe.Pointer(&key), unsafe.Pointer(&value))
		case 16:
			found = arch.GetPair(&t.head, unsafe.Pointer(&key), unsafe.Pointer(&value))
		}
		if found != arch.Unsure {
			return value, found == arch.Present
		}
	}
	return m.getWide(t, key)
}

func (m *SeqMap[K, V]) getWide(t *table, key K) (value V, ok bool) {
	if key != key {
		return value, false
	}
	var k plain.Buffer[K]
	h := m.prepare(t, key, &k)
	return getPrepared[K, V](t, &k, h)
}

// getPrepared looks up the canonical key k with hash h.
func getPrepared[K comparable, V any](t *table, k *plain.Buffer[K], h uint64) (value V, ok bool) {
	var v plain.Buffer[V]
	if t.get(k.Pointer(), h, v.Pointer()) {
		return v.Value(), true
	}
	return value, false
}

// isProbed says whether the kernels that hash a key and look for it know keys and values of these
// sizes. They do so, and read or write the value, in one call, if the table is probed and the case
// a common one. They are called where the operands are, because each call in between would copy
// these.
func isProbed[K comparable, V any]() bool {
	return layout.HasKernels(unsafe.Sizeof(*new(K)), unsafe.Sizeof(*new(V)))
}

// Contains says whether key is present.
func (m *SeqMap[K, V]) Contains(key K) bool {
	_, ok := m.Get(key)
	return ok
}

// Insert sets the value of key and returns the value that it replaced, if any. It panics, before
// anything changes, if the map would need a table that cannot be, as does all that adds a key.
func (m *SeqMap[K, V]) Insert(key K, value V) (previous V, replaced bool) {
	if unsafe.Sizeof(key) <= layout.WordBytes && unsafe.Sizeof(value) <= layout.WordBytes {
		if t := m.loadRoot(); t != nil && t.words && t.loadNext() == nil {
			var old uint64
			var ok bool
			if arch.HasUpdate() {
				old, ok = arch.SwapLine(&t.head, plain.Bits(key), plain.Bits(value))
			} else {
				old, ok = arch.SwapLineGeneric(&t.head, plain.Bits(key), plain.Bits(value))
			}
			if ok {
				return plain.FromBits[V](old), true
			}
			return m.put(key, value, overwrite)
		}
	}
	if isProbed[K, V]() {
		if t := m.loadRoot(); t != nil && t.probed && t.loadNext() == nil {
			switch unsafe.Sizeof(key) {
			case 4:
				replaced = arch.SwapHalf(&t.head, unsafe.Pointer(&key), unsafe.Pointer(&value), unsafe.Pointer(&previous))
			case 8:
				replaced = arch.SwapWord(&t.head, unsafe.Pointer(&key), unsafe.Pointer(&value), unsafe.Pointer(&previous))
			case 16:
				replaced = arch.SwapPair(&t.head, unsafe.Pointer(&key), unsafe.Pointer(&value), unsafe.Pointer(&previous))
			}
			if replaced {
				return previous, true
			}
		}
	}
	return m.put(key, value, overwrite)
}

// insertHashed is Insert of a key with hash h, if there is a table already.
func (m *SeqMap[K, V]) insertHashed(key K, value V, h uint64) {
	t := m.loadRoot()
	if unsafe.Sizeof(key) <= layout.WordBytes && unsafe.Sizeof(value) <= layout.WordBytes && t.words && t.loadNext() == nil {
		if _, ok := t.swapLine(plain.Bits(key), plain.Bits(value)); ok {
			return
		}
	} else if isProbed[K, V]() && t.probed {
		m.Insert(key, value)
		return
	}
	m.putHashed(t, key, value, h)
}

func (m *SeqMap[K, V]) putHashed(t *table, key K, value V, h uint64) {
	if key == key {
		var k plain.Buffer[K]
		k.Set(key)
		t.hasher.canon.apply(k.Pointer())
		m.putPrepared(t, &k, h, value, overwrite)
	}
}

// put inserts key, or deals with its value by the policy if it is present, and returns the
// value that was there.
func (m *SeqMap[K, V]) put(key K, value V, p policy) (previous V, was bool) {
	t := m.start()
	if key != key {
		return previous, false
	}
	var k plain.Buffer[K]
	h := m.prepare(t, key, &k)
	return m.putPrepared(t, &k, h, value, p)
}

// putPrepared is put of the canonical key k with hash h.
func (m *SeqMap[K, V]) putPrepared(t *table, k *plain.Buffer[K], h uint64, value V, p policy) (previous V, was bool) {
	var v, prev plain.Buffer[V]
	v.Set(value)
	var ins inserter
	ins.key, ins.value, ins.previous = k.Pointer(), v.Pointer(), prev.Pointer()
	ins.hash, ins.policy = h, p
	m.insert(t, &ins)
	if ins.was {
		return prev.Value(), true
	}
	return previous, false
}

// LoadOrStore returns the value of key if it is present. Otherwise it stores value and
// returns it. loaded says which.
func (m *SeqMap[K, V]) LoadOrStore(key K, value V) (actual V, loaded bool) {
	if v, ok := m.Get(key); ok {
		return v, true
	}
	if v, was := m.put(key, value, keep); was {
		return v, true
	}
	return value, false
}

// LoadOrCompute returns the value of key if it is present. Otherwise it stores what fn
// returns and returns that. loaded says which. fn runs with nothing locked, so it may panic,
// block, or use the map; if somebody else stores a value meanwhile, that one is returned
// and fn's is dropped.
func (m *SeqMap[K, V]) LoadOrCompute(key K, fn func() V) (actual V, loaded bool) {
	if v, ok := m.Get(key); ok {
		return v, true
	}
	return m.LoadOrStore(key, fn())
}

// Remove removes key and returns the value that it had, if it was present.
func (m *SeqMap[K, V]) Remove(key K) (value V, removed bool) {
	if m.loadRoot() == nil {
		m.check()
		return value, false
	}
	var e entry[K, V]
	e.begin(m, key)
	for e.look() {
		if e.remove() {
			return e.value.Value(), true
		}
	}
	return value, false
}

// removeHashed is Remove of a key with hash h, if there is a table.
func (m *SeqMap[K, V]) removeHashed(key K, h uint64) (removed bool) {
	var e entry[K, V]
	e.beginHashed(m, key, h)
	for e.look() {
		if e.remove() {
			return true
		}
	}
	return false
}

// CompareAndSwap sets the value of key to value if it is present and has the value old, and
// says whether it did. Values are compared with ==; it panics if V has none
// and the key is present.
func (m *SeqMap[K, V]) CompareAndSwap(key K, old, value V) (swapped bool) {
	if m.loadRoot() == nil {
		m.check()
		return false
	}
	var e entry[K, V]
	e.begin(m, key)
	for e.look() {
		if !e.has(&old) {
			return false
		}
		if e.replace(value) {
			return true
		}
	}
	return false
}

// CompareAndDelete removes key if it is present and has the value old, and says whether it
// did. Values are compared with ==; it panics if V has none
// and the key is present.
func (m *SeqMap[K, V]) CompareAndDelete(key K, old V) (deleted bool) {
	if m.loadRoot() == nil {
		m.check()
		return false
	}
	var e entry[K, V]
	e.begin(m, key)
	for e.look() {
		if !e.has(&old) {
			return false
		}
		if e.remove() {
			return true
		}
	}
	return false
}

// Op says what Compute is to do with an entry.
type Op int

const (
	CancelOp Op = iota // leave the entry as it is
	UpdateOp           // set the value
	DeleteOp           // remove the entry
)

// Compute calls fn with the value of key, or the zero value and false if the key is absent,
// and does what fn asks for, unless somebody else has changed the entry meanwhile: then it
// calls fn again with what is there now. So what happens is one atomic step, although fn
// runs with nothing locked: it may panic, block, or use the map, the same key included.
//
// An fn that itself changes the entry, each time it is called, is called for ever. If fn, or
// anybody else meanwhile, clears the map, the operation may be ordered before that.
//
// It returns the value that key has after the operation, and whether it is present. It panics
// if fn returns an Op that does not exist.
func (m *SeqMap[K, V]) Compute(key K, fn func(old V, loaded bool) (V, Op)) (actual V, ok bool) {
	var e entry[K, V]
	e.begin(m, key)
	for {
		loaded := e.look()
		old := e.value.Value()
		value, op := fn(old, loaded)
		switch op {
		case CancelOp:
			return old, loaded
		case UpdateOp:
			if e.commit(loaded, value) {
				return value, key == key
			}
		case DeleteOp:
			if !loaded || e.remove() {
				return actual, false
			}
		default:
			panic(fmt.Sprintf("seqmap: Compute: %d is not an Op", op))
		}
	}
}

// Update sets the value of key to what fn makes of the value that it has, or of the zero
// value and false if the key is absent, and returns the new value. Like Compute it calls fn
// with nothing locked, and again if the entry has been changed meanwhile.
func (m *SeqMap[K, V]) Update(key K, fn func(old V, loaded bool) V) V {
	var e entry[K, V]
	e.begin(m, key)
	for {
		loaded := e.look()
		if value := fn(e.value.Value(), loaded); e.commit(loaded, value) {
			return value
		}
	}
}

// Integer is the constraint of the values that Add can add to.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Add adds delta to the value of key, as one atomic step, and returns the sum. A missing key
// counts as 0. The sum wraps around as in Go.
func Add[K comparable, V Integer](m *SeqMap[K, V], key K, delta V) (sum V) {
	t := m.start()
	if key != key {
		return delta
	}
	if unsafe.Sizeof(key) <= layout.WordBytes && t.words && t.loadNext() == nil {
		// A V has 64 bits here, as all integers of word buckets.
		var bits uint64
		var ok bool
		if arch.HasUpdate() {
			bits, ok = arch.AddLine(&t.head, plain.Bits(key), plain.Bits(delta))
		} else {
			bits, ok = arch.AddLineGeneric(&t.head, plain.Bits(key), plain.Bits(delta))
		}
		if ok {
			return plain.FromBits[V](bits)
		}
	} else if isProbed[K, V]() && t.probed && t.loadNext() == nil {
		var bits uint64
		var ok bool
		switch unsafe.Sizeof(key) {
		case 4:
			bits, ok = arch.AddHalf(&t.head, unsafe.Pointer(&key), plain.Bits(delta))
		case 8:
			bits, ok = arch.AddWord(&t.head, unsafe.Pointer(&key), plain.Bits(delta))
		case 16:
			bits, ok = arch.AddPair(&t.head, unsafe.Pointer(&key), plain.Bits(delta))
		}
		if ok {
			return plain.FromBits[V](bits)
		}
	}
	return addSlow(m, t, key, delta)
}

func addSlow[K comparable, V Integer](m *SeqMap[K, V], t *table, key K, delta V) (sum V) {
	var k plain.Buffer[K]
	var v, prev plain.Buffer[V]
	v.Set(delta)
	var ins inserter
	ins.key, ins.value, ins.previous = k.Pointer(), v.Pointer(), prev.Pointer()
	ins.hash, ins.policy = m.prepare(t, key, &k), keep
	var wait arch.Backoff
	for {
		m.insert(m.loadRoot(), &ins)
		if !ins.was {
			return delta
		}
		if inside(ins.at.w) {
			wait.Wait()
		} else {
			sum := prev.Value() + delta
			var to plain.Buffer[V]
			to.Set(sum)
			if ins.at.write(ins.hash, prev.Pointer(), to.Pointer()) {
				return sum
			}
		}
		ins.was = false
	}
}
