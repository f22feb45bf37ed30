//go:build !seqinvariants

package arch

// Invariants says whether this build checks what must always hold, and panics where it does
// not. It is a constant, so that the checks cost nothing in an ordinary build.
const Invariants = false
