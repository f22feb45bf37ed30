package main

import (
	"bytes"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// trace returns a trace; each field is a thread and an address.
func trace(fields ...string) string {
	var text strings.Builder
	text.WriteString("guest says something\nTrace nothing\n")
	for _, f := range fields {
		thread, address, _ := strings.Cut(f, ":")
		fmt.Fprintf(&text, "Trace %s: 0x7f0a6c000100 [0000000001009331/%016s/00000001/00000201] some.function\n", thread, address)
	}
	return text.String()
}

func TestCutter(t *testing.T) {
	code := symbols{mark: 0xa0, morestack: []uint64{0xf0, 0xf8}}
	for _, tc := range []struct {
		name   string
		fields []string
		want   []int
	}{
		{"nothing", nil, nil},
		{"no mark", []string{"0:10", "0:14"}, nil},
		{"pieces", []string{"0:10", "0:a0", "0:14", "0:18", "0:a0", "0:a0", "0:1c", "0:a0", "0:10"}, []int{2, 0, 1}},
		{"threads", []string{"1:10", "1:a0", "0:14", "0:a0", "1:14", "2:14", "1:a0", "0:a0"}, []int{1}},
		// The call at 20 leads away; 24 is behind it, and 20 itself is not.
		{"morestack", []string{"0:a0", "0:20", "0:f8", "0:30", "1:24", "0:20", "0:a0", "0:24", "0:28", "0:a0"}, []int{2}},
	} {
		c := cutter{code: code}
		if err := c.read(strings.NewReader(trace(tc.fields...))); err != nil || !slices.Equal(c.pieces, tc.want) {
			t.Errorf("%s: %v, %v; want %v", tc.name, c.pieces, err, tc.want)
		}
	}
}

func TestPerOperation(t *testing.T) {
	// Two cases, two runs: 105 and 207, then 100 and 200, with 3 between; then 50 and 90 twice.
	pieces := []int{105, 207, 3, 100, 200, 3, 50, 90, 3, 50, 90}
	got, err := perOperation(pieces, 2, 2, 10)
	if err != nil || !slices.Equal(got, []float64{10, 4}) {
		t.Errorf("got %v, %v; want 10 and 4", got, err)
	}
	if _, err := perOperation(pieces[1:], 2, 2, 10); err == nil || !strings.Contains(err.Error(), "the trace has 10 pieces") {
		t.Errorf("a piece less: %v", err)
	}
}

func TestWrongCommandLines(t *testing.T) {
	for want, args := range map[string][]string{
		"-runs is 0":                {"-runs", "0"},
		"error parsing regexp":      {"-cases", "("},
		`no case matches "none"`:    {"-cases", "none"},
		`unexpected argument "arm"`: {"arm"},
		"nothing to count on mips":  {"-goarch", "mips"},
	} {
		var out bytes.Buffer
		if err := run(args, &out); err == nil || !strings.Contains(err.Error(), want) || out.Len() > 0 {
			t.Errorf("%q: %v, output %q; want %q", args, err, &out, want)
		}
	}
}

func TestDefaultCases(t *testing.T) {
	o, err := parseOptions(nil)
	if err != nil || len(o.cases) != 12 || len(o.models) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestRun counts in a guest for this architecture. Where no emulator is, it must say so.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	err := run([]string{"-goarch", runtime.GOARCH, "-cpus", "max", "-runs", "1", "-cases", "^Cell 64 B Load"}, &out)
	if _, missing := findEmulator(runtime.GOARCH); missing != nil {
		if err == nil || err.Error() != missing.Error() {
			t.Errorf("got %v, want %v", err, missing)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^Cell 64 B Load +([0-9.]+) +([0-9.]+) `).FindStringSubmatch(out.String())
	if row == nil {
		t.Fatalf("no row in:\n%s", &out)
	}
	for _, text := range row[1:] {
		// Four instructions can load 64 bytes; more than a few hundred are somebody else's.
		if n, err := strconv.ParseFloat(text, 64); err != nil || n < 4 || n > 400 {
			t.Errorf("%s instructions", text)
		}
	}
}

func TestEmulatorThatFails(t *testing.T) {
	e, err := findEmulator(runtime.GOARCH)
	if err != nil {
		e.program = "./no such program"
	}
	guest, err := build(runtime.GOARCH, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = e.count(guest, "no-such-model", "", []string{"Cell 8 B Load"}, 1); err == nil {
		t.Error("no error on a CPU that is not there")
	}
	if _, err := e.count("no such guest", "max", "", nil, 1); err == nil {
		t.Error("no error for a guest that is not there")
	}
}
