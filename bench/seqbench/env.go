package main

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/seqmap/seqmap-go/seqcore"
)

func setupEnv(*flag.FlagSet) action {
	return action{check: func() error { return nil }, do: printEnv}
}

// rivalModules are the modules whose versions decide what a comparison is
// worth.
var rivalModules = []string{"github.com/puzpuzpuz/xsync/v4", "github.com/llxisdsh/pb"}

func printEnv(out io.Writer, _ *statusLine) error {
	row := func(name, value string) { fmt.Fprintf(out, "%-30s %s\n", name, value) }
	row("platform", runtime.GOOS+"/"+runtime.GOARCH)
	row("features", seqcore.Features().String())
	row("processors", fmt.Sprintf("%d, GOMAXPROCS %d", runtime.NumCPU(), runtime.GOMAXPROCS(0)))
	row("go", runtime.Version())
	for _, path := range rivalModules {
		row(path, moduleVersion(path))
	}
	return nil
}

// moduleVersion returns the version of a module in this program.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Version
			}
		}
	}
	return "unknown"
}
