//go:build !seqsched

package seqmap

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// goCommand returns the go command, for tests that build this package in another way. It skips
// the test if the package cannot be built and run here: if the sources or the command are
// missing, or the test itself runs under an emulator. The first is a failure if
// SEQMAP_REQUIRE has the word explore.
func goCommand(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err == nil {
		_, err = os.Stat("map.go")
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

// overlayOf writes a description for go build -overlay: the given texts take the place of the
// files of those names. Of the tests only the explorer is left, so that it is built fast.
func overlayOf(dir string, texts map[string]string) (path string, err error) {
	replace := map[string]string{}
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		return "", err
	}
	for _, file := range tests {
		if !strings.HasPrefix(file, "explore") {
			texts[file] = ""
		}
	}
	for file, text := range texts {
		abs, err := filepath.Abs(file)
		if err != nil {
			return "", err
		}
		if replace[abs] = ""; text == "" {
			continue // no such file
		}
		replace[abs] = filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(replace[abs], []byte(text), 0o600); err != nil {
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

// child runs the go command or a test binary on one processor, and returns its output and whether
// it failed.
func child(t *testing.T, name string, args ...string) (output string, failed bool) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1", "GOFLAGS=")
	out, err := c.CombinedOutput()
	if e := (*exec.ExitError)(nil); err != nil && !errors.As(err, &e) {
		t.Errorf("%s: %v", c, err)
	}
	return string(out), err != nil
}

// parallel calls f(0) to f(n-1), as many at a time as there are processors for.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			f(i)
		}()
	}
	wg.Wait()
}

// shorten returns the flag of a child that is to do less: in short mode, and in a race build,
// whose child is the same as that of an ordinary one.
func shorten() string { return fmt.Sprintf("-test.short=%v", testing.Short() || raceBuild) }

// TestExplorer builds this package with the hooks of the interleaving explorer and runs
// TestExplore there: G1 to G7 in every schedule of small programs.
func TestExplorer(t *testing.T) {
	tool := goCommand(t)
	overlay, err := overlayOf(t.TempDir(), map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "explore.exe")
	if out, failed := child(t, tool, "test", "-c", "-vet=off", "-tags=seqsched", "-overlay="+overlay, "-o", binary, "."); failed {
		t.Fatal(out)
	}
	shards := 2 * runtime.GOMAXPROCS(0)
	parallel(shards, func(i int) {
		out, failed := child(t, binary, "-test.run=^TestExplore$", "-test.v", shorten(),
			fmt.Sprintf("-shards=%d", shards), fmt.Sprintf("-shard=%d", i))
		if failed {
			t.Error(out)
			return
		}
		t.Log(explored(out))
	})
}

// explored returns the lines of a child's output that say what was explored.
func explored(out string) string {
	var lines []string
	name := ""
	for line := range strings.Lines(out) {
		if rest, ok := strings.CutPrefix(line, "=== RUN   TestExplore/"); ok {
			name = strings.TrimSpace(rest)
		}
		if _, rest, ok := strings.Cut(line, ".go:"); ok {
			_, rest, _ = strings.Cut(rest, ": ")
			lines = append(lines, fmt.Sprintf("%-40s %s", name, strings.TrimSpace(rest)))
		}
	}
	return strings.Join(lines, "\n")
}
