// Command guest is the program whose instructions insncount counts. It is started under an
// emulator with the number of runs and the names of cases of package paths, and does each case
// in the same way: it builds the data, warms up, and then for each run calls mark, does
// paths.BatchKeys operations, calls mark, does twice as many, and calls mark.
//
// It prints the kernels in use. An operation that does not do what it must ends it.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/seqmap/seqmap-go/bench/paths"
	"github.com/seqmap/seqmap-go/seqcore"
)

// Everything happens on the first thread, so that a trace can be told from that of others.
func init() { runtime.LockOSThread() }

// mark is where a trace is cut.
//
//go:noinline
func mark() {}

func main() {
	if len(os.Args) < 3 {
		fail("usage: guest runs case...")
	}
	runs, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fail("%v", err)
	}
	fmt.Println(strings.Join(seqcore.Features().Kernels, " "))
	for _, name := range os.Args[2:] {
		loop, ok := paths.Open(name)
		if !ok {
			fail("there is no case %q", name)
		}
		do := func(n int) {
			if right := loop(n); right != n {
				fail("%s: %d of %d operations did what they must", name, right, n)
			}
		}
		do(paths.BatchKeys)
		for range runs {
			mark()
			do(paths.BatchKeys)
			mark()
			do(2 * paths.BatchKeys)
			mark()
		}
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "guest: "+format+"\n", args...)
	os.Exit(1)
}
