// Package words splits text into words that are fixed-size byte arrays, so
// that they can be keys of maps that take no pointers.
//
// A word is a longest run of letters and apostrophes that has a letter in it,
// in lower case. Letters are Unicode's; the typographic apostrophe counts as
// the plain one.
package words

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"

	"github.com/seqmap/seqmap-go/bench/input"
)

// MaxBytes is the longest word, in bytes of UTF-8.
const MaxBytes = 32

// Word is a word, filled up with zero bytes.
type Word [MaxBytes]byte

// String returns the word without the filling.
func (w Word) String() string {
	return string(bytes.TrimRight(w[:], "\x00"))
}

// Compare orders words by their bytes.
func Compare(a, b Word) int { return bytes.Compare(a[:], b[:]) }

// Read returns the words of the UTF-8 text of r, which may be gzip-compressed,
// in their order. A word that is too long, text that is not UTF-8 and a fault
// of r end it with an *input.Error that names file and the line.
func Read(file string, r io.Reader) ([]Word, error) {
	text, err := input.Open(file, r)
	if err != nil {
		return nil, err
	}
	s := splitter{line: 1}
	if err := s.readAll(bufio.NewReaderSize(text, 64<<10)); err != nil {
		return nil, &input.Error{File: file, Line: s.line, Err: err}
	}
	return s.words, nil
}

var errEncoding = errors.New("the text is not UTF-8")

type splitter struct {
	words   []Word
	line    int
	run     Word // the run that is being read
	length  int  // its length in bytes
	letters int  // how many letters are in it
}

func (s *splitter) readAll(r *bufio.Reader) error {
	for {
		c, size, err := r.ReadRune()
		if err == io.EOF {
			s.end()
			return nil
		}
		if err != nil {
			return err
		}
		if c == utf8.RuneError && size == 1 {
			return errEncoding
		}
		if err := s.add(c); err != nil {
			return err
		}
	}
}

func (s *splitter) add(c rune) error {
	switch {
	case c == '\'' || c == '’':
		c = '\''
	case isLetter(c):
		c = unicode.ToLower(c)
		s.letters++
	default:
		s.end()
		if c == '\n' {
			s.line++
		}
		return nil
	}
	if s.length+utf8.RuneLen(c) > MaxBytes {
		return fmt.Errorf("the word that begins with %q is longer than %d bytes", s.run.String(), MaxBytes)
	}
	s.length += utf8.EncodeRune(s.run[s.length:], c)
	return nil
}

func isLetter(c rune) bool { return unicode.IsLetter(c) || unicode.Is(unicode.Mark, c) }

// end closes the run, and keeps it if it is a word.
func (s *splitter) end() {
	if s.length == 0 {
		return
	}
	if s.letters > 0 {
		s.words = append(s.words, s.run)
	}
	s.run, s.length, s.letters = Word{}, 0, 0
}
