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
	{"getHalf", "SSE2", LevelSSE2, nil},
	{"getWord", "SSE2", LevelSSE2, nil},
	{"getPair", "SSE2", LevelSSE2, nil},
	{"findHalf", "SSE2", LevelSSE2, nil},
	{"findWord", "SSE2", LevelSSE2, nil},
	{"findPair", "SSE2", LevelSSE2, nil},
	{"getBatchHalf", "SSE2", LevelSSE2, nil},
	{"getBatchWord", "SSE2", LevelSSE2, nil},
	{"getBatchLine", "SSE2", LevelSSE2, nil},
	{"getBatchPair", "SSE2", LevelSSE2, nil},
	{"prefetch", "SSE2", LevelSSE2, nil},
	{"getBatchHalf", "AVX2", LevelAVX2, nil},
	{"getBatchWord", "AVX2", LevelAVX2, nil},
	{"getBatchLine", "AVX2", LevelAVX2, nil},
	{"claimSlot", "SSE2", LevelSSE2, nil},
	{"writeSlot", "SSE2", LevelSSE2, nil},
	{"swapLine", "SSE2", LevelSSE2, nil},
	{"addLine", "SSE2", LevelSSE2, nil},
	{"swapHalf", "SSE2", LevelSSE2, nil},
	{"swapWord", "SSE2", LevelSSE2, nil},
	{"swapPair", "SSE2", LevelSSE2, nil},
	{"addHalf", "SSE2", LevelSSE2, nil},
	{"addWord", "SSE2", LevelSSE2, nil},
	{"addPair", "SSE2", LevelSSE2, nil},
}

// These are set before main begins and never changed.
var (
	useStoreSSE2    = uses("storeCellSSE2")
	useCellSSE2     = uses("commitCellSSE2") || uses("commitCellAVX2")
	useCellAVX2     = uses("commitCellAVX2")
	useProbeSSE2    = uses("getWordSSE2")
	useBatchSSE2    = uses("getBatchWordSSE2")
	useBatchAVX2    = uses("getBatchWordAVX2")
	usePrefetchSSE2 = uses("prefetchSSE2")
	useSlotSSE2     = uses("writeSlotSSE2")
	useUpdateSSE2   = uses("swapLineSSE2")
)

// HasCommitCellBest and HasCommitCellBase say which kernel of CommitCell is to be used for cells of n
// words, if any. One word is written faster without.
func HasCommitCellBest(n uintptr) bool { return n > 1 && useCellAVX2 }

func HasCommitCellBase(n uintptr) bool { return n > 1 && useCellSSE2 }

// CommitCellBest and CommitCellBase are CommitCellGeneric, each by one of the kernels. They are
// inlined, so that there is no other function in which the scheduler could stop a goroutine.
func CommitCellBest(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	return commitCellAVX2(p, src, n, seen, next)
}

func CommitCellBase(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	return commitCellSSE2(p, src, n, seen, next)
}

// HasStoreCell says whether there is a kernel of StoreCell for cells of n words, for callers that
// would rather do something else if not. There is none for cells of no words.
func HasStoreCell(n uintptr) bool { return useStoreSSE2 && n-1 < longWords-1 }

// longWords is the size from which cells are written in blocks of vectors, which StoreCell does not do.
const longWords = 16

// StoreCell is StoreCellGeneric, by a kernel. HasStoreCell must have said that there is one.
func StoreCell(p, src unsafe.Pointer, n uintptr) { storeCellSSE2(p, src, n) }

// HasLoadCell says whether the kernel of LoadCell is to be used for cells of n words. Code in line
// stores the words of a value one by one, and these stores cannot be forwarded to the copy that Go
// then makes, by vectors of two words. Of a struct of up to four words Go makes no such copy, and of
// five words the call takes as long as the copy waits.
func HasLoadCell(n uintptr) bool { return n >= kernelWords && useCellSSE2 }

// kernelWords is the size from which the kernel of LoadCell gains more than its call takes.
const kernelWords = 6

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

// HasProbe says whether GetHalf, GetWord, GetPair and Find have kernels, for callers that would rather
// do something else if not.
func HasProbe() bool { return useProbeSSE2 }

// GetHalf is GetGeneric for keys of 4 bytes, by a kernel. HasProbe must have said that there is one.
func GetHalf(t *Table, key, value unsafe.Pointer) Found {
	return Found(getHalfSSE2(unsafe.Pointer(t), key, value))
}

// GetWord is GetHalf for keys of 8 bytes.
func GetWord(t *Table, key, value unsafe.Pointer) Found {
	return Found(getWordSSE2(unsafe.Pointer(t), key, value))
}

// GetPair is GetHalf for keys of 16 bytes.
func GetPair(t *Table, key, value unsafe.Pointer) Found {
	return Found(getPairSSE2(unsafe.Pointer(t), key, value))
}

// Find is FindGeneric, by a kernel. HasProbe must have said that there is one.
func Find(t *Table, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, i uintptr, found Found) {
	var slot, how uint64
	switch t.keyBytes {
	case 4:
		bucket, slot, how = findHalfSSE2(unsafe.Pointer(t), key, hash)
	case 8:
		bucket, slot, how = findWordSSE2(unsafe.Pointer(t), key, hash)
	default:
		bucket, slot, how = findPairSSE2(unsafe.Pointer(t), key, hash)
	}
	return bucket, uintptr(slot), Found(how)
}

// HasBatch says whether GetBatch has a kernel. Without one, lookups one by one are as fast.
func HasBatch() bool { return useBatchSSE2 || useBatchAVX2 }

// GetBatch is GetBatchGeneric, by the best kernel of this CPU.
func GetBatch(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	switch {
	case useBatchAVX2:
		return getBatchAVX2(b, keys, values, found, n)
	case useBatchSSE2:
		return getBatchSSE2(b, keys, values, found, n)
	}
	return GetBatchGeneric(b, keys, values, found, n)
}

// getBatchAVX2 takes a kernel of the level below where wider vectors gain nothing.
func getBatchAVX2(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	switch {
	case b.words:
		return getBatchLineAVX2(unsafe.Pointer(b), keys, values, found, n)
	case b.keyBytes == 4:
		return getBatchHalfAVX2(unsafe.Pointer(b), keys, values, found, n)
	case b.keyBytes == 8:
		return getBatchWordAVX2(unsafe.Pointer(b), keys, values, found, n)
	default:
		return getBatchPairSSE2(unsafe.Pointer(b), keys, values, found, n)
	}
}

func getBatchSSE2(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	switch {
	case b.words:
		return getBatchLineSSE2(unsafe.Pointer(b), keys, values, found, n)
	case b.keyBytes == 4:
		return getBatchHalfSSE2(unsafe.Pointer(b), keys, values, found, n)
	case b.keyBytes == 8:
		return getBatchWordSSE2(unsafe.Pointer(b), keys, values, found, n)
	default:
		return getBatchPairSSE2(unsafe.Pointer(b), keys, values, found, n)
	}
}

// Prefetch is PrefetchGeneric, by the best kernel of this CPU.
func Prefetch(base unsafe.Pointer, buckets uint64, bytes uintptr, hashes unsafe.Pointer, n uintptr) {
	if usePrefetchSSE2 {
		prefetchSSE2(base, buckets, bytes, hashes, n)
		return
	}
	PrefetchGeneric(base, buckets, bytes, hashes, n)
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

// HasUpdate says whether the routines below have kernels, for callers that would rather call
// the plain routines if not.
func HasUpdate() bool { return useUpdateSSE2 }

// SwapLine is SwapLineGeneric, by a kernel. HasUpdate must have said that there is one.
func SwapLine(t *Table, key, value uint64) (old uint64, ok bool) {
	return swapLineSSE2(unsafe.Pointer(t), key, value)
}

// AddLine is AddLineGeneric, by a kernel. HasUpdate must have said that there is one.
func AddLine(t *Table, key, delta uint64) (sum uint64, ok bool) {
	return addLineSSE2(unsafe.Pointer(t), key, delta)
}

// SwapHalf is SwapGeneric for keys of 4 bytes, by a kernel. HasUpdate must have said that there is
// one.
func SwapHalf(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	return swapHalfSSE2(unsafe.Pointer(t), key, value, prev)
}

// SwapWord is SwapHalf for keys of 8 bytes.
func SwapWord(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	return swapWordSSE2(unsafe.Pointer(t), key, value, prev)
}

// SwapPair is SwapHalf for keys of 16 bytes.
func SwapPair(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	return swapPairSSE2(unsafe.Pointer(t), key, value, prev)
}

// AddHalf is AddGeneric for keys of 4 bytes, by a kernel. HasUpdate must have said that there is one.
func AddHalf(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	return addHalfSSE2(unsafe.Pointer(t), key, delta)
}

// AddWord is AddHalf for keys of 8 bytes.
func AddWord(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	return addWordSSE2(unsafe.Pointer(t), key, delta)
}

// AddPair is AddHalf for keys of 16 bytes.
func AddPair(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	return addPairSSE2(unsafe.Pointer(t), key, delta)
}
