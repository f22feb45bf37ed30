package seqmap

import (
	"fmt"
	"testing"
)

// A kind is a pair of types that maps are tested with.
type kind struct {
	name  string
	model func(t *testing.T)
	fuzz  func(t *testing.T, mode hashMode, c *bytesChooser)
}

// kinds are the pairs of types that TestModel goes through and FuzzMap chooses from: keys of 0 to 64
// bytes, aligned or not, with padding, blank fields and floats among them, and values of 0 bytes up to
// half of the largest. A table knows the sizes only, and TestSizes has them all; here they are for
// what is compiled for each pair of types.
//
// It takes the compiler long to make a map of one more pair of types, and tests are compiled in
// many ways. So tests of other things take their pairs from here. The inputs in testdata/fuzz choose
// by position: a new kind goes to the end.
var kinds = []kind{
	kindOf[uint64, uint64](nil),
	kindOf[uint32, uint32](nil),
	kindOf[uint64, [3]uint64](nil),
	kindOf[float64, uint64](float),
	kindOf[padded, uint64](paddedKey),
	kindOf[nested, uint64](nestedKey),
	kindOf[[16]byte, uint64](nil),
	kindOf[[33]byte, [40]byte](nil),
	kindOf[struct{}, uint16](nil),
	kindOf[uint8, struct{}](nil),
	kindOf[blank, [3]uint64](blankKey),
	kindOf[floats, uint64](floatsKey),
	kindOf[float32, uint64](func(n uint64) float32 { return float32(float(n)) }),
	kindOf[[1]byte, uint8](nil),
	kindOf[[2]byte, uintptr](nil),
	kindOf[[3]byte, [3]byte](nil),
	kindOf[[5]byte, [7]byte](nil),
	kindOf[[7]byte, [5]byte](nil),
	kindOf[[9]byte, [9]byte](nil),
	kindOf[[12]byte, uint8](nil),
	kindOf[[15]byte, [64]byte](nil),
	kindOf[[17]byte, uint32](nil),
	kindOf[[63]byte, [13]byte](nil),
	kindOf[[24]byte, [24]byte](nil),
	kindOf[[24]byte, uint64](nil),
	kindOf[[64]byte, [64]byte](nil),
	kindOf[uint8, uint8](nil),
	kindOf[uint16, uint16](nil),
	kindOf[int, int](func(n uint64) int { return int(n) - 250 }),
	kindOf[bool, int8](func(n uint64) bool { return n%2 != 0 }),
	kindOf[int8, int16](nil),
	kindOf[uint32, int32](nil),
	kindOf[complex128, uint64](func(n uint64) complex128 { return complex(float(n), float(n/100)) }),
	kindOf[[4]byte, uint64](nil),
	kindOf[[8]byte, [8]byte](nil),
	kindOf[[16]byte, [64]byte](nil),
	kindOf[[2]uint64, [2]uint64](nil),
	kindOf[[3]uint64, [3]uint64](nil),
	kindOf[uint64, struct{}](nil),
	kindOf[uint64, uint32](nil),
	kindOf[uint64, padded](nil),
	kindOf[uint64, [12]byte](nil),
	kindOf[uint64, [2]uint64](nil),
	kindOf[uint64, [255]byte](nil),
	kindOf[uint64, [4096]byte](nil),
	// With Add too: all sizes that it has kernels for, and some that it has none for.
	addingKindOf[uint64, uint64](nil),
	addingKindOf[uint64, uint32](nil),
	addingKindOf[uint32, uint32](nil),
	addingKindOf[uint32, int32](nil),
	addingKindOf[[4]byte, uint64](nil),
	addingKindOf[[16]byte, uint64](nil),
	addingKindOf[[16]byte, uint32](nil),
	addingKindOf[[24]byte, uint64](nil),
	addingKindOf[float64, uint64](float),
	addingKindOf[padded, uint64](paddedKey),
	addingKindOf[int8, int16](nil),
}

// kindOf is one of them. key makes the keys if patterns will not do.
func kindOf[K, V comparable](key func(n uint64) K) kind {
	return newKind[K, V](nameOf[K, V](), key, nil)
}

// addingKindOf is one of them whose values are added to as well.
func addingKindOf[K comparable, V Integer](key func(n uint64) K) kind {
	return newKind(nameOf[K, V]()+"/Add", key, addTo[K, V])
}

func newKind[K, V comparable](name string, key func(n uint64) K, add adder[K, V]) kind {
	return kind{
		name,
		func(t *testing.T) { testModel(t, key, add) },
		func(t *testing.T, mode hashMode, c *bytesChooser) { fuzzModel(t, mode, c, key, add) },
	}
}

// nameOf is the name of a test of one pair of types.
func nameOf[K, V any]() string { return fmt.Sprintf("key=%T/value=%T", *new(K), *new(V)) }

// TestModel is G11, and the meaning of every operation, for each kind of key and of value; d19.
func TestModel(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, k.model)
	}
	t.Run("bits", func(t *testing.T) {
		// Among them keys of all zeros and all ones, and keys that differ in one bit.
		testModel(t, func(n uint64) uint64 { return 1<<(n%65) - 1 }, addTo[uint64, uint64])
	})
}
