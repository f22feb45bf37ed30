package seqvec

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// crowds are the numbers of goroutines that the stress tests use.
func crowds() []int { return []int{2, max(runtime.GOMAXPROCS(0), 3), 100} }

// TestPushStress is G1 and G2: indexes without gaps and duplicates, each element readable
// at once, slices in one piece. The vector starts without memory, so growth is part of it.
func TestPushStress(t *testing.T) {
	for _, n := range crowds() {
		var v SeqVec[[3]uint32]
		steps := count(20_000) / n
		pushed := make([]map[int]uint64, n)
		together(n, func(g int) {
			mine := make(map[int]uint64)
			pushed[g] = mine
			for k := range steps {
				x := uint64(g*steps+k) << 8
				if k%7 == 0 {
					xs := make([][3]uint32, k%11)
					for j := range xs {
						xs[j] = pattern[[3]uint32](x + uint64(j))
					}
					first := v.PushSlice(xs)
					for j := range xs {
						mine[first+j] = x + uint64(j)
					}
				} else {
					mine[v.Push(pattern[[3]uint32](x))] = x
				}
				if l, c := v.Len(), v.Cap(); l < len(mine) || c < len(mine) {
					t.Errorf("Len = %d and Cap = %d after %d pushes", l, c, len(mine))
				}
				for i, x := range mine { // some of them, in the order of the map
					if got, ok := v.Get(i); !ok || got != pattern[[3]uint32](x) {
						t.Errorf("Get(%d) = %v, %v, want %#x", i, got, ok, x)
					}
					if i%4 == 0 {
						break
					}
				}
			}
		})
		total := 0
		for _, mine := range pushed {
			for i, x := range mine {
				if got, ok := v.Get(i); !ok || got != pattern[[3]uint32](x) {
					t.Fatalf("Get(%d) = %v, %v, want %#x", i, got, ok, x)
				}
			}
			total += len(mine)
		}
		if v.Len() != total {
			t.Fatalf("Len = %d after %d pushes", v.Len(), total)
		}
		checkQuiet(t, &v)
	}
}

// TestConservationStress is G5 for Push, PushSlice and Pop: each value is popped once or
// still there.
func TestConservationStress(t *testing.T) {
	t.Run("bytes=8", testConservation[uint64])
	t.Run("bytes=24", testConservation[[3]uint64])
}

func testConservation[T comparable](t *testing.T) {
	for _, n := range crowds() {
		var v SeqVec[T]
		steps := count(60_000) / n
		seen := make([]atomic.Int32, n*steps*3)
		next := func(g, k, j int) uint64 { return uint64((g*steps+k)*3 + j) }
		var pushed atomic.Int64
		together(n, func(g int) {
			r := rand.New(rand.NewPCG(uint64(g), 4))
			for k := range steps {
				switch r.IntN(5) {
				case 0:
					v.PushSlice([]T{pattern[T](next(g, k, 0)), pattern[T](next(g, k, 1)), pattern[T](next(g, k, 2))})
					pushed.Add(3)
				case 1, 2:
					v.Push(pattern[T](next(g, k, 0)))
					pushed.Add(1)
				default:
					if x, ok := v.Pop(); ok {
						seen[seed(x)].Add(1)
					}
				}
				if v.Len() < 0 {
					t.Errorf("Len = %d", v.Len())
				}
			}
		})
		checkQuiet(t, &v)
		for x := range v.Values() {
			seen[seed(x)].Add(1)
		}
		total := int64(0)
		for x := range seen {
			switch c := seen[x].Load(); c {
			case 0:
			case 1:
				total++
			default:
				t.Fatalf("value %d was seen %d times", x, c)
			}
		}
		if total != pushed.Load() {
			t.Errorf("%d values pushed, %d found again", pushed.Load(), total)
		}
	}
}

// TestTruncateStress is G5 with Truncate, Clear and writers: no value is seen twice, and
// nothing is left behind the length.
func TestTruncateStress(t *testing.T) {
	for _, n := range crowds() {
		var v SeqVec[[2]uint64]
		steps := count(60_000) / n
		seen := make([]atomic.Int32, n*steps*2)
		look := func(x [2]uint64) {
			if !whole(x) {
				t.Errorf("torn value %v", x)
			}
			if c := seen[x[0]].Add(1); c != 1 {
				t.Errorf("value %d was popped %d times", x[0], c)
			}
		}
		together(n, func(g int) {
			r := rand.New(rand.NewPCG(uint64(g), 5))
			for k := range steps {
				x := uint64(g*steps+k) * 2
				switch r.IntN(12) {
				case 0:
					v.Truncate(r.IntN(8))
				case 1:
					v.Clear()
				case 2, 3:
					if x, ok := v.Pop(); ok {
						look(x)
					}
				case 4, 5:
					v.PushSlice([][2]uint64{{x, x}, {x + 1, x + 1}})
				case 6:
					if old, ok := v.Swap(r.IntN(6), [2]uint64{x, x}); ok {
						look(old)
					}
				case 7:
					if x, ok := v.Get(r.IntN(6)); ok && !whole(x) {
						t.Errorf("torn value %v", x)
					}
				default:
					v.Push([2]uint64{x, x})
				}
			}
		})
		checkQuiet(t, &v)
		for x := range v.Values() {
			look(x)
		}
		v.Clear()
		checkQuiet(t, &v)
		if v.Len() != 0 {
			t.Errorf("Len = %d after Clear", v.Len())
		}
	}
}

// TestTornStress is G4.
func TestTornStress(t *testing.T) {
	t.Run("bytes=3", testTorn[[3]uint8])
	t.Run("bytes=12", testTorn[[3]uint32])
	t.Run("bytes=16", testTorn[[2]uint64])
	t.Run("bytes=64", testTorn[[8]uint64])
	t.Run("bytes=255", testTorn[[255]uint8])
}

func testTorn[T comparable](t *testing.T) {
	for _, n := range crowds() {
		var v SeqVec[T]
		steps := count(40_000) / n
		together(n, func(g int) {
			r := rand.New(rand.NewPCG(uint64(g), 6))
			look := func(x T, ok bool) {
				if ok && !whole(x) {
					t.Errorf("torn value %v", x)
				}
			}
			for range steps {
				i, x := r.IntN(3), pattern[T](r.Uint64())
				switch r.IntN(7) {
				case 0:
					if v.Len() < 3 {
						v.Push(x)
					}
				case 1:
					look(v.Pop())
				case 2:
					v.Set(i, x)
				case 3:
					look(v.Swap(i, x))
				case 4:
					look(v.Update(i, func(old T) T { look(old, true); return x }))
				case 5:
					for _, x := range v.Backward() {
						look(x, true)
					}
				default:
					look(v.Get(i))
				}
			}
		})
		checkQuiet(t, &v)
	}
}

// TestUpdateStress counts with Update, and with CompareAndSwap.
func TestUpdateStress(t *testing.T) {
	for _, n := range crowds() {
		var v SeqVec[[3]uint64]
		v.PushSlice(make([][3]uint64, 2))
		steps := count(20_000) / n
		next := func(x [3]uint64) [3]uint64 { return [3]uint64{x[0] + 1, x[1] + 2, x[2] + 3} }
		together(n, func(int) {
			for range steps {
				if _, ok := v.Update(0, next); !ok {
					t.Error("no element 0")
				}
				for {
					if old, ok := v.Get(1); !ok {
						t.Error("no element 1")
					} else if v.CompareAndSwap(1, old, next(old)) {
						break
					}
				}
			}
		})
		total := uint64(n * steps)
		for i, x := range v.All() {
			if x != [3]uint64{total, 2 * total, 3 * total} {
				t.Errorf("element %d counts %v, want %d times {1 2 3}", i, x, total)
			}
		}
	}
}

// TestPublication is G3 for data that the vector knows nothing of: the race detector must
// find nothing wrong with plain structs that are published by their index, be it read by
// Get or taken by Pop.
func TestPublication(t *testing.T) {
	type record struct{ a, b int }
	n := count(3000)
	records := make([]record, n)
	var read, popped SeqVec[int]
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for i := range n {
			records[i] = record{i, -i}
			read.Push(i)
			popped.Push(i)
		}
	}()
	check := func(i int) {
		if records[i] != (record{i, -i}) {
			t.Fatalf("record %d = %v", i, records[i])
		}
	}
	for i, found := 0, 0; i < n || found < n; runtime.Gosched() {
		if x, ok := read.Get(i); ok {
			check(x)
			i++
		}
		if x, ok := popped.Pop(); ok {
			check(x)
			found++
		}
	}
	wg.Wait()
}

// TestCallbacks is G8.
func TestCallbacks(t *testing.T) {
	var v SeqVec[[2]uint64]
	v.PushSlice([][2]uint64{{1, 1}, {2, 2}})
	mustPanic(t, func() { v.Update(0, func([2]uint64) [2]uint64 { panic("in fn") }) }, "in fn")
	together(1, func(int) {
		v.Update(0, func([2]uint64) [2]uint64 { runtime.Goexit(); return [2]uint64{} })
		t.Error("Update came back from Goexit")
	})
	together(1, func(int) {
		for range v.All() {
			runtime.Goexit()
		}
	})
	if x, ok := v.Get(0); x != [2]uint64{1, 1} || !ok {
		t.Errorf("Get(0) = %v, %v after fn ended", x, ok)
	}
	// fn writes the element that it is called for, so it is called again.
	calls := 0
	x, ok := v.Update(0, func(old [2]uint64) [2]uint64 {
		if calls++; calls == 1 {
			v.Set(0, [2]uint64{7, 7})
		}
		return [2]uint64{old[0] + 1, old[1] + 1}
	})
	if x != [2]uint64{8, 8} || !ok || calls != 2 {
		t.Errorf("Update = %v, %v after %d calls; want {8 8} after 2", x, ok, calls)
	}
	// fn pops its element: nothing is left to update.
	if _, ok = v.Update(1, func(old [2]uint64) [2]uint64 { v.Pop(); return old }); ok || v.Len() != 1 {
		t.Errorf("Update of an element that fn pops: %v, Len %d", ok, v.Len())
	}
	for i := range v.Backward() {
		v.Push([2]uint64{})
		v.Truncate(i)
	}
	if v.Len() != 0 {
		t.Errorf("Len = %d after a loop that removed as it went", v.Len())
	}
	checkQuiet(t, &v)
}

// TestOneProcessor looks that waiters let those run for whom they wait when there is one
// processor only.
func TestOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	testConservation[[3]uint64](t)
	TestNothingWaitsForAPush(t)
	TestPushWaitsForThePop(t)
	TestTruncateWaitsForPushes(t)
}
