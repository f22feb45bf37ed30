// Package data holds the real inputs of the benchmarks, compressed as they
// are stored. The copyright file of each stands beside it.
package data

import _ "embed"

// Names of the embedded files, for messages.
const (
	GenomeName = "NC_008253.fna.gz"
	BibleName  = "kjv.txt.gz"
)

// Genome is the genome of Escherichia coli 536 as gzip-compressed FASTA.
//
//go:embed genome/NC_008253.fna.gz
var Genome []byte

// Bible is the King James Bible as gzip-compressed text.
//
//go:embed text/kjv.txt.gz
var Bible []byte
