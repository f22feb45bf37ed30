package paths

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/seqmap/seqmap-go/seqarray"
	"github.com/seqmap/seqmap-go/seqvec"
)

// listLen is the length of the arrays and vectors.
const listLen = BatchKeys

// listData is an array and a vector with the same value everywhere.
type listData[T comparable] struct {
	array *seqarray.SeqArray[T]
	vec   *seqvec.SeqVec[T]
	order []int // all indexes
	value T
}

func newLists[T comparable](value T) func() *listData[T] {
	return func() *listData[T] {
		d := &listData[T]{
			array: seqarray.New[T](listLen),
			vec:   seqvec.New[T](seqvec.WithCapacity(2 * listLen)),
			order: make([]int, listLen),
			value: value,
		}
		d.array.Fill(value)
		d.vec.PushSlice(slices.Repeat([]T{value}, listLen))
		for i := range d.order {
			d.order[i] = i
		}
		shuffle(d.order)
		return d
	}
}

func listFamily[T comparable](value T) family {
	size := unsafe.Sizeof(value)
	name := func(list, verb string) Case {
		return Case{Name: fmt.Sprintf("%s %d B %s", list, size, verb), ops: sliceOps, warm: sliceOps}
	}
	return newFamily(newLists(value),
		op[listData[T]]{name("SeqArray", "Set"), setArray[T]},
		op[listData[T]]{name("SeqArray", "Get"), getArray[T]},
		op[listData[T]]{name("SeqVec", "Set"), setVec[T]},
		op[listData[T]]{name("SeqVec", "Push+Pop"), pushPopVec[T]},
	)
}

func listFamilies() []family { return []family{listFamily(bytes8(1)), listFamily(bytes64{1, 7: 2})} }

func setArray[T comparable](d *listData[T], n int) (right int) {
	a, v := d.array, d.value
	for range n / listLen {
		for _, i := range d.order {
			if a.Set(i, v) == nil {
				right++
			}
		}
	}
	return right
}

func getArray[T comparable](d *listData[T], n int) (right int) {
	a, v := d.array, d.value
	for range n / listLen {
		for _, i := range d.order {
			var err error
			if v, err = a.Get(i); err == nil {
				right++
			}
		}
	}
	if v != d.value {
		return 0
	}
	return right
}

func setVec[T comparable](d *listData[T], n int) (right int) {
	vec, v := d.vec, d.value
	for range n / listLen {
		for _, i := range d.order {
			if vec.Set(i, v) {
				right++
			}
		}
	}
	return right
}

func pushPopVec[T comparable](d *listData[T], n int) (right int) {
	vec, v := d.vec, d.value
	for range n {
		vec.Push(v)
		var ok bool
		if v, ok = vec.Pop(); ok {
			right++
		}
	}
	if v != d.value {
		return 0
	}
	return right
}
