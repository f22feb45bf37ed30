package seqvec

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// copies copies a vector in the ways that go vet must find.
const copies = `package copies

import "github.com/seqmap/seqmap-go/seqvec"

type holder struct{ v seqvec.SeqVec[uint32] }

func assign(v *seqvec.SeqVec[uint32]) int {
	copied := *v // want
	return copied.Len()
}

func pass(v seqvec.SeqVec[[3]uint64]) int { // want
	return v.Len()
}

func inside(h holder) int { // want
	return h.v.Len()
}

func elements(all []seqvec.SeqVec[uint32]) {
	for _, v := range all { // want
		v.Len()
	}
}

func pointers(v *seqvec.SeqVec[uint64]) int {
	n := v
	return n.Len()
}

var _ = []any{assign, pass, inside, elements, pointers}
`

// TestCopiesAreFound: go vet reports each copy of a vector, and nothing else. It is skipped without
// a go command, unless SEQMAP_REQUIRE has the word tools.
func TestCopiesAreFound(t *testing.T) {
	path, err := exec.LookPath("go")
	if err != nil {
		if strings.Contains(os.Getenv("SEQMAP_REQUIRE"), "tools") {
			t.Fatalf("SEQMAP_REQUIRE asks for the tools: %v", err)
		}
		t.Skip("there is no go command here to judge")
	}
	file := filepath.Join(t.TempDir(), "copies.go")
	if err := os.WriteFile(file, []byte(copies), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "vet", "-copylocks", file)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOFLAGS=", "CGO_ENABLED=0")
	report, _ := cmd.CombinedOutput() // the report of a failure is a report
	for i, line := range strings.Split(copies, "\n") {
		reported := regexp.MustCompile(`copies\.go:` + strconv.Itoa(i+1) + `:\d+: .*seqvec\.SeqVec`).Match(report)
		if wanted := strings.HasSuffix(line, "// want"); wanted != reported {
			t.Errorf("line %d: reported %v, want %v:\n%s", i+1, reported, wanted, report)
		}
	}
}
