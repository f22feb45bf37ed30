package memmodel

import (
	"strings"
	"testing"
)

// routine is what several kernels do, with the checks of all of them.
type routine struct {
	generic string // the Go function that they stand for
	checks  []check
	loads   bool // it only loads, so that nothing in a kernel for amd64 is to be weakened
	alone   bool // it accesses nothing that is shared
	inLine  bool // it is Go code in line, of which there is no kernel
}

// routines are the routines by the names of their kernels, without the set of instructions at
// the end. A kernel whose routine is not here fails TestKernels; so does an entry without a
// kernel that is not in line.
var routines map[string]routine

func init() {
	routines = map[string]routine{
		"storeCell":    {generic: "StoreCellGeneric", checks: cellWriterChecks},
		"commitCell":   {generic: "CommitCellGeneric", checks: commitCellChecks},
		"cellLoad":     {generic: "Cell.Load", checks: loadCellChecks, loads: true, inLine: true},
		"loadCell":     {generic: "LoadCellGeneric", checks: loadCellChecks, loads: true},
		"claimSlot":    {generic: "ClaimSlotGeneric", checks: claimChecks},
		"writeSlot":    {generic: "WriteSlotGeneric", checks: writeChecks},
		"swapLine":     {generic: "SwapLineGeneric", checks: swapChecks},
		"addLine":      {generic: "AddLineGeneric", checks: addChecks},
		"swapHalf":     {generic: "SwapGeneric", checks: swapChecks},
		"swapWord":     {generic: "SwapGeneric", checks: swapChecks},
		"swapPair":     {generic: "SwapGeneric", checks: swapChecks},
		"addHalf":      {generic: "AddGeneric", checks: addChecks},
		"addWord":      {generic: "AddGeneric", checks: addChecks},
		"addPair":      {generic: "AddGeneric", checks: addChecks},
		"getHalf":      {generic: "GetGeneric", checks: lookupChecks, loads: true},
		"getWord":      {generic: "GetGeneric", checks: lookupChecks, loads: true},
		"getPair":      {generic: "GetGeneric", checks: lookupChecks, loads: true},
		"findHalf":     {generic: "FindGeneric", checks: lookupChecks, loads: true},
		"findWord":     {generic: "FindGeneric", checks: lookupChecks, loads: true},
		"findPair":     {generic: "FindGeneric", checks: lookupChecks, loads: true},
		"getBatchHalf": {generic: "GetBatchGeneric", checks: lookupChecks, loads: true},
		"getBatchWord": {generic: "GetBatchGeneric", checks: lookupChecks, loads: true},
		"getBatchPair": {generic: "GetBatchGeneric", checks: lookupChecks, loads: true},
		"getBatchLine": {generic: "GetBatchGeneric", checks: lookupChecks, loads: true},
		"mapGetLine":   {generic: "SeqMap.Get", checks: inLineChecks, loads: true, inLine: true},
		"prefetch":     {generic: "PrefetchGeneric", checks: prefetchChecks, alone: true},
	}
}

// routineOf returns the name of the routine of a kernel: the longest one that its name begins
// with.
func routineOf(kernel string) (name string) {
	for r := range routines {
		if strings.HasPrefix(kernel, r) && len(r) > len(name) {
			name = r
		}
	}
	return name
}

// complaint runs the checks of the form's routine, and returns what the first one that is not
// content says.
func (w *world) complaint(f form) string {
	for _, c := range routines[f.routine].checks {
		if complaint := c.run(w, f); complaint != "" {
			return c.name + ": " + complaint
		}
	}
	return ""
}

// TestKernels runs the checks of each routine with every shipped kernel of it, and with the Go
// code that it stands for.
func TestKernels(t *testing.T) {
	for name := range routines {
		kernels := kernelForms(t, name)
		if inLine := routines[name].inLine; (len(kernels) == 0) != inLine {
			t.Errorf("%s: %d kernels, in line %v", name, len(kernels), inLine)
		}
		for _, f := range append(kernels, goForms(t, name)...) {
			t.Run(name+"/"+f.name, func(t *testing.T) {
				t.Parallel()
				if complaint := newWorld(t, f).complaint(f); complaint != "" {
					t.Error(complaint)
				}
			})
		}
	}
	for _, r := range shippedRoutines(t) {
		if routineOf(r.Name) == "" {
			t.Errorf("%s: %s has no checks: give its routine a line in routines", r.File, r.Name)
		}
	}
}
