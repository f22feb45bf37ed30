// Command gen generates the assembly of package internal/arch, and the Go declarations that
// belong to it. Run it from the root of the repository as: go generate ./asm
//
// The kernels for amd64 are in x86, those for arm64 in arm, in files of the same names. Each family
// has one of its own, with a second one for a part of it: batch_prefetch.go for batch, and
// update_general.go for update. What families share is in key.go, line.go and read.go, and in x86.go
// and arm.go. sig has what both share, and a64 makes avo speak arm64.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/arm"
	"github.com/seqmap/seqmap-go/asm/gen/x86"
)

// A unit is a family of kernels for one GOARCH: a .s file and the Go file of the same stem.
type unit struct {
	family, goarch string
	build          func() *build.Context
}

// units are all that there is to generate.
var units = []unit{
	{"cell", "amd64", x86.Cell},
	{"cell", "arm64", arm.Cell},
	{"slot", "amd64", x86.Slot},
	{"slot", "arm64", arm.Slot},
	{"update", "amd64", x86.Update},
	{"update", "arm64", arm.Update},
	{"probe", "amd64", x86.Probe},
	{"probe", "arm64", arm.Probe},
	{"batch", "amd64", x86.Batch},
	{"batch", "arm64", arm.Batch},
}

// compilers turn what was built into what can be printed.
var compilers = map[string]pass.Interface{"amd64": pass.Compile, "arm64": a64.Compile}

func main() {
	// avo has put flags of its own into the default set.
	flags := flag.NewFlagSet("gen", flag.ExitOnError)
	out := flags.String("out", "", "the directory to write to")
	_ = flags.Parse(os.Args[1:]) // it exits if it fails
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write generates all files into dir.
func write(dir string) error {
	if dir == "" {
		return errors.New("there is no -out")
	}
	files, err := generate()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the text of each file by its name.
func generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, u := range units {
		f, err := u.build().Result()
		if err == nil {
			err = compilers[u.goarch].Execute(f)
		}
		if err != nil {
			return nil, fmt.Errorf("%s for %s: %w", u.family, u.goarch, err)
		}
		cfg := printer.Config{Name: "go generate ./asm", Pkg: "arch"}
		stem := u.family + "_" + u.goarch
		if files[stem+".s"], err = printer.NewGoAsm(cfg).Print(f); err != nil {
			return nil, err
		}
		if files[stem+".go"], err = declarations(cfg, f); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// declarations prints the Go declarations of the kernels in f. avo prints no imports, so the
// one that they need is put in.
func declarations(cfg printer.Config, f *ir.File) ([]byte, error) {
	text, err := printer.NewStubs(cfg).Print(f)
	if err != nil {
		return nil, err
	}
	clause := []byte("package " + cfg.Pkg + "\n")
	return bytes.Replace(text, clause, append(clause, "\nimport \"unsafe\"\n"...), 1), nil
}
