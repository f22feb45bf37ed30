// Package plain carries values of pointer-free types between Go variables and the words of
// a slab.
//
// A value takes no bytes if its size is zero, one 32-bit word up to four bytes, and whole
// 64-bit words beyond: layout.Packed. The bytes behind the value in its last word belong to
// it.
package plain

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Buffer is a Go variable that is large enough to be copied in whole 64-bit words. It must
// not be copied itself: a copy may lose the bytes behind the value.
type Buffer[T any] struct{ padded[T] }

// Set puts v into b. The bytes behind it, in its last word, become zero; padding inside v
// may be anything.
func (b *Buffer[T]) Set(v T) {
	if n := unsafe.Sizeof(v); n%layout.WordBytes != 0 {
		// Safety: padded has room for whole words.
		*(*uint64)(unsafe.Add(unsafe.Pointer(b), n/layout.WordBytes*layout.WordBytes)) = 0
	}
	b.v = v
}

// noCopy lets go vet find copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Value returns the value in b.
func (b *Buffer[T]) Value() T { return b.v }

// Pointer returns the address of the value, to be copied in whole words.
func (b *Buffer[T]) Pointer() unsafe.Pointer { return unsafe.Pointer(b) }

// Small says whether a T fits one machine word, so that it cannot tear.
func Small[T any]() bool { return unsafe.Sizeof(*new(T)) <= layout.WordBytes }

// Bits returns a small value as the word that it takes in a slab.
func Bits[T any](v T) (x uint64) {
	if unsafe.Sizeof(v) == 0 {
		return 0
	}
	*(*T)(unsafe.Pointer(&x)) = v
	if unsafe.Sizeof(v) <= 4 {
		return uint64(*(*uint32)(unsafe.Pointer(&x)))
	}
	return x
}

// FromBits is the inverse of Bits.
func FromBits[T any](x uint64) T {
	if unsafe.Sizeof(*new(T)) <= 4 {
		y := uint32(x)
		return *(*T)(unsafe.Pointer(&y))
	}
	return *(*T)(unsafe.Pointer(&x))
}
