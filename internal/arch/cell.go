package arch

import "unsafe"

// CommitCell is CommitCellGeneric, by the best kernel of this CPU.
func CommitCell(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	return CommitCellGeneric(p, src, n, seen, next)
}
