//go:build seqinvariants

package arch

// Invariants says whether this build checks what must always hold, and panics where it does
// not.
const Invariants = true
