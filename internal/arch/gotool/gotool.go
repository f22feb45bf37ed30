// Package gotool runs the go command for tests that are about what it says of a program.
package gotool

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Run runs the go command for one GOARCH, whichever this one is, and returns what it reports.
func Run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := command(t, "amd64", args...)
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
