package sig

// The family batch. The kernels that look up keys differ in the size of these: half a word,
// a word, or a pair of words. One more knows a single geometry.
var (
	GetBatchHalf = getBatch("Half", "keys of 4 bytes")
	GetBatchWord = getBatch("Word", "keys of 8 bytes")
	GetBatchPair = getBatch("Pair", "keys of 16 bytes")
	GetBatchLine = getBatch("Line", "word buckets, see layout.WordSlots")

	Prefetch = Kernel{
		Name:      "prefetch",
		Signature: "func(base unsafe.Pointer, buckets uint64, bytes uintptr, hashes unsafe.Pointer, n uintptr)",
		Doc:       "PrefetchGeneric, which does not wait for the lines.",
	}
)

func getBatch(name, of string) Kernel {
	return Kernel{
		Name:      "getBatch" + name,
		Signature: "func(b, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int)",
		Doc:       "GetBatchGeneric for " + of + ". b points to a Batch.",
	}
}
