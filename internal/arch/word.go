package arch

import (
	"sync/atomic"
	"unsafe"
)

// The accessors below are how containers touch the words of their slabs, but for the reads of a map
// and a Cell that are in line, which are the same loads written out, and for what cannot change any
// more. Each is one atomic operation on one word: an acquire load, a release
// store, or a read-modify-write that is both. In a seqsched build each is also a step
// of the interleaving explorer.
//
// None is nosplit: those routines that must not be stopped have them in line, and in a build with
// checkptr no nosplit function is in line.

// Load64 is an acquire load of the word at p.
func Load64(p unsafe.Pointer) uint64 { Step(); return atomic.LoadUint64((*uint64)(p)) }

// Load32 is an acquire load of the half word at p.
func Load32(p unsafe.Pointer) uint32 { Step(); return atomic.LoadUint32((*uint32)(p)) }

// Store64 is a release store to the word at p.
func Store64(p unsafe.Pointer, x uint64) { Step(); atomic.StoreUint64((*uint64)(p), x) }

// Store32 is a release store to the half word at p.
func Store32(p unsafe.Pointer, x uint32) { Step(); atomic.StoreUint32((*uint32)(p), x) }

// CAS64 replaces the word at p by x if it is old, and says whether it did.
func CAS64(p unsafe.Pointer, old, x uint64) bool {
	Step()
	return atomic.CompareAndSwapUint64((*uint64)(p), old, x)
}

// CAS32 replaces the half word at p by x if it is old, and says whether it did.
func CAS32(p unsafe.Pointer, old, x uint32) bool {
	Step()
	return atomic.CompareAndSwapUint32((*uint32)(p), old, x)
}

// Add64 adds d to the word at p and returns the sum.
func Add64(p unsafe.Pointer, d uint64) uint64 {
	Step()
	return atomic.AddUint64((*uint64)(p), d)
}

// Or64 sets bits in the word at p and returns the word as it was.
func Or64(p unsafe.Pointer, bits uint64) uint64 {
	Step()
	return atomic.OrUint64((*uint64)(p), bits)
}

// Or32 sets bits in the half word at p and returns it as it was.
func Or32(p unsafe.Pointer, bits uint32) uint32 {
	Step()
	return atomic.OrUint32((*uint32)(p), bits)
}

// LoadWords copies n words from src to dst, each by one atomic load. It is R2 of the
// read protocol: the copy may be torn until the sequence word has been read again.
func LoadWords(dst, src unsafe.Pointer, n uintptr) {
	// Safety: i < n, and both sides hold n words.
	i := uintptr(0)
	for ; i+4 <= n; i += 4 {
		load4((*[4]uint64)(unsafe.Add(dst, i*8)), unsafe.Add(src, i*8))
	}
	for ; i < n; i++ {
		*(*uint64)(unsafe.Add(dst, i*8)) = Load64(unsafe.Add(src, i*8))
	}
}

func load4(dst *[4]uint64, src unsafe.Pointer) {
	dst[0] = Load64(src)
	dst[1] = Load64(unsafe.Add(src, 8))
	dst[2] = Load64(unsafe.Add(src, 16))
	dst[3] = Load64(unsafe.Add(src, 24))
}
