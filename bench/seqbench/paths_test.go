package main

import (
	"runtime"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	code, stdout, stderr := call("paths", "-levels", "generic, default,generic", "-most", "300", "-rounds", "2",
		"-sittings", "1", "-cases", "Cell 16 B|8:8 .*growing")
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	contains(t, stdout, "one build on "+runtime.GOOS+"/"+runtime.GOARCH, "1 sitting of 2 interleaved rounds",
		"generic: level generic (", "kernels: none", "default: level ",
		"ns, least / median", "default is faster", "generic is faster", "must", "B/op  allocs/op",
		"Cell 16 B Store", "2.50", "Cell 16 B Load", "0.97", "SeqMap 8:8 n=300 Insert growing",
		"hits, uint64 to uint64, 300 entries", "GetBatch is faster", "GetBatch ", "seqmap", "2.50", "map", "xsync", "FlatMapOf")
	if runtime.GOARCH == goalArch {
		contains(t, stdout, "short of what they must, by the least times or by the rounds: ")
	}
	if strings.Contains(stdout, "Cell 8 B") {
		t.Errorf("cases are reported that were not asked for:\n%s", stdout)
	}
}

func TestPathsOfOneLevel(t *testing.T) {
	code, stdout, stderr := call("paths", "-levels", "default", "-most", "10", "-rounds", "1", "-sittings", "1",
		"-cases", "Cell 8 B Store", "-rivals=false")
	if code != exitOK || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	contains(t, stdout, "ns, least / median", "default  must", "Cell 8 B Store")
	if strings.Contains(stdout, "faster  ") || strings.Contains(stdout, "xsync") {
		t.Errorf("there is nothing to compare, but:\n%s", stdout)
	}
}

func TestPathsOfNoCase(t *testing.T) {
	code, stdout, stderr := call("paths", "-cases", "no such", "-rivals=false")
	if code != exitError || stdout != "" {
		t.Errorf("exit code %d, %q", code, stdout)
	}
	contains(t, stderr, "-cases matches none")
}

func TestPathsList(t *testing.T) {
	code, stdout, stderr := call("paths", "-list", "-cases", "^Cell .* Swap|8:8 .* GetBatch")
	want := "Cell 64 B Swap\n" +
		"SeqMap 8:8 n=1024 GetBatch hits\nSeqMap 8:8 n=1024 GetBatch misses\n" +
		"SeqMap 8:8 n=3000000 GetBatch hits\nSeqMap 8:8 n=3000000 GetBatch misses\n"
	if code != exitOK || stdout != want || stderr != "" {
		t.Errorf("exit code %d, %q, %q; want %q", code, stdout, stderr, want)
	}
}
