package sched

import "testing"

// Test explores the schedules of the program that build makes, up to two preemptions, or one if time
// is short, and so many random ones. It fails t if one of them ends in an error, and says in what
// order the threads made their accesses.
func Test(t *testing.T, walks int, build func() Program) {
	t.Helper()
	c := Config{Preemptions: 2, Walks: walks, Seed: 1}
	if testing.Short() {
		c.Preemptions = 1
	}
	rep := Explore(c, build)
	t.Logf("%d schedules, %d accesses", rep.Runs, rep.Steps)
	if rep.Err != nil {
		t.Errorf("%v\nThe threads made their accesses in this order: %s", rep.Err, rep.Trace)
	}
}
