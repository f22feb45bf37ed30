//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

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
	addUpdates("SSE2", swapLineSSE2, addLineSSE2)
	addProbes("SSE2", getKernels{getHalfSSE2, getWordSSE2, getPairSSE2}, findKernels{findHalfSSE2, findWordSSE2, findPairSSE2})
	addWriters("SSE2", swapKernels{swapHalfSSE2, swapWordSSE2, swapPairSSE2}, addKernels{addHalfSSE2, addWordSSE2, addPairSSE2})
}
