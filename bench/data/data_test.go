package data_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"testing"

	"github.com/seqmap/seqmap-go/bench/data"
	"github.com/seqmap/seqmap-go/bench/input"
)

// TestFilesAreTheOriginals keeps the figures of the other tests meaningful.
func TestFilesAreTheOriginals(t *testing.T) {
	for name, tc := range map[string]struct {
		file []byte
		sum  string
	}{
		data.GenomeName: {data.Genome, "b5f5e726fa79caeeb12c19f3697faf7af437f57daf4195419056d639fb36a334"},
		data.BibleName:  {data.Bible, "32e1cf7f4f8c2d59f6caaa5d6e3c0e423793a9858562df5cd27fc0c633abeed6"},
	} {
		sum := sha256.Sum256(tc.file)
		if got := hex.EncodeToString(sum[:]); got != tc.sum {
			t.Errorf("%s has the checksum %s, want %s", name, got, tc.sum)
		}
	}
}

func TestCopyrightFilesStandBeside(t *testing.T) {
	for _, name := range []string{"genome/copyright.bowtie-examples", "text/copyright.bible-kjv-text"} {
		if info, err := os.Stat(name); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, or empty", name, err)
		}
	}
}

func Example() {
	text, err := input.Open(data.GenomeName, bytes.NewReader(data.Genome))
	if err != nil {
		fmt.Println(err)
		return
	}
	line, _ := bufio.NewReader(text).ReadString('\n')
	fmt.Print(data.GenomeName, ": ", line)
	// Output: NC_008253.fna.gz: >gi|110640213|ref|NC_008253.1| Escherichia coli 536, complete genome
}
