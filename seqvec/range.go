package seqvec

import "iter"

// All yields the index and value of every element, in the order of the indexes, up to the
// length at the start. Each value is read when its turn comes, with nothing locked while
// the loop body runs, so the body may use the vector. An element that is there throughout
// is yielded exactly once; one that is still being pushed, or has been popped when its
// turn comes, is not.
func (v *SeqVec[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := range v.Len() {
			if x, ok := v.Get(i); ok && !yield(i, x) {
				return
			}
		}
	}
}

// Backward yields what All yields, in the opposite order.
func (v *SeqVec[T]) Backward() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := v.Len() - 1; i >= 0; i-- {
			if x, ok := v.Get(i); ok && !yield(i, x) {
				return
			}
		}
	}
}

// Values yields the values that All yields, in the same order.
func (v *SeqVec[T]) Values() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, x := range v.All() {
			if !yield(x) {
				return
			}
		}
	}
}
