package cell

import (
	"reflect"
	"sync"
	"unsafe"
)

// boxBytes is the size up to which the compiler keeps the operands of an interface
// comparison on the stack. A larger one would be allocated.
const boxBytes = 1024

// Equal compares *a and *b as == does: +0 equals -0, NaN equals nothing, padding and blank
// fields do not count. It allocates nothing once it has seen the type. It panics if T has
// no ==. T has no pointers.
func Equal[T any](a, b *T) bool {
	if unsafe.Sizeof(*a) <= boxBytes {
		return any(*a) == any(*b)
	}
	return equalLarge(reflect.TypeFor[T](), unsafe.Pointer(a), unsafe.Pointer(b))
}

// A run is a part of a type that is compared in one way: as bytes, or as floats.
type run struct {
	offset, bytes uintptr
	float         uintptr // size of each float, or 0
}

// plans maps each reflect.Type that equalLarge has met to its []run, nil if it has no ==.
var plans sync.Map

func equalLarge(t reflect.Type, a, b unsafe.Pointer) bool {
	plan, ok := plans.Load(t)
	if !ok {
		runs := []run(nil)
		if t.Comparable() {
			runs = appendRuns([]run{}, t, 0)
		}
		plan, _ = plans.LoadOrStore(t, runs)
	}
	runs := plan.([]run)
	if runs == nil {
		panic("runtime error: comparing uncomparable type " + t.String())
	}
	for _, r := range runs {
		// Safety: a run lies within the type.
		if !r.equal(unsafe.Add(a, r.offset), unsafe.Add(b, r.offset)) {
			return false
		}
	}
	return true
}

// appendRuns appends the runs of a t that begins at offset.
func appendRuns(runs []run, t reflect.Type, offset uintptr) []run {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64:
		return appendRun(runs, run{offset, t.Size(), t.Size()})
	case reflect.Complex64, reflect.Complex128:
		return appendRun(runs, run{offset, t.Size(), t.Size() / 2})
	case reflect.Array:
		for i := range t.Len() {
			runs = appendRuns(runs, t.Elem(), offset+uintptr(i)*t.Elem().Size())
		}
		return runs
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.Name != "_" {
				runs = appendRuns(runs, f.Type, offset+f.Offset)
			}
		}
		return runs
	default:
		return appendRun(runs, run{offset, t.Size(), 0})
	}
}

// appendRun appends r, or lengthens the last run by it if they touch and are alike.
func appendRun(runs []run, r run) []run {
	if n := len(runs); n > 0 {
		if last := &runs[n-1]; last.offset+last.bytes == r.offset && last.float == r.float {
			last.bytes += r.bytes
			return runs
		}
	}
	return append(runs, r)
}

func (r run) equal(a, b unsafe.Pointer) bool {
	switch r.float {
	case 4:
		return equalEach[float32](a, b, r.bytes/4)
	case 8:
		return equalEach[float64](a, b, r.bytes/8)
	}
	return unsafe.String((*byte)(a), r.bytes) == unsafe.String((*byte)(b), r.bytes)
}

func equalEach[F float32 | float64](a, b unsafe.Pointer, n uintptr) bool {
	x, y := unsafe.Slice((*F)(a), n), unsafe.Slice((*F)(b), n)
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}
