//go:build !(amd64 || arm64 || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x || wasm)

package arch

import (
	"runtime"
	"unsafe"
)

// Here the 64-bit operations of sync/atomic are calls of which the compiler believes that
// what they are given escapes. They keep nothing; so that the callers' buffers can stay on
// the stack, the two functions below hide from the compiler where their arguments go.

// ClaimSlot is ClaimSlotGeneric.
func ClaimSlot(s *Slot, c *Claim) (used uint64) {
	used = ClaimSlotGeneric((*Slot)(hide(unsafe.Pointer(s))), (*Claim)(hide(unsafe.Pointer(c))))
	runtime.KeepAlive(s)
	runtime.KeepAlive(c)
	return used
}

// WriteSlot is WriteSlotGeneric.
func WriteSlot(s *Slot, seen uint64, w *Write) bool {
	done := WriteSlotGeneric((*Slot)(hide(unsafe.Pointer(s))), seen, (*Write)(hide(unsafe.Pointer(w))))
	runtime.KeepAlive(s)
	runtime.KeepAlive(w)
	return done
}

// hide returns p. A stack must not move while its address is a number, hence nosplit and
// noinline.
//
//go:nosplit
//go:noinline
func hide(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	// Safety: x has the size and the bits of a pointer.
	return *(*unsafe.Pointer)(unsafe.Pointer(&x))
}
