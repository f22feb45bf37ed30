package seqcore_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// goTool runs the go command of the toolchain, which the tests in this file are about, for
// one GOARCH, whichever this one is. It returns what the command reports. Without a go command it
// skips the test, or fails it if SEQMAP_REQUIRE has the word tools.
func goTool(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		if strings.Contains(os.Getenv("SEQMAP_REQUIRE"), "tools") {
			t.Fatalf("SEQMAP_REQUIRE asks for the tools: %v", err)
		}
		t.Skip("there is no go command here to judge")
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOFLAGS=", "CGO_ENABLED=0")
	out, _ := cmd.CombinedOutput() // the report of a failure is a report
	return string(out)
}

// TestCopiesAreFound checks defect d18: go vet reports each copy of a cell.
func TestCopiesAreFound(t *testing.T) {
	const file = "testdata/copies/copies.go"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	report := goTool(t, "vet", "-copylocks", "./testdata/copies")
	for i, line := range strings.Split(string(source), "\n") {
		reported := regexp.MustCompile(`copies\.go:` + strconv.Itoa(i+1) + `:\d+: .*seqcore\.Cell`).MatchString(report)
		if wanted := strings.HasSuffix(line, "// want"); wanted != reported {
			t.Errorf("line %d: reported %v, want %v:\n%s", i+1, reported, wanted, report)
		}
	}
}

// TestInlining checks what the compiler makes of cells in another package: Load of a small
// value is in line, and nothing escapes. The latter breaks when instances.go no longer names
// a helper that a method uses.
func TestInlining(t *testing.T) {
	report := goTool(t, "build", "-gcflags=-m", "./testdata/inlined")
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
