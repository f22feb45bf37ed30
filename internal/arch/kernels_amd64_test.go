//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import "unsafe"

func init() {
	commitCells = append(commitCells, implementationsOf(
		implementation[commitCellFunc]{"SSE2", commitCellSSE2, LevelSSE2, ""},
		implementation[commitCellFunc]{"AVX2", commitCellAVX2, LevelAVX2, ""},
	)...)
	storeCells = append(storeCells, implementationsOf(
		implementation[storeCellFunc]{"SSE2", storeCellSSE2, LevelSSE2, ""},
	)...)
	loadCells = append(loadCells, implementationsOf(
		implementation[loadCellFunc]{"SSE2", loadCellSSE2, LevelSSE2, ""},
		implementation[loadCellFunc]{"AVX2", loadCellAVX2, LevelAVX2, ""},
	)...)
	getWordBatches = append(getWordBatches, implementationsOf(
		implementation[getWordBatchFunc]{"SSE2", getWordBatchOf(getWordBatchSSE2), LevelSSE2, ""},
		implementation[getWordBatchFunc]{"AVX2", getWordBatchOf(getWordBatchAVX2), LevelAVX2, ""},
	)...)
	addSlotRoutines("SSE2", claimSlotSSE2, writeSlotSSE2, swapWordSSE2)
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
