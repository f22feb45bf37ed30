package seqvec

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The tests of this file stop a Push or Pop by hand between its reservation and the rest,
// and look what the others do.

// reservePush does the first half of a Push and returns the cell.
func reservePush[T any](v *SeqVec[T]) unsafe.Pointer {
	tail := v.loadTail()
	v.grow(index(tail) + 1)
	if !arch.CAS64(v.tailWord(), tail, moved(tail, index(tail)+1)) {
		panic("somebody else is at work")
	}
	return v.at(index(tail))
}

// reservePop does the first half of a Pop and returns the cell.
func reservePop[T any](v *SeqVec[T]) unsafe.Pointer {
	tail := v.loadTail()
	if !arch.CAS64(v.tailWord(), tail, moved(tail, index(tail)-1)) {
		panic("somebody else is at work")
	}
	return v.at(index(tail) - 1)
}

// TestNothingWaitsForAPush is G2: a push is reserved and, in one round, also inside its
// cell.
func TestNothingWaitsForAPush(t *testing.T) {
	t.Run("bytes=8", testNothingWaitsForAPush[uint64])
	t.Run("bytes=24", testNothingWaitsForAPush[[3]uint64])
}

func testNothingWaitsForAPush[T comparable](t *testing.T) {
	for _, inside := range []bool{false, true} {
		var v SeqVec[T]
		v.Push(pattern[T](1))
		p := reservePush(&v)
		seen := cell.Word(p)
		if inside && !arch.CAS64(p, seen, seen|layout.Lock) {
			t.Fatal("the cell is in use")
		}
		if x, ok := v.Get(1); ok || x != *new(T) {
			t.Errorf("Get of an index being pushed = %v, %v", x, ok)
		}
		if at := v.Push(pattern[T](3)); at != 2 {
			t.Errorf("Push = %d, want 2", at)
		}
		if x, ok := v.Pop(); !ok || x != pattern[T](3) {
			t.Errorf("Pop = %v, %v", x, ok)
		}
		n := 0
		for i := range v.All() {
			n += 1 + i
		}
		if n != 1 || v.Len() != 2 {
			t.Errorf("All yields something else than element 0, or Len = %d", v.Len())
		}
		if inside {
			arch.Store64(p, seen)
		}
		popped := make(chan T)
		go func() {
			x, _ := v.Pop()
			popped <- x
		}()
		for range 100 {
			runtime.Gosched()
		}
		publish(p, pattern[T](2))
		if x := <-popped; x != pattern[T](2) {
			t.Errorf("Pop = %v, want the value of the Push that it waited for", x)
		}
		if x, ok := v.Pop(); !ok || x != pattern[T](1) {
			t.Errorf("Pop = %v, %v", x, ok)
		}
	}
}

// TestPushWaitsForThePop is the other way round.
func TestPushWaitsForThePop(t *testing.T) {
	for _, slice := range []bool{false, true} {
		var v SeqVec[[2]uint64]
		v.Push([2]uint64{1, 1})
		p := reservePop(&v)
		if _, ok := v.Pop(); ok || v.Len() != 0 {
			t.Errorf("Pop of an empty vector, or Len = %d", v.Len())
		}
		if x, ok := v.Get(0); !ok || x != [2]uint64{1, 1} {
			t.Errorf("Get = %v, %v before the value is taken", x, ok)
		}
		if !v.Set(0, [2]uint64{5, 5}) {
			t.Error("Set found no element before the value is taken")
		}
		pushed := make(chan int)
		go func() {
			if slice {
				pushed <- v.PushSlice([][2]uint64{{2, 2}, {3, 3}})
			} else {
				pushed <- v.Push([2]uint64{2, 2})
			}
		}()
		for range 100 {
			runtime.Gosched()
		}
		if v.Len() != 0 {
			t.Errorf("Len = %d: the push reserved before it could go on", v.Len())
		}
		if x := take[[2]uint64](p); x != [2]uint64{5, 5} {
			t.Errorf("the Pop took %v, want the last value set", x)
		}
		if at := <-pushed; at != 0 {
			t.Errorf("Push = %d, want 0", at)
		}
		if x, ok := v.Get(0); !ok || x != [2]uint64{2, 2} {
			t.Errorf("Get = %v, %v", x, ok)
		}
	}
}

// TestTakeWaitsForPublish has a Push and a Pop of the same index both reserved, which only
// an old tail or a Truncate brings about, and then a second Push.
func TestTakeWaitsForPublish(t *testing.T) {
	var v SeqVec[[2]uint64]
	p := reservePush(&v)
	reservePop(&v)
	reservePush(&v)
	go publish(p, [2]uint64{1, 1})
	go publish(p, [2]uint64{2, 2})
	x := take[[2]uint64](p)
	if x != [2]uint64{1, 1} && x != [2]uint64{2, 2} {
		t.Errorf("the Pop took %v", x)
	}
	y, ok := v.Pop() // waits for the other
	if !ok || x[0]+y[0] != 3 || y[0] != y[1] {
		t.Errorf("the Pops took %v and %v, want {1 1} and {2 2}", x, y)
	}
	checkQuiet(t, &v)

	p = reservePush(&v)
	reservePop(&v)
	taken := make(chan [2]uint64)
	go func() { taken <- take[[2]uint64](p) }()
	for range 100 {
		runtime.Gosched()
	}
	publish(p, [2]uint64{3, 3})
	if x := <-taken; x != [2]uint64{3, 3} {
		t.Errorf("the Pop took %v, want {3 3}", x)
	}
	checkQuiet(t, &v)
}

// TestTruncateWaitsForPushes has pushes pending at all indexes that a Truncate takes, and
// lets others push meanwhile (G5).
func TestTruncateWaitsForPushes(t *testing.T) {
	const n = 5
	var v SeqVec[uint64]
	v.Push(100)
	var cells []unsafe.Pointer
	for range n {
		cells = append(cells, reservePush(&v))
	}
	truncated := make(chan bool)
	go func() {
		v.Truncate(1)
		close(truncated)
	}()
	for v.Len() != 1 {
		runtime.Gosched()
	}
	for k := range uint64(3) {
		v.Push(200 + k)
	}
	for k := n - 1; k >= 0; k-- { // from the top, which the protocol does not ask for
		go publish(cells[k], uint64(300+k))
	}
	<-truncated
	if v.Len() != 4 {
		t.Fatalf("Len = %d, want 4", v.Len())
	}
	checkQuiet(t, &v)
}

// checkQuiet is G5 and G7 when nothing is under way: exactly the cells below the length
// are live.
func checkQuiet[T any](t *testing.T, v *SeqVec[T]) {
	t.Helper()
	n := v.Len()
	for i := range n {
		for tries := 0; ; tries++ {
			if _, ok := v.Get(i); ok {
				break
			}
			if tries == 1_000_000 {
				t.Fatalf("element %d of %d is not there", i, n)
			}
			runtime.Gosched()
		}
	}
	for i := n; i < v.Cap(); i++ {
		if word := cell.Word(v.at(i)); !free(word) {
			t.Fatalf("cell %d, behind the length %d, has the word %#x", i, n, word)
		}
	}
	seen := 0
	for range v.All() {
		seen++
	}
	if seen != n {
		t.Errorf("All yields %d elements, Len = %d", seen, n)
	}
}

// TestTailVersion has the length go away and come back between the load of the tail and
// the CAS.
func TestTailVersion(t *testing.T) {
	var v SeqVec[uint64]
	v.Push(1)
	tail := v.loadTail()
	v.Push(2)
	v.Pop()
	if index(tail) != v.Len() {
		t.Fatal("the length did not come back")
	}
	if popCell(v.tailWord(), tail, moved(tail, 0), v.at(0), cell.Word(v.at(0))) != lost {
		t.Error("a reservation succeeded with an old tail")
	}
	checkQuiet(t, &v)
	// The version wraps and leaves the length alone.
	last := uint64(7) | ^uint64(indexMask)
	if next := moved(last, 8); index(next) != 8 || next>>indexBits != 0 {
		t.Errorf("after %#x comes %#x", last, next)
	}
}
