package progress

import (
	"sync/atomic"
	"testing"
)

// TestLooksFinds: a state that lasts for most of a call is found, one that never is, is not.
func TestLooksFinds(t *testing.T) {
	var inside atomic.Bool
	sum := 0
	write := func() {
		inside.Store(true)
		for i := range 1 << 16 {
			sum += int(Stoppable(i))
		}
		inside.Store(false)
	}
	if n := Looks(100, 3, inside.Load, write); n != 3 {
		t.Errorf("%d looks found what is there nearly always; want 3", n)
	}
	if n := Looks(3, 0, func() bool { return false }, write); n != 0 {
		t.Errorf("%d looks found what never is", n)
	}
}

// TestStarves: an ordinary loop starves nobody; one that others had no turn beside does.
func TestStarves(t *testing.T) {
	sum := uint64(0)
	loop := func(l *Loop) {
		for l.Next() {
			sum += l.n
		}
	}
	if err := Starves(loop); err != nil {
		t.Error(err)
	}
	if err := starves(loop, 10); err == nil {
		t.Error("a loop that is over before anybody has a turn is found to starve nobody")
	}
}
