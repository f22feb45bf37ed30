package seqarray

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// model is what a SeqArray of one goroutine must behave like.
type model[T comparable] struct {
	values []T
	set    []bool
}

func (m *model[T]) grow(n int) {
	for len(m.set) < n {
		m.set = append(m.set, false)
		m.values = append(m.values, *new(T))
	}
}

// want returns the error that an operation on cell i is to give.
func (m *model[T]) want(i int, ifUnset, ifSet error) error {
	switch {
	case i < 0 || i >= len(m.set):
		return ErrOutOfBounds
	case m.set[i]:
		return ifSet
	default:
		return ifUnset
	}
}

func (m *model[T]) put(i int, v T) { m.values[i], m.set[i] = v, true }

// commands runs a stream of commands, given by next, on an array and its model.
func commands[T comparable](t *testing.T, a *SeqArray[T], steps int, next func(n int) int) {
	m := &model[T]{}
	m.grow(a.Cap())
	for step := range steps {
		i := next(len(m.set)+3) - 1
		v := pattern[T](uint64(next(5)))
		w := pattern[T](uint64(next(5)))
		var got, want error
		op := next(12)
		switch op {
		case 0:
			var x T
			x, got = a.Get(i)
			if want = m.want(i, ErrUninitialized, nil); want == nil && x != m.values[i] {
				t.Fatalf("step %d: Get(%d) = %v, want %v", step, i, x, m.values[i])
			}
		case 1, 2:
			got = a.Set(i, v)
			if want = m.want(i, nil, nil); want == nil {
				m.put(i, v)
			}
		case 3:
			got = a.Init(i, v)
			if want = m.want(i, nil, ErrAlreadyInitialized); want == nil {
				m.put(i, v)
			}
		case 4:
			var old T
			old, got = a.Swap(i, v)
			if want = m.want(i, ErrUninitialized, nil); want == nil {
				if old != m.values[i] {
					t.Fatalf("step %d: Swap(%d) = %v, want %v", step, i, old, m.values[i])
				}
				m.put(i, v)
			}
		case 5:
			var swapped bool
			swapped, got = a.CompareAndSwap(i, v, w)
			if want = m.want(i, ErrUninitialized, nil); want == nil {
				if swapped != (m.values[i] == v) {
					t.Fatalf("step %d: CompareAndSwap(%d) = %v with %v in place of %v", step, i, swapped, m.values[i], v)
				}
				if swapped {
					m.put(i, w)
				}
			} else if swapped {
				t.Fatalf("step %d: CompareAndSwap(%d) swapped in spite of %v", step, i, want)
			}
		case 6:
			var x T
			calls := 0
			x, got = a.Update(i, func(old T) T {
				if calls++; old != m.values[i] {
					t.Fatalf("step %d: Update(%d) gives fn %v, want %v", step, i, old, m.values[i])
				}
				return v
			})
			if want = m.want(i, ErrUninitialized, nil); want == nil {
				if x != v || calls != 1 {
					t.Fatalf("step %d: Update(%d) = %v after %d calls, want %v after 1", step, i, x, calls, v)
				}
				m.put(i, v)
			} else if calls != 0 {
				t.Fatalf("step %d: Update(%d) called fn in spite of %v", step, i, want)
			}
		case 7, 8:
			got = a.Clear(i)
			if want = m.want(i, nil, nil); want == nil {
				m.set[i] = false
			}
		case 9:
			if next(20) == 0 && len(m.set) < 300 {
				n := next(len(m.set) + 20)
				a.Grow(n)
				if a.Cap() < n || a.Cap() < len(m.set) {
					t.Fatalf("step %d: Cap = %d after Grow(%d) of %d", step, a.Cap(), n, len(m.set))
				}
				m.grow(a.Cap())
			}
		case 10:
			if next(30) == 0 {
				a.Fill(v)
				for i := range m.set {
					m.put(i, v)
				}
			}
		case 11:
			checkCopy(t, a, m, max(i, 0), next(9))
		}
		if !errors.Is(got, want) {
			t.Fatalf("step %d: command %d at %d: error %v, want %v", step, op, i, got, want)
		}
		if step%64 == 0 || step == steps-1 {
			checkAll(t, a, m)
		}
	}
}

func checkCopy[T comparable](t *testing.T, a *SeqArray[T], m *model[T], from, n int) {
	var want []T
	for i := from; i < len(m.set) && m.set[i] && len(want) < n; i++ {
		want = append(want, m.values[i])
	}
	dst := make([]T, n)
	if got := a.CopyTo(dst, from); got != len(want) || !slices.Equal(dst[:got], want) {
		t.Fatalf("CopyTo(%d values, %d) = %d: %v, want %v", n, from, got, dst, want)
	}
}

func checkAll[T comparable](t *testing.T, a *SeqArray[T], m *model[T]) {
	var indexes, wantIndexes []int
	var values, wantValues []T
	for i, v := range a.All() {
		indexes, values = append(indexes, i), append(values, v)
	}
	for i, set := range m.set {
		if set {
			wantIndexes, wantValues = append(wantIndexes, i), append(wantValues, m.values[i])
		}
	}
	if !slices.Equal(indexes, wantIndexes) || !slices.Equal(values, wantValues) {
		t.Fatalf("All yields %v %v, want %v %v", indexes, values, wantIndexes, wantValues)
	}
	if got := slices.Collect(a.Values()); !slices.Equal(got, wantValues) {
		t.Fatalf("Values yields %v, want %v", got, wantValues)
	}
	if a.Len() != len(wantIndexes) || a.IsEmpty() != (len(wantIndexes) == 0) || a.Cap() != len(m.set) {
		t.Fatalf("Len, IsEmpty, Cap = %d, %v, %d, want %d of %d", a.Len(), a.IsEmpty(), a.Cap(), len(wantIndexes), len(m.set))
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
		n := next(40)
		commands(t, New[T](n), 1000, next)
		commands(t, New[T](n, WithPadding()), 1000, next)
		commands(t, new(SeqArray[T]), 300, next)
	}
}
