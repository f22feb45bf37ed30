package arch

import "unsafe"

// A packed key or value takes 0 bytes, 4 bytes, or a multiple of 8, as layout.Packed says.
// The routines below move one between a slab, word by word and atomically, and memory that
// nobody else writes.

// LoadPacked copies the packed value at src in a slab to dst. A value of more than 8 bytes may
// be torn.
func LoadPacked(dst, src unsafe.Pointer, bytes uintptr) {
	if bytes == 4 {
		*(*uint32)(dst) = Load32(src)
		return
	}
	loadWords(dst, src, bytes)
}

// EqualPacked says whether the packed value at a in a slab has the bytes at b.
func EqualPacked(a, b unsafe.Pointer, bytes uintptr) bool {
	if bytes == 4 {
		return Load32(a) == *(*uint32)(b)
	}
	for i := uintptr(0); i < bytes; i += 8 {
		// Safety: i < bytes, a multiple of 8, and both sides hold that many.
		if Load64(unsafe.Add(a, i)) != *(*uint64)(unsafe.Add(b, i)) {
			return false
		}
	}
	return true
}

// LoadBits returns the packed value of at most 8 bytes at p in a slab as one word.
func LoadBits(p unsafe.Pointer, bytes uintptr) uint64 {
	switch bytes {
	case 0:
		return 0
	case 4:
		return uint64(Load32(p))
	default:
		return Load64(p)
	}
}

// loadWords is LoadPacked for whole words. Like storeWords it begins with the last word: so much
// is inlined also where Load64 is a call, see ClaimSlotGeneric.
func loadWords(dst, src unsafe.Pointer, bytes uintptr) {
	for bytes > 0 {
		bytes -= 8
		// Safety, here and below: both sides hold a multiple of 8 bytes, more than are left now.
		*(*uint64)(unsafe.Add(dst, bytes)) = Load64(unsafe.Add(src, bytes))
	}
}

// storeWords copies a packed value of whole words at src to dst in a slab.
func storeWords(dst, src unsafe.Pointer, bytes uintptr) {
	for bytes > 0 {
		bytes -= 8
		Store64(unsafe.Add(dst, bytes), *(*uint64)(unsafe.Add(src, bytes)))
	}
}
