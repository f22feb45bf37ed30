package seqvec

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Pop removes the last element and returns it, in constant time. It says false if the
// vector is empty. It waits for the Push of the last element if that is still under way,
// or for a writer of it.
func (v *SeqVec[T]) Pop() (x T, ok bool) {
	var b arch.Backoff
	for {
		tail := v.loadTail()
		i := index(tail) - 1
		if i < 0 {
			var zero T
			return zero, false
		}
		p := v.at(i)
		seen := cell.TryTo(&x, p)
		if seen&layout.Lock != 0 || !cell.IsLive(seen) {
			b.Wait() // for the pusher or a writer, or the tail has moved
			continue
		}
		switch popCell(v.tailWord(), tail, moved(tail, i), p, seen) {
		case done:
			return x, true
		case reserved:
			return take[T](p), true
		}
	}
}

// Truncate removes the elements from index n on, in time proportional to their number. It
// does nothing if there are none. The length is n at once; an element may be read until
// Truncate comes to it. It waits for every Push still under way at these indexes. The
// memory stays with the vector, for later use. It panics if n is negative.
func (v *SeqVec[T]) Truncate(n int) {
	checkLength("Truncate to negative length", n)
	for {
		tail := v.loadTail()
		end := index(tail)
		if end <= n {
			return
		}
		if arch.CAS64(v.tailWord(), tail, moved(tail, n)) {
			for i := n; i < end; i++ { // ascending: see "Who waits for whom" in doc.go
				drop(v.at(i))
			}
			return
		}
	}
}

// Clear removes all elements: Truncate(0).
func (v *SeqVec[T]) Clear() { v.Truncate(0) }

// take empties the cell at p, whose removal the caller has reserved, and returns the value
// that was there, waiting until there is one.
func take[T any](p unsafe.Pointer) (x T) {
	var b arch.Backoff
	for {
		seen := cell.TryTo(&x, p)
		if seen&layout.Lock == 0 && cell.IsLive(seen) && arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {
			return x
		}
		b.Wait()
	}
}

// drop is take without the value.
func drop(p unsafe.Pointer) {
	var b arch.Backoff
	for {
		seen := cell.Unlocked(p)
		if cell.IsLive(seen) && arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {
			return
		}
		b.Wait()
	}
}
