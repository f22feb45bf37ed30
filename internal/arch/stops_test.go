package arch_test

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
)

// TestWritersHaveNoStops checks, in what the compiler makes of them, that the scheduler cannot stop
// a goroutine in the routines of plain Go that lock something.
func TestWritersHaveNoStops(t *testing.T) {
	writers := []string{"ClaimSlotGeneric", "CommitCellGeneric", "CommitWord", "WriteSlotGeneric", "addHalf", "addWhole", "swapFound"}
	marked := map[string]bool{}
	sources(t, "internal/arch", false, func(file string, f *ast.File) {
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && hasLine(f.Doc, "//go:nosplit") && hasLine(f.Doc, "//go:noinline") {
				marked[f.Name.Name] = true
			}
		}
	})
	delete(marked, "hide") // locks nothing
	if found := slices.Sorted(maps.Keys(marked)); !slices.Equal(found, writers) {
		t.Errorf("marked as writers are %v, want %v", found, writers)
	}
	for _, p := range gotool.Platforms() {
		listing := gotool.List(t, p, ".")
		for _, name := range writers {
			for _, where := range listing.Stops("github.com/seqmap/seqmap-go/internal/arch." + name) {
				t.Errorf("%s: %s can be stopped %s", p, name, where)
			}
		}
		if listing.Stops("github.com/seqmap/seqmap-go/internal/arch.StoreCellGeneric") == nil {
			t.Errorf("%s: a routine with a loop of attempts seems to have no stops", p)
		}
	}
}

func hasLine(doc *ast.CommentGroup, line string) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.TrimSpace(c.Text) == line })
}
