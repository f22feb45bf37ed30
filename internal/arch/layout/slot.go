package layout

// Where the fields of the operands of the slot routines stand, for the kernels: arch.Slot,
// arch.Claim and arch.Write on a platform with 64-bit pointers. Package arch does not compile
// if they stand elsewhere.
const (
	SlotWordAt       = 0
	SlotKeyAt        = 8
	SlotValueAt      = 16
	SlotKeyBytesAt   = 24
	SlotValueBytesAt = 32
	SlotWideAt       = 40

	ClaimKeyAt     = 0
	ClaimValueAt   = 8
	ClaimControlAt = 16
	ClaimTagAt     = 24
	ClaimTagWideAt = 32
	ClaimUsedAt    = 40
	ClaimCountAt   = 48

	WriteValueAt  = 0
	WritePrevAt   = 8
	WriteExpectAt = 16
	WriteCountAt  = 24
	WriteRemoveAt = 32
)
