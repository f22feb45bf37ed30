package input_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seqmap/seqmap-go/bench/input"
)

func compress(t *testing.T, text string) []byte {
	t.Helper()
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := io.WriteString(zw, text); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestOpen(t *testing.T) {
	zipped := compress(t, "one\ntwo\n")
	for _, tc := range []struct {
		name string
		in   []byte
		want string
	}{
		{"plain", []byte("one\ntwo\n"), "one\ntwo\n"},
		{"empty", nil, ""},
		{"one byte", []byte{0x1f}, "\x1f"},
		{"gzip", zipped, "one\ntwo\n"},
		{"gzip of two members", append(bytes.Clone(zipped), zipped...), "one\ntwo\none\ntwo\n"},
	} {
		r, err := input.Open("f", iotest.OneByteReader(bytes.NewReader(tc.in)))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: got %q, %v; want %q", tc.name, got, err, tc.want)
		}
	}
}

func TestOpenBrokenHeader(t *testing.T) {
	_, err := input.Open("reads.gz", bytes.NewReader([]byte{0x1f, 0x8b, 0xff, 0xff, 0, 0, 0, 0, 0, 0}))
	var at *input.Error
	if !errors.As(err, &at) || at.File != "reads.gz" || at.Line != 1 || !errors.Is(err, gzip.ErrHeader) {
		t.Errorf("got %v; want a gzip header error at reads.gz:1", err)
	}
}

func TestOpenUnreadable(t *testing.T) {
	fault := errors.New("disk on fire")
	_, err := input.Open("f", iotest.ErrReader(fault))
	if !errors.Is(err, fault) || !strings.HasPrefix(err.Error(), "f:1: ") {
		t.Errorf("got %v; want f:1: disk on fire", err)
	}
}

func TestReadTruncated(t *testing.T) {
	zipped := compress(t, strings.Repeat("text ", 1000))
	r, err := input.Open("f", bytes.NewReader(zipped[:len(zipped)-9]))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "gzip") {
		t.Errorf("got %v; want an unexpected end of the gzip data", err)
	}
}

func ExampleError() {
	fmt.Println(&input.Error{File: "reads.fa", Line: 7, Err: errors.New("not a base")})
	// Output: reads.fa:7: not a base
}

func ExampleOpen() {
	r, err := input.Open("hello.txt", strings.NewReader("plain text passes through"))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := io.ReadAll(r)
	fmt.Printf("%s\n", text)
	// Output: plain text passes through
}
