package arch

import "runtime"

// spinTries is how often a waiter looks again before it lets other goroutines run. A
// writer cannot be stopped by the Go scheduler inside its critical section, so the wait
// is normally over within a few looks; only the operating system makes it longer. With
// GOMAXPROCS=1 nobody is ever seen inside, so there the short spin is not worth avoiding.
const spinTries = 16

// Backoff paces one waiter. The zero value is ready. Wait first spins for a bounded time,
// then yields the processor, so that the waiter makes progress whatever GOMAXPROCS is.
//
// The spin is plain Go: with the hint PAUSE in it instead, by a kernel, contended cells, arrays and
// maps were as fast as with a loop that takes the same time, so the hint gains nothing.
type Backoff struct {
	tries uint32
	sink  uint32 // keeps the spin from being optimised away
}

// Wait is called after each failed look. It does not block: it returns after a short spin,
// or after the other goroutines that can run have had their turn.
func (b *Backoff) Wait() {
	if spinning() {
		return
	}
	if b.tries >= spinTries {
		runtime.Gosched()
		return
	}
	b.tries++
	for i := uint32(0); i < 4*b.tries; i++ {
		b.sink += i
	}
}
