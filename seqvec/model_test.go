package seqvec

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// commands runs a stream of commands, given by next, on an empty vector and on a slice,
// which is what a SeqVec of one goroutine must behave like.
func commands[T comparable](t *testing.T, v *SeqVec[T], steps int, next func(n int) int) {
	var m []T
	for step := range steps {
		i := next(len(m)+3) - 1
		there := i >= 0 && i < len(m)
		x, y := pattern[T](uint64(next(5))), pattern[T](uint64(next(5)))
		var ok, want bool
		op := next(14)
		switch op {
		case 0, 1, 2:
			if at := v.Push(x); at != len(m) {
				t.Fatalf("step %d: Push = %d, want %d", step, at, len(m))
			}
			m = append(m, x)
		case 3:
			xs := make([]T, next(40))
			for k := range xs {
				xs[k] = pattern[T](uint64(k))
			}
			if first := v.PushSlice(xs); first != len(m) {
				t.Fatalf("step %d: PushSlice = %d, want %d", step, first, len(m))
			}
			m = append(m, xs...)
		case 4, 5:
			var got T
			got, ok = v.Pop()
			if want = len(m) > 0; want {
				if got != m[len(m)-1] {
					t.Fatalf("step %d: Pop = %v, want %v", step, got, m[len(m)-1])
				}
				m = m[:len(m)-1]
			} else if got != *new(T) {
				t.Fatalf("step %d: Pop of nothing = %v", step, got)
			}
		case 6, 7:
			var got T
			got, ok = v.Get(i)
			if want = there; want && got != m[i] || !want && got != *new(T) {
				t.Fatalf("step %d: Get(%d) = %v of %v", step, i, got, m)
			}
		case 8:
			ok = v.Set(i, x)
			if want = there; want {
				m[i] = x
			}
		case 9:
			var got T
			got, ok = v.Swap(i, x)
			if want = there; want {
				if got != m[i] {
					t.Fatalf("step %d: Swap(%d) = %v, want %v", step, i, got, m[i])
				}
				m[i] = x
			}
		case 10:
			ok = v.CompareAndSwap(i, x, y)
			if want = there && m[i] == x; want {
				m[i] = y
			}
		case 11:
			var got T
			calls := 0
			got, ok = v.Update(i, func(old T) T {
				if calls++; old != m[i] {
					t.Fatalf("step %d: Update(%d) gives fn %v, want %v", step, i, old, m[i])
				}
				return x
			})
			if want = there; want {
				m[i] = x
				if got != x || calls != 1 {
					t.Fatalf("step %d: Update(%d) = %v after %d calls, want %v after 1", step, i, got, calls, x)
				}
			} else if calls != 0 {
				t.Fatalf("step %d: Update(%d) called fn without an element", step, i)
			}
		case 12:
			if next(3) == 0 {
				v.Truncate(max(i, 0))
				m = m[:min(max(i, 0), len(m))]
			}
		case 13:
			if next(60) == 0 {
				v.Clear()
				m = nil
			}
		}
		if ok != want {
			t.Fatalf("step %d: command %d at %d of %d says %v, want %v", step, op, i, len(m), ok, want)
		}
		if step%64 == 0 || step == steps-1 {
			checkAll(t, v, m)
		}
	}
}

func checkAll[T comparable](t *testing.T, v *SeqVec[T], m []T) {
	var indexes, back []int
	var values, backValues []T
	for i, x := range v.All() {
		indexes, values = append(indexes, i), append(values, x)
	}
	for i, x := range v.Backward() {
		back, backValues = append(back, i), append(backValues, x)
	}
	slices.Reverse(back)
	slices.Reverse(backValues)
	if !slices.Equal(values, m) || !slices.Equal(backValues, m) || !slices.Equal(indexes, back) {
		t.Fatalf("All yields %v, Backward %v reversed, want %v", values, backValues, m)
	}
	for k, i := range indexes {
		if i != k {
			t.Fatalf("All yields the indexes %v", indexes)
		}
	}
	if got := slices.Collect(v.Values()); !slices.Equal(got, m) {
		t.Fatalf("Values yields %v, want %v", got, m)
	}
	if v.Len() != len(m) || v.Cap() < len(m) {
		t.Fatalf("Len, Cap = %d, %d, want %d and no less", v.Len(), v.Cap(), len(m))
	}
}

type mixed struct {
	a uint8
	_ uint16
	b float64
	c [3]int16
}

func TestModel(t *testing.T) {
	t.Run("bytes=0", testModel[struct{}])
	t.Run("bytes=1", testModel[uint8])
	t.Run("bytes=3", testModel[[3]uint8])
	t.Run("bytes=4", testModel[float32])
	t.Run("bytes=8", testModel[uint64])
	t.Run("bytes=12", testModel[[3]uint32])
	t.Run("bytes=16", testModel[complex128])
	t.Run("bytes=24", testModel[[3]uint64])
	t.Run("bytes=32", testModel[[4]uint64])
	t.Run("bytes=64", testModel[[8]uint64])
	t.Run("bytes=255", testModel[[255]uint8])
	t.Run("mixed", testModel[mixed])
}

func testModel[T comparable](t *testing.T) {
	for seed := range uint64(count(20)) {
		next := rand.New(rand.NewPCG(seed, 1)).IntN
		commands(t, new(SeqVec[T]), 1000, next)
		commands(t, New[T](), 100, next)
		commands(t, New[T](WithCapacity(next(60))), 1000, next)
	}
}
