package kmer_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/bench/fasta"
	"github.com/seqmap/seqmap-go/bench/kmer"
)

// naive cuts every window out as text and encodes it letter by letter.
func naive(codes []byte, k int) []uint64 {
	var keys []uint64
	for i := 0; i+k <= len(codes); i++ {
		window := codes[i : i+k]
		if slices.Contains(window, byte(fasta.Break)) {
			continue
		}
		key := uint64(0)
		for _, code := range window {
			key = key*4 + uint64(code)
		}
		keys = append(keys, key)
	}
	return keys
}

// scan collects the k-mers of codes in parts of the given length, with a
// buffer of the given length.
func scan(codes []byte, k, part, buffer int) []uint64 {
	var keys []uint64
	buf := make([]uint64, buffer)
	for from := 0; from < len(codes); from += part {
		s := kmer.NewScanner(codes, k, from, min(from+part, len(codes)))
		for n := s.Fill(buf); n > 0; n = s.Fill(buf) {
			keys = append(keys, buf[:n]...)
		}
	}
	return keys
}

func TestScannerMatchesNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	codes := make([]byte, 700)
	for i := range codes {
		codes[i] = byte(rng.IntN(4))
		if rng.IntN(60) == 0 {
			codes[i] = fasta.Break
		}
	}
	for k := 1; k <= kmer.MaxK; k++ {
		want := naive(codes, k)
		for _, part := range []int{1, 2, k, 97, 1000} {
			for _, buffer := range []int{1, 7, 512} {
				if got := scan(codes, k, part, buffer); !slices.Equal(got, want) {
					t.Fatalf("k=%d part=%d buffer=%d: got %d k-mers, want %d, or they differ", k, part, buffer, len(got), len(want))
				}
			}
		}
	}
}

func FuzzScannerMatchesNaive(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x00"), uint8(2), uint8(3), uint8(2))
	f.Fuzz(func(t *testing.T, codes []byte, k, part, buffer uint8) {
		for i := range codes {
			codes[i] %= fasta.Break + 1
		}
		ki := int(k)%kmer.MaxK + 1
		got := scan(codes, ki, int(part)+1, int(buffer)+1)
		if want := naive(codes, ki); !slices.Equal(got, want) {
			t.Fatalf("k=%d: got %v, want %v", ki, got, want)
		}
	})
}

func TestDecodeKeepsOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		a, b := rng.Uint64(), rng.Uint64()
		if (a < b) != (kmer.Decode(a, 32) < kmer.Decode(b, 32)) {
			t.Fatalf("order of %#x and %#x is not that of their letters", a, b)
		}
	}
}

func TestNewScannerPanics(t *testing.T) {
	for _, k := range []int{-1, 0, kmer.MaxK + 1} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, fmt.Sprint("k is ", k)) {
					t.Errorf("k=%d: panic %q does not name it", k, text)
				}
			}()
			kmer.NewScanner(nil, k, 0, 0)
		}()
	}
}

func ExampleScanner() {
	seq, err := fasta.Read("x.fa", strings.NewReader(">x\nGATTACA\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	s := kmer.NewScanner(seq.Codes, 4, 0, len(seq.Codes))
	buf := make([]uint64, 16)
	for _, key := range buf[:s.Fill(buf)] {
		fmt.Println(kmer.Decode(key, 4))
	}
	// Output:
	// GATT
	// ATTA
	// TTAC
	// TACA
}
