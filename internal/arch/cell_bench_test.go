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

// BenchmarkStoreCell compares the implementations of StoreCell, on a value as it is and on one
// that was put together word by word just before.
func BenchmarkStoreCell(b *testing.B) {
	for _, words := range []uintptr{1, 2, 3, 4, 8, 15} {
		for _, impl := range storeCells {
			cell := &[33]uint64{layout.Live}
			b.Run(fmt.Sprintf("fresh=false/bytes=%d/of=%s", 8*words, impl.name), func(b *testing.B) {
				var src [32]uint64
				for range b.N {
					impl.f(unsafe.Pointer(cell), unsafe.Pointer(&src), words)
				}
			})
			b.Run(fmt.Sprintf("fresh=true/bytes=%d/of=%s", 8*words, impl.name), func(b *testing.B) {
				var src [32]uint64
				for i := range b.N {
					for j := range src[:words] {
						src[j] = uint64(i)
					}
					impl.f(unsafe.Pointer(cell), unsafe.Pointer(&src), words)
				}
			})
		}
	}
}

// BenchmarkLoadCell compares the implementations of LoadCell.
func BenchmarkLoadCell(b *testing.B) {
	for _, words := range []uintptr{2, 4, 5, 6, 8, 12, 15, 16, 32, 128, 512} {
		for _, impl := range loadCells {
			b.Run(fmt.Sprintf("bytes=%d/of=%s", 8*words, impl.name), func(b *testing.B) {
				cell, dst := new([513]uint64), new([512]uint64)
				for range b.N {
					if impl.f(unsafe.Pointer(cell), unsafe.Pointer(dst), words) != 0 {
						b.Fatal("the cell was locked")
					}
				}
			})
		}
	}
}
