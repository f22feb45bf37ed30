// Package gotool runs the go command for tests that are about what it says of a program.
package gotool

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Run runs the go command for one GOARCH, whichever this one is, and returns what it reports.
// Without a go command it skips the test, or fails it if SEQMAP_REQUIRE has the word tools.
func Run(t *testing.T, args ...string) string {
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

// FindsCopies fails the test unless go vet reports a copy of the type, such as seqmap.SeqMap, in
// each line of the program that ends with "// want", and in no other.
func FindsCopies(t *testing.T, program, of string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copies.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	report := Run(t, "vet", "-copylocks", file)
	for i, line := range strings.Split(program, "\n") {
		pattern := `copies\.go:` + strconv.Itoa(i+1) + `:\d+: .*` + regexp.QuoteMeta(of)
		reported := regexp.MustCompile(pattern).MatchString(report)
		if wanted := strings.HasSuffix(line, "// want"); wanted != reported {
			t.Errorf("line %d: reported %v, want %v:\n%s", i+1, reported, wanted, report)
		}
	}
}
