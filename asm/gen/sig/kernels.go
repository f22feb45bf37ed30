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

// The family probe. The kernels differ in the size of the keys: half a word, a word, or a pair of
// words.
var (
	GetHalf = get("Half", "keys of 4 bytes")
	GetWord = get("Word", "keys of 8 bytes")
	GetPair = get("Pair", "keys of 16 bytes")
)

func get(name, of string) Kernel {
	return Kernel{
		Name:      "get" + name,
		Signature: "func(t, key, value unsafe.Pointer) (found uint64)",
		Doc:       "GetGeneric for " + of + ". t points to a Table.",
	}
}

var (
	FindHalf = find("Half", "keys of 4 bytes")
	FindWord = find("Word", "keys of 8 bytes")
	FindPair = find("Pair", "keys of 16 bytes")
)

func find(name, of string) Kernel {
	return Kernel{
		Name:      "find" + name,
		Signature: "func(t, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, slot, found uint64)",
		Doc:       "FindGeneric for " + of + ". t points to a Table.",
	}
}

// What the kernels of the family probe return: the values of arch.Found.
const (
	Absent = iota
	Present
	Unsure
)

// The family update. There are kernels for the same three sizes of keys, and some that know a
// single geometry.
var (
	SwapHalf = swap("Half", "keys of 4 bytes")
	SwapWord = swap("Word", "keys of 8 bytes")
	SwapPair = swap("Pair", "keys of 16 bytes")
	AddHalf  = add("Half", "keys of 4 bytes")
	AddWord  = add("Word", "keys of 8 bytes")
	AddPair  = add("Pair", "keys of 16 bytes")
)

func swap(name, of string) Kernel {
	return Kernel{
		Name:      "swap" + name,
		Signature: "func(t, key, value, prev unsafe.Pointer) (ok bool)",
		Doc:       "SwapGeneric for " + of + ". t points to a Table.",
	}
}

func add(name, of string) Kernel {
	return Kernel{
		Name:      "add" + name,
		Signature: "func(t, key unsafe.Pointer, delta uint64) (sum uint64, ok bool)",
		Doc:       "AddGeneric for " + of + ". t points to a Table.",
	}
}

var (
	SwapLine = Kernel{
		Name:      "swapLine",
		Signature: "func(t unsafe.Pointer, key, value uint64) (old uint64, ok bool)",
		Doc:       "SwapLineGeneric. t points to a Table.",
	}
	AddLine = Kernel{
		Name:      "addLine",
		Signature: "func(t unsafe.Pointer, key, delta uint64) (sum uint64, ok bool)",
		Doc:       "AddLineGeneric. t points to a Table.",
	}
)
