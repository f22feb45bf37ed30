//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import "unsafe"

// kernels are the assembly kernels of this build.
var kernels = []kernel{
	{"storeCell", "LLSC", LevelNEON, nil},
	{"commitCell", "LLSC", LevelNEON, nil},
	{"storeCell", "LSE", LevelNEON, []string{"lse"}},
	{"commitCell", "LSE", LevelNEON, []string{"lse"}},
	{"loadCell", "NEON", LevelNEON, nil},
	{"getHalf", "NEON", LevelNEON, nil},
	{"getWord", "NEON", LevelNEON, nil},
	{"getPair", "NEON", LevelNEON, nil},
	{"findHalf", "NEON", LevelNEON, nil},
	{"findWord", "NEON", LevelNEON, nil},
	{"findPair", "NEON", LevelNEON, nil},
	{"getBatchHalf", "NEON", LevelNEON, nil},
	{"getBatchWord", "NEON", LevelNEON, nil},
	{"getBatchLine", "NEON", LevelNEON, nil},
	{"getBatchPair", "NEON", LevelNEON, nil},
	{"prefetch", "NEON", LevelNEON, nil},
	{"claimSlot", "LLSC", LevelNEON, nil},
	{"writeSlot", "LLSC", LevelNEON, nil},
	{"swapLine", "LLSC", LevelNEON, nil},
	{"addLine", "LLSC", LevelNEON, nil},
	{"swapHalf", "LLSC", LevelNEON, nil},
	{"swapWord", "LLSC", LevelNEON, nil},
	{"swapPair", "LLSC", LevelNEON, nil},
	{"addHalf", "LLSC", LevelNEON, nil},
	{"addWord", "LLSC", LevelNEON, nil},
	{"addPair", "LLSC", LevelNEON, nil},
	{"claimSlot", "LSE", LevelNEON, []string{"lse"}},
	{"writeSlot", "LSE", LevelNEON, []string{"lse"}},
	{"swapLine", "LSE", LevelNEON, []string{"lse"}},
	{"addLine", "LSE", LevelNEON, []string{"lse"}},
	{"swapHalf", "LSE", LevelNEON, []string{"lse"}},
	{"swapWord", "LSE", LevelNEON, []string{"lse"}},
	{"swapPair", "LSE", LevelNEON, []string{"lse"}},
	{"addHalf", "LSE", LevelNEON, []string{"lse"}},
	{"addWord", "LSE", LevelNEON, []string{"lse"}},
	{"addPair", "LSE", LevelNEON, []string{"lse"}},
}

// These are set before main begins and never changed.
var (
	useLoadNEON     = uses("loadCellNEON")
	useCellLLSC     = uses("commitCellLLSC")
	useCellLSE      = uses("commitCellLSE")
	useProbeNEON    = uses("getWordNEON")
	useBatchNEON    = uses("getBatchWordNEON")
	usePrefetchNEON = uses("prefetchNEON")
	useSlotLLSC     = uses("writeSlotLLSC")
	useSlotLSE      = uses("writeSlotLSE")
	useUpdateLLSC   = uses("swapLineLLSC")
	useUpdateLSE    = uses("swapLineLSE")
)

// HasCommitCellBest and HasCommitCellBase say which kernel of CommitCell is to be used for cells of n
// words, if any.
func HasCommitCellBest(uintptr) bool { return useCellLSE }

func HasCommitCellBase(uintptr) bool { return useCellLLSC }

// CommitCellBest and CommitCellBase are CommitCellGeneric, each by one of the kernels. They are
// inlined, so that there is no other function in which the scheduler could stop a goroutine.
func CommitCellBest(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	return commitCellLSE(p, src, n, seen, next)
}

func CommitCellBase(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	return commitCellLLSC(p, src, n, seen, next)
}

// HasStoreCell says whether there is a kernel of StoreCell for cells of n words, for callers that
// would rather do something else if not. There is none for cells of no words.
func HasStoreCell(n uintptr) bool { return n != 0 && (useCellLLSC || useCellLSE) }

// StoreCell is StoreCellGeneric, by the best kernel of this CPU. HasStoreCell must have said
// that there is one.
func StoreCell(p, src unsafe.Pointer, n uintptr) {
	if useCellLSE {
		storeCellLSE(p, src, n)
		return
	}
	storeCellLLSC(p, src, n)
}

// HasLoadCell says whether the kernel of LoadCell is to be used for cells of n words. In line,
// each word takes a load that acquires.
func HasLoadCell(n uintptr) bool { return n > 2 && useLoadNEON }

// LoadCell is LoadCellGeneric, by the kernel if there is one.
func LoadCell(p, dst unsafe.Pointer, n uintptr) (word uint64) {
	if useLoadNEON {
		return loadCellNEON(p, dst, n)
	}
	return LoadCellGeneric(p, dst, n)
}

// HasProbe says whether GetHalf, GetWord, GetPair and Find have kernels, for callers that would rather
// do something else if not.
func HasProbe() bool { return useProbeNEON }

// GetHalf is GetGeneric for keys of 4 bytes, by a kernel. HasProbe must have said that there is one.
func GetHalf(t *Table, key, value unsafe.Pointer) Found {
	return Found(getHalfNEON(unsafe.Pointer(t), key, value))
}

// GetWord is GetHalf for keys of 8 bytes.
func GetWord(t *Table, key, value unsafe.Pointer) Found {
	return Found(getWordNEON(unsafe.Pointer(t), key, value))
}

// GetPair is GetHalf for keys of 16 bytes.
func GetPair(t *Table, key, value unsafe.Pointer) Found {
	return Found(getPairNEON(unsafe.Pointer(t), key, value))
}

// Find is FindGeneric, by a kernel. HasProbe must have said that there is one.
func Find(t *Table, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, i uintptr, found Found) {
	var slot, how uint64
	switch t.keyBytes {
	case 4:
		bucket, slot, how = findHalfNEON(unsafe.Pointer(t), key, hash)
	case 8:
		bucket, slot, how = findWordNEON(unsafe.Pointer(t), key, hash)
	default:
		bucket, slot, how = findPairNEON(unsafe.Pointer(t), key, hash)
	}
	return bucket, uintptr(slot), Found(how)
}

// HasBatch says whether GetBatch has a kernel. Without one, lookups one by one are as fast.
func HasBatch() bool { return useBatchNEON }

// GetBatch is GetBatchGeneric, by the best kernel of this CPU.
func GetBatch(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	switch {
	case useBatchNEON:
		return getBatchNEON(b, keys, values, found, n)
	}
	return GetBatchGeneric(b, keys, values, found, n)
}

func getBatchNEON(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	switch {
	case b.words:
		return getBatchLineNEON(unsafe.Pointer(b), keys, values, found, n)
	case b.keyBytes == 4:
		return getBatchHalfNEON(unsafe.Pointer(b), keys, values, found, n)
	case b.keyBytes == 8:
		return getBatchWordNEON(unsafe.Pointer(b), keys, values, found, n)
	default:
		return getBatchPairNEON(unsafe.Pointer(b), keys, values, found, n)
	}
}

// Prefetch is PrefetchGeneric, by the best kernel of this CPU.
func Prefetch(base unsafe.Pointer, buckets uint64, bytes uintptr, hashes unsafe.Pointer, n uintptr) {
	if usePrefetchNEON {
		prefetchNEON(base, buckets, bytes, hashes, n)
		return
	}
	PrefetchGeneric(base, buckets, bytes, hashes, n)
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

// HasUpdate says whether the routines below have kernels, for callers that would rather call
// the plain routines if not.
func HasUpdate() bool { return useUpdateLLSC || useUpdateLSE }

// SwapLine is SwapLineGeneric, by the best kernel of this CPU. HasUpdate must have said that
// there is one.
func SwapLine(t *Table, key, value uint64) (old uint64, ok bool) {
	if useUpdateLSE {
		return swapLineLSE(unsafe.Pointer(t), key, value)
	}
	return swapLineLLSC(unsafe.Pointer(t), key, value)
}

// AddLine is AddLineGeneric, by the best kernel of this CPU. HasUpdate must have said that
// there is one.
func AddLine(t *Table, key, delta uint64) (sum uint64, ok bool) {
	if useUpdateLSE {
		return addLineLSE(unsafe.Pointer(t), key, delta)
	}
	return addLineLLSC(unsafe.Pointer(t), key, delta)
}

// SwapHalf is SwapGeneric for keys of 4 bytes, by the best kernel of this CPU. HasUpdate must have said
// that there is one.
func SwapHalf(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	if useUpdateLSE {
		return swapHalfLSE(unsafe.Pointer(t), key, value, prev)
	}
	return swapHalfLLSC(unsafe.Pointer(t), key, value, prev)
}

// SwapWord is SwapHalf for keys of 8 bytes.
func SwapWord(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	if useUpdateLSE {
		return swapWordLSE(unsafe.Pointer(t), key, value, prev)
	}
	return swapWordLLSC(unsafe.Pointer(t), key, value, prev)
}

// SwapPair is SwapHalf for keys of 16 bytes.
func SwapPair(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	if useUpdateLSE {
		return swapPairLSE(unsafe.Pointer(t), key, value, prev)
	}
	return swapPairLLSC(unsafe.Pointer(t), key, value, prev)
}

// AddHalf is AddGeneric for keys of 4 bytes, by the best kernel of this CPU. HasUpdate must have said
// that there is one.
func AddHalf(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	if useUpdateLSE {
		return addHalfLSE(unsafe.Pointer(t), key, delta)
	}
	return addHalfLLSC(unsafe.Pointer(t), key, delta)
}

// AddWord is AddHalf for keys of 8 bytes.
func AddWord(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	if useUpdateLSE {
		return addWordLSE(unsafe.Pointer(t), key, delta)
	}
	return addWordLLSC(unsafe.Pointer(t), key, delta)
}

// AddPair is AddHalf for keys of 16 bytes.
func AddPair(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	if useUpdateLSE {
		return addPairLSE(unsafe.Pointer(t), key, delta)
	}
	return addPairLLSC(unsafe.Pointer(t), key, delta)
}
