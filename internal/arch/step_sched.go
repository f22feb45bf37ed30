//go:build seqsched

package arch

// Exploring says whether this build calls the scheduling hooks of the interleaving
// explorer.
const Exploring = true

// StepHook and SpinHook belong to the interleaving explorer, which sets them before it
// starts any goroutine of its own. StepHook runs before every access to shared memory.
// SpinHook runs where the code can only wait for somebody else; it returns false when
// it is not the explorer that is running the code.
var (
	StepHook func()
	SpinHook func() bool
)

// Step is called before every access to shared memory.
func Step() {
	if StepHook != nil {
		StepHook()
	}
}

func spinning() bool { return SpinHook != nil && SpinHook() }
