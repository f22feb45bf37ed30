//go:build !seqsched

package arch

// Exploring says whether this build calls the scheduling hooks of the interleaving
// explorer. It is a constant, so that the hooks cost nothing in an ordinary build.
const Exploring = false

// Step is called before every access to shared memory. See step_sched.go.
func Step() {}

func spinning() bool { return false }
