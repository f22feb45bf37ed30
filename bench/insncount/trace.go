package main

import (
	"bufio"
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A cutter cuts the trace of a guest into pieces. The emulator writes one line for each
// instruction of each thread:
//
//	Trace 0: 0x7f0a6c000100 [0000000001009331/0000000000088b60/00000001/00000201] main.mark
//
// which has the thread behind "Trace", and the address of the instruction between the first two
// slashes.
//
// The scheduler has a goroutine call morestack when its time is up, which is soon in an emulator.
// What happens from there until the goroutine goes on is not counted.
type cutter struct {
	code   symbols
	thread string // the thread that came by mark, "" before
	now    int    // instructions of that thread since
	last   uint64 // address of the one before
	away   bool   // in morestack, or wherever it leads
	back   uint64 // address of the call of morestack
	pieces []int  // the same as now for each piece that has ended
}

// callBytes is the length of the longest call instruction.
const callBytes = 5

// read reads a trace to its end.
func (c *cutter) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		thread, address, ok := parse(lines.Bytes())
		switch {
		case !ok:
		case c.thread == "" && address == c.code.mark:
			c.thread = string(thread)
		case c.thread == string(thread):
			c.step(address)
		}
	}
	return lines.Err()
}

// step takes an instruction of the thread.
func (c *cutter) step(address uint64) {
	switch {
	case c.away:
		c.away = address <= c.back || address > c.back+callBytes
	case slices.Contains(c.code.morestack, address):
		c.away, c.back = true, c.last
	case address == c.code.mark:
		c.pieces = append(c.pieces, c.now)
		c.now = 0
	default:
		c.now++
	}
	c.last = address
}

// parse returns thread and address of a line, or false if it is not about an instruction.
func parse(line []byte) (thread []byte, address uint64, ok bool) {
	line, ok = bytes.CutPrefix(line, []byte("Trace "))
	if !ok {
		return nil, 0, false
	}
	thread, line, _ = bytes.Cut(line, []byte(":"))
	_, line, _ = bytes.Cut(line, []byte("/"))
	hex, _, ok := bytes.Cut(line, []byte("/"))
	if !ok || len(thread) == 0 {
		return nil, 0, false
	}
	address, err := strconv.ParseUint(string(hex), 16, 64)
	return thread, address, err == nil
}

// perOperation returns the instructions of one operation of each case, from the pieces of a
// guest that did n operations, 2n operations, and what lies between two runs, for each of the
// runs of each case. What the runs have in common goes with the difference; the least of the
// runs is the one in which the runtime did the least of its own.
func perOperation(pieces []int, cases, runs, n int) ([]float64, error) {
	// Nothing ends the last piece between runs.
	if len(pieces) != 3*cases*runs-1 {
		return nil, fmt.Errorf("the trace has %d pieces, want %d for each of %d runs of %d cases, less one",
			len(pieces), 3, runs, cases)
	}
	counts := make([]float64, cases)
	for i := range counts {
		of := pieces[3*runs*i:]
		once, twice := of[0], of[1]
		for run := range runs {
			once, twice = min(once, of[3*run]), min(twice, of[3*run+1])
		}
		counts[i] = float64(twice-once) / float64(n)
	}
	return counts, nil
}

// symbols are the addresses that matter in a program.
type symbols struct {
	mark      uint64   // where the trace is cut
	morestack []uint64 // the functions by which a goroutine leaves its work
}

// symbolsOf reads the symbols of a guest.
func symbolsOf(program string) (s symbols, err error) {
	f, err := elf.Open(program)
	if err != nil {
		return s, err
	}
	defer f.Close()
	list, err := f.Symbols()
	if err != nil {
		return s, err
	}
	for _, symbol := range list {
		switch {
		case symbol.Name == "main.mark":
			s.mark = symbol.Value
		case strings.HasPrefix(symbol.Name, "runtime.morestack"):
			s.morestack = append(s.morestack, symbol.Value)
		}
	}
	if s.mark == 0 || len(s.morestack) == 0 {
		return s, fmt.Errorf("%s has no function main.mark, or none for more stack", program)
	}
	return s, nil
}
