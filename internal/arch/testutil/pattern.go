// Package testutil has what the tests of several packages need: values that show whether they are
// whole, goroutines that work together, and the check that everything exported has an example.
package testutil

import "unsafe"

// Pattern returns a T whose every byte depends on n: the bytes of n again and again. A mix of two
// patterns is no pattern, unless T is too small to tell.
func Pattern[T any](n uint64) (v T) {
	b, word := Bytes(&v), Bytes(&n)
	for i := range b {
		b[i] = word[inWord(i, len(b))]
	}
	return v
}

// Seed returns an n for which v is the pattern of n, if there is one.
func Seed[T any](v T) (n uint64) {
	b, word := Bytes(&v), Bytes(&n)
	for i := range min(len(b), 8) {
		word[inWord(i, len(b))] = b[i]
	}
	return n
}

// Whole says whether v is a pattern.
func Whole[T comparable](v T) bool { return v == Pattern[T](Seed(v)) }

// inWord says which byte of a word is byte i of a pattern of so many bytes: a small integer
// is its own seed, and so is each word of a large one.
func inWord(i, bytes int) int {
	if order := uint16(1); *(*byte)(unsafe.Pointer(&order)) == 0 && bytes < 8 {
		return 8 - bytes + i
	}
	return i % 8
}

// Bytes returns the memory of *v.
func Bytes[T any](v *T) []byte {
	// Safety: the slice ends with the value.
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}
