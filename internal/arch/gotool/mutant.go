package gotool

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// Edit replaces a piece of a source file, named from the folder of the test, that occurs in it
// exactly once.
type Edit struct{ File, Old, New string }

// A Mutant breaks one rule of a protocol. The interleaving explorer must find a schedule in which
// a guarantee fails.
type Mutant struct {
	Name      string
	Scenarios string // a pattern for the subtests of TestExplore
	Guarantee string // what the failure names, as a pattern
	Edits     []Edit
}

// MustBeCaught fails the test unless TestExplore of the package in this folder, with the edits of
// the mutant made, fails and names the guarantee.
func (m *Mutant) MustBeCaught(t *testing.T) {
	t.Helper()
	out, failed := explore(t, "/^("+m.Scenarios+")", m.Edits, testing.Short())
	if !failed {
		t.Fatalf("not caught by %s:\n%s", m.Scenarios, out)
	}
	found := regexp.MustCompile(`(?m)^.*(` + m.Guarantee + `: .*)$`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("not caught by %s:\n%s", m.Guarantee, out)
	}
	t.Log(found[1])
}

// Explore builds the package in this folder with the hooks of the interleaving explorer, and fails the
// test unless TestExplore passes there, in short mode. It skips the test where the package cannot be
// built and run: without a go command or the sources, and in an emulator. The first is a failure if
// SEQMAP_REQUIRE has the word explore.
func Explore(t *testing.T) {
	t.Helper()
	if out, failed := explore(t, "", nil, true); failed {
		t.Error(out)
	}
}

// explore runs TestExplore, or those of its subtests that the pattern selects, with the edits made,
// and returns what it prints and whether it fails.
func explore(t *testing.T, subtests string, edits []Edit, short bool) (out string, failed bool) {
	t.Helper()
	tool := Explorer(t)
	overlay, err := Overlay(t.TempDir(), "^(explore|lin|helpers)_", edits)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(tool, "test", "-vet=off", "-count=1", "-failfast", "-tags=seqsched", fmt.Sprintf("-short=%v", short),
		"-overlay="+overlay, "-run=^TestExplore$"+subtests, ".")
	c.Env = append(os.Environ(), "GOFLAGS=")
	text, err := c.CombinedOutput()
	if e := (*exec.ExitError)(nil); err != nil && !errors.As(err, &e) {
		t.Fatalf("%s: %v", c, err)
	}
	return string(text), err != nil
}

// Explorer returns the go command, for tests that build the package in this folder in another way.
// It skips the test as Explore does.
func Explorer(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err == nil {
		_, err = os.Stat("doc.go")
	}
	if err != nil {
		if strings.Contains(os.Getenv("SEQMAP_REQUIRE"), "explore") {
			t.Fatalf("SEQMAP_REQUIRE asks for the explorer: %v", err)
		}
		t.Skip(err)
	}
	host, err := exec.Command(path, "env", "GOHOSTOS", "GOHOSTARCH").Output()
	if err != nil {
		t.Fatal(err)
	}
	if on := strings.Join(strings.Fields(string(host)), "/"); on != runtime.GOOS+"/"+runtime.GOARCH {
		t.Skipf("the explorer looks at the order of steps, which is the same everywhere: it runs where go runs, on %s", on)
	}
	return path
}

// Overlay writes a description of the edits for go build -overlay to dir. Of the files with tests only
// those are left whose names match the pattern: the explorer and what it needs, so that it is built
// fast.
func Overlay(dir, keep string, edits []Edit) (path string, err error) {
	replace := map[string]string{}
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		return "", err
	}
	for _, file := range tests {
		if !regexp.MustCompile(keep).MatchString(file) {
			abs, err := filepath.Abs(file)
			if err != nil {
				return "", err
			}
			replace[abs] = "" // no such file
		}
	}
	for _, e := range edits {
		if err := e.make(dir, replace); err != nil {
			return "", err
		}
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, b, 0o600)
}

// make writes the edited file to dir, in the place of the one in replace if it has been edited before.
func (e Edit) make(dir string, replace map[string]string) error {
	abs, err := filepath.Abs(e.File)
	if err != nil {
		return err
	}
	from := abs
	if edited, ok := replace[abs]; ok {
		from = edited
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.Old); n != 1 {
		return fmt.Errorf("%q occurs %d times in %s: the mutant no longer fits the code", e.Old, n, e.File)
	}
	replace[abs] = filepath.Join(dir, filepath.Base(e.File))
	return os.WriteFile(replace[abs], []byte(strings.Replace(string(text), e.Old, e.New, 1)), 0o600)
}
