package seqarray

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Swap writes v to cell i, which must be set, and returns the value that it replaced. It
// fails with ErrOutOfBounds or ErrUninitialized.
func (a *SeqArray[T]) Swap(i int, v T) (old T, err error) {
	p, word, err := a.load(i, &old)
	for err == nil && !commit(p, word, &v) {
		p, word, err = a.load(i, &old)
	}
	return old, err
}

// CompareAndSwap writes new to cell i if its value is equal to old, and says whether it
// did. Equal means Go's ==, so NaN is equal to nothing, and padding does not matter. It
// fails with ErrOutOfBounds or ErrUninitialized, and panics if T has no ==.
func (a *SeqArray[T]) CompareAndSwap(i int, old, new T) (swapped bool, err error) {
	for {
		var v T
		p, word, err := a.load(i, &v)
		if err != nil || !cell.Equal(&v, &old) {
			return false, err
		}
		if commit(p, word, &new) {
			return true, nil
		}
	}
}

// Update replaces the value of cell i, which must be set, by fn of it, and returns the
// new value. It fails with ErrOutOfBounds or ErrUninitialized, without a call of fn.
//
// Nothing is locked while fn runs, so fn may take its time, use the array, or panic. If
// another writer changes the cell meanwhile, fn runs again, with the new value.
func (a *SeqArray[T]) Update(i int, fn func(old T) T) (T, error) {
	for {
		var v T
		p, word, err := a.load(i, &v)
		if err != nil {
			return v, err
		}
		v = fn(v)
		if commit(p, word, &v) {
			return v, nil
		}
	}
}

// load reads cell i, which must be set, for a write: the value to *v, and the cell's address and the
// unlocked word that belongs to the value. If it fails, *v is zero.
func (a *SeqArray[T]) load(i int, v *T) (p unsafe.Pointer, word uint64, err error) {
	p = a.cells.at(i)
	if p == nil {
		*v = *new(T)
		return nil, 0, a.fail(ErrOutOfBounds, i)
	}
	word = cell.LoadTo(v, p)
	if !cell.IsLive(word) {
		*v = *new(T)
		return nil, 0, a.fail(ErrUninitialized, i)
	}
	return p, word, nil
}

// commit writes *v to the cell at p, which is set, if its word is still seen.
func commit[T any](p unsafe.Pointer, seen uint64, v *T) bool {
	return cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), v)
}
