package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestStatusLineNeedsTerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if newStatusLine(&bytes.Buffer{}).w != nil || newStatusLine(f).w != nil || newStatusLine(w).w != nil {
		t.Error("a buffer, a file or a pipe is taken for a terminal")
	}
	silent := &statusLine{}
	silent.show("text")
	silent.clear()
	silent.follow("label", new(atomic.Int64), 1)()
}

func TestStatusLineIsWrittenOver(t *testing.T) {
	var screen bytes.Buffer
	line := &statusLine{&screen}
	line.show("reading")
	line.show(strings.Repeat("x", 200))
	line.clear()
	want := eraseLine + "reading" + eraseLine + strings.Repeat("x", statusColumns) + eraseLine
	if screen.String() != want {
		t.Errorf("wrote %q, want %q", screen.String(), want)
	}
}

func TestFollow(t *testing.T) {
	var screen bytes.Buffer
	line := &statusLine{&screen}
	var done atomic.Int64
	done.Store(50)
	line.follow("round 1/3 seqmap", &done, 200)()
	text := screen.String()
	contains(t, text, "round 1/3 seqmap", "[#####...............]", "25%")
	if strings.Contains(text, "\n") {
		t.Errorf("%q is more than a line", text)
	}
}

func TestProgress(t *testing.T) {
	for _, tc := range []struct {
		done, total int64
		want        string
	}{{0, 10, "0%"}, {10, 10, "100%"}, {0, 0, "100%"}, {12, 10, "100%"}, {999, 1000, "100%"}, {1, 3, "33%"}} {
		got := progress("x", tc.done, tc.total)
		if !strings.HasSuffix(got, " "+tc.want) || len(got) > statusColumns {
			t.Errorf("%d of %d shows as %q, want %s", tc.done, tc.total, got, tc.want)
		}
	}
}
