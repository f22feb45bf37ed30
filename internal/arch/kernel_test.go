package arch

import (
	"slices"
	"unsafe"
)

// An implementation is one of several that must all do the same.
type implementation[F any] struct {
	name  string
	f     F
	level Level
	fact  string // a feature that it needs beyond its level, or ""
}

type (
	commitCellFunc = func(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool
	storeCellFunc  = func(p, src unsafe.Pointer, n uintptr)
	loadCellFunc   = func(p, dst unsafe.Pointer, n uintptr) uint64
	updateLineFunc = func(t *Table, key, x uint64) (result uint64, ok bool)
	getFunc        func(t *Table, key, value unsafe.Pointer) Found
	findFunc       func(t *Table, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, i uintptr, found Found)
	swapFunc       = func(t *Table, key, value, prev unsafe.Pointer) bool
	addFunc        = func(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool)

	getBatchFunc = func(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int)
	prefetchFunc = func(base unsafe.Pointer, buckets uint64, bytes uintptr, hashes unsafe.Pointer, n uintptr)
)

// These are all implementations that this CPU can run, whatever SEQMAP_CPU says. The tests
// of each GOARCH that has kernels add them.
var (
	commitCells = []implementation[commitCellFunc]{{name: "generic", f: CommitCellGeneric}, {name: "dispatch", f: CommitCell}}
	storeCells  = []implementation[storeCellFunc]{{name: "generic", f: StoreCellGeneric}}
	loadCells   = []implementation[loadCellFunc]{{name: "generic", f: LoadCellGeneric}, {name: "dispatch", f: LoadCell}}
	swapLines   = []implementation[updateLineFunc]{{name: "generic", f: SwapLineGeneric}}
	addLines    = []implementation[updateLineFunc]{{name: "generic", f: AddLineGeneric}}
	gets        = []implementation[getFunc]{{name: "generic", f: GetGeneric}}
	finds       = []implementation[findFunc]{{name: "generic", f: FindGeneric}, {name: "dispatch", f: Find}}
	swaps       = []implementation[swapFunc]{{name: "generic", f: SwapGeneric}}
	adds        = []implementation[addFunc]{{name: "generic", f: AddGeneric}}

	getBatches = []implementation[getBatchFunc]{{name: "generic", f: GetBatchGeneric}, {name: "dispatch", f: GetBatch}}
	prefetches = []implementation[prefetchFunc]{{name: "generic", f: PrefetchGeneric}, {name: "dispatch", f: Prefetch}}
)

// implementationsOf returns those of all that this CPU can run.
func implementationsOf[F any](all ...implementation[F]) (can []implementation[F]) {
	flags := detected.Flags
	for _, i := range all {
		if slices.Contains(supported(detected.GOARCH, flags), i.level) && (i.fact == "" || slices.Contains(flags, i.fact)) {
			can = append(can, i)
		}
	}
	return can
}
