package fasta_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seqmap/seqmap-go/bench/data"
	"github.com/seqmap/seqmap-go/bench/fasta"
	"github.com/seqmap/seqmap-go/bench/input"
)

func TestRead(t *testing.T) {
	const b = fasta.Break
	for _, tc := range []struct {
		name, in string
		codes    []byte
		records  int
		bases    int
	}{
		{"one record", ">x\nACGT\n", []byte{0, 1, 2, 3}, 1, 4},
		{"lines join", ">x\nAC\nGT\n", []byte{0, 1, 2, 3}, 1, 4},
		{"no last newline", ">x\nAC", []byte{0, 1}, 1, 2},
		{"CRLF", ">x\r\nAC\r\nGT\r\n", []byte{0, 1, 2, 3}, 1, 4},
		{"blank lines", "\n \n>x\n\nAC\n\nGT\n\n", []byte{0, 1, 2, 3}, 1, 4},
		{"lower case", ">x\nacgtn\n", []byte{0, 1, 2, 3, b}, 1, 5},
		{"records are kept apart", ">x\nAC\n>y\nGT\n", []byte{0, 1, b, 2, 3}, 2, 4},
		{"ambiguity and gap", ">x\nANRYSWKMBDHVU-C\n", append(append([]byte{0}, bytes.Repeat([]byte{b}, 13)...), 1), 1, 15},
		{"header only", ">x\n", nil, 1, 0},
		{"header without newline", ">", nil, 1, 0},
		{"header of any bytes", ">x > \xff>!\nA\n", []byte{0}, 1, 1},
	} {
		for _, wrap := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader} {
			got, err := fasta.Read("f", wrap(strings.NewReader(tc.in)))
			if err != nil {
				t.Errorf("%s: %v", tc.name, err)
				continue
			}
			if !slices.Equal(got.Codes, tc.codes) || got.Records != tc.records || got.Bases != tc.bases {
				t.Errorf("%s: got %+v; want %v, %d records, %d bases", tc.name, *got, tc.codes, tc.records, tc.bases)
			}
		}
	}
}

func TestReadBroken(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		line     int
		text     string
	}{
		{"empty", "", 1, "no record"},
		{"blank", "\n\n\n", 4, "no record"},
		{"no header", "\n\nACGT\n", 3, "must begin with '>'"},
		{"prose", "Dear reader,\n", 1, "must begin with '>'"},
		{"indented header", " >x\nAC\n", 1, "must begin with '>'"},
		{"protein", ">x\nACGT\nMKLE\n", 3, `'L'`},
		{"digit", ">x\nAC\n>y\nAC1\n", 4, `'1'`},
		{"header sign inside a line", ">x\nAC>y\n", 2, `'>'`},
		{"binary", ">x\n\x00\n", 2, `'\x00'`},
		{"not ASCII", ">x\nA\n\n\nÄ\n", 5, "invalid character"},
	} {
		_, err := fasta.Read("reads.fa", strings.NewReader(tc.in))
		var at *input.Error
		if !errors.As(err, &at) || at.File != "reads.fa" || at.Line != tc.line || !strings.Contains(err.Error(), tc.text) {
			t.Errorf("%s: got %v; want an error at reads.fa:%d with %q", tc.name, err, tc.line, tc.text)
		}
	}
}

func TestReadTruncatedGzip(t *testing.T) {
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	fmt.Fprint(zw, ">x\nAC\nGT\n")
	if err := zw.Flush(); err != nil {
		t.Fatal(err)
	}
	_, err := fasta.Read("cut.gz", &zipped) // without the trailer
	var at *input.Error
	if !errors.As(err, &at) || at.Line != 4 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v; want an unexpected end at cut.gz:4", err)
	}
}

func TestReadGenome(t *testing.T) {
	seq, err := fasta.Read(data.GenomeName, bytes.NewReader(data.Genome))
	if err != nil {
		t.Fatal(err)
	}
	if seq.Records != 1 || seq.Bases != 4_938_920 || len(seq.Codes) != seq.Bases {
		t.Errorf("got %d records, %d bases, %d codes; want 1 and twice 4,938,920", seq.Records, seq.Bases, len(seq.Codes))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(">x\nACGTN\n>y\nacgt"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, in []byte) {
		seq, err := fasta.Read("f", bytes.NewReader(in))
		if err != nil {
			var at *input.Error
			if !errors.As(err, &at) || at.Line < 1 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		if seq.Records < 1 || len(seq.Codes) != seq.Bases+seq.Records-1 {
			t.Fatalf("%d codes for %d bases in %d records", len(seq.Codes), seq.Bases, seq.Records)
		}
		if i := slices.IndexFunc(seq.Codes, func(c byte) bool { return c > fasta.Break }); i >= 0 {
			t.Fatalf("code %d at %d", seq.Codes[i], i)
		}
	})
}

func ExampleRead() {
	seq, err := fasta.Read("two.fa", strings.NewReader(">first\nACN\n>second\nGT\n"))
	fmt.Println(seq.Codes, seq.Records, seq.Bases, err)

	_, err = fasta.Read("two.fa", strings.NewReader(">first\nAC?\n"))
	fmt.Println(err)
	// Output:
	// [0 1 4 4 2 3] 2 5 <nil>
	// two.fa:2: invalid character '?' in a sequence
}
