//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import "unsafe"

// kernels are the assembly kernels of this build.
var kernels = []kernel{
	{"storeCell", "LLSC", LevelNEON, nil},
	{"commitCell", "LLSC", LevelNEON, nil},
	{"storeCell", "LSE", LevelNEON, []string{"lse"}},
	{"commitCell", "LSE", LevelNEON, []string{"lse"}},
	{"getWordBatch", "NEON", LevelNEON, nil},
	{"claimSlot", "LLSC", LevelNEON, nil},
	{"writeSlot", "LLSC", LevelNEON, nil},
	{"swapWord", "LLSC", LevelNEON, nil},
	{"claimSlot", "LSE", LevelNEON, []string{"lse"}},
	{"writeSlot", "LSE", LevelNEON, []string{"lse"}},
	{"swapWord", "LSE", LevelNEON, []string{"lse"}},
}

// These are set before main begins and never changed.
var (
	useCellLLSC  = uses("commitCellLLSC")
	useCellLSE   = uses("commitCellLSE")
	useBatchNEON = uses("getWordBatchNEON")
	useSlotLLSC  = uses("writeSlotLLSC")
	useSlotLSE   = uses("writeSlotLSE")
)

// CommitCell is CommitCellGeneric, by the best kernel of this CPU. It is nosplit for the same
// reason.
//
//go:nosplit
func CommitCell(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	switch {
	case useCellLSE:
		return commitCellLSE(p, src, n, seen, next)
	case useCellLLSC:
		return commitCellLLSC(p, src, n, seen, next)
	}
	return CommitCellGeneric(p, src, n, seen, next)
}

// StoreCell is StoreCellGeneric, by the best kernel of this CPU. It is nosplit for the same
// reason.
//
//go:nosplit
func StoreCell(p, src unsafe.Pointer, n uintptr) bool {
	switch {
	case useCellLSE:
		return storeCellLSE(p, src, n)
	case useCellLLSC:
		return storeCellLLSC(p, src, n)
	}
	return StoreCellGeneric(p, src, n)
}

// GetWordBatch is GetWordBatchGeneric, by the best kernel of this CPU.
func GetWordBatch(base unsafe.Pointer, buckets, seed uint64, keys, values, found unsafe.Pointer, n uintptr, b *Batch) (hits, odd int) {
	switch {
	case useBatchNEON:
		return getWordBatchNEON(base, buckets, seed, keys, values, found, n, unsafe.Pointer(b))
	}
	return GetWordBatchGeneric(base, buckets, seed, keys, values, found, n, b)
}

// ClaimSlot is ClaimSlotGeneric, by the best kernel of this CPU.
func ClaimSlot(s *Slot, c *Claim) (used uint64) {
	switch {
	case useSlotLSE:
		return claimSlotLSE(unsafe.Pointer(s), unsafe.Pointer(c))
	case useSlotLLSC:
		return claimSlotLLSC(unsafe.Pointer(s), unsafe.Pointer(c))
	}
	return ClaimSlotGeneric(s, c)
}

// WriteSlot is WriteSlotGeneric, by the best kernel of this CPU.
func WriteSlot(s *Slot, seen uint64, w *Write) bool {
	switch {
	case useSlotLSE:
		return writeSlotLSE(unsafe.Pointer(s), seen, unsafe.Pointer(w))
	case useSlotLLSC:
		return writeSlotLLSC(unsafe.Pointer(s), seen, unsafe.Pointer(w))
	}
	return WriteSlotGeneric(s, seen, w)
}

// SwapWord is SwapWordGeneric, by the best kernel of this CPU.
func SwapWord(base unsafe.Pointer, buckets, hash, key, value uint64) (old uint64, ok bool) {
	switch {
	case useSlotLSE:
		return swapWordLSE(base, buckets, hash, key, value)
	case useSlotLLSC:
		return swapWordLLSC(base, buckets, hash, key, value)
	}
	return SwapWordGeneric(base, buckets, hash, key, value)
}
