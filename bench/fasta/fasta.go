// Package fasta parses FASTA: header lines that begin with '>', each followed
// by lines of bases.
package fasta

import (
	"errors"
	"fmt"
	"io"

	"github.com/seqmap/seqmap-go/bench/input"
)

// The codes of Sequence.Codes. The four bases are in lexicographic order.
const (
	A = iota
	C
	G
	T
	Break // no base: an ambiguity code, a gap, or the end of a record
)

// Codes of the class table that are not stored.
const (
	blank   = Break + 1 + iota // white space inside a line
	invalid                    // not a base of any kind
)

// Sequence is everything that a FASTA input holds, in one slice.
type Sequence struct {
	Codes   []byte // one code a base, and a Break between records
	Records int    // number of headers
	Bases   int    // number of bases, ambiguous ones included, gaps too
}

// class maps a byte of a sequence line to its code. Lower case, which marks
// repeats, means the same as upper case.
var class = func() (t [256]byte) {
	for i := range t {
		t[i] = invalid
	}
	for _, c := range " \t\r" {
		t[c] = blank
	}
	// IUPAC's nucleotide codes: U belongs to RNA, the rest are ambiguous.
	for _, c := range "URYSWKMBDHVN" {
		t[c], t[c|0x20] = Break, Break
	}
	t['-'] = Break
	for code, c := range "ACGT" {
		t[c], t[c|0x20] = byte(code), byte(code)
	}
	return t
}()

var (
	errNoRecord = errors.New("not FASTA: there is no record in it")
	errNoHeader = errors.New("not FASTA: the first line that is not blank must begin with '>'")
)

// Read parses the FASTA text of r, which may be gzip-compressed. Lines may be
// of any length and end in LF or CRLF; blank lines are skipped. Every error is
// an *input.Error that names file and the line.
func Read(file string, r io.Reader) (*Sequence, error) {
	p := parser{line: 1, atStart: true}
	text, err := input.Open(file, r)
	if err != nil {
		return nil, err
	}
	if err := p.readAll(text); err != nil {
		return nil, &input.Error{File: file, Line: p.line, Err: err}
	}
	return &p.seq, nil
}

// parser is a state machine over single bytes, so that no line has to fit
// into a buffer.
type parser struct {
	seq      Sequence
	line     int  // number of the line that holds the next byte
	atStart  bool // the next byte is the first of its line
	inHeader bool // the line is a header
}

const chunkBytes = 64 << 10

func (p *parser) readAll(r io.Reader) error {
	chunk := make([]byte, chunkBytes)
	for {
		n, err := r.Read(chunk)
		if err := p.parse(chunk[:n]); err != nil {
			return err
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if p.seq.Records == 0 {
		return errNoRecord
	}
	return nil
}

func (p *parser) parse(text []byte) error {
	for _, c := range text {
		switch {
		case c == '\n':
			p.line++
			p.atStart, p.inHeader = true, false
			continue
		case p.inHeader:
		case c == '>' && p.atStart:
			p.beginRecord()
		default:
			if err := p.base(c); err != nil {
				return err
			}
		}
		p.atStart = false
	}
	return nil
}

func (p *parser) beginRecord() {
	p.inHeader = true
	if p.seq.Records > 0 {
		p.seq.Codes = append(p.seq.Codes, Break)
	}
	p.seq.Records++
}

func (p *parser) base(c byte) error {
	code := class[c]
	if code == blank {
		return nil
	}
	if p.seq.Records == 0 {
		return errNoHeader
	}
	if code == invalid {
		return fmt.Errorf("invalid character %q in a sequence", c)
	}
	p.seq.Codes = append(p.seq.Codes, code)
	p.seq.Bases++
	return nil
}
