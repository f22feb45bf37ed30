package seqcore

import (
	"fmt"
	"strings"

	"github.com/seqmap/seqmap-go/internal/arch"
)

// Info tells which instructions the containers use in this process, and why. The choice is
// made once, before main begins, and never changes. It changes speed only: the layout of
// the data and all results are the same at every level.
//
// The environment variable SEQMAP_CPU, set to a level, caps the choice and never raises it.
// Anything else in it is ignored, and Reason says so.
type Info struct {
	// GOOS and GOARCH are those of the build.
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	// CPU is the name that the CPU gives itself, if it does.
	CPU string `json:"cpu,omitempty"`
	// Level is the level in use: generic, which is plain Go, or sse2, avx2, avx512 on
	// amd64, or neon on arm64.
	Level string `json:"level"`
	// Best is the highest level that the CPU and the operating system support.
	Best string `json:"best"`
	// Ceiling is SEQMAP_CPU as it was set.
	Ceiling string `json:"ceiling,omitempty"`
	// Flags are the features of the CPU that count: those seen by two detectors, one of
	// which knows what the operating system supports and obeys GODEBUG=cpu.x=off.
	Flags []string `json:"flags,omitempty"`
	// Build are the build tags that keep assembly out: purego or noasm, race, msan, asan.
	Build []string `json:"build,omitempty"`
	// Kernels are the assembly kernels in use: for each routine that has any, the best that
	// CPU, build and ceiling allow.
	Kernels []string `json:"kernels,omitempty"`
	// Reason says why Level is what it is.
	Reason string `json:"reason"`
}

// Features returns what was found out about the machine and the build, and what was chosen.
// The caller owns the slices in it.
func Features() Info { return Info(arch.Detected()) }

// String returns the level with its reason, and the facts behind them, in one line.
func (i Info) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "level %s (%s), best %s, %s/%s", i.Level, i.Reason, i.Best, i.GOOS, i.GOARCH)
	if i.CPU != "" {
		fmt.Fprintf(&b, ", %s", i.CPU)
	}
	for _, part := range []struct {
		name   string
		values []string
	}{{"flags", i.Flags}, {"build", i.Build}, {"kernels", i.Kernels}} {
		if len(part.values) > 0 {
			fmt.Fprintf(&b, ", %s %s", part.name, strings.Join(part.values, " "))
		}
	}
	return b.String()
}
