package seqmap

// instances compiles every method of a SeqMap of a few types in this package. The compiler
// stencils a SeqMap in the package that uses it, and finds there only those helpers from
// lower packages that were inlined here: without this file the methods would call them, and
// what they are given would escape to the heap.
func instances(word *SeqMap[uint64, uint64], wide *SeqMap[[3]uint64, [3]uint64], odd *SeqMap[float32, [3]byte]) {
	instance(word)
	instance(wide)
	instance(odd)
	Add(word, 0, 1)
}

var _ = instances

func instance[K comparable, V any](m *SeqMap[K, V]) {
	for k, v := range m.All() {
		_, _ = m.Get(k)
		_, _ = m.Insert(k, v)
		_, _ = m.Remove(k)
		_, _ = m.LoadOrStore(k, v)
		_, _ = m.LoadOrCompute(k, func() V { return v })
		m.CompareAndSwap(k, v, v)
		m.CompareAndDelete(k, v)
		m.Update(k, func(v V, _ bool) V { return v })
		_, _ = m.Compute(k, func(v V, _ bool) (V, Op) { return v, CancelOp })
		m.GetBatch([]K{k}, []V{v}, []bool{false})
		m.InsertBatch([]K{k}, []V{v})
		m.RemoveBatch([]K{k})
	}
	m.DeleteFunc(func(K, V) bool { return false })
	m.Clone().Clear()
}
