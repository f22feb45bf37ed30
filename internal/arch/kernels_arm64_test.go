//go:build !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import "slices"

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
	getBatches = append(getBatches, implementationsOf(
		implementation[getBatchFunc]{"NEON", getBatchNEON, LevelNEON, ""},
		implementation[getBatchFunc]{"NEON/word", wordBatch(getBatchWordNEON, getBatchNEON), LevelNEON, ""},
	)...)
	prefetches = append(prefetches, implementationsOf(
		implementation[prefetchFunc]{"NEON", prefetchNEON, LevelNEON, ""},
	)...)
	addSlotRoutines("LLSC", claimSlotLLSC, writeSlotLLSC)
	addUpdates("LLSC", swapLineLLSC, addLineLLSC)
	addProbes("NEON", getKernels{getHalfNEON, getWordNEON, getPairNEON}, findKernels{findHalfNEON, findWordNEON, findPairNEON})
	addWriters("LLSC", swapKernels{swapHalfLLSC, swapWordLLSC, swapPairLLSC}, addKernels{addHalfLLSC, addWordLLSC, addPairLLSC})
	if slices.Contains(detected.Flags, "lse") {
		addSlotRoutines("LSE", claimSlotLSE, writeSlotLSE)
		addUpdates("LSE", swapLineLSE, addLineLSE)
		addWriters("LSE", swapKernels{swapHalfLSE, swapWordLSE, swapPairLSE}, addKernels{addHalfLSE, addWordLSE, addPairLSE})
	}
}
