package seqcore_test

import (
	"reflect"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqcore"
)

// An extent tells where the last word of a value ends in its cell, and where the cell does.
type extent struct {
	of                            reflect.Type
	lastWord, cell, align, arrays uintptr
}

func end[T any]() extent {
	type inside struct {
		_ byte
		c seqcore.Cell[T]
	}
	return extent{
		of:       reflect.TypeFor[T](),
		lastWord: 8 + (unsafe.Sizeof(*new(T))+7)/8*8,
		cell:     unsafe.Sizeof(seqcore.Cell[T]{}),
		align:    unsafe.Offsetof(inside{}.c),
		arrays:   unsafe.Sizeof([2]seqcore.Cell[T]{}),
	}
}

// TestLayout checks G10: a cell owns the last word of its value whole, and is aligned to 8
// bytes inside other types, at each size and alignment up to a cache line.
func TestLayout(t *testing.T) {
	for _, e := range extents {
		if e.cell < e.lastWord || e.cell%8 != 0 || e.align != 8 || e.arrays != 2*e.cell {
			t.Errorf("cell of %v: last word ends at %d, cell of %d bytes, behind one byte at %d, two in %d bytes",
				e.of, e.lastWord, e.cell, e.align, e.arrays)
		}
	}
}

var extents = []extent{
	end[[0]byte](), end[[1]byte](), end[[2]byte](), end[[3]byte](), end[[4]byte](), end[[5]byte](),
	end[[6]byte](), end[[7]byte](), end[[8]byte](), end[[9]byte](), end[[10]byte](), end[[11]byte](),
	end[[12]byte](), end[[13]byte](), end[[14]byte](), end[[15]byte](), end[[16]byte](), end[[17]byte](),
	end[[18]byte](), end[[19]byte](), end[[20]byte](), end[[21]byte](), end[[22]byte](), end[[23]byte](),
	end[[24]byte](), end[[25]byte](), end[[26]byte](), end[[27]byte](), end[[28]byte](), end[[29]byte](),
	end[[30]byte](), end[[31]byte](), end[[32]byte](), end[[33]byte](), end[[34]byte](), end[[35]byte](),
	end[[36]byte](), end[[37]byte](), end[[38]byte](), end[[39]byte](), end[[40]byte](), end[[41]byte](),
	end[[42]byte](), end[[43]byte](), end[[44]byte](), end[[45]byte](), end[[46]byte](), end[[47]byte](),
	end[[48]byte](), end[[49]byte](), end[[50]byte](), end[[51]byte](), end[[52]byte](), end[[53]byte](),
	end[[54]byte](), end[[55]byte](), end[[56]byte](), end[[57]byte](), end[[58]byte](), end[[59]byte](),
	end[[60]byte](), end[[61]byte](), end[[62]byte](), end[[63]byte](), end[[64]byte](),
	end[[0]uint16](), end[[1]uint16](), end[[2]uint16](), end[[3]uint16](), end[[4]uint16](), end[[5]uint16](),
	end[[6]uint16](), end[[7]uint16](), end[[8]uint16](), end[[9]uint16](), end[[10]uint16](), end[[11]uint16](),
	end[[12]uint16](), end[[13]uint16](), end[[14]uint16](), end[[15]uint16](), end[[16]uint16](), end[[17]uint16](),
	end[[18]uint16](), end[[19]uint16](), end[[20]uint16](), end[[21]uint16](), end[[22]uint16](), end[[23]uint16](),
	end[[24]uint16](), end[[25]uint16](), end[[26]uint16](), end[[27]uint16](), end[[28]uint16](), end[[29]uint16](),
	end[[30]uint16](), end[[31]uint16](), end[[32]uint16](),
	end[[0]uint32](), end[[1]uint32](), end[[2]uint32](), end[[3]uint32](), end[[4]uint32](), end[[5]uint32](),
	end[[6]uint32](), end[[7]uint32](), end[[8]uint32](), end[[9]uint32](), end[[10]uint32](), end[[11]uint32](),
	end[[12]uint32](), end[[13]uint32](), end[[14]uint32](), end[[15]uint32](), end[[16]uint32](),
	end[[0]uint64](), end[[1]uint64](), end[[2]uint64](), end[[3]uint64](), end[[4]uint64](), end[[5]uint64](),
	end[[6]uint64](), end[[7]uint64](), end[[8]uint64](),
	end[[0]complex128](), end[[1]complex128](), end[[2]complex128](), end[[3]complex128](), end[[4]complex128](),
}

// TestNeighbours checks G10: a write touches nothing but its cell.
func TestNeighbours(t *testing.T) {
	forEachKind(t, func(k kind, t *testing.T) { k.testNeighbours(t) })
}

func (typed[T]) testNeighbours(t *testing.T) {
	type block struct {
		before byte
		cells  [3]seqcore.Cell[T]
		after  byte
	}
	blocks := make([]block, 3)
	for i := range blocks {
		blocks[i].before, blocks[i].after = 0xa5, 0x5a
	}
	c := &blocks[1].cells[1]
	if a := uintptr(unsafe.Pointer(c)); a%8 != 0 {
		t.Fatalf("cell at %#x is not aligned to 8 bytes", a)
	}
	untouched := func() bool {
		for i := range blocks {
			b := &blocks[i]
			if b.before != 0xa5 || b.after != 0x5a {
				return false
			}
			for j := range b.cells {
				if &b.cells[j] != c && !zero(bytesOf(&b.cells[j])) {
					return false
				}
			}
		}
		return true
	}
	for b := range 16 {
		v := value[T](byte(b) + 1)
		c.Store(v)
		c.Swap(v)
		c.StoreIf(c.Version(), v)
		c.CompareAndSwap(v, value[T](byte(b)+100))
		c.Update(func(T) T { return value[T](byte(b) + 200) })
		if !untouched() {
			t.Fatalf("a write of %v changed its neighbours", v)
		}
	}
}

func zero(bytes []byte) bool {
	for _, b := range bytes {
		if b != 0 {
			return false
		}
	}
	return true
}
