package arch

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// BenchmarkCommitCell compares the implementations of CommitCell.
func BenchmarkCommitCell(b *testing.B) {
	for _, words := range []uintptr{1, 2, 3, 4, 8, 16, 32, 128} {
		for _, impl := range commitCells {
			b.Run(fmt.Sprintf("bytes=%d/of=%s", 8*words, impl.name), func(b *testing.B) {
				var src [128]uint64
				cell := new([129]uint64)
				p := unsafe.Pointer(cell)
				for range b.N {
					word := Load64(p)
					if !impl.f(p, unsafe.Pointer(&src), words, word, word+layout.Version) {
						b.Fatal("the cell was locked")
					}
				}
			})
		}
	}
}

// BenchmarkStoreCell compares the implementations of StoreCell.
func BenchmarkStoreCell(b *testing.B) {
	for _, words := range []uintptr{1, 2, 4, 8, 32} {
		for _, impl := range storeCells {
			b.Run(fmt.Sprintf("bytes=%d/of=%s", 8*words, impl.name), func(b *testing.B) {
				var src [32]uint64
				cell := &[33]uint64{layout.Live}
				for range b.N {
					if !impl.f(unsafe.Pointer(cell), unsafe.Pointer(&src), words) {
						b.Fatal("the cell was locked")
					}
				}
			})
		}
	}
}
