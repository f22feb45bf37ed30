package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/bench/internal/quick"
)

// TestMain lets the test binary be what seqbench paths starts: seqbench paths.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "paths" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// call runs the command line and returns what it wrote.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

// file writes text to a file and returns its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// contains checks that text has all parts in it, in this order.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%q is missing, or not at its place, in:\n%s", part, text)
		}
		rest = after
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, tc := range []struct {
		args []string
		text string
	}{
		{[]string{"count"}, `no command "count"`},
		{[]string{""}, `no command ""`},
		{[]string{"-x"}, "-x"},
		{[]string{"kmers", "-k"}, "-k"},
		{[]string{"kmers", "-k", "many"}, "many"},
		{[]string{"kmers", "-k", "0"}, "-k is 0, must be 1 to 32"},
		{[]string{"kmers", "-k", "33"}, "-k is 33"},
		{[]string{"-k", "-1"}, "-k is -1"},
		{[]string{"kmers", "-p", "0"}, "-p is 0"},
		{[]string{"kmers", "-rounds", "0"}, "-rounds is 0"},
		{[]string{"kmers", "21"}, `unexpected argument "21"`},
		{[]string{"kmers", "-k", "5", "words"}, `unexpected argument "words"`},
		{[]string{"words", "-k", "5"}, "-k"},
		{[]string{"words", "-p", "-3"}, "-p is -3"},
		{[]string{"compare", "-sizes", "1000,x"}, `"x" is not a number of entries`},
		{[]string{"compare", "-sizes", "0"}, `"0" is not`},
		{[]string{"compare", "-rounds", "0"}, "-rounds is 0"},
		{[]string{"compare", "-turn", "0"}, "-turn is 0"},
		{[]string{"outcomes", "-runs", "0"}, "-runs is 0"},
		{[]string{"outcomes", "-each", "0"}, "-each is 0"},
		{[]string{"outcomes", "-map", "nomap"}, `-map is "nomap", but there are seqmap[uint64, uint64] with hash real; `},
		{[]string{"torture", "-for", "0s"}, "-for is 0s"},
		{[]string{"torture", "-for", "soon"}, "soon"},
		{[]string{"torture", "-goroutines", "0"}, "-goroutines is 0"},
		{[]string{"torture", "-seed", "x"}, "-seed"},
		{[]string{"paths", "-levels", "generic,fast"}, `"fast" is none of the levels default, generic, sse2`},
		{[]string{"paths", "-rounds", "0"}, "-rounds is 0"},
		{[]string{"paths", "-sittings", "-1"}, "-sittings is -1"},
		{[]string{"paths", "-most", "0"}, "-most is 0"},
		{[]string{"paths", "-cases", "("}, "-cases: error parsing regexp"},
		{[]string{"env", "-v"}, "-v"},
		{[]string{"env", "all"}, `"all"`},
	} {
		code, stdout, stderr := call(tc.args...)
		if code != exitUsage || stdout != "" {
			t.Errorf("%q: exit code %d, output %q; want code 2 and none", tc.args, code, stdout)
		}
		contains(t, stderr, "seqbench", tc.text, "usage: seqbench")
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"help"}} {
		if code, stdout, stderr := call(args...); code != exitOK || stdout != usage || stderr != "" {
			t.Errorf("%q: exit code %d, %q, %q; want 0 and the usage", args, code, stdout, stderr)
		}
	}
	for _, c := range commands() {
		code, stdout, stderr := call(c.name, "-h")
		if code != exitOK || stderr != "" {
			t.Errorf("%s -h: exit code %d, %q", c.name, code, stderr)
		}
		contains(t, stdout, "usage: seqbench "+c.name)
		contains(t, usage, "  "+c.name+" ")
	}
}

func TestBrokenInput(t *testing.T) {
	for _, tc := range []struct{ command, text, want string }{
		{"kmers", "", ":1: not FASTA"},
		{"kmers", "\n\nHello\n", ":3: not FASTA"},
		{"kmers", ">x\nACGT\nAC!T\n", ":3: invalid character '!'"},
		{"kmers", "\x1f\x8bnonsense", ":1: bad gzip"},
		{"words", "fine\nnot \xff fine\n", ":2: the text is not UTF-8"},
		{"words", "a\n" + strings.Repeat("long", 10), ":2: the word that begins with"},
		{"words", "\x1f\x8b", ":1: bad gzip"},
	} {
		path := file(t, "broken", tc.text)
		code, _, stderr := call(tc.command, "-in", path)
		if code != exitError {
			t.Errorf("%s of %q: exit code %d, want 1", tc.command, tc.text, code)
		}
		contains(t, stderr, "seqbench: "+path+tc.want)
	}
	for _, command := range []string{"kmers", "words"} {
		missing := filepath.Join(t.TempDir(), "missing.fa")
		code, stdout, stderr := call(command, "-in", missing)
		if code != exitError || stdout != "" {
			t.Errorf("%s of a missing file: exit code %d, %q", command, code, stdout)
		}
		contains(t, stderr, missing)
		code, _, stderr = call(command, "-in", t.TempDir())
		if code != exitError {
			t.Errorf("%s of a directory: exit code %d", command, code)
		}
		contains(t, stderr, "directory")
	}
}

func TestKmersOfFile(t *testing.T) {
	path := file(t, "two.fa", ">one\nGATTACAGATTACA\n>two\nGATNTACA\n")
	for _, args := range [][]string{
		{"kmers", "-k", "3", "-in", path},
		{"-k", "3", "-in", path, "-p", "1", "-rounds", "2"},
		{"kmers", "-k", "3", "-in", path, "-p", "8", "-growth=false"},
	} {
		code, stdout, stderr := call(args...)
		if code != exitOK || stderr != "" {
			t.Fatalf("%q: exit code %d, %q", args, code, stderr)
		}
		// Equal counts stand in the order of their letters.
		contains(t, stdout, "two.fa: 22 bases in 2 records\n", "15 3-mers, 7 distinct\n", "the 7 commonest:\n",
			"3  ACA\n", "3  GAT\n", "3  TAC\n", "2  ATT\n", "2  TTA\n", "1  AGA\n", "1  CAG\n",
			"seqmap", "1.00", "sync.Map", "map+mutex", "xsync", "FlatMapOf", "all maps counted the same")
	}
}

func TestReportSaysHowItRan(t *testing.T) {
	path := file(t, "one.fa", ">one\nGATTACA\n")
	_, stdout, _ := call("-in", path, "-k", "3", "-p", "1", "-rounds", "1", "-growth=false", "-rivals=false")
	contains(t, stdout, "1 goroutine, with room made ahead; median of 1 interleaved round:")
	if strings.Contains(stdout, "xsync") || strings.Contains(stdout, "ratio:") {
		t.Errorf("rivals are reported:\n%s", stdout)
	}
	_, stdout, _ = call("-in", path, "-k", "3", "-p", "3", "-rounds", "2")
	contains(t, stdout, "3 goroutines, starting empty; median of 2 interleaved rounds:")
}

func TestInputWithoutKeys(t *testing.T) {
	code, stdout, _ := call("-in", file(t, "short.fa", ">x\nACGTN\n"))
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	contains(t, stdout, "0 21-mers, 0 distinct")
	code, stdout, _ = call("words", "-in", file(t, "none.txt", "1 2 3\n"))
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	contains(t, stdout, "0 words, 0 distinct")
}

// TestMainJob runs it as a user would, without the rivals; count's own tests
// run those.
func TestMainJob(t *testing.T) {
	args, want := []string{"-rivals=false", "-rounds", "1"}, []string{
		"NC_008253.fna.gz: 4,938,920 bases in 1 record\n", "4,938,900 21-mers, 4,863,207 distinct\n",
		"36  ATAAGGCGTTCACGCCGCATC\n", "36  GATAAGGCGTTCACGCCGCAT\n", "33  AAGGCGTTCACGCCGCATCCG\n",
	}
	if quick.Mode() {
		args, want = append(args, "-k", "6"), []string{"4,938,915 6-mers, 4,096 distinct\n"}
	}
	code, stdout, stderr := call(args...)
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	contains(t, stdout, want...)
}

func TestWordsOfBible(t *testing.T) {
	code, stdout, stderr := call("words", "-rounds", "1", fmt.Sprintf("-rivals=%t", !quick.Mode()))
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	contains(t, stdout, "790,889 words, 12,830 distinct\n", "63,919  the\n", "51,696  and\n", "34,626  of\n")
}

func TestCompare(t *testing.T) {
	code, stdout, stderr := call("compare", "-sizes", "10, 2000", "-turn", "1000", "-rounds", "2")
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	for _, size := range []string{"10", "2,000"} {
		contains(t, stdout, "uint64 to uint64, "+size+" entries, one goroutine, 2 interleaved rounds",
			"seqmap", "map", "xsync", "FlatMapOf", "sync.Map", "get hit", "get miss", "get hit, batches", "insert, growing", "insert existing",
			"add", "remove", "insert again", "1.00 / 1.00", "B/op, allocs/op", "bytes per entry", "get hit, batches: 256 keys in a call")
	}
	_, stdout, _ = call("compare", "-sizes", "10", "-turn", "100", "-rounds", "1", "-rivals=false")
	if strings.Contains(stdout, "xsync") {
		t.Errorf("rivals are reported:\n%s", stdout)
	}
}

func TestEnv(t *testing.T) {
	code, stdout, stderr := call("env")
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	contains(t, stdout, runtime.GOOS+"/"+runtime.GOARCH, "features", "GOMAXPROCS", runtime.Version(), "xsync/v4", "llxisdsh/pb")
}

type fullDisk struct{}

var errFull = errors.New("no space left")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestOutputThatFails(t *testing.T) {
	for _, args := range [][]string{{"env"}, {"-h"}, {"words", "-h"}} {
		var stderr bytes.Buffer
		if code := run(args, fullDisk{}, &stderr); code != exitError {
			t.Errorf("%q: exit code %d, want 1", args, code)
		}
		contains(t, stderr.String(), errFull.Error())
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 4863207: "4,863,207"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	if got := fmt.Sprint(plural(0, "base"), plural(1, "base"), plural(2000, "base")); got != "0 bases1 base2,000 bases" {
		t.Errorf("got %q", got)
	}
}

func TestOutcomes(t *testing.T) {
	code, stdout, stderr := call("outcomes", "-runs", "320", "-each", "160", "-map", "seqmap[uint64, uint64]")
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	contains(t, stdout, "runs/s", "with hash real", "320", "2", "with hash constant", "320", "with hash 4bits", "320")

	code, stdout, stderr = call("outcomes", "-runs", "20000000", "-map", "haxmap")
	if code != exitError {
		t.Errorf("exit code %d for a map that is wrong, want 1", code)
	}
	contains(t, stdout, "runs/s", "haxmap")
	contains(t, stderr, "not linearizable", "haxmap: run ", "seed ", "goroutine 1:", "after:")
}
