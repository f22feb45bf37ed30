// Command seqbench counts real data with seqmap from all processors, shows
// what came out, and does the same work with other concurrent maps.
//
//	go run ./seqbench                 count the 21-mers of the E. coli genome
//	go run ./seqbench kmers -k 15     k-mers of another length
//	go run ./seqbench words           words of the King James Bible
//	go run ./seqbench compare         single operations, map against map
//	go run ./seqbench outcomes        wrong results of concurrent calls, map by map
//	go run ./seqbench torture         all containers under load, and checked
//	go run ./seqbench paths           code paths of this build, level against level
//	go run ./seqbench env             machine, versions, chosen code paths
//
// Run it with -h for all flags. It exits with 0 when all went well, with 1
// when the work failed or an invariant did not hold, with 2 when the command
// line is wrong. Results go to standard output; errors, and progress if it is
// a terminal, to standard error.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
