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
	getBatches = append(getBatches, implementationsOf(
		implementation[getBatchFunc]{"SSE2", getBatchSSE2, LevelSSE2, ""},
		implementation[getBatchFunc]{"SSE2/word", wordBatch(getBatchWordSSE2, getBatchSSE2), LevelSSE2, ""},
		implementation[getBatchFunc]{"AVX2", getBatchAVX2, LevelAVX2, ""},
		implementation[getBatchFunc]{"AVX2/word", wordBatch(getBatchWordAVX2, getBatchAVX2), LevelAVX2, ""},
	)...)
	prefetches = append(prefetches, implementationsOf(
		implementation[prefetchFunc]{"SSE2", prefetchSSE2, LevelSSE2, ""},
	)...)
	addSlotRoutines("SSE2", claimSlotSSE2, writeSlotSSE2)
	addUpdates("SSE2", swapWordSSE2, addWordSSE2)
}

// wordBatch is the kernel for keys of 8 bytes also where there is one that knows the geometry.
func wordBatch(word func(b, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int), all getBatchFunc) getBatchFunc {
	return func(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
		if b.words {
			return word(unsafe.Pointer(b), keys, values, found, n)
		}
		return all(b, keys, values, found, n)
	}
}

// addSlotRoutines adds the kernels of the family slot to those that are tested.
func addSlotRoutines(name string, claim func(s, c unsafe.Pointer) uint64, write func(s unsafe.Pointer, seen uint64, w unsafe.Pointer) bool) {
	r := slotRoutines["generic"]
	r.claim = func(s *Slot, c *Claim) uint64 { return claim(unsafe.Pointer(s), unsafe.Pointer(c)) }
	r.write = func(s *Slot, seen uint64, w *Write) bool { return write(unsafe.Pointer(s), seen, unsafe.Pointer(w)) }
	slotRoutines[name] = r
}

// addUpdates adds the kernels of the family update to those that are tested.
func addUpdates(name string, swap, add func(t unsafe.Pointer, key, x uint64) (uint64, bool)) {
	of := func(f func(t unsafe.Pointer, key, x uint64) (uint64, bool)) implementation[updateWordFunc] {
		return implementation[updateWordFunc]{name: name, f: func(t *WordTable, key, x uint64) (uint64, bool) {
			return f(unsafe.Pointer(t), key, x)
		}}
	}
	swapWords, addWords = append(swapWords, of(swap)), append(addWords, of(add))
}
