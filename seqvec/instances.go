package seqvec

// instances compiles every method of a SeqVec of one small, one wide and one odd type in
// this package. The compiler stencils a SeqVec in the package that uses it, and finds there
// only those helpers from lower packages that were inlined here: without this file the
// methods would call them, and what they are given would escape to the heap.
func instances(small *SeqVec[uint64], wide *SeqVec[[3]uint64], odd *SeqVec[[3]byte]) {
	instance(small)
	instance(wide)
	instance(odd)
}

var _ = instances

func instance[T any](v *SeqVec[T]) {
	x, _ := v.Get(0)
	v.Push(x)
	v.PushSlice([]T{x})
	_, _ = v.Pop()
	v.Set(0, x)
	_, _ = v.Swap(0, x)
	v.CompareAndSwap(0, x, x)
	_, _ = v.Update(0, func(x T) T { return x })
	v.Truncate(v.Len() + v.Cap())
	for range v.All() {
		for range v.Values() {
		}
	}
	for range v.Backward() {
	}
}
