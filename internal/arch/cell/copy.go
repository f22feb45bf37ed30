package cell

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Copy copies the value of the cell at p, which may be torn until the word has been read
// again (R2).
func Copy[T any](p unsafe.Pointer) (v T) {
	if Whole[T]() {
		CopyWords[T](unsafe.Pointer(&v), p)
		return v
	}
	return copyTail[T](p)
}

// Whole says whether the words of a T hold nothing but the T, so that they can be read
// straight into a variable of its type.
func Whole[T any]() bool { return unsafe.Sizeof(*new(T))%layout.WordBytes == 0 }

// copyTail is Copy for a T that is not whole. It goes through a buffer that is.
func copyTail[T any](p unsafe.Pointer) T {
	var buf padded[T]
	CopyWords[T](unsafe.Pointer(&buf), p)
	return buf.v
}

// CopyWords copies the words of a T from the cell at p to dst, which has room for all of
// them (R2). One and two words are read in line; more of them by a function that is
// unrolled for four and eight.
//
// That function is reached through a parameter. Otherwise CopyWords would not be inlined
// into the readers, because the inliner counts both branches, though only one is left
// when T is known.
func CopyWords[T any](dst, p unsafe.Pointer) {
	size := unsafe.Sizeof(*new(T))
	if size-1 >= 2*layout.WordBytes {
		through(copyMany, dst, p, size)
		return
	}
	// Safety: the value takes one or two words.
	*(*uint64)(dst) = arch.Load64(unsafe.Add(p, 8))
	if size > layout.WordBytes {
		*(*uint64)(unsafe.Add(dst, 8)) = arch.Load64(unsafe.Add(p, 16))
	}
}

// through calls f. A call of a parameter is cheap to the inliner, which then turns it
// into a direct call.
func through(f func(dst, p unsafe.Pointer, size uintptr), dst, p unsafe.Pointer, size uintptr) {
	f(dst, p, size)
}

// copyMany is CopyWords for the other sizes.
func copyMany(dst, p unsafe.Pointer, size uintptr) {
	if size == 0 {
		return // what stands behind the word is not ours
	}
	// Safety: behind the word at p stand as many words as hold size bytes.
	arch.LoadWords(dst, unsafe.Add(p, layout.WordBytes), layout.Words(size))
}
