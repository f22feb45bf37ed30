package seqvec

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// SeqVec is a vector to which any number of goroutines may push, from which they may pop,
// and whose elements they may read and write by index, all at the same time. Each element
// is its own sequence lock. T is any type without pointers.
//
// The zero value is empty and ready. A SeqVec must not be copied after first use.
type SeqVec[T any] struct {
	segments segments

	_ [layout.LineBytes]byte
	// tail is the reserved length with a version above it; see doc.go. Push, Pop and
	// Truncate change it by CAS.
	tail atomic.Uint64
	_    [layout.LineBytes]byte
}

// Option configures New.
type Option func(*config)

type config struct{ capacity int }

// WithCapacity makes room for n elements in one piece from the start, so that they are
// pushed without an allocation.
func WithCapacity(n int) Option { return func(c *config) { c.capacity = n } }

// New returns an empty vector. It panics if the capacity asked for is negative or more
// than the platform can hold, or if T has pointers or is larger than a cell can be.
func New[T any](opts ...Option) *SeqVec[T] {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	checkType[T]()
	v := new(SeqVec[T])
	v.segments.init(c.capacity, cell.Stride[T]())
	return v
}

// Len returns the length, in constant time. It counts elements whose Push is still under
// way and does not count those whose Pop is. It is never negative, and exact when no
// other operation is at work.
func (v *SeqVec[T]) Len() int { return index(v.loadTail()) }

// Cap returns the number of elements for which there is room without an allocation.
func (v *SeqVec[T]) Cap() int { return v.segments.capacity() }

// Get returns element i, in constant time. It says false if there is no such element: i
// is negative or not below the length, or the element's Push has not published it yet.
// Get never waits for Push, Pop or growth. If T is at most 8 bytes it waits for nobody;
// otherwise it may wait for a writer of the same element. An element whose Push has
// returned is there until a Pop or Truncate takes it (G2), and what happened before it
// was written happens before Get returns it (G3).
func (v *SeqVec[T]) Get(i int) (x T, ok bool) {
	p := v.at(i)
	if p == nil {
		return x, false
	}
	// The first attempt stands here as in SeqArray, because in a function of its own it would be
	// too much for the inliner, and cost a call.
	if words := layout.Words(unsafe.Sizeof(x)); cell.Whole[T]() && arch.HasLoadCell(words) {
		if arch.LoadCell(p, unsafe.Pointer(&x), words)&(layout.StateMask|layout.Lock) == layout.Live {
			return x, true
		}
		return cell.LoadLive[T](p)
	}
	word := cell.Word(p) // R1
	if cell.Whole[T]() { // R2
		cell.CopyWords[T](unsafe.Pointer(&x), p)
	} else {
		x = cell.Copy[T](p)
	}
	if cell.Settled[T](word, cell.Word(p)) { // R3, R4
		return x, true
	}
	return cell.LoadLive[T](p)
}

// Set replaces element i, in constant time, and says false if there is no such element,
// as Get does.
func (v *SeqVec[T]) Set(i int, x T) bool {
	p := v.at(i)
	if p == nil {
		return false
	}
	if unsafe.Sizeof(x) == layout.WordBytes {
		if cell.ReplaceWord(p, cell.Word(p), &x) {
			return true
		}
	} else if cell.Whole[T]() && cell.ReplaceLive(p, cell.Word(p), &x) {
		return true
	}
	for {
		word := cell.Unlocked(p)
		if !cell.IsLive(word) {
			return false
		}
		if commit(p, word, &x) {
			return true
		}
	}
}

// Swap replaces element i and returns the value that it replaced. It says false if there
// is no such element, as Get does.
func (v *SeqVec[T]) Swap(i int, x T) (old T, ok bool) {
	for {
		p, word, ok := v.load(i, &old)
		if !ok {
			return old, false
		}
		if commit(p, word, &x) {
			return old, true
		}
	}
}

// CompareAndSwap replaces element i by new if it is equal to old, and says whether it
// did. Equal means Go's ==, so NaN is equal to nothing, and padding does not matter. It
// says false too if there is no such element, as Get does. It panics if T has no ==.
func (v *SeqVec[T]) CompareAndSwap(i int, old, new T) bool {
	for {
		var x T
		p, word, ok := v.load(i, &x)
		if !ok || !cell.Equal(&x, &old) {
			return false
		}
		if commit(p, word, &new) {
			return true
		}
	}
}

// Update replaces element i by fn of it and returns the new value. It says false, without
// a call of fn, if there is no such element, as Get does.
//
// Nothing is locked while fn runs, so fn may take its time, use the vector, or panic. If
// the element changes meanwhile, fn runs again, with the new value; if it is popped and
// not pushed again, the result of fn is dropped and Update says false.
func (v *SeqVec[T]) Update(i int, fn func(old T) T) (T, bool) {
	for {
		var x T
		p, word, ok := v.load(i, &x)
		if !ok {
			return x, false
		}
		x = fn(x)
		if commit(p, word, &x) {
			return x, true
		}
	}
}

// load reads element i for a write: the value to *x, and the cell's address and the unlocked word
// that belongs to the value. If it says false, *x is zero.
func (v *SeqVec[T]) load(i int, x *T) (p unsafe.Pointer, word uint64, ok bool) {
	if p = v.at(i); p != nil {
		if word = cell.LoadTo(x, p); cell.IsLive(word) {
			return p, word, true
		}
	}
	*x = *new(T)
	return nil, 0, false
}

// commit writes *x to the cell at p, which is live, if its word is still seen.
func commit[T any](p unsafe.Pointer, seen uint64, x *T) bool {
	return cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), x)
}

// at returns the cell of index i, or nil if none has been allocated.
func (v *SeqVec[T]) at(i int) unsafe.Pointer { return v.segments.at(i, cell.Stride[T]()) }

// free says whether a Push may fill a cell with this word.
func free(word uint64) bool { return word&(layout.StateMask|layout.Lock) == layout.Empty }

func checkLength(what string, n int) {
	if n < 0 {
		panic(fmt.Sprintf("seqvec: %s %d", what, n))
	}
}
