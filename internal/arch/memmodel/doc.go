// Package memmodel finds out what small concurrent programs can do on processors that do not
// make memory accesses in the order of the code. Only tests use it: they take the kernels from
// the text of the .s files, and the plain Go routines from their source, and check that no torn
// value, no lost update and no stale read is possible, and that no barrier is there in vain.
// Testing on a machine does not show that: an emulator on another processor hardly reorders
// anything, and a real one does so rarely.
//
// # What a processor may do
//
// A program is a few threads over shared locations. An execution of it says for each load which
// store it took its value from (rf, reads-from), and for each location in which order its stores
// came (co, coherence). From these follows which stores came after the one a load took its
// value from (fr, from-reads). An execution is possible if there is no contradiction in it:
//
//   - Coherence, in all models: each thread sees each location change in that one order, and a
//     read-modify-write follows directly on the store that it read.
//   - Order, where the models differ: take what is in order within each thread, add rf, co and fr
//     between threads, and there must be no cycle, for a cycle is something that happened
//     before itself.
//
// The models are three, by what is in order within a thread (localOrder):
//
//	SC   everything. It is what Go promises of sync/atomic, and what package sched explores.
//	TSO  everything but a store and a later load: a processor of the amd64 architecture keeps
//	     stores in a buffer, out of which its own loads read, before others see them. MFENCE,
//	     LOCK and XCHG empty the buffer.
//	ARM  nothing but: accesses on both sides of a barrier, of the kinds that it orders; what
//	     follows a load-acquire; what comes before a store-release; a store-release and a later
//	     load-acquire; a load and what gets its address from it, or a store its value, or a
//	     store the decision to be made; accesses and a later store to one location.
//
// For ARM this is the model that the Arm Architecture Reference Manual states in chapter B2.3,
// in the formulation of herd7's aarch64.cat (Alglave, Deacon, Grisenthwaite, Hacquard and Maranget,
// "Armed Cats", 2021), as far as it is about ordinary memory, accesses that do not overlap in part,
// and what is visible to threads: lob in local.go has the names of that file. It knows
// the weak form of dependency, by which a value only chose among others. For amd64 it is
// x86-TSO (Sewell, Sarkar, Owens, Zappa Nardelli and Myreen, "x86-TSO", 2010) as an order of
// accesses, herd7's x86tso.cat. That the package agrees with herd7 is tested on the files in
// testdata/litmus, and on generated programs that the models are as strong as each other
// and the mapping of sync/atomic to instructions demand.
//
// A wide load or store counts as several, of 64 bits each and in no order, which is what both
// architectures promise of aligned ones.
//
// # How executions are found
//
// A thread is a Go function that makes its accesses through a [CPU]. [Program.Explore] runs it
// once for each way to choose what its loads return, among the values that the location may have,
// which gives a set of runs; then it takes a run of each thread, looks for the ways to
// put them together, and asks the conditions about the final state. Everything is
// exhaustive, within the program: reads of what nobody writes are left out only where what they
// order is in order without them, and loops that try again are followed once, because there is
// another execution that does the same and only came later. Where a thread waits for what others do
// after it has stored something itself, Program.Waits is to be set.
//
// # Assembly
//
// [ReadRoutines] reads a .s file of Go's assembler, [Routine.Decode] gives its instructions their
// meaning, and [Code.Call] runs them on a CPU. A kernel that ends in a jump to a Go function goes
// on in the source of that. To give a meaning to another instruction, add it to amd64Ops or
// arm64Ops. Litmus tests are translated to the same instructions, so their verdicts are about
// these meanings too. Vector loads, and loads of pairs, may take halves of words or two halves at
// once, each of which is then an access of its own. No order is assumed from what vectors compute.
// What is not modelled: flags that no branch here looks at, partial registers of 16 bits, faults,
// and other accesses that overlap a location in part, which are reported.
//
// # Go
//
// [ReadSource] reads Go packages, and [GoCPU.Call] runs their functions: integers, structs, also
// embedded ones, pointers into memory, the statements that the routines of this module use. Structs that
// threads pass on by an atomic.Pointer have their fields in shared memory where they are made meanwhile
// ([SharedField]); others are what they are from the beginning. The operations
// of sync/atomic become those instructions that the Go compiler makes of them; on arm64 that is
// either of two sets. No value in Go code depends on a load in the sense of the
// model: the language promises no order on that account, so none is used.
//
// The packages are arch, layout and cell, and seqarray, seqcore, seqmap and seqvec. Reads that stand in
// line, where no kernel takes part, are checked as kernels are: Cell.Load, of small and wide values, and
// SeqMap.Get in a word bucket. Whole protocols are checked as well: the movers of the map, its root and
// Clear; SeqVec, with its growth; SeqArray, with its growth, Set, Init, Clear and the count.
//
// Source.Weaken makes operations of chosen lines weaker ones. Go has none, so there a line that no
// check needs is no mistake, but its entry among the mutants says what gives the order instead.
//
// What is not run: operations that are made of the same reads and writes, such as CompareAndSwap and
// Update of cells and elements, LoadVersion, and Remove, Compute and Range of the map.
//
// # To add a kernel
//
// Give its routine a line in routines of kernels_test.go, with checks that exist or new ones, and
// structs that it takes their offsets in operandFields of forms_test.go. A kernel without is an
// error. Go code that takes the place of one has a line there too, which says that it is in line. Then
// TestMutants weakens what is ordered in the kernel, line by line, and for each line some check must
// complain: either a check is missing, or the kernel needs less than it has.
package memmodel
