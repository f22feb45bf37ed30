// Package cell reads and writes values of type T in raw cells: a 64-bit sequence word
// followed by the value, in whole 64-bit words. seqcore.Cell, SeqArray and SeqVec are
// built on it. The protocol and the names of its edges, R1 to R4 and W1 to W4, are
// defined in seqcore/doc.go.
//
// Every pointer to a cell is 8-byte aligned, on 32-bit platforms too, and points to
// Stride[T]() bytes. T has no pointers.
package cell

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Small says whether a T fits one machine word, so that it cannot tear and its readers
// need not wait for a writer.
func Small[T any]() bool { return unsafe.Sizeof(*new(T)) <= layout.WordBytes }

// Stride returns the bytes that a cell of T takes.
func Stride[T any]() uintptr {
	return layout.WordBytes * (1 + layout.Words(unsafe.Sizeof(*new(T))))
}

// Word loads the sequence word of the cell at p (R1).
func Word(p unsafe.Pointer) uint64 { return arch.Load64(p) }

// Try makes one attempt to read the cell at p (R1 to R4). It fails if a writer is inside
// or came by meanwhile; v means nothing then. The word it returns is unlocked if ok.
func Try[T any](p unsafe.Pointer) (v T, word uint64, ok bool) {
	word = TryTo(&v, p)
	return v, word, word&layout.Lock == 0
}

// TryTo is Try into *v, without the copies that Go makes of what a function returns. If it fails,
// the word that it returns is locked.
func TryTo[T any](v *T, p unsafe.Pointer) (word uint64) {
	if Whole[T]() {
		return tryWords[T](unsafe.Pointer(v), p)
	}
	var buf padded[T]
	word = tryWords[T](unsafe.Pointer(&buf), p)
	*v = buf.v
	return word
}

// tryWords is TryTo into the memory at dst, which has room for the value in whole words.
func tryWords[T any](dst, p unsafe.Pointer) (word uint64) {
	if words := layout.Words(unsafe.Sizeof(*new(T))); arch.HasLoadCell(words) {
		return arch.LoadCell(p, dst, words)
	}
	if word = Word(p); word&layout.Lock == 0 { // R1
		CopyWords[T](dst, p) // R2
		if Word(p) != word { // R3 is in the acquire loads of R2; R4
			word = layout.Lock
		}
	}
	return word
}

// LoadTo reads the cell at p to *v, waiting for a writer that is inside. The word it returns is
// unlocked and belongs to the value.
func LoadTo[T any](v *T, p unsafe.Pointer) (word uint64) {
	var b arch.Backoff
	for {
		if word = TryTo(v, p); word&layout.Lock == 0 {
			return word
		}
		b.Wait()
	}
}

// CommitFrom writes *v, which nobody changes meanwhile, to the cell at p if the word is seen,
// which must be unlocked, and ends with the word next (W1 to W4). It returns false, having
// changed nothing, if the word is not seen.
func CommitFrom[T any](p unsafe.Pointer, seen, next uint64, v *T) bool {
	n := layout.Words(unsafe.Sizeof(*v))
	if unsafe.Sizeof(*v) == layout.WordBytes { // in which no kernel gains anything
		return arch.CommitWord(p, *(*uint64)(unsafe.Pointer(v)), seen, next)
	}
	if Whole[T]() {
		return arch.CommitCell(p, unsafe.Pointer(v), n, seen, next)
	}
	buf := padded[T]{v: *v}
	return arch.CommitCell(p, unsafe.Pointer(&buf), n, seen, next)
}

// StorePadded is arch.StoreCell for a T that is not whole. It goes through a buffer that is.
func StorePadded[T any](p unsafe.Pointer, v *T) {
	buf := padded[T]{v: *v}
	arch.StoreCell(p, unsafe.Pointer(&buf), layout.Words(unsafe.Sizeof(*v)))
}

// Unlocked waits until no writer is inside the cell at p and returns its word.
func Unlocked(p unsafe.Pointer) uint64 {
	word := Word(p)
	if word&layout.Lock == 0 {
		return word
	}
	var b arch.Backoff
	for {
		b.Wait()
		if word = Word(p); word&layout.Lock == 0 {
			return word
		}
	}
}
