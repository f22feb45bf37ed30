package seqarray

import (
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// SeqArray is an array of cells that any number of goroutines may read and write at the
// same time. Each cell is set or unset by itself and is its own sequence lock. T is any
// type without pointers.
//
// The zero value is an array of capacity 0, to be enlarged with Grow. A SeqArray must
// not be copied after first use.
type SeqArray[T any] struct {
	// cells is all but constant, so reading it is not slowed by writers.
	cells rows

	_ [layout.LineBytes]byte
	// count is the number of cells that are set. It goes up before a cell is
	// published and down after one is cleared.
	count atomic.Int64
	_     [layout.LineBytes]byte
}

// Option configures New.
type Option func(*config)

type config struct{ padding bool }

// WithPadding puts every cell on cache lines of its own, so that writers of neighbouring
// cells do not slow one another down, at the price of memory.
func WithPadding() Option { return func(c *config) { c.padding = true } }

// New returns an array of n cells, all unset. It takes time and memory in proportion to
// n. It panics if n is negative, if n cells are more than the platform can hold, or if T
// has pointers or is larger than a cell can be.
func New[T any](n int, opts ...Option) *SeqArray[T] {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	checkType[T]()
	stride := cellBytes[T](c.padding)
	return &SeqArray[T]{cells: rows{first: allocate(n, stride), firstCells: n, stride: stride}}
}

// Of returns an array of as many cells as there are values, all set. It panics if T has
// pointers or is larger than a cell can be.
func Of[T any](vs ...T) *SeqArray[T] {
	a := New[T](len(vs))
	for i, v := range vs {
		a.put(a.cells.at(i), v, false)
	}
	return a
}

// Get returns the value of cell i, in constant time. It fails with ErrOutOfBounds or
// ErrUninitialized. It never waits for Grow nor for a writer of another cell; if T is at
// most 8 bytes it waits for no writer at all. What happened before the value was written
// happens before Get returns it (G2).
func (a *SeqArray[T]) Get(i int) (v T, err error) {
	if p := a.cells.at(i); p != nil {
		// The first attempt stands here as in SeqVec, because in a function of its own it would be
		// too much for the inliner, and cost a call.
		if words := layout.Words(unsafe.Sizeof(v)); cell.Whole[T]() && arch.HasLoadCell(words) {
			if arch.LoadCell(p, unsafe.Pointer(&v), words)&(layout.StateMask|layout.Lock) == layout.Live {
				return v, nil
			}
			return a.getSlow(i)
		}
		word := cell.Word(p) // R1
		if cell.Whole[T]() { // R2
			cell.CopyWords[T](unsafe.Pointer(&v), p)
		} else {
			v = cell.Copy[T](p)
		}
		if cell.Settled[T](word, cell.Word(p)) { // R3, R4
			return v, nil
		}
	}
	return a.getSlow(i)
}

// getSlow is Get for cells that somebody is writing, and for errors.
func (a *SeqArray[T]) getSlow(i int) (T, error) {
	p := a.cells.at(i)
	if p == nil {
		var zero T
		return zero, a.fail(ErrOutOfBounds, i)
	}
	v, ok := cell.LoadLive[T](p)
	if !ok {
		return v, a.fail(ErrUninitialized, i)
	}
	return v, nil
}

// Set writes v to cell i, whether it is set or not, in constant time. It fails with
// ErrOutOfBounds.
func (a *SeqArray[T]) Set(i int, v T) error {
	p := a.cells.at(i)
	if p == nil {
		return a.fail(ErrOutOfBounds, i)
	}
	if unsafe.Sizeof(v) == layout.WordBytes {
		if cell.ReplaceWord(p, cell.Word(p), &v) {
			return nil
		}
	} else if cell.Whole[T]() && cell.ReplaceLive(p, cell.Word(p), &v) {
		return nil
	}
	a.put(p, v, false)
	return nil
}

// Init writes v to cell i if it is unset. It fails with ErrOutOfBounds or
// ErrAlreadyInitialized: of several calls at once for an unset cell, one succeeds.
func (a *SeqArray[T]) Init(i int, v T) error {
	p := a.cells.at(i)
	if p == nil {
		return a.fail(ErrOutOfBounds, i)
	}
	if !a.put(p, v, true) {
		return a.fail(ErrAlreadyInitialized, i)
	}
	return nil
}

// Clear makes cell i unset. Clearing a cell that is unset already is no error: after
// Clear, as after a delete from a map, the cell is unset. It fails with ErrOutOfBounds.
func (a *SeqArray[T]) Clear(i int) error {
	p := a.cells.at(i)
	if p == nil {
		return a.fail(ErrOutOfBounds, i)
	}
	for {
		seen := cell.Unlocked(p)
		if !cell.IsLive(seen) {
			return nil
		}
		// The value need not be touched: the new version tells every reader and
		// writer that came before.
		if arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {
			a.addCount(-1)
			return nil
		}
	}
}

// Len returns the number of cells that are set, in constant time. It is exact when no
// writer is at work. Otherwise it may count a write that is still under way, but it
// never misses a cell that is set and is never negative.
func (a *SeqArray[T]) Len() int { return int(arch.Load64(unsafe.Pointer(&a.count))) }

// IsEmpty says whether no cell is set: Len() == 0.
func (a *SeqArray[T]) IsEmpty() bool { return a.Len() == 0 }

// put writes v to the cell at p and says whether it did, which it does not if onlyUnset
// and the cell is set. It keeps the count.
func (a *SeqArray[T]) put(p unsafe.Pointer, v T, onlyUnset bool) bool {
	counted := false
	for {
		seen := cell.Word(p)
		if seen&layout.Lock != 0 {
			seen = cell.Unlocked(p)
		}
		wasLive := cell.IsLive(seen)
		if wasLive && onlyUnset {
			break
		}
		if !wasLive && !counted {
			a.addCount(1) // before the cell can be seen, so that the count is never too low
			counted = true
		}
		if cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), &v) {
			if wasLive {
				break
			}
			return true
		}
	}
	if counted { // somebody else set the cell, and counted it
		a.addCount(-1)
	}
	return !onlyUnset
}

func (a *SeqArray[T]) addCount(delta int64) {
	arch.Step()
	a.count.Add(delta)
}
