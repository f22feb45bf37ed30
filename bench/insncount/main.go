// Command insncount counts the instructions that single operations execute, in plain Go and
// with the kernels of a CPU, which an emulator runs: unlike times, the counts hold on any
// machine, for architectures that are not at hand too. They are no times: instructions differ in
// what they take.
//
//	go run ./insncount                   arm64, with and without LSE
//	go run ./insncount -goarch amd64
//	go run ./insncount -cases 'Cell .* Load'
//
// It needs QEMU's user mode, which Debian has in qemu-user-static, and the go command. The
// cases are those of seqbench paths, in small maps. An operation's count is the difference of two
// loops, one twice as long as the other, so it has the loop in it and nothing else.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/seqmap/seqmap-go/bench/paths"
)

// defaultCases are those that the kernels are for.
const defaultCases = `^Cell (8|16|64|256) B Store|^Cell (64|256) B Load|(8|16):8 .*(Get hit|Insert existing|GetBatch hits)`

// models are the CPUs that are counted on unless others are asked for.
var models = map[string]string{"amd64": "max", "arm64": "cortex-a72,max"}

func main() {
	err := run(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "insncount: %v\n", err)
		os.Exit(1)
	}
}

type options struct {
	goarch string
	models []string
	cases  []string
	runs   int
}

// parseOptions parses the command line, without the program's name.
func parseOptions(args []string) (o options, err error) {
	fs := flag.NewFlagSet("insncount", flag.ContinueOnError)
	fs.StringVar(&o.goarch, "goarch", "arm64", "`architecture`: arm64 or amd64")
	cpus := fs.String("cpus", "", "`models` of CPU that QEMU knows, with commas between; default by architecture")
	pattern := fs.String("cases", defaultCases, "the cases whose names this regular `expression` matches, see seqbench paths -list")
	fs.IntVar(&o.runs, "runs", 2, "the `number` of runs, of which the least counts")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	match, err := regexp.Compile(*pattern)
	if err != nil {
		return o, err
	}
	for _, name := range paths.Names(paths.BatchKeys) {
		if match.MatchString(name) {
			o.cases = append(o.cases, name)
		}
	}
	if *cpus == "" {
		*cpus = models[o.goarch]
	}
	o.models = strings.Split(*cpus, ",")
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case o.runs < 1:
		return o, fmt.Errorf("-runs is %d, must be at least 1", o.runs)
	case len(o.cases) == 0:
		return o, fmt.Errorf("no case matches %q", *pattern)
	}
	return o, nil
}

// run is the whole program.
func run(args []string, out io.Writer) error {
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	e, err := findEmulator(o.goarch)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "insncount")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	guest, err := build(o.goarch, folder)
	if err != nil {
		return err
	}
	for _, model := range o.models {
		plain, err := e.count(guest, model, "generic", o.cases, o.runs)
		if err != nil {
			return err
		}
		best, err := e.count(guest, model, "", o.cases, o.runs)
		if err != nil {
			return err
		}
		report(out, o, model, plain, best)
	}
	return nil
}

func report(out io.Writer, o options, model string, plain, best count) {
	fmt.Fprintf(out, "%s, QEMU's %s; kernels: %s\n\n", o.goarch, model, best.kernels)
	fmt.Fprintf(out, "%-42s %10s %10s %10s\n", "instructions per operation", "generic", "default", "ratio")
	for i, name := range o.cases {
		fmt.Fprintf(out, "%-42s %10.1f %10.1f %10.2f\n", name, plain.perCase[i], best.perCase[i], plain.perCase[i]/best.perCase[i])
	}
	fmt.Fprintln(out)
}
