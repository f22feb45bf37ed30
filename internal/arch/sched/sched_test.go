package sched

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// cell is a shared variable of the toy programs.
type cell struct{ v int }

func (c *cell) load() int {
	Step()
	return c.v
}

func (c *cell) store(x int) {
	Step()
	c.v = x
}

func (c *cell) swap(old, x int) bool {
	Step()
	if c.v != old {
		return false
	}
	c.v = x
	return true
}

// stepper returns a thread that makes n accesses.
func stepper(n int) func() {
	return func() {
		for range n {
			Step()
		}
	}
}

func noCheck() error { return nil }

func stepping(accesses ...int) func() Program {
	return func() Program {
		p := Program{Check: noCheck}
		for _, n := range accesses {
			p.Threads = append(p.Threads, stepper(n))
		}
		return p
	}
}

// TestCountsSchedulesExactly compares the number of schedules with the number of ways to
// interleave the accesses, counted by hand for the small bounds.
func TestCountsSchedulesExactly(t *testing.T) {
	for _, c := range []struct {
		accesses   []int
		bound, all int
	}{
		{[]int{5}, 9, 1},
		{[]int{2, 2}, 0, 2},
		{[]int{2, 2}, 1, 4},
		{[]int{2, 2}, 2, 6},
		{[]int{2, 2}, 9, 6},
		{[]int{3, 4}, 9, 35},       // 7! / 3! 4!
		{[]int{2, 2, 2}, 9, 90},    // 6! / 2! 2! 2!
		{[]int{1, 2, 3}, 9, 60},    // 6! / 1! 2! 3!
		{[]int{1, 1, 1, 1}, 0, 24}, // 4!
		{[]int{3, 3, 3}, 99, 1680}, // 9! / 3! 3! 3!
		{[]int{7, 9, 8}, 0, 6},     // 3!
	} {
		rep := Explore(Config{Preemptions: c.bound}, stepping(c.accesses...))
		if rep.Err != nil || rep.Runs != c.all {
			t.Errorf("threads of %v accesses, %d preemptions: %d schedules and error %v, want %d", c.accesses, c.bound, rep.Runs, rep.Err, c.all)
		}
		sum := 0
		for _, n := range c.accesses {
			sum += n
		}
		if rep.Steps != sum*rep.Runs {
			t.Errorf("threads of %v accesses: %d accesses in %d runs", c.accesses, rep.Steps, rep.Runs)
		}
	}
}

// counting returns two threads that each add one to a cell.
func counting(add func(c *cell)) func() Program {
	return func() Program {
		c := new(cell)
		one := func() { add(c) }
		return Program{
			Threads: []func(){one, one},
			Check: func() error {
				if n := c.load(); n != 2 {
					return fmt.Errorf("the sum is %d", n)
				}
				return nil
			},
		}
	}
}

func addBadly(c *cell) { c.store(c.load() + 1) }

func addWell(c *cell) {
	for {
		if x := c.load(); c.swap(x, x+1) {
			return
		}
	}
}

func TestFindsALostUpdate(t *testing.T) {
	if rep := Explore(Config{Preemptions: 0}, counting(addBadly)); rep.Err != nil {
		t.Errorf("without a preemption: %v", rep.Err)
	}
	rep := Explore(Config{Preemptions: 1}, counting(addBadly))
	if rep.Err == nil || rep.Trace != "0*1 1*2 0*1" && rep.Trace != "1*1 0*2 1*1" {
		t.Fatalf("with a preemption: error %v, trace %q", rep.Err, rep.Trace)
	}
	s, err := ParseSchedule(rep.Schedule.String())
	if err != nil {
		t.Fatal(err)
	}
	again := Explore(Config{Schedule: s}, counting(addBadly))
	if again.Runs != 1 || again.Err == nil || again.Err.Error() != rep.Err.Error() || again.Trace != rep.Trace {
		t.Errorf("schedule %v leads to %v by %q, and the second time to %v by %q", s, rep.Err, rep.Trace, again.Err, again.Trace)
	}
	if rep := Explore(Config{Preemptions: 9}, counting(addWell)); rep.Err != nil {
		t.Errorf("the sound program: %v", rep.Err)
	}
}

func TestWalksDependOnTheSeedOnly(t *testing.T) {
	explore := func(seed uint64) Report {
		return Explore(Config{Walks: 1000, Seed: seed}, counting(addBadly))
	}
	a, b := explore(1), explore(1)
	if a.Err == nil || a.Runs != b.Runs || a.Trace != b.Trace {
		t.Errorf("one seed, two outcomes: %+v, %+v", a, b)
	}
	if rep := Explore(Config{Walks: 1000}, counting(addWell)); rep.Err != nil || rep.Runs != 1002 {
		t.Errorf("the sound program: %+v", rep)
	}
}

// locking returns two threads that take a lock, and one that only looks at it.
func locking(release func(lock *cell)) func() Program {
	return func() Program {
		lock, sum := new(cell), 0
		one := func() {
			for !lock.swap(0, 1) {
				Spin()
			}
			Step()
			sum++
			release(lock)
		}
		return Program{
			Threads: []func(){one, one, func() { lock.load() }},
			Check: func() error {
				if sum != 2 {
					return fmt.Errorf("%d threads were inside", sum)
				}
				return nil
			},
		}
	}
}

func TestSpinning(t *testing.T) {
	if rep := Explore(Config{Preemptions: 4}, locking(func(lock *cell) { lock.store(0) })); rep.Err != nil {
		t.Errorf("a lock: %v by %v", rep.Err, rep.Trace)
	}
	if rep := Explore(Config{}, locking(func(*cell) {})); !errors.Is(rep.Err, errDeadlock) {
		t.Errorf("a lock that is never released: %v", rep.Err)
	}
}

// TestSpinnersDoNotTakeTurns has two threads spin for a third that cannot come in between
// unless the schedules are fair.
func TestSpinnersDoNotTakeTurns(t *testing.T) {
	rep := Explore(Config{Preemptions: 2, Walks: 100}, func() Program {
		c := new(cell)
		wait := func() {
			for c.load() == 0 {
				Spin()
			}
		}
		return Program{Threads: []func(){wait, wait, func() { c.load(); c.store(1) }}, Check: noCheck}
	})
	if rep.Err != nil {
		t.Error(rep.Err)
	}
}

// TestSpinsForWhatIsPast has a thread spin after the last access of the other, for what
// it saw before. That is no deadlock.
func TestSpinsForWhatIsPast(t *testing.T) {
	rep := Explore(Config{Preemptions: 9}, func() Program {
		c := &cell{1}
		return Program{
			Threads: []func(){
				func() {
					for c.load() == 1 {
						Step()
						Spin()
					}
				},
				func() { c.store(0) },
			},
			Check: noCheck,
		}
	})
	if rep.Err != nil {
		t.Error(rep.Err)
	}
}

func wantError(t *testing.T, rep Report, text string) {
	t.Helper()
	if rep.Err == nil || !strings.Contains(rep.Err.Error(), text) {
		t.Errorf("error %v, want %q", rep.Err, text)
	}
}

func TestFailuresOfThePrograms(t *testing.T) {
	never := func() {
		for {
			Step()
		}
	}
	wantError(t, Explore(Config{}, func() Program {
		return Program{Threads: []func(){never, stepper(1)}, Check: noCheck}
	}), "livelock")
	wantError(t, Explore(Config{}, func() Program {
		return Program{Check: func() error { never(); return nil }}
	}), "livelock")
	wantError(t, Explore(Config{}, func() Program {
		Spin()
		return Program{Check: noCheck, Threads: []func(){func() { Spin(); Spin(); Spin(); Spin(); Spin() }}}
	}), "deadlock")
	wantError(t, Explore(Config{Preemptions: 1}, func() Program {
		c := new(cell)
		return Program{
			Threads: []func(){func() { c.store(1); c.store(0) }, func() { _ = 1 / (1 - c.load()) }},
			Check:   noCheck,
		}
	}), "divide by zero")
	threads := []int{2}
	wantError(t, Explore(Config{Preemptions: 1}, func() Program {
		threads = append(threads, 2)
		return stepping(threads...)()
	}), "not deterministic")
	wantError(t, Explore(Config{Schedule: Schedule{{1, 7}}}, stepping(2, 2)), "does not fit")
	if _, err := ParseSchedule("1:2,x"); err == nil {
		t.Error("a schedule without a number was accepted")
	}
}

// TestWatchSeesEveryState has a cell hold a forbidden value between two accesses only.
func TestWatchSeesEveryState(t *testing.T) {
	rep := Explore(Config{}, func() Program {
		c := new(cell)
		return Program{
			Threads: []func(){func() { c.store(1); c.store(0) }},
			Watch: func() error {
				if c.v != 0 {
					return errors.New("forbidden")
				}
				return nil
			},
			Check: noCheck,
		}
	})
	wantError(t, rep, "forbidden")
}

// TestStamps says of two operations of two accesses each, from their times alone, whether one
// came before the other.
func TestStamps(t *testing.T) {
	apart := 0
	rep := Explore(Config{Preemptions: 9}, func() Program {
		var from, to [2]int
		op := func(i int) func() {
			return func() {
				Stamp(&from[i])
				stepper(2)()
				to[i] = Now()
			}
		}
		return Program{
			Threads: []func(){op(0), op(1)},
			Check: func() error {
				if to[0] < from[1] || to[1] < from[0] {
					apart++
				}
				return nil
			},
		}
	})
	if rep.Err != nil || rep.Runs != 6 || apart != 2 {
		t.Errorf("%d of %d schedules have one operation before the other (%v), want 2 of 6", apart, rep.Runs, rep.Err)
	}
}

func TestOutsideOfARun(t *testing.T) {
	Step()
	if Spin() {
		t.Error("Spin took the caller for a thread")
	}
}

// TestWalk checks that a seed stands for one schedule, that seeds differ, and that a walk finds
// what is wrong.
func TestWalk(t *testing.T) {
	order := func(seed uint64) (s string) {
		thread := func(name string) func() {
			return func() {
				for range 10 {
					Step()
					s += name
				}
			}
		}
		if rep := Walk(seed, 20, []func(){thread("a"), thread("b")}); rep.Err != nil || rep.Runs != 1 || rep.Steps != 20 {
			t.Errorf("seed %d: %d runs, %d steps, error %v", seed, rep.Runs, rep.Steps, rep.Err)
		}
		return s
	}
	seen := map[string]bool{}
	for seed := range uint64(100) {
		s := order(seed)
		if again := order(seed); again != s {
			t.Errorf("seed %d leads to %s and to %s", seed, s, again)
		}
		seen[s] = true
	}
	if len(seen) < 20 {
		t.Errorf("100 seeds lead to %d schedules only", len(seen))
	}
	if rep := Walk(1, 9, []func(){stepper(10)}); rep.Err == nil {
		t.Error("a walk with too many accesses ends well")
	}
}
