package memmodel

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// action is an access or a barrier of a generated program. A write stores a value that no other
// does; an update adds it.
type action struct {
	what  string // load, store, update or fence
	loc   int
	value uint64
	order Order
	fence Fence
}

// generate returns a program of two or three threads over two locations, in plain accesses.
func generate(r *rand.Rand) (threads [][]action) {
	value := uint64(1)
	for range 2 + r.IntN(2) {
		var as []action
		for range 2 + r.IntN(2) {
			a := action{what: []string{"load", "store", "load", "store", "update"}[r.IntN(5)], loc: r.IntN(2), value: value}
			value *= 2
			as = append(as, a)
		}
		threads = append(threads, as)
	}
	return threads
}

// outcomes returns all results of the program: what the reads saw, and the final values.
func outcomes(t *testing.T, m Model, threads [][]action) map[string]bool {
	p := New(m)
	at := p.Words("x", 0, 0)
	for i, as := range threads {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			n := 0 // results so far
			result := func(v Value) {
				c.Result(fmt.Sprint(n), v)
				n++
			}
			for _, a := range as {
				loc := Const(at + 8*uint64(a.loc))
				switch a.what {
				case "load":
					result(c.Load(loc, 8, a.order))
				case "store":
					c.Store(loc, 8, Const(a.value), a.order)
				case "update":
					result(c.Update(loc, 8, a.order, func(old Value) (Value, bool) { return old.With(old.Bits + a.value), true }))
				case "fence":
					c.Fence(a.fence)
				}
			}
		})
	}
	seen := map[string]bool{}
	// A condition that never holds is asked about every execution.
	a := p.Explore(func(s *State) bool {
		if s.Final(at); s.final != nil {
			seen[s.String()] = true
		}
		return false
	})
	if a.Fault != "" || len(seen) == 0 {
		t.Fatalf("%s, %d outcomes", a.Fault, len(seen))
	}
	return seen
}

// mapped returns the program with every action replaced.
func mapped(threads [][]action, f func(a action) []action) (out [][]action) {
	for _, as := range threads {
		var bs []action
		for _, a := range as {
			bs = append(bs, f(a)...)
		}
		out = append(out, bs)
	}
	return out
}

// orderedAction gives loads and stores the orders of sync/atomic on arm64.
func orderedAction(a action) []action {
	a.order = map[string]Order{"load": Acquire, "store": Release, "update": AcqRel}[a.what]
	return []action{a}
}

// exchanged puts a full barrier behind every store, as XCHG is one.
func exchanged(a action) []action {
	if a.what == "store" {
		return []action{a, {what: "fence", fence: FenceFull}}
	}
	return []action{a}
}

// fenced puts a barrier before every action.
func fenced(f Fence) func(action) []action {
	return func(a action) []action { return []action{{what: "fence", fence: f}, a} }
}

// TestGenerated checks relations between the models on small programs: each model allows what the
// stronger one allows; barriers and ordered accesses take outcomes away and add none; and what
// sync/atomic compiles to has the outcomes of sequential consistency, no more and no fewer.
func TestGenerated(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	programs, weak := 120, 0
	if testing.Short() {
		programs = 15
	}
	for range programs {
		threads := generate(r)
		sc, tso, arm := outcomes(t, SC, threads), outcomes(t, TSO, threads), outcomes(t, ARM, threads)
		inside := func(what string, small, large map[string]bool) {
			for o := range small {
				if !large[o] {
					t.Fatalf("%s: %s, in %v", what, o, threads)
				}
			}
		}
		inside("SC in TSO", sc, tso)
		inside("TSO in ARM", tso, arm)
		if len(tso) > len(sc) && len(arm) > len(tso) {
			weak++
		}
		for _, f := range []Fence{FenceLoad, FenceStore, FenceFull} {
			some := outcomes(t, ARM, mapped(threads, fenced(f)))
			inside(fmt.Sprint("fence ", f), some, arm)
			inside(fmt.Sprint("SC in fence ", f), sc, some)
			if f == FenceFull {
				inside("full fences in SC", some, sc)
			}
		}
		same := func(what string, got map[string]bool) {
			if !maps.Equal(got, sc) {
				t.Fatalf("%s: %v instead of %v, in %v", what, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(sc)), threads)
			}
		}
		same("sync/atomic on arm64", outcomes(t, ARM, mapped(threads, orderedAction)))
		same("sync/atomic on amd64", outcomes(t, TSO, mapped(threads, exchanged)))
	}
	if weak == 0 {
		t.Error("no program tells the models apart")
	}
}
