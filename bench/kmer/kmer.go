// Package kmer cuts sequences into k-mers, all their windows of k bases, each
// packed into one uint64 with two bits a base. The first base is in the
// highest bits, so numeric order is lexicographic order.
package kmer

import (
	"fmt"

	"github.com/seqmap/seqmap-go/bench/fasta"
)

// MaxK is the longest k-mer that fits into a uint64.
const MaxK = 32

const letters = "ACGT"

// Decode returns the k letters of key.
func Decode(key uint64, k int) string {
	text := make([]byte, k)
	for i := k - 1; i >= 0; i-- {
		text[i] = letters[key&3]
		key >>= 2
	}
	return string(text)
}

// Scanner yields the k-mers of a part of a sequence. It keeps the last window
// and shifts one base in at each step, so a k-mer costs the same for every k.
type Scanner struct {
	codes  []byte // what is left to scan
	k      int
	mask   uint64 // the low 2k bits
	window uint64 // the last bases, newest lowest
	run    int    // bases since the last Break, at most k
}

// NewScanner scans codes, as fasta.Read makes them, for the windows of k bases
// that end at an index in [from, to). So parts that share no index yield each
// window once. It panics if k is not in 1..MaxK or if the part is not in codes.
func NewScanner(codes []byte, k, from, to int) Scanner {
	if k < 1 || k > MaxK {
		panic(fmt.Sprintf("kmer: k is %d, must be 1..%d", k, MaxK))
	}
	s := Scanner{k: k, mask: ^uint64(0) >> (64 - 2*k)}
	lead := max(0, from-(k-1))
	for _, code := range codes[lead:from] {
		s.shift(code)
	}
	s.codes = codes[from:to]
	return s
}

// shift takes one base in. The window is a k-mer when run has reached k.
func (s *Scanner) shift(code byte) {
	if code >= fasta.Break {
		s.run = 0
		return
	}
	s.window = (s.window<<2 | uint64(code)) & s.mask
	s.run = min(s.run+1, s.k)
}

// Fill stores the next k-mers in dst and returns how many: less than len(dst)
// at the end only, and 0 after it.
func (s *Scanner) Fill(dst []uint64) int {
	n := 0
	for i, code := range s.codes {
		if n == len(dst) {
			s.codes = s.codes[i:]
			return n
		}
		s.shift(code)
		if s.run == s.k {
			dst[n] = s.window
			n++
		}
	}
	s.codes = nil
	return n
}
