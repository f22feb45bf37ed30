package seqcore

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// ErrPointers and ErrTooLarge are what CheckType finds wrong with a type. Match them with
// errors.Is: the error itself names the type, and the field if it is one.
var (
	ErrPointers = errors.New("contains pointers")
	ErrTooLarge = errors.New("too large")
)

// CheckType returns nil if values of type T can be kept in cells: T has no pointers, and so
// no strings, slices, maps, channels, functions or interfaces, at any depth, and is not
// larger than a cell may be. Otherwise it returns an error that matches ErrPointers or
// ErrTooLarge.
//
// Each type is looked at once; from then on the answer costs one lookup of a sync.Map and
// allocates nothing.
func CheckType[T any]() error {
	t := reflect.TypeFor[T]()
	if found, ok := checked.Load(t); ok {
		return found.(verdict).err
	}
	v := verdict{check(t)}
	checked.Store(t, v)
	return v.err
}

// checked maps each reflect.Type that was looked at to its verdict. Two goroutines may look
// at the same type; they find the same.
var checked sync.Map

type verdict struct{ err error }

// mustPlain panics if T is not a type for a cell.
func mustPlain[T any]() {
	if err := CheckType[T](); err != nil {
		panic(err)
	}
}

func check(t reflect.Type) error {
	if path, bad, found := findPointer(t); found {
		if path == "" {
			return fmt.Errorf("seqcore: type %v %w", t, ErrPointers)
		}
		return fmt.Errorf("seqcore: type %v: field %s (%v) %w", t, path, bad, ErrPointers)
	}
	if t.Size() > layout.MaxValueBytes {
		return fmt.Errorf("seqcore: type %v is %w: it has %d bytes, a cell takes %d", t, ErrTooLarge, t.Size(), layout.MaxValueBytes)
	}
	return nil
}

// findPointer returns the path to the first part of t that is a pointer or holds one, such
// as "A.B[...].Name", and the type of that part. The path is empty if it is t itself.
func findPointer(t reflect.Type) (path string, bad reflect.Type, found bool) {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return "", nil, false
	case reflect.Array:
		if t.Len() == 0 {
			return "", nil, false
		}
		path, bad, found = findPointer(t.Elem())
		return join("[...]", path), bad, found
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if path, bad, found := findPointer(f.Type); found {
				return join(f.Name, path), bad, true
			}
		}
		return "", nil, false
	default:
		return "", t, true
	}
}

// join puts the path inside a part behind the name of the part.
func join(part, path string) string {
	if path == "" || path[0] == '[' {
		return part + path
	}
	return part + "." + path
}

// refuse panics. It is no part of its callers, so that these stay short.
//
//go:noinline
func refuse(what string) { panic("seqcore: " + what) }
