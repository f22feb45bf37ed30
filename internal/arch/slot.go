package arch

import "unsafe"

// WriteWord is WriteWordGeneric, by the best kernel of this CPU.
func WriteWord(b unsafe.Pointer, i uintptr, seen, old, value uint64) bool {
	return WriteWordGeneric(b, i, seen, old, value)
}
