package arch

import "unsafe"

// ClaimSlot is ClaimSlotGeneric, by the best kernel of this CPU.
func ClaimSlot(s *Slot, c *Claim) (used uint64) { return ClaimSlotGeneric(s, c) }

// WriteSlot is WriteSlotGeneric, by the best kernel of this CPU.
func WriteSlot(s *Slot, seen uint64, w *Write) bool { return WriteSlotGeneric(s, seen, w) }

// WriteWord is WriteWordGeneric, by the best kernel of this CPU.
func WriteWord(b unsafe.Pointer, i uintptr, seen, old, value uint64) bool {
	return WriteWordGeneric(b, i, seen, old, value)
}
