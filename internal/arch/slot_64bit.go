//go:build (amd64 || arm64 || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x || wasm) && ((!amd64 && !arm64) || purego || noasm || race || msan || asan || seqsched)

package arch

// ClaimSlot is ClaimSlotGeneric.
func ClaimSlot(s *Slot, c *Claim) (used uint64) { return ClaimSlotGeneric(s, c) }

// WriteSlot is WriteSlotGeneric.
func WriteSlot(s *Slot, seen uint64, w *Write) bool { return WriteSlotGeneric(s, seen, w) }
