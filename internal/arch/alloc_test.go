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

// TestGetBatchAllocates is the same for the family batch.
func TestGetBatchAllocates(t *testing.T) {
	for _, s := range batchShapes {
		table := newBatchTable(s, 4, 1)
		table.put(7, 70)
		if n := testing.AllocsPerRun(100, func() {
			var keys [4]uint64
			var values [2 * layout.BatchValueBytes]byte
			var found [2]bool
			setKey(unsafe.Pointer(&keys), s.key, 7)
			var b Batch
			b.Table = NewTable(unsafe.Pointer(&table.mem[0]), 4, 1, &table.geo)
			hits, odd := GetBatch(&b, unsafe.Pointer(&keys), unsafe.Pointer(&values), unsafe.Pointer(&found), 1)
			Prefetch(unsafe.Pointer(&table.mem[0]), 4, table.geo.Bytes, unsafe.Pointer(&keys), 4)
			if hits != 1 || odd != 0 || !found[0] {
				t.Error(hits, odd, found)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", s, n)
		}
	}
}
