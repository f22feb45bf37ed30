package memmodel

import (
	"strings"
	"testing"
)

// kernelChecks has the checks of each routine. A kernel whose routine is not here fails
// TestKernels; so does an entry without a kernel.
var kernelChecks map[string][]check

func init() {
	kernelChecks = map[string][]check{
		"storeCell":    cellWriterChecks,
		"commitCell":   commitCellChecks,
		"claimSlot":    claimChecks,
		"writeSlot":    writeChecks,
		"swapWord":     swapChecks,
		"getWordBatch": lookupChecks,
	}
}

// routineOf returns the routine of a kernel: the longest name of kernelChecks that it begins with.
func routineOf(kernel string) (routine string) {
	for r := range kernelChecks {
		if strings.HasPrefix(kernel, r) && len(r) > len(routine) {
			routine = r
		}
	}
	return routine
}

// TestKernels runs the checks of each routine with every shipped kernel of it, and with the Go
// code that it stands for.
func TestKernels(t *testing.T) {
	for routine, checks := range kernelChecks {
		kernels := kernelForms(t, routine)
		if len(kernels) == 0 {
			t.Errorf("%s: no kernels", routine)
		}
		for _, f := range append(kernels, goForms(t, routine)...) {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, f)
				for _, c := range checks {
					if complaint := c.run(w, f); complaint != "" {
						t.Errorf("%s: %s", c.name, complaint)
					}
				}
			})
		}
	}
	for _, r := range shippedRoutines(t) {
		if routineOf(r.Name) == "" {
			t.Errorf("%s: %s has no checks: give its routine a line in kernelChecks", r.File, r.Name)
		}
	}
}
