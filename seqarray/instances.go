package seqarray

// instances compiles every method of a SeqArray of one small, one wide and one odd type in
// this package. The compiler stencils a SeqArray in the package that uses it, and finds
// there only those helpers from lower packages that were inlined here: without this file
// the methods would call them, and what they are given would escape to the heap.
func instances(small *SeqArray[uint64], wide *SeqArray[[3]uint64], odd *SeqArray[[3]byte]) {
	instance(small)
	instance(wide)
	instance(odd)
}

var _ = instances

func instance[T any](a *SeqArray[T]) {
	v, _ := a.Get(0)
	_ = a.Set(0, v)
	_ = a.Init(0, v)
	_ = a.Clear(0)
	_, _ = a.Swap(0, v)
	_, _ = a.CompareAndSwap(0, v, v)
	_, _ = a.Update(0, func(v T) T { return v })
	a.Fill(v)
	a.CopyTo(nil, 0)
	a.Grow(a.Len() + a.Cap())
	for range a.All() {
		for range a.Values() {
		}
	}
}
