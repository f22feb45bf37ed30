//go:build (!amd64 && !arm64) || purego || noasm || race || msan || asan || seqsched

package arch

import "unsafe"

// kernels are the assembly kernels of this build: none.
var kernels []kernel

// HasCommitCellBest says false: this build has no kernels.
func HasCommitCellBest(uintptr) bool { return false }

// HasCommitCellBase says false: this build has no kernels.
func HasCommitCellBase(uintptr) bool { return false }

// CommitCellBest does nothing: this build has no kernels.
func CommitCellBest(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool { return false }

// CommitCellBase does nothing: this build has no kernels.
func CommitCellBase(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool { return false }

// HasStoreCell says false: this build has no kernels.
func HasStoreCell(uintptr) bool { return false }

// StoreCell is StoreCellGeneric.
func StoreCell(p, src unsafe.Pointer, n uintptr) { StoreCellGeneric(p, src, n) }

// HasLoadCell says false: this build has no kernels.
func HasLoadCell(uintptr) bool { return false }

// LoadCell is LoadCellGeneric: this build has no kernels.
func LoadCell(p, dst unsafe.Pointer, n uintptr) (word uint64) { return LoadCellGeneric(p, dst, n) }

// HasProbe says false: this build has no kernels.
func HasProbe() bool { return false }

// GetHalf says Unsure: this build has no kernels.
func GetHalf(*Table, unsafe.Pointer, unsafe.Pointer) Found { return Unsure }

// GetWord says Unsure: this build has no kernels.
func GetWord(*Table, unsafe.Pointer, unsafe.Pointer) Found { return Unsure }

// GetPair says Unsure: this build has no kernels.
func GetPair(*Table, unsafe.Pointer, unsafe.Pointer) Found { return Unsure }

// Find is FindGeneric: this build has no kernels.
func Find(t *Table, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, i uintptr, found Found) {
	return FindGeneric(t, key, hash)
}

// HasBatch says false: this build has no kernels. Lookups one by one are as fast.
func HasBatch() bool { return false }

// GetBatch is GetBatchGeneric: this build has no kernels.
func GetBatch(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
	return GetBatchGeneric(b, keys, values, found, n)
}

// Prefetch is PrefetchGeneric: this build has no kernels.
func Prefetch(base unsafe.Pointer, buckets uint64, bytes uintptr, hashes unsafe.Pointer, n uintptr) {
	PrefetchGeneric(base, buckets, bytes, hashes, n)
}

// HasUpdate says false: this build has no kernels.
func HasUpdate() bool { return false }

// SwapLine is SwapLineGeneric.
func SwapLine(t *Table, key, value uint64) (old uint64, ok bool) {
	return SwapLineGeneric(t, key, value)
}

// AddLine is AddLineGeneric.
func AddLine(t *Table, key, delta uint64) (sum uint64, ok bool) {
	return AddLineGeneric(t, key, delta)
}

// SwapHalf says false: this build has no kernels.
func SwapHalf(*Table, unsafe.Pointer, unsafe.Pointer, unsafe.Pointer) (ok bool) { return false }

// SwapWord says false: this build has no kernels.
func SwapWord(*Table, unsafe.Pointer, unsafe.Pointer, unsafe.Pointer) (ok bool) { return false }

// SwapPair says false: this build has no kernels.
func SwapPair(*Table, unsafe.Pointer, unsafe.Pointer, unsafe.Pointer) (ok bool) { return false }

// AddHalf says false: this build has no kernels.
func AddHalf(*Table, unsafe.Pointer, uint64) (sum uint64, ok bool) { return 0, false }

// AddWord says false: this build has no kernels.
func AddWord(*Table, unsafe.Pointer, uint64) (sum uint64, ok bool) { return 0, false }

// AddPair says false: this build has no kernels.
func AddPair(*Table, unsafe.Pointer, uint64) (sum uint64, ok bool) { return 0, false }
