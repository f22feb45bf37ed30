//go:build (amd64 || arm64) && !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import (
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// TestCommitCellAllocates checks that no implementation moves its operands to the heap.
func TestCommitCellAllocates(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		var cell [4]uint64
		src := [3]uint64{1, 2, 3}
		CommitCell(unsafe.Pointer(&cell), unsafe.Pointer(&src), 3, 0, 8)
		cell[0] |= layout.Live
		StoreCell(unsafe.Pointer(&cell), unsafe.Pointer(&src), 2)
		var got [3]uint64
		word := LoadCell(unsafe.Pointer(&cell), unsafe.Pointer(&got), 3)
		if cell != [4]uint64{16 | layout.Live, 1, 2, 3} || got != src || word != cell[0] {
			t.Error(cell, got, word)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestGetWordBatchAllocates is the same for the family batch.
func TestGetWordBatchAllocates(t *testing.T) {
	table := make([]wordBucket, 4)
	put(table, 7, 1, 70)
	if n := testing.AllocsPerRun(100, func() {
		keys, values, found := [2]uint64{7, 8}, [2]uint64{}, [2]bool{}
		var b Batch
		hits, odd := GetWordBatch(unsafe.Pointer(&table[0]), 4, 1, unsafe.Pointer(&keys), unsafe.Pointer(&values), unsafe.Pointer(&found), 2, &b)
		if hits != 1 || odd != 0 || values != [2]uint64{70, 0} || found != [2]bool{true, false} {
			t.Error(hits, odd, values, found)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
