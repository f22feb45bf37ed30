package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"

	"github.com/seqmap/seqmap-go/bench/count"
	"github.com/seqmap/seqmap-go/bench/data"
	"github.com/seqmap/seqmap-go/bench/fasta"
	"github.com/seqmap/seqmap-go/bench/kmer"
)

func setupKmers(fs *flag.FlagSet) action {
	var flags countFlags
	flags.declare(fs, "FASTA")
	k := fs.Int("k", 21, "`length` of the k-mers")
	return action{
		check: func() error {
			if *k < 1 || *k > kmer.MaxK {
				return fmt.Errorf("-k is %d, must be 1 to %d", *k, kmer.MaxK)
			}
			return flags.check()
		},
		do: func(out io.Writer, line *statusLine) error { return countKmers(out, line, &flags, *k) },
	}
}

func countKmers(out io.Writer, line *statusLine, flags *countFlags, k int) error {
	seq, name, err := parseSource(flags, data.GenomeName, data.Genome, line, fasta.Read)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s in %s\n", name, plural(seq.Bases, "base"), plural(seq.Records, "record"))
	return counting[uint64]{
		job:     count.OfKmers(seq.Codes, k),
		compare: cmp.Compare[uint64],
		text:    func(key uint64) string { return kmer.Decode(key, k) },
		noun:    fmt.Sprintf("%d-mers", k),
	}.run(out, line, flags)
}
