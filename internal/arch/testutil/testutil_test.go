package testutil

import "testing"

// TestPatterns: a pattern is whole and tells its seed, and one with a byte of another is not whole.
func TestPatterns(t *testing.T) {
	testPatterns[uint8](t)
	testPatterns[uint16](t)
	testPatterns[uint32](t)
	testPatterns[uint64](t)
	testPatterns[[3]byte](t)
	testPatterns[[9]byte](t)
	testPatterns[[3]uint64](t)
	testPatterns[[255]byte](t)
	if Pattern[uint8](200) != 200 || Pattern[uint32](70_000) != 70_000 || Pattern[[2]uint64](1<<40) != [2]uint64{1 << 40, 1 << 40} {
		t.Error("a small integer, or a word of a large one, is not its own seed")
	}
	if !Whole(struct{}{}) || Seed(struct{}{}) != 0 {
		t.Error("nothing is whole, and has the seed 0")
	}
}

func testPatterns[T comparable](t *testing.T) {
	t.Helper()
	for n := range uint64(200) {
		v := Pattern[T](n)
		if !Whole(v) || Pattern[T](Seed(v)) != v || Seed(v) != n && len(Bytes(&v)) > 0 {
			t.Errorf("pattern %d of %T is %v, whole %v, of seed %d", n, v, v, Whole(v), Seed(v))
		}
		if last := len(Bytes(&v)) - 1; last >= 8 {
			Bytes(&v)[last]++
			if Whole(v) {
				t.Errorf("%v is taken for whole", v)
			}
		}
	}
}

// TestTogether: all numbers come, each in a goroutine that waits for the others.
func TestTogether(t *testing.T) {
	const n = 10
	var all [n]chan int
	for i := range all {
		all[i] = make(chan int)
	}
	Together(n, func(g int) {
		if g%2 == 0 {
			all[g] <- g
		} else if got := <-all[g-1]; got != g-1 {
			t.Errorf("goroutine %d got %d", g, got)
		}
	})
}

// failing is a test that only says whether it would have failed.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Errorf(string, ...any) { f.failed = true }

// TestMustPanic: all of the parts must be in the text, and a panic there must be.
func TestMustPanic(t *testing.T) {
	for text, want := range map[string]bool{"": true, "no part of it": true, "one of the other": true, "one and the other": false} {
		inner := &failing{TB: t}
		MustPanic(inner, func() {
			if text != "" {
				panic(text)
			}
		}, "one and", "other")
		if inner.failed != want {
			t.Errorf("a panic with %q: failed is %v, want %v", text, inner.failed, want)
		}
	}
}

// TestChoices: bytes are used up one by one.
func TestChoices(t *testing.T) {
	next := Choices([]byte{7, 255, 0})
	if a, b, c, d := next(5), next(100), next(3), next(3); a != 2 || b != 55 || c != 0 || d != 0 {
		t.Errorf("the choices are %d, %d, %d, %d", a, b, c, d)
	}
}
