package seqcore_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
	"github.com/seqmap/seqmap-go/internal/arch/testutil"
)

// TestCopiesAreFound checks defect d18: go vet reports each copy of a cell.
func TestCopiesAreFound(t *testing.T) {
	source, err := os.ReadFile("testdata/copies/copies.go")
	if err != nil {
		t.Fatal(err)
	}
	gotool.FindsCopies(t, string(source), "seqcore.Cell")
}

// TestInlining checks what the compiler makes of cells in another package: Load of a small
// value is in line, and nothing escapes. The latter breaks when instances.go no longer names
// a helper that a method uses.
func TestInlining(t *testing.T) {
	report := gotool.Run(t, "build", "-gcflags=-m", "./testdata/inlined")
	for _, want := range []string{
		`inlined.go:7:\d+: inlining call to seqcore.\(\*Cell\[go.shape.uint64\]\).Load`,
		`inlined.go:10:\d+: inlining call to seqcore.\(\*Cell\[go.shape.bool\]\).Load`,
		`inlined.go:10:\d+: inlining call to seqcore.through`,
		`inlining call to arch.Load64`,
	} {
		if !regexp.MustCompile(want).MatchString(report) {
			t.Errorf("the compiler does not report %q:\n%s", want, report)
		}
	}
	escapes := regexp.MustCompile(`(inlined|cell|load|copy|word)\.go:.*(moved to heap|escapes to heap|leaking param: (c|p|dst)$)`)
	for _, line := range strings.Split(report, "\n") {
		if escapes.MatchString(line) {
			t.Error(line)
		}
	}
}

// TestEveryExportHasAnExample is about the examples in example_test.go.
func TestEveryExportHasAnExample(t *testing.T) {
	testutil.EveryExportHasAnExample(t, "Cell", "Cell.StoreIf", "ErrPointers", "Info.String")
}
