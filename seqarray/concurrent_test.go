package seqarray

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// crowds are the numbers of goroutines that the stress tests use.
func crowds() []int { return []int{2, max(runtime.GOMAXPROCS(0), 3), 100} }

// TestTornStress is G1: writers of all kinds on a few cells, and readers that look at
// every value.
func TestTornStress(t *testing.T) {
	t.Run("bytes=3", testTorn[[3]uint8])
	t.Run("bytes=12", testTorn[[3]uint32])
	t.Run("bytes=16", testTorn[[2]uint64])
	t.Run("bytes=32", testTorn[[4]uint64])
	t.Run("bytes=64", testTorn[[8]uint64])
	t.Run("bytes=255", testTorn[[255]uint8])
}

func testTorn[T comparable](t *testing.T) {
	const cells = 3
	for _, n := range crowds() {
		a := New[T](cells)
		steps := count(40_000) / n
		together(n, func(g int) {
			r := rand.New(rand.NewPCG(uint64(g), 2))
			look := func(v T) T {
				if !whole(v) {
					t.Errorf("torn value %v", v)
				}
				return v
			}
			for range steps {
				i, v := r.IntN(cells), pattern[T](r.Uint64())
				switch r.IntN(8) {
				case 0:
					ignore(a.Set(i, v))
				case 1:
					if old, err := a.Swap(i, v); err == nil {
						look(old)
					}
				case 2:
					_, err := a.Update(i, func(old T) T { look(old); return v })
					ignore(err)
				case 3:
					ignore(a.Clear(i))
				case 4:
					for _, v := range a.All() {
						look(v)
					}
				default:
					if v, err := a.Get(i); err == nil {
						look(v)
					}
				}
			}
		})
		checkCount(t, a)
	}
}

// ignore takes the error of an operation that may find a cell set or unset.
func ignore(error) {}

// checkCount compares Len with the cells that are set, when nothing is under way (G4).
func checkCount[T any](t *testing.T, a *SeqArray[T]) {
	t.Helper()
	n := 0
	for range a.All() {
		n++
	}
	if a.Len() != n {
		t.Errorf("Len = %d with %d cells set", a.Len(), n)
	}
}

// TestInitOnce is G3.
func TestInitOnce(t *testing.T) {
	for _, n := range crowds() {
		cells := count(2000)
		a := New[[3]uint32](cells)
		winner := make([]atomic.Int64, cells)
		together(n, func(g int) {
			for i := range cells {
				switch err := a.Init(i, pattern[[3]uint32](uint64(g+1))); {
				case err == nil:
					if !winner[i].CompareAndSwap(0, int64(g+1)) {
						t.Errorf("two goroutines initialized cell %d", i)
					}
				case !errors.Is(err, ErrAlreadyInitialized):
					t.Error(err)
				}
			}
		})
		for i := range cells {
			if v, err := a.Get(i); err != nil || v != pattern[[3]uint32](uint64(winner[i].Load())) {
				t.Fatalf("cell %d: %v, %v; goroutine %d won", i, v, err, winner[i].Load())
			}
		}
		if a.Len() != cells {
			t.Errorf("Len = %d, want %d", a.Len(), cells)
		}
	}
}

// TestLenStress is G4: some cells stay set throughout, others come and go.
func TestLenStress(t *testing.T) {
	const fixed, moving = 3, 1
	for _, n := range crowds() {
		a := New[uint64](fixed + moving)
		for i := range fixed {
			ignore(a.Set(i, 1))
		}
		steps := count(200_000) / n
		together(n, func(g int) {
			r := rand.New(rand.NewPCG(uint64(g), 3))
			for range steps {
				i := fixed + r.IntN(moving)
				switch r.IntN(4) {
				case 0:
					ignore(a.Set(i, 1))
				case 1:
					ignore(a.Init(i, 1))
				default:
					ignore(a.Clear(i))
				}
				if l := a.Len(); l < fixed || l > fixed+moving+n {
					t.Errorf("Len = %d with %d cells set for good and %d others", l, fixed, moving)
				}
			}
		})
		checkCount(t, a)
	}
}

// TestGrowStress is G5: every goroutine has a cell of its own in each stretch of the
// array, writes there and finds what it wrote, while others enlarge the array.
func TestGrowStress(t *testing.T) {
	for _, n := range crowds() {
		var a SeqArray[[2]uint64]
		rounds := count(1500) / n * 4
		together(n, func(g int) {
			for k := range uint64(rounds) {
				i := int(k)*n + g
				a.Grow(i + 1)
				v := pattern[[2]uint64](k ^ uint64(g)<<32)
				if err := a.Set(i, v); err != nil {
					t.Error(err)
				}
				for _, j := range []int{i, g, i/2/n*n + g} {
					want := pattern[[2]uint64](uint64(j/n) ^ uint64(g)<<32)
					if got, err := a.Get(j); err != nil || got != want {
						t.Errorf("Get(%d) = %v, %v, want %v", j, got, err, want)
					}
				}
			}
		})
		if a.Len() != n*rounds {
			t.Errorf("Len = %d, want %d", a.Len(), n*rounds)
		}
	}
}

// TestUpdateStress counts with Update, and with CompareAndSwap.
func TestUpdateStress(t *testing.T) {
	for _, n := range crowds() {
		a := Of([3]uint64{}, [3]uint64{})
		steps := count(20_000) / n
		next := func(v [3]uint64) [3]uint64 { return [3]uint64{v[0] + 1, v[1] + 2, v[2] + 3} }
		together(n, func(int) {
			for range steps {
				if _, err := a.Update(0, next); err != nil {
					t.Error(err)
				}
				for {
					old, err := a.Get(1)
					if err != nil {
						t.Error(err)
					}
					if ok, err := a.CompareAndSwap(1, old, next(old)); err != nil {
						t.Error(err)
					} else if ok {
						break
					}
				}
			}
		})
		total := uint64(n * steps)
		for i, v := range a.All() {
			if v != [3]uint64{total, 2 * total, 3 * total} {
				t.Errorf("cell %d counts %v, want %d times {1 2 3}", i, v, total)
			}
		}
	}
}

// TestSwapStress looks that every value swapped in comes out once.
func TestSwapStress(t *testing.T) {
	for _, n := range crowds() {
		steps := count(20_000) / n
		a := Of(uint64(0))
		out := make([][]uint64, n)
		together(n, func(g int) {
			for k := range steps {
				old, err := a.Swap(0, uint64(1+g*steps+k))
				if err != nil {
					t.Error(err)
				}
				out[g] = append(out[g], old)
			}
		})
		last, err := a.Get(0)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[uint64]int{last: 1}
		for _, vs := range out {
			for _, v := range vs {
				seen[v]++
			}
		}
		for v := range uint64(n*steps + 1) {
			if seen[v] != 1 {
				t.Fatalf("value %d came out %d times", v, seen[v])
			}
		}
	}
}

// TestPublication is G2 for data that the array knows nothing of: the race detector must
// find nothing wrong with plain structs that are published by their index.
func TestPublication(t *testing.T) {
	type record struct{ a, b int }
	for _, wide := range []bool{false, true} {
		n := count(2000)
		records := make([]record, n)
		small, large := New[int](n), New[[3]int](n)
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range n {
				records[i] = record{i, -i}
				if wide {
					ignore(large.Set(i, [3]int{i, i, i}))
				} else {
					ignore(small.Set(i, i))
				}
			}
		}()
		for i := range n {
			j := -1
			for j < 0 {
				if wide {
					if v, err := large.Get(i); err == nil {
						j = v[2]
					}
				} else if v, err := small.Get(i); err == nil {
					j = v
				}
				runtime.Gosched()
			}
			if records[j] != (record{i, -i}) {
				t.Fatalf("record %d = %v", j, records[j])
			}
		}
		wg.Wait()
	}
}

// TestCallbacks is G6.
func TestCallbacks(t *testing.T) {
	a := Of([2]uint64{1, 1}, [2]uint64{2, 2})
	mustPanic(t, func() {
		_, err := a.Update(0, func([2]uint64) [2]uint64 { panic("in fn") })
		ignore(err)
	}, "in fn")
	together(1, func(int) {
		_, err := a.Update(0, func([2]uint64) [2]uint64 { runtime.Goexit(); return [2]uint64{} })
		ignore(err)
		t.Error("Update came back from Goexit")
	})
	together(1, func(int) {
		for range a.All() {
			runtime.Goexit()
		}
	})
	if v, err := a.Get(0); v != [2]uint64{1, 1} || err != nil {
		t.Errorf("Get(0) = %v, %v after fn ended", v, err)
	}
	// fn writes the cell that it is called for, so it is called again.
	calls := 0
	v, err := a.Update(0, func(old [2]uint64) [2]uint64 {
		if calls++; calls == 1 {
			ignore(a.Set(0, [2]uint64{7, 7}))
		}
		return [2]uint64{old[0] + 1, old[1] + 1}
	})
	if v != [2]uint64{8, 8} || err != nil || calls != 2 {
		t.Errorf("Update = %v, %v after %d calls; want {8 8} after 2", v, err, calls)
	}
	// fn clears its cell: nothing is left to update.
	_, err = a.Update(0, func(old [2]uint64) [2]uint64 { ignore(a.Clear(0)); return old })
	if !errors.Is(err, ErrUninitialized) || a.Len() != 1 {
		t.Errorf("Update of a cell that fn clears: %v, Len %d", err, a.Len())
	}
	for i := range a.All() {
		a.Grow(100)
		ignore(a.Clear(i))
		ignore(a.Set(50, [2]uint64{}))
	}
	if a.Len() != 1 {
		t.Errorf("Len = %d after a loop that cleared as it went, want 1", a.Len())
	}
}

// TestOneProcessor looks that waiters let writers run when there is one processor only.
func TestOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	testTorn[[8]uint64](t)
}
