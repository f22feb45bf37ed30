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
	addUpdates("LLSC", swapWordLLSC, addWordLLSC)
	if slices.Contains(detected.Flags, "lse") {
		addSlotRoutines("LSE", claimSlotLSE, writeSlotLSE)
		addUpdates("LSE", swapWordLSE, addWordLSE)
	}
}
