// Package progress has what tests of several packages need to find out, by counting and with one
// processor, whether anybody is stopped inside a write, and whether a tight loop starves others.
package progress

import (
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/seqmap/seqmap-go/internal/arch"
)

// Looks has one goroutine call write again and again, without ever giving way by itself, and
// another look so many times. On the only processor that one runs only when the writer was
// stopped; found is how often stopped was true then, which it is to be if the writer was inside.
// It ends early, when enough is not 0 and found has come to it.
func Looks(looks, enough int, stopped func() bool, write func()) (found int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var stop atomic.Bool
	done := make(chan bool)
	go func() {
		defer close(done)
		for !stop.Load() {
			write()
		}
	}()
	for range looks {
		runtime.Gosched() // until the writer has used up its time
		if stopped() {
			if found++; found == enough {
				break
			}
		}
	}
	stop.Store(true)
	<-done
	return found
}

// Stoppable does nothing, but has so large a frame that it begins with a look at the stack, which
// is where the scheduler stops a goroutine, also where its signals come at other places. A
// write that calls it is one that Looks finds.
//
//go:noinline
func Stoppable(n int) byte {
	var room [512]byte
	room[n&511] = 1
	return room[n>>1&511]
}

// Allowed returns how many of so many looks may find a writer stopped inside: none, but some in
// builds for the race detector and the sanitizers, whose own calls in the middle of a routine are
// points at which the scheduler can stop it.
func Allowed(looks int) int {
	for _, sanitizer := range []string{"race", "msan", "asan"} {
		if slices.Contains(arch.Detected().Build, sanitizer) {
			return (looks + 1) / 2
		}
	}
	return 0
}

// turns is how often somebody else has to have the processor while a loop runs.
const turns = 4

// A Loop is the condition of a tight loop, for l.Next() { … }, which ends when another goroutine
// has had its turns, or when it has run for so long that there must have been many more.
type Loop struct {
	n, most uint64
	had     atomic.Int32
}

// Next says whether to go on. It is in line, so that the loop calls nothing but what it is about.
func (l *Loop) Next() bool {
	l.n++
	return l.had.Load() < turns && l.n < l.most
}

// Starves runs tight, a loop over l.Next() around a call of what is tested and nothing else, on the
// only processor. It returns an error if others do not get their turns meanwhile.
func Starves(tight func(l *Loop)) error { return starves(tight, 1<<28) }

func starves(tight func(l *Loop), most uint64) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	l := &Loop{most: most}
	var ended atomic.Bool
	done := make(chan bool)
	go func() {
		defer close(done)
		tight(l)
		ended.Store(true)
	}()
	for range turns {
		runtime.Gosched() // until the loop is stopped, or has ended
		if !ended.Load() {
			l.had.Add(1)
		}
	}
	<-done
	if had := l.had.Load(); had < turns {
		return fmt.Errorf("in %d calls others had %d turns", most, had)
	}
	return nil
}
