// Package layout holds the constants and the geometry that the containers and
// the kernel generator must agree on. It imports nothing.
//
// Layout never depends on the CPU or on GOARCH: the same bytes stand at the same
// offsets everywhere, so that one reference can judge every kernel.
package layout

// The sequence word. Bit 0 is the lock, bits 1 and 2 are the state, the rest is the
// version, which grows by one with every completed write.
const (
	Lock      = 1
	StateMask = 6
	Empty     = 0 // never written, or a SeqVec cell whose value was popped
	Live      = 2 // holds a value
	Dead      = 4 // a map slot whose key was removed
	Final     = 6 // a map slot that a mover is done with, or copying
	Version   = 8 // one step of the version
)

const (
	// WordBytes is the unit in which cells are laid out and copied.
	WordBytes = 8
	// LineBytes is the size of a cache line, the unit in which buckets are laid out
	// and shared counters are kept apart.
	LineBytes = 64
	// MaxValueBytes bounds a single value, because a whole value is copied without a
	// point at which the scheduler could stop the writer.
	MaxValueBytes = 8 << 10
)

// Words returns the number of 64-bit words that hold size bytes.
func Words(size uintptr) uintptr { return (size + WordBytes - 1) / WordBytes }

// Next returns the word that ends a write which began at the unlocked word seen: the
// next version, unlocked, in the given state.
func Next(seen, state uint64) uint64 { return (seen+Version)&^(StateMask|Lock) | state }
