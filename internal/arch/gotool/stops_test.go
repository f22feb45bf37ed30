package gotool

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStops checks that each kind of place is found at which the scheduler can stop a goroutine.
func TestStops(t *testing.T) {
	const program = `package p

import "sync/atomic"

//go:noinline
func free(p *uint64) { *p++ }

//go:nosplit
//go:noinline
func leaf(p *uint64) { *p++ }

//go:nosplit
//go:noinline
func framed(p *uint64) { leaf(p); leaf(p) }

//go:nosplit
func Good(p *uint64) { atomic.AddUint64(p, 1); leaf(p) }

//go:nosplit
func Entry(p *uint64) { framed(p) }

//go:nosplit
func Deep(p *uint64) { free(p) }

func Marked(p *uint64) { *p++ }
`
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	const in = "command-line-arguments."
	for _, p := range Platforms() {
		if p.Tags+p.Flags != "" {
			continue
		}
		listing := List(t, p, file)
		for name, want := range map[string]string{
			"Good": "", "Entry": in + "framed",
			"Deep": in + "free", "Marked": in + "Marked",
			"None": "there is no " + in + "None",
		} {
			if got := strings.Join(listing.Stops(in+name), ", "); !strings.Contains(got, want) || want == "" && got != "" {
				t.Errorf("%s: %s: %q, want %q", p, name, got, want)
			}
		}
	}
}
