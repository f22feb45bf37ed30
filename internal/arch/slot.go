package arch

import "unsafe"

// WriteWord is WriteWordGeneric. It has no kernel.
func WriteWord(b unsafe.Pointer, i uintptr, seen, old, value uint64) bool {
	return WriteWordGeneric(b, i, seen, old, value)
}
