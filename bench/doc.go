// Package bench is the benchmark module of seqmap-go: the Go benchmarks of
// bench_test.go and, below it, the seqbench command with what it is made of.
//
//	data      the embedded real data, each file beside its copyright file
//	input     opening text that may be gzip, errors that name file and line
//	fasta     the FASTA parser
//	kmer      the two-bit k-mer encoder
//	words     the word splitter
//	rivals    one interface over seqmap and the maps that it is compared with
//	count     the main job: many goroutines count the same keys into one map
//	meter     time, allocation and live memory
//	paired    interleaved rounds of single operations, map against map
//	outcome   tiny concurrent programs whose possible results are known
//	torture   all containers under load, with checks of what must hold
//	paths     interleaved rounds of single operations, code path against code path
//	seqbench  the command
//	insncount instructions of single operations, counted in an emulator
//
// It is a module of its own so that the rivals never become requirements of
// the library.
package bench
