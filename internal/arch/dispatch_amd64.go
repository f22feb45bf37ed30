//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import "unsafe"

// kernels are the assembly kernels of this build.
var kernels = []kernel{
	{"storeCell", "SSE2", LevelSSE2, nil},
	{"commitCell", "SSE2", LevelSSE2, nil},
	{"commitCell", "AVX2", LevelAVX2, nil},
	{"loadCell", "SSE2", LevelSSE2, nil},
	{"loadCell", "AVX2", LevelAVX2, nil},
	{"getWordBatch", "SSE2", LevelSSE2, nil},
	{"getWordBatch", "AVX2", LevelAVX2, nil},
	{"claimSlot", "SSE2", LevelSSE2, nil},
	{"writeSlot", "SSE2", LevelSSE2, nil},
	{"swapWord", "SSE2", LevelSSE2, nil},
}

// These are set before main begins and never changed.
var (
	useStoreSSE2 = uses("storeCellSSE2")
	useCellSSE2  = uses("commitCellSSE2") || uses("commitCellAVX2")
	useCellAVX2  = uses("commitCellAVX2")
	useBatchSSE2 = uses("getWordBatchSSE2")
	useBatchAVX2 = uses("getWordBatchAVX2")
	useSlotSSE2  = uses("writeSlotSSE2")
)

// CommitCell is CommitCellGeneric, by the best kernel of this CPU. It is nosplit for the same
// reason.
//
//go:nosplit
func CommitCell(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	switch {
	case useCellAVX2:
		return commitCellAVX2(p, src, n, seen, next)
	case useCellSSE2:
		return commitCellSSE2(p, src, n, seen, next)
	}
	return CommitCellGeneric(p, src, n, seen, next)
}

// HasStoreCell says whether there is a kernel of StoreCell for cells of n words, for callers that
// would rather do something else if not.
func HasStoreCell(n uintptr) bool { return useStoreSSE2 && n-1 < longWords-1 }

// longWords is the size from which cells are copied by vectors, which StoreCell does not use.
const longWords = 16

// StoreCell is StoreCellGeneric, by a kernel. HasStoreCell must have said that there is one.
func StoreCell(p, src unsafe.Pointer, n uintptr) { storeCellSSE2(p, src, n) }

// HasLoadCell says whether the kernel of LoadCell is to be used for cells of n words. Shorter
// ones are read faster in line.
func HasLoadCell(n uintptr) bool { return n >= longWords && useCellSSE2 }

// LoadCell is LoadCellGeneric, by the best kernel of this CPU.
func LoadCell(p, dst unsafe.Pointer, n uintptr) (word uint64) {
	switch {
	case useCellAVX2:
		return loadCellAVX2(p, dst, n)
	case useCellSSE2:
		return loadCellSSE2(p, dst, n)
	}
	return LoadCellGeneric(p, dst, n)
}

// GetWordBatch is GetWordBatchGeneric, by the best kernel of this CPU.
func GetWordBatch(base unsafe.Pointer, buckets, seed uint64, keys, values, found unsafe.Pointer, n uintptr, b *Batch) (hits, odd int) {
	switch {
	case useBatchAVX2:
		return getWordBatchAVX2(base, buckets, seed, keys, values, found, n, unsafe.Pointer(b))
	case useBatchSSE2:
		return getWordBatchSSE2(base, buckets, seed, keys, values, found, n, unsafe.Pointer(b))
	}
	return GetWordBatchGeneric(base, buckets, seed, keys, values, found, n, b)
}

// ClaimSlot is ClaimSlotGeneric, by the best kernel of this CPU.
func ClaimSlot(s *Slot, c *Claim) (used uint64) {
	if useSlotSSE2 {
		return claimSlotSSE2(unsafe.Pointer(s), unsafe.Pointer(c))
	}
	return ClaimSlotGeneric(s, c)
}

// WriteSlot is WriteSlotGeneric, by the best kernel of this CPU.
func WriteSlot(s *Slot, seen uint64, w *Write) bool {
	if useSlotSSE2 {
		return writeSlotSSE2(unsafe.Pointer(s), seen, unsafe.Pointer(w))
	}
	return WriteSlotGeneric(s, seen, w)
}

// SwapWord is SwapWordGeneric, by the best kernel of this CPU.
func SwapWord(base unsafe.Pointer, buckets, hash, key, value uint64) (old uint64, ok bool) {
	if useSlotSSE2 {
		return swapWordSSE2(base, buckets, hash, key, value)
	}
	return SwapWordGeneric(base, buckets, hash, key, value)
}
