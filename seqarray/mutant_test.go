//go:build !seqsched

package seqarray

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
)

// The first two are those of short mode.
var mutants = []gotool.Mutant{
	{Name: "Grow puts its directory in the place of another", Scenarios: "grow_grow", Guarantee: "G[24]", Edits: []gotool.Edit{{
		File: "grow.go", Old: "if a.cells.dir.CompareAndSwap(old, a.enlarge(old, capacity, n)) {",
		New: "if d := a.enlarge(old, capacity, n); d != nil {\n\t\t\ta.cells.dir.Store(d)"}}},
	{Name: "a cell is counted after it is set", Scenarios: "init|set", Guarantee: "G4", Edits: []gotool.Edit{{
		File: "seqarray.go", Old: "a.addCount(1) // before the cell can be seen, so that the count is never too low",
		New: "defer a.addCount(1)"}}},
	{Name: "a cell that two set is counted twice", Scenarios: "init|set", Guarantee: "G4", Edits: []gotool.Edit{{
		File: "seqarray.go", Old: "if counted { // somebody else", New: "if false { // somebody else"}}},
	{Name: "Clear counts first", Scenarios: "set_clear|clear", Guarantee: "G4", Edits: []gotool.Edit{{
		File: "seqarray.go", Old: "if arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {\n\t\t\ta.addCount(-1)\n",
		New: "if a.addCount(-1); arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {\n"}}},
	{Name: "Init of a cell that somebody sets", Scenarios: "init", Guarantee: "G2", Edits: []gotool.Edit{{
		File: "seqarray.go", Old: "if wasLive && onlyUnset {", New: "if wasLive && onlyUnset && !counted {"}}},
	{Name: "a write by a newer word than that of the value read", Scenarios: "swap|update", Guarantee: "G2", Edits: []gotool.Edit{{
		File: "update.go", Old: "return cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), v)",
		New: "seen = cell.Unlocked(p)\n\treturn cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), v)"}}},
	{Name: "a reader that does not look at the word again", Scenarios: "set|swap", Guarantee: "G2", Edits: []gotool.Edit{{
		File: "../internal/arch/cell/live.go", Old: "return word == again && word&", New: "return word&"}}},
	{Name: "a removal that leaves the version", Scenarios: "compare|swap|update", Guarantee: "G2", Edits: []gotool.Edit{{
		File: "../internal/arch/layout/word.go", Old: "return (seen+Version)&^", New: "return seen&^"}}},
}

// TestExplorer runs TestExplore, in a build with the hooks that it needs: G1 to G5 in every
// schedule of small programs.
func TestExplorer(t *testing.T) { gotool.Explore(t) }

// TestMutants breaks the rules of the protocol one by one. Each time TestExplore must fail and say why.
func TestMutants(t *testing.T) {
	tests := mutants
	if testing.Short() {
		tests = tests[:2]
	}
	for i := range tests {
		t.Run(tests[i].Name, func(t *testing.T) {
			t.Parallel()
			tests[i].MustBeCaught(t)
		})
	}
}
