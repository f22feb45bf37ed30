package cell

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// raw is a cell of any type up to 64 bytes, between guards.
type raw struct {
	before uint64
	cell   [9]uint64
	after  uint64
}

func newRaw() *raw {
	return &raw{before: guard, after: guard}
}

func (r *raw) p() unsafe.Pointer { return unsafe.Pointer(&r.cell) }

const guard = 0xa5a5a5a5a5a5a5a5

// fill returns a T whose bytes all are b.
func fill[T any](b byte) (v T) {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v))
	for i := range bytes {
		bytes[i] = b
	}
	return v
}

// each runs a test for types of many sizes and alignments.
func each(t *testing.T, test func(t *testing.T, k kind)) {
	for _, k := range []kind{
		typed[struct{}]{}, typed[bool8]{}, typed[uint16]{}, typed[[3]byte]{}, typed[uint32]{}, typed[[5]byte]{}, typed[[7]byte]{},
		typed[uint64]{}, typed[[2]uint32]{}, typed[[9]byte]{}, typed[[3]uint32]{}, typed[[2]uint64]{}, typed[[5]uint32]{},
		typed[[3]uint64]{}, typed[[31]byte]{}, typed[[4]uint64]{}, typed[[5]uint64]{}, typed[[63]byte]{}, typed[[8]uint64]{}, typed[[16]uint32]{},
	} {
		t.Run(k.name(), func(t *testing.T) { test(t, k) })
	}
}

type bool8 uint8

type kind interface {
	name() string
	readsWhatWasCommitted(t *testing.T)
	refusesLocked(t *testing.T)
	survivesStress(t *testing.T)
}

type typed[T any] struct{}

func (typed[T]) name() string { return fmt.Sprintf("%T", *new(T)) }

func TestReadsWhatWasCommitted(t *testing.T) {
	each(t, func(t *testing.T, k kind) { k.readsWhatWasCommitted(t) })
}

func (typed[T]) readsWhatWasCommitted(t *testing.T) {
	size := unsafe.Sizeof(*new(T))
	if Stride[T]() != 8+(size+7)/8*8 || Small[T]() != (size <= 8) || Whole[T]() != (size%8 == 0) {
		t.Fatalf("Stride %d, Small %v, Whole %v for %d bytes", Stride[T](), Small[T](), Whole[T](), size)
	}
	r := newRaw()
	for i := range 9 {
		if i >= int(Stride[T]()/8) {
			r.cell[i] = guard
		}
	}
	var seen uint64
	for b := range byte(50) {
		v := fill[T](b + 1)
		state := uint64(layout.Live)
		if b%3 == 0 {
			state = layout.Dead
		}
		next := layout.Next(seen, state)
		if !commit(r.p(), seen, next, v) || commit(r.p(), seen, next, v) {
			t.Fatal("a commit failed, or succeeded twice")
		}
		seen = next
		got, word, ok := Try[T](r.p())
		var loaded T
		word2 := LoadTo(&loaded, r.p())
		for _, got := range []T{got, loaded, Copy[T](r.p())} {
			if any(got) != any(v) {
				t.Fatalf("read %v, want %v", got, v)
			}
		}
		if !ok || word != seen || word2 != seen || Word(r.p()) != seen || Unlocked(r.p()) != seen {
			t.Fatalf("word %#x, ok %v, %#x; want %#x", word, ok, word2, seen)
		}
	}
	if r.before != guard || r.after != guard {
		t.Error("a guard was overwritten")
	}
	for _, w := range r.cell[Stride[T]()/8:] {
		if w != guard {
			t.Error("memory behind the cell was overwritten")
		}
	}
}

func TestRefusesLocked(t *testing.T) {
	each(t, func(t *testing.T, k kind) { k.refusesLocked(t) })
}

func (typed[T]) refusesLocked(t *testing.T) {
	r := newRaw()
	const word = layout.Version | layout.Live
	v := fill[T](3)
	commit(r.p(), 0, word, v)
	arch.Store64(r.p(), word|layout.Lock)
	if _, _, ok := Try[T](r.p()); ok {
		t.Error("Try read a locked cell")
	}
	if commit(r.p(), word, 2*word, fill[T](4)) {
		t.Error("CommitFrom wrote a locked cell")
	}
}

// TestReplaceLive: a live cell that nobody is inside is written if the word is the one seen. Any
// other is left alone.
func TestReplaceLive(t *testing.T) {
	type wide = [3]uint64
	for state := range uint64(layout.Version) {
		for _, late := range []uint64{0, layout.Version} {
			r := newRaw()
			old, v := fill[wide](1), fill[wide](2)
			commit(r.p(), 0, layout.Version, old)
			seen := 5*layout.Version | state
			arch.Store64(r.p(), seen+late)
			done := state == layout.Live && late == 0
			want, word := old, seen+late
			if done {
				want, word = v, 6*layout.Version|layout.Live
			}
			if got := ReplaceLive(r.p(), seen, &v); got != done || Word(r.p()) != word || Copy[wide](r.p()) != want {
				t.Errorf("word %#x, seen %#x: %v, word %#x, value %v", seen+late, seen, got, Word(r.p()), Copy[wide](r.p()))
			}
		}
	}
}

// TestWaits checks that LoadTo and Unlocked wait until the lock is gone.
func TestWaits(t *testing.T) {
	type wide = [3]uint64
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const word = layout.Version | layout.Live
	for name, wait := range map[string]func(p unsafe.Pointer) uint64{
		"LoadTo":   func(p unsafe.Pointer) uint64 { return LoadTo(new(wide), p) },
		"small":    func(p unsafe.Pointer) uint64 { return LoadTo(new(uint32), p) },
		"Unlocked": Unlocked,
	} {
		r := newRaw()
		arch.Store64(r.p(), word|layout.Lock)
		got := make(chan uint64, 1)
		go func() { got <- wait(r.p()) }()
		for range 200 {
			runtime.Gosched()
		}
		if len(got) != 0 {
			t.Errorf("%s did not wait", name)
		}
		arch.Store64(r.p(), word)
		if w := <-got; w != word {
			t.Errorf("%s found the word %#x", name, w)
		}
	}
}

func TestSurvivesStress(t *testing.T) {
	each(t, func(t *testing.T, k kind) { k.survivesStress(t) })
}

// survivesStress has two writers commit values of one byte each, with the state that
// belongs to it, while two readers check that they see no other.
func (typed[T]) survivesStress(t *testing.T) {
	commits := 4000
	if testing.Short() {
		commits = 400
	}
	r := newRaw()
	stateOf := func(b byte) uint64 { return uint64(layout.Live + b%2*(layout.Dead-layout.Live)) }
	commit(r.p(), 0, layout.Next(0, stateOf(0)), fill[T](0))
	check := func(v T, state uint64, how string) {
		if unsafe.Sizeof(v) == 0 {
			return
		}
		b := *(*byte)(unsafe.Pointer(&v))
		if any(v) != any(fill[T](b)) {
			t.Errorf("%s: torn value %v", how, v)
		}
		if state != stateOf(b) && !Small[T]() {
			t.Errorf("%s: value of %d in state %d", how, b, state)
		}
	}
	var writers, readers sync.WaitGroup
	stop := make(chan bool)
	for w := range 2 {
		writers.Add(1)
		go func() {
			defer writers.Done()
			for i := 0; i < commits; {
				b := byte(2*i + w)
				if seen := Unlocked(r.p()); commit(r.p(), seen, layout.Next(seen, stateOf(b)), fill[T](b)) {
					i++
				}
			}
		}()
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				var v T
				word := LoadTo(&v, r.p())
				check(v, word&layout.StateMask, "LoadTo")
				if v, word, ok := Try[T](r.p()); ok {
					check(v, word&layout.StateMask, "Try")
				}
				runtime.Gosched()
			}
		}()
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	if got, want := Word(r.p())/layout.Version, uint64(2*commits+1); got != want {
		t.Errorf("version %d after %d commits", got, want)
	}
}

// TestEqual compares Equal with == on types below and above the size that it boxes.
func TestEqual(t *testing.T) {
	type part struct {
		a uint8
		f float64
		_ uint32
		c complex64
		g float32
	}
	testEqual[part](t, 1)
	testEqual[[64]part](t, 64)
	testEqual[[300]float32](t, 300)
	testEqual[[200]complex128](t, 200)
	testEqual[[2000]byte](t, 2000)
	testEqual[struct {
		x [200]uint64
		y int8
	}](t, 2)

	a, b := new([64]part), new([64]part)
	for i := range b {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&b[i])), unsafe.Sizeof(b[i]))
		bytes[1], bytes[unsafe.Offsetof(b[i].f)+8] = 1, 1 // padding and the blank field
	}
	if !Equal(a, b) {
		t.Error("padding or a blank field is compared")
	}
	b[63].f = math.Copysign(0, -1)
	if !Equal(a, b) {
		t.Error("-0 differs from +0")
	}
	a[63].g, b[63].g = float32(math.NaN()), float32(math.NaN())
	if Equal(a, b) || Equal(a, a) {
		t.Error("NaN equals NaN")
	}
	if n := testing.AllocsPerRun(10, func() { Equal(a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}

	type odd struct {
		_ [2000]byte
		f [0]func()
	}
	defer func() {
		if recover() == nil {
			t.Error("a type without == was compared")
		}
	}()
	Equal(new(odd), new(odd))
}

// testEqual changes each byte of a value in turn and expects Equal to say what == says.
func testEqual[T any](t *testing.T, parts int) {
	a, b := new(T), new(T)
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(b)), unsafe.Sizeof(*b))
	if !Equal(a, b) {
		t.Fatalf("zero values of %T differ", *a)
	}
	differ := 0
	for i := range bytes {
		bytes[i] = 0x11
		if want := any(*a) == any(*b); Equal(a, b) != want {
			t.Fatalf("%T with byte %d changed: Equal = %v", *a, i, !want)
		} else if !want {
			differ++
		}
		bytes[i] = 0
	}
	if differ < parts {
		t.Errorf("only %d changes of %T made a difference", differ, *a)
	}
}

func commit[T any](p unsafe.Pointer, seen, next uint64, v T) bool {
	return CommitFrom(p, seen, next, &v)
}
