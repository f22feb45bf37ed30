// Package input reads text that may be gzip-compressed and reports what is
// wrong with it by file and line.
package input

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// Error says where in an input a fault was found. Line counts from 1, in the
// decompressed text.
type Error struct {
	File string
	Line int
	Err  error
}

// Error gives the fault in the form file:line: text.
func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap returns the fault without its place.
func (e *Error) Unwrap() error { return e.Err }

var gzipMagic = []byte{0x1f, 0x8b}

// Open returns the text of r, decompressed if r begins with the two magic
// bytes of gzip. It returns an *Error for line 1 if the start cannot be read
// or the gzip header is broken; later faults of the compressed data come out
// of the returned reader's Read.
func Open(file string, r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	magic, err := br.Peek(len(gzipMagic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{File: file, Line: 1, Err: err}
	}
	if !bytes.Equal(magic, gzipMagic) {
		return br, nil
	}
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, &Error{File: file, Line: 1, Err: fmt.Errorf("bad gzip data: %w", err)}
	}
	return &gzipReader{zr}, nil
}

// gzipReader says of a fault that it is one of the compressed data.
type gzipReader struct{ r *gzip.Reader }

func (g *gzipReader) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("bad gzip data: %w", err)
	}
	return n, err
}
