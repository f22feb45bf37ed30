//go:build !seqsched

package seqmap

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
)

// explorerFiles are the tests that the explorer needs.
const explorerFiles = "^explore"

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
	tool := gotool.Explorer(t)
	overlay, err := gotool.Overlay(t.TempDir(), explorerFiles, nil)
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
