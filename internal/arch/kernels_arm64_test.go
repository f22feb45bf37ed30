//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import (
	"slices"
	"unsafe"
)

func init() {
	commitCells = append(commitCells, implementationsOf(
		implementation[commitCellFunc]{"LLSC", commitCellLLSC, LevelNEON, ""},
		implementation[commitCellFunc]{"LSE", commitCellLSE, LevelNEON, "lse"},
	)...)
	storeCells = append(storeCells, implementationsOf(
		implementation[storeCellFunc]{"LLSC", storeCellLLSC, LevelNEON, ""},
		implementation[storeCellFunc]{"LSE", storeCellLSE, LevelNEON, "lse"},
	)...)
	loadCells = append(loadCells, implementationsOf(
		implementation[loadCellFunc]{"NEON", loadCellNEON, LevelNEON, ""},
	)...)
	getWordBatches = append(getWordBatches, implementationsOf(
		implementation[getWordBatchFunc]{"NEON", getWordBatchOf(getWordBatchNEON), LevelNEON, ""},
	)...)
	addSlotRoutines("LLSC", claimSlotLLSC, writeSlotLLSC, swapWordLLSC)
	if slices.Contains(detected.Flags, "lse") {
		addSlotRoutines("LSE", claimSlotLSE, writeSlotLSE, swapWordLSE)
	}
}

// getWordBatchOf is a kernel as the Go code sees it.
func getWordBatchOf(f func(base unsafe.Pointer, buckets, seed uint64, keys, values, found unsafe.Pointer, n uintptr, b unsafe.Pointer) (hits, odd int)) getWordBatchFunc {
	return func(base unsafe.Pointer, buckets, seed uint64, keys, values, found unsafe.Pointer, n uintptr, b *Batch) (hits, odd int) {
		return f(base, buckets, seed, keys, values, found, n, unsafe.Pointer(b))
	}
}

// addSlotRoutines adds the kernels of the family slot to those that are tested.
func addSlotRoutines(name string, claim func(s, c unsafe.Pointer) uint64, write func(s unsafe.Pointer, seen uint64, w unsafe.Pointer) bool, swap swapWordFunc) {
	r := slotRoutines["generic"]
	r.claim = func(s *Slot, c *Claim) uint64 { return claim(unsafe.Pointer(s), unsafe.Pointer(c)) }
	r.write = func(s *Slot, seen uint64, w *Write) bool { return write(unsafe.Pointer(s), seen, unsafe.Pointer(w)) }
	slotRoutines[name] = r
	swapWords = append(swapWords, implementation[swapWordFunc]{name: name, f: swap})
}
