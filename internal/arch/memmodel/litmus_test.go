package memmodel

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// verdicts reads testdata/litmus/RESULTS.md: what herd7 says about each test.
func verdicts(t *testing.T) map[string]string {
	text, err := os.ReadFile(filepath.Join("testdata", "litmus", "RESULTS.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+) \| (safe|bad) \|`).FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = m[2]
	}
	return out
}

// TestLitmus checks that the models agree with herd7 on every test.
func TestLitmus(t *testing.T) {
	const tests = 116
	want := verdicts(t)
	files, err := filepath.Glob(filepath.Join("testdata", "litmus", "*.litmus"))
	if err != nil || len(files) != tests || len(want) != tests {
		t.Fatalf("%d files and %d verdicts, not %d: %v", len(files), len(want), tests, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".litmus")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		l, err := ParseLitmus(string(text))
		if err != nil {
			t.Error(err)
			continue
		}
		a := l.Program.Explore(l.Condition)
		got := map[bool]string{true: "bad", false: "safe"}[a.Possible[0]]
		if got != want[name] || a.Fault != "" {
			t.Errorf("%s: %s, and herd7 says %s. %s %s", name, got, want[name], a.Witness[0], a.Fault)
		}
	}
}
