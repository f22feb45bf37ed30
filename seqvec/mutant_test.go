//go:build !seqsched

package seqvec

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
)

const cellLive = "../internal/arch/cell/live.go"

// The first two are those of short mode. What sched finds is that somebody waits for ever, who should
// not: see "Who waits for whom".
var mutants = []gotool.Mutant{
	{Name: "Pop takes what is not there yet", Scenarios: "stack_push_pop|stack_push_against", Guarantee: "(?:G[56]|sched)", Edits: []gotool.Edit{{
		File: "pop.go", Old: "if seen&layout.Lock != 0 || !cell.IsLive(seen) {", New: "if seen&layout.Lock != 0 {"}}},
	{Name: "a segment is put in the place of another", Scenarios: "stack_growth", Guarantee: "(?:G[56]|sched)", Edits: []gotool.Edit{{
		File: "segments.go", Old: "s.base[k].CompareAndSwap(nil, (*byte)(p))", New: "s.base[k].Store((*byte)(p))"}}},
	{Name: "Push does not look at the cell", Scenarios: "stack", Guarantee: "G[56]", Edits: []gotool.Edit{{
		File: "push.go", Old: "if !free(seen) {", New: "if false {"}}},
	{Name: "a write by a newer word than that of the value read", Scenarios: "index_(swap|update|compare)", Guarantee: "G3", Edits: []gotool.Edit{{
		File: "seqvec.go", Old: "return cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), x)",
		New: "seen = cell.Unlocked(p)\n\treturn cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), x)"}}},
	{Name: "a reader that does not look at the word again", Scenarios: "index_(set|swap)", Guarantee: "G3", Edits: []gotool.Edit{{
		File: cellLive, Old: "return word == again && word&", New: "return word&"}}},
	{Name: "a removal that leaves the version", Scenarios: "index", Guarantee: "G[35]", Edits: []gotool.Edit{{
		File: "../internal/arch/layout/word.go", Old: "return (seen+Version)&^", New: "return seen&^"}}},
	{Name: "All leaves out the last element", Scenarios: "index_all", Guarantee: "G3", Edits: []gotool.Edit{{
		File: "range.go", Old: "range v.Len()", New: "range v.Len() - 1"}}},
	{Name: "Backward leaves out an element", Scenarios: "index_backward", Guarantee: "G3", Edits: []gotool.Edit{{
		File: "range.go", Old: "i >= 0; i--", New: "i > 0; i--"}}},
}

// TestExplorer runs TestExplore, in a build with the hooks that it needs: G1 to G7 in every
// schedule of small programs.
func TestExplorer(t *testing.T) {
	gotool.Explore(t)
}

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
