//go:build seqsched

package seqmap

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/sched"
)

type opKind uint8

const (
	opGet opKind = iota
	opInsert
	opLoadOrStore
	opRemove
	opUpdate // adds to the value, by a function that reads the same key
	opAdd
	opSwapIf
	opDeleteIf
	opClear
	opRange
	opLen
	opGrow
	opShrink
	opAttach // attaches a table to the root
	opMove   // attaches a table to table number key of the chain, moves all there, advances
)

var opNames = [...]string{"Get", "Insert", "LoadOrStore", "Remove", "Update", "Add", "CompareAndSwap", "CompareAndDelete", "Clear", "Range", "Len", "Grow", "Shrink", "attach", "move"}

// op is one call. x and y are values, or other numbers that the operation needs.
type op struct {
	kind      opKind
	key, x, y uint8
}

func (o op) String() string {
	return fmt.Sprintf("%s(key %d, %d, %d)", opNames[o.kind], o.key, o.x, o.y)
}

// key makes operations on one key.
type key uint8

// The keys of a scenario stand at its places, in order.
const (
	keyA key = iota
	keyB
	keyC
	keyD
)

func (k key) get() op                     { return op{opGet, uint8(k), 0, 0} }
func (k key) insert(v uint8) op           { return op{opInsert, uint8(k), v, 0} }
func (k key) loadOrStore(v uint8) op      { return op{opLoadOrStore, uint8(k), v, 0} }
func (k key) remove() op                  { return op{opRemove, uint8(k), 0, 0} }
func (k key) update(delta uint8) op       { return op{opUpdate, uint8(k), delta, 0} }
func (k key) add(delta uint8) op          { return op{opAdd, uint8(k), delta, 0} }
func (k key) swapIf(old, v uint8) op      { return op{opSwapIf, uint8(k), old, v} }
func (k key) deleteIf(old uint8) op       { return op{opDeleteIf, uint8(k), old, 0} }
func attachTable(buckets uint8) op        { return op{opAttach, 0, buckets, 0} }
func moveTo(buckets uint8) op             { return op{opMove, 0, buckets, 0} }
func moveTable(n uint8, buckets uint8) op { return op{opMove, n, buckets, 0} }

var (
	clearAll = op{kind: opClear}
	rangeAll = op{kind: opRange}
	length   = op{kind: opLen}
	shrink   = op{kind: opShrink}
	grow     = op{kind: opGrow, x: 12}
)

// event is an operation that has ended. from and to are the times of its first and last access.
type event struct {
	op
	from, to int
	got      int
	ok       bool
}

func (e event) String() string {
	return fmt.Sprintf("%v = %d, %v during %d-%d", e.op, e.got, e.ok, e.from, e.to)
}

// world is one run of a scenario.
type world struct {
	subject
	*scenario
	small   bool
	history []event
	room    [maxEvents]event
	first   *lineage
	errs    []error
}

func (w *world) fail(format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf(format, args...))
}

// thread returns a thread that carries out ops.
func (w *world) thread(ops []op) func() {
	return func() {
		for _, o := range ops {
			w.do(o)
		}
	}
}

// do carries out one operation and records what came of it. A Range is recorded as one Get of
// each key during the same time: a key present throughout must have been visited, with a value
// that it had, and an absent one not.
func (w *world) do(o op) {
	e := event{op: o}
	sched.Stamp(&e.from)
	spins := sched.Spins()
	switch o.kind {
	case opRange:
		visited := w.sweep()
		for k := range visited {
			w.history = append(w.history, event{op: key(k).get(), from: e.from, to: sched.Now(), got: visited[k]})
		}
		return
	case opGet:
		e.got = w.get(int(o.key))
		if sched.Spins() != spins && (w.small || w.neverWait) {
			w.fail("G4: a reader waited")
		}
	default:
		w.act(&e)
	}
	e.to = sched.Now()
	if e.got == torn {
		w.fail("G1: torn value from %v", e)
	}
	if o.kind < opRange {
		w.history = append(w.history, e)
	}
}

func (w *world) act(e *event) {
	k, x, y := int(e.key), int(e.x), int(e.y)
	switch e.kind {
	case opInsert:
		e.got = w.insert(k, x)
	case opLoadOrStore:
		e.got, e.ok = w.loadOrStore(k, x)
	case opRemove:
		e.got = w.remove(k)
	case opUpdate:
		// The function uses the key that is being updated: nothing is locked (G5).
		e.got = w.update(k, func(old int) int {
			if w.get(k) == torn {
				w.fail("G1: torn value inside of an Update")
			}
			return old + x
		})
	case opAdd:
		e.got = w.add(k, x)
	case opSwapIf:
		e.ok = w.swapIf(k, x, y)
	case opDeleteIf:
		e.ok = w.deleteIf(k, x)
	case opClear:
		w.clear()
	case opLen:
		if n := w.size(); n < 0 {
			w.fail("G6: Len is %d", n)
		}
	case opGrow:
		w.grow(x)
	case opShrink:
		w.shrink()
	case opAttach:
		w.core().loadRoot().attachNext(uint64(x))
	case opMove:
		w.move(k, uint64(x))
	}
}

// sweep returns what a Range visits.
func (w *world) sweep() []int {
	visited := make([]int, len(w.places))
	w.each(func(k, v int) bool {
		switch {
		case k < 0:
			w.fail("G1: Range visited a key that was never stored")
		case visited[k] != 0:
			w.fail("G7: Range visited key %d twice", k)
		case v == torn:
			w.fail("G1: Range read a torn value of key %d", k)
		default:
			visited[k] = v
		}
		return true
	})
	return visited
}

// move is what a migration of table n of the chain consists of.
func (w *world) move(n int, buckets uint64) {
	c := w.core()
	t := c.loadRoot()
	for ; n > 0 && t != nil; n-- {
		t = t.loadNext()
	}
	if t == nil {
		return
	}
	t.attachNext(buckets)
	t.moveAll()
	c.advance()
}

// watch is called after every access. It takes no step.
func (w *world) watch() error {
	if t := w.core().root.Load(); t.lineage != w.first {
		if err := notNegative(t.lineage); err != nil {
			return err
		}
	}
	return notNegative(w.first)
}

// notNegative adds up what Len adds up, at one moment.
func notNegative(l *lineage) error {
	n := int64(l.count.first.n.Load())
	if more := l.count.more.Load(); more != nil {
		for i := range *more {
			n += int64((*more)[i].n.Load())
		}
	}
	if n < 0 {
		return fmt.Errorf("G6: the map counts %d keys", n)
	}
	return nil
}

// check is called when all threads have ended. Its error names all guarantees that failed.
func (w *world) check() error {
	content := w.checkContent()
	if !w.linearizable() {
		w.fail("G3: not linearizable")
	}
	w.checkSlots()
	w.settle()
	for k, v := range content {
		if got := w.get(k); got != v {
			w.fail("G3: key %d is %d, and %d when the migrations are over", k, v, got)
		}
	}
	if w.errs == nil {
		return nil
	}
	return fmt.Errorf("%w%s", errors.Join(w.errs...), w.story())
}

func (w *world) story() (text string) {
	for _, e := range w.history {
		text += "\n\t" + e.String()
	}
	return text
}

// checkSlots looks at all slots of the chain.
func (w *world) checkSlots() {
	holders := map[[4]uint64]bool{}
	for t := w.core().root.Load(); t != nil; t = t.next.Load() {
		for n := range t.buckets {
			for i := range t.geo.Slots {
				b := t.bucket(n)
				x := t.word(b, i)
				if x&layout.Lock != 0 {
					w.fail("G3: slot %d of bucket %d is left locked: %#x", i, n, x)
				}
				if !published(x) || x == layout.Moved {
					continue
				}
				k := keyWords(t, b, i)
				if holders[k] {
					w.fail("G2: a key has two slots")
				}
				holders[k] = true
			}
		}
	}
}

func keyWords(t *table, b unsafe.Pointer, i uintptr) (k [4]uint64) {
	// Safety: no key of the scenarios takes more than four words.
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&k)), unsafe.Sizeof(k)), unsafe.Slice((*byte)(t.keyAt(b, i)), t.geo.KeyBytes))
	return k
}

// checkContent compares what Get, Range and Len say about the map when it is quiet, and
// records the Gets.
func (w *world) checkContent() (content []int) {
	present := 0
	for k := range w.places {
		w.do(key(k).get())
		v := w.history[len(w.history)-1].got
		content = append(content, v)
		if v != 0 {
			present++
		}
	}
	for k, v := range w.sweep() {
		if v != content[k] {
			w.fail("G7: final content: Range says %d of key %d, Get says %d", v, k, content[k])
		}
	}
	if n := w.size(); n != present {
		w.fail("G6: Len is %d with %d keys present", n, present)
	}
	return content
}

// settle finishes the migrations that are under way.
func (w *world) settle() {
	c := w.core()
	for t := c.loadRoot(); t.loadNext() != nil; t = t.loadNext() {
		t.moveAll()
	}
	c.advance()
}
