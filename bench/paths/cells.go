package paths

import (
	"fmt"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqcore"
)

// The goals of cells.
const (
	mustStorePair = 2.5
	mustStoreLine = 5
	mustLoad256   = 2
)

// cellData is one cell.
type cellData[T comparable] struct {
	cell  seqcore.Cell[T]
	value T
	// Objects of this size begin at the start of a cache line, in each process.
	_ [1024]byte
}

func newCell[T comparable](value T) func() *cellData[T] {
	return func() *cellData[T] {
		d := &cellData[T]{value: value}
		d.cell.Store(value)
		return d
	}
}

// cellFamily returns the operations on a cell of value's type. A goal of 0 is the one that all cases have.
func cellFamily[T comparable](value T, store, load float64, more ...op[cellData[T]]) family {
	size := unsafe.Sizeof(value)
	name := fmt.Sprintf("Cell %d B ", size)
	if _, ok := any(value).(uuid); ok {
		name = "Cell [16]byte "
	}
	ops := append([]op[cellData[T]]{
		{Case{Name: "Store", Must: store}, storeCell[T]},
		{Case{Name: "Load", Must: load}, loadCell[T]},
	}, more...)
	for i := range ops {
		ops[i].Name = name + ops[i].Name
		ops[i].ops = sliceOps * 256 / int(max(size, 256))
		if ops[i].Name == name+"Load" && size <= 8 {
			ops[i].ops *= 16 // one instruction each
		}
		ops[i].warm = ops[i].ops
	}
	return newFamily(newCell(value), ops...)
}

func cellFamilies() []family {
	line := bytes64{1, 7: 2}
	return []family{
		cellFamily(bytes8(1), 0, 0),
		cellFamily(bytes16{1, 2}, mustStorePair, 0),
		cellFamily(uuid{1, 15: 2}, mustStorePair, 0),
		cellFamily(bytes24{1, 2, 3}, 0, 0),
		cellFamily(bytes32{1, 2, 3, 4}, 0, 0),
		cellFamily(line, mustStoreLine, 0,
			op[cellData[bytes64]]{Case{Name: "Swap"}, swapCell[bytes64]},
			op[cellData[bytes64]]{Case{Name: "CompareAndSwap"}, compareAndSwapCell[bytes64]}),
		cellFamily([16]uint64{1, 15: 2}, 0, 0),
		cellFamily([32]uint64{1, 31: 2}, 0, mustLoad256),
		cellFamily([128]uint64{1, 127: 2}, 0, 0),
		cellFamily([512]uint64{1, 511: 2}, 0, 0),
	}
}

func storeCell[T comparable](d *cellData[T], n int) int {
	c, v := &d.cell, d.value
	for range n {
		c.Store(v)
	}
	if c.Load() != v {
		return 0
	}
	return n
}

func loadCell[T comparable](d *cellData[T], n int) int {
	c := &d.cell
	var v T
	for range n {
		v = c.Load()
	}
	if v != d.value {
		return 0
	}
	return n
}

func swapCell[T comparable](d *cellData[T], n int) int {
	c, v := &d.cell, d.value
	for range n {
		v = c.Swap(v)
	}
	if v != d.value {
		return 0
	}
	return n
}

func compareAndSwapCell[T comparable](d *cellData[T], n int) (right int) {
	c, v := &d.cell, d.value
	for range n {
		if c.CompareAndSwap(v, v) {
			right++
		}
	}
	return right
}
