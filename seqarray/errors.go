package seqarray

import (
	"errors"
	"fmt"
)

// The errors of a SeqArray, to be matched with errors.Is. The errors that the methods
// return also name the index and the capacity.
var (
	// ErrOutOfBounds says that the index is negative or not below the capacity.
	ErrOutOfBounds = errors.New("seqarray: index out of bounds")
	// ErrUninitialized says that the cell is not set: it was never set, or it was
	// cleared.
	ErrUninitialized = errors.New("seqarray: cell is not set")
	// ErrAlreadyInitialized says that Init found the cell set.
	ErrAlreadyInitialized = errors.New("seqarray: cell is already set")
)

// indexError is one of the errors above, at an index.
type indexError struct {
	kind            error
	index, capacity int
}

func (e *indexError) Error() string {
	switch e.kind {
	case ErrOutOfBounds:
		return fmt.Sprintf("seqarray: index %d out of bounds: capacity %d", e.index, e.capacity)
	case ErrUninitialized:
		return fmt.Sprintf("seqarray: index %d is not set: capacity %d", e.index, e.capacity)
	default:
		return fmt.Sprintf("seqarray: index %d is already set: capacity %d", e.index, e.capacity)
	}
}

func (e *indexError) Unwrap() error { return e.kind }

// fail returns the error of the given kind for index i. It is kept out of line, because
// it allocates and the paths that do not fail must not.
//
//go:noinline
func (a *SeqArray[T]) fail(kind error, i int) error {
	return &indexError{kind: kind, index: i, capacity: a.Cap()}
}
