package seqcore

// instances compiles every method of a Cell of one small, one wide and one odd type in
// this package. The compiler stencils a Cell in the package that uses it, and finds there
// only those helpers from lower packages that were inlined here: without this file the
// methods would call them, and what they are given would escape to the heap.
func instances(small *Cell[uint64], wide *Cell[[4]uint64], odd *Cell[[3]byte]) {
	instance(small)
	instance(wide)
	instance(odd)
}

var _ = instances

func instance[T any](c *Cell[T]) {
	v := c.Load()
	c.TryLoad()
	_, version := c.LoadVersion()
	c.Version()
	c.Store(v)
	c.StoreIf(version, v)
	c.Swap(v)
	c.CompareAndSwap(v, v)
	c.Update(func(v T) T { return v })
}
