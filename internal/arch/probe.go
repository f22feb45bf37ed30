package arch

import "unsafe"

// GetWord is GetWordGeneric. It has no kernel.
func GetWord(base unsafe.Pointer, buckets, hash, key uint64) (value uint64, found Found) {
	return GetWordGeneric(base, buckets, hash, key)
}

// FindWord is FindWordGeneric. It has no kernel.
func FindWord(base unsafe.Pointer, buckets, hash, key uint64) (bucket unsafe.Pointer, i uintptr, w uint64) {
	return FindWordGeneric(base, buckets, hash, key)
}
