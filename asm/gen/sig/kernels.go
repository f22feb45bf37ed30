package sig

// The family cell. A cell is aligned to 8 bytes, the value at src need not be. A single word is
// stored by one instruction.
var (
	CommitCell = Kernel{
		Name:      "commitCell",
		Signature: "func(p, src unsafe.Pointer, n uintptr, seen, next uint64) (ok bool)",
		Doc:       "CommitCellGeneric: the whole write W1 to W4, once.",
	}
	StoreCell = Kernel{
		Name:      "storeCell",
		Signature: "func(p, src unsafe.Pointer, n uintptr)",
		Doc:       "StoreCellGeneric for n of 1 or more: the whole write W1 to W4. If somebody is inside it goes on in Go.",
	}
	LoadCell = Kernel{
		Name:      "loadCell",
		Signature: "func(p, dst unsafe.Pointer, n uintptr) (word uint64)",
		Doc:       "LoadCellGeneric: the whole read R1 to R4, once.",
	}
)

// The family slot.
var (
	ClaimSlot = Kernel{
		Name:      "claimSlot",
		Signature: "func(s, c unsafe.Pointer) (used uint64)",
		Doc:       "ClaimSlotGeneric. s points to a Slot, c to a Claim.",
	}
	WriteSlot = Kernel{
		Name:      "writeSlot",
		Signature: "func(s unsafe.Pointer, seen uint64, w unsafe.Pointer) (ok bool)",
		Doc:       "WriteSlotGeneric. s points to a Slot, w to a Write.",
	}
)

// The family update.
var (
	SwapWord = Kernel{
		Name:      "swapWord",
		Signature: "func(t unsafe.Pointer, key, value uint64) (old uint64, ok bool)",
		Doc:       "SwapWordGeneric. t points to a WordTable.",
	}
	AddWord = Kernel{
		Name:      "addWord",
		Signature: "func(t unsafe.Pointer, key, delta uint64) (sum uint64, ok bool)",
		Doc:       "AddWordGeneric. t points to a WordTable.",
	}
)
