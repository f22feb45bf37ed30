package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seqmap/seqmap-go/bench/paths"
)

const guestPackage = "github.com/seqmap/seqmap-go/bench/insncount/guest"

// build builds the guest for an architecture in a folder and returns its path.
func build(goarch, folder string) (string, error) {
	path := filepath.Join(folder, "guest")
	cmd := exec.Command("go", "build", "-o", path, guestPackage)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+goarch, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build for %s: %w\n%s", goarch, err, out)
	}
	return path, nil
}

// An emulator runs programs of one architecture instruction by instruction.
type emulator struct {
	program string
	step    string // the option for one instruction at a time
}

// emulators are QEMU's names of the architectures that have kernels.
var emulators = map[string]string{"amd64": "x86_64", "arm64": "aarch64"}

// findEmulator returns the emulator of an architecture. Its option has another name in newer
// versions.
func findEmulator(goarch string) (emulator, error) {
	name, ok := emulators[goarch]
	if !ok {
		return emulator{}, fmt.Errorf("nothing to count on %s, which has no kernels", goarch)
	}
	for _, program := range []string{"qemu-" + name + "-static", "qemu-" + name} {
		path, err := exec.LookPath(program)
		if err != nil {
			continue
		}
		help, err := exec.Command(path, "-h").Output()
		if err != nil {
			return emulator{}, fmt.Errorf("%s -h: %w", program, err)
		}
		for _, step := range []string{"-one-insn-per-tb", "-singlestep"} {
			if bytes.Contains(help, []byte(step)) {
				return emulator{path, step}, nil
			}
		}
		return emulator{}, fmt.Errorf("%s has no option to run one instruction at a time", program)
	}
	return emulator{}, fmt.Errorf("there is no qemu-%s-static; Debian has it in qemu-user-static", name)
}

// A count is what a guest gave.
type count struct {
	kernels string
	perCase []float64 // instructions of one operation
}

// count runs a guest on a model of CPU, with a ceiling or none, and counts.
func (e emulator) count(guest, model, ceiling string, cases []string, runs int) (count, error) {
	code, err := symbolsOf(guest)
	if err != nil {
		return count{}, err
	}
	trace, log, err := os.Pipe()
	if err != nil {
		return count{}, err
	}
	defer trace.Close()
	// The first of ExtraFiles is file 3 there.
	args := []string{e.step, "-cpu", model, "-d", "nochain,exec", "-D", "/dev/fd/3", guest, strconv.Itoa(runs)}
	cmd := exec.Command(e.program, append(args, cases...)...)
	cmd.ExtraFiles = []*os.File{log}
	cmd.Env = append(os.Environ(), "SEQMAP_CPU="+ceiling, "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Start()
	log.Close() // now the guest's alone, whose end ends the trace
	if err != nil {
		return count{}, err
	}
	c := cutter{code: code}
	err = c.read(trace)
	_, drained := io.Copy(io.Discard, trace)
	if err := errors.Join(cmd.Wait(), err, drained); err != nil {
		return count{}, fmt.Errorf("the guest on %s: %w\n%s", model, err, &stderr)
	}
	result := count{kernels: strings.TrimSpace(stdout.String())}
	result.perCase, err = perOperation(c.pieces, len(cases), runs, paths.BatchKeys)
	return result, err
}
