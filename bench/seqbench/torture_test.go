package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seqmap/seqmap-go/bench/torture"
	"github.com/seqmap/seqmap-go/seqcore"
)

func TestTorture(t *testing.T) {
	code, stdout, stderr := call("torture", "-for", "200ms", "-seed", "77", "-goroutines", "6")
	if code != exitOK || stderr != "" {
		t.Fatalf("exit code %d, %q", code, stderr)
	}
	contains(t, stdout, "for 200ms, 6 goroutines, seed 77", "private keys, words", "shared counters", "snapshots", "Clear",
		"array", "stack", "log", "cell", "order of publication, cells", "all", "every invariant held\n")
}

// silent is a cell that loses every write.
type silent struct{ seqcore.Cell[torture.Record] }

func (*silent) Store(torture.Record) {}

// TestTortureOfBrokenCell: the report names the invariant, what was seen and the seed.
func TestTortureOfBrokenCell(t *testing.T) {
	c := torture.Config{For: time.Second, Seed: 78, Goroutines: 3}
	c.Subjects.Cell = func() torture.Cell { return new(silent) }
	var out strings.Builder
	err := tortureAll(&out, newStatusLine(&out), c)
	var v *torture.Violation
	if !errors.As(err, &v) {
		t.Fatalf("nothing is found wrong: %v\n%s", err, out.String())
	}
	contains(t, err.Error(), v.Invariant, "is violated: key "+v.Key+": "+v.Saw,
		"\nto do the same again: seqbench torture -seed 78 -goroutines 3 -for 1s")
	contains(t, out.String(), "3 goroutines, seed 78", "all")
	if strings.Contains(out.String(), "held") {
		t.Errorf("it says that all is well:\n%s", out.String())
	}
}

// stuck is a cell of which a write never returns.
type stuck struct {
	seqcore.Cell[torture.Record]
	released chan struct{}
}

func (c *stuck) Update(func(torture.Record) torture.Record) torture.Record {
	<-c.released
	return torture.Record{}
}

// TestTortureHangs: the command ends, and says who does not and what the seed was.
func TestTortureHangs(t *testing.T) {
	released := make(chan struct{})
	defer close(released)
	c := torture.Config{For: time.Second, Seed: 79, Goroutines: 3, Patience: time.Second}
	c.Subjects.Cell = func() torture.Cell { return &stuck{released: released} }
	var out strings.Builder
	err := tortureAll(&out, newStatusLine(&out), c)
	if err == nil {
		t.Fatal("nothing is found wrong")
	}
	contains(t, err.Error(), "cell hangs:", "goroutine 2: cell, since turn ", "(*stuck).Update",
		"\nto do the same again: seqbench torture -seed 79 -goroutines 3 -for 1s")
}
