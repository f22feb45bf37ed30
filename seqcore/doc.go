// Package seqcore holds the cell that every container of this module is made of, and the
// protocol that keeps it. A [Cell] is a value with a sequence lock of its own: readers write
// nothing shared, and a writer gets in the way of nobody but the writers and readers of the
// same cell.
//
// This text is the authority on the protocol. The code cites the edges R1 to R4 and W1 to W4
// and the guarantees G1 to G12 by the names that they have here.
//
// # Terms
//
// A word is 64 bits, loaded and stored by single operations of sync/atomic, on 32-bit
// platforms too. A cell is a sequence word followed by a value in whole words; the bytes
// between the end of the value and the end of its last word belong to the cell.
//
// A write is one Store or StoreFrom, or one StoreIf, Swap, CompareAndSwap or Update that succeeds.
// It is inside from W1 to W4, while the lock bit is set. A write counts when it is complete: the
// version of a cell is the number of its complete writes. A value is small if it has at most
// 8 bytes, that is one word; otherwise it is wide. A read is torn if it mixes the words of two
// writes. To back off is to spin for a short, bounded time, and after some rounds of that to
// call [runtime.Gosched] each time.
//
// # The sequence word
//
//	bit 0      lock: a write is inside
//	bits 1-2   state: 0 never written, 1 live; the containers use the other two
//	bits 3-63  version: one more with each complete write
//
// The zero word is the cell never written, whose value is the zero value. The first write sets
// the state live, and no later one clears it, so that no word is zero again, whatever becomes
// of the version. Readers write nothing, the first use included: a type that has no place in a
// cell is found by whoever meets the zero word, before the first write as long as it takes.
//
// # The edges
//
// A read of a wide value, and every read that tells the version:
//
//	R1  load the word, acquire. Locked: back off, and again from R1.
//	R2  copy the words of the value.
//	R3  all loads of R2 are done before the load of R4.
//	R4  load the word again. Not the word of R1: drop the copy, and again from R1.
//
// Only after R4 is the copy looked at. A write:
//
//	W1  compare-and-swap the word from the unlocked word seen before to the same with the
//	    lock bit. Other than seen: nothing has changed; read again, and again from W1.
//	W2  no store of W3 is visible before W1 is.
//	W3  store the words of the value.
//	W4  store the word: version one higher, unlocked, release.
//
// Why these are enough. Say a read took some word of W3 from a write, and word s at R1. If R4
// finds s again, no write was complete in between that was not at R1: the version would be
// higher. And none was inside at R4, for s is unlocked. The write that was read from is
// therefore complete before R1 (R1 is an acquire of its W4, or of a later one, so all its words
// are seen), or it began after R1; then R2 saw a store of W3, which W2 puts behind W1, and R3
// puts R4 behind R2, so that R4 sees at least W1, which is not s.
//
// Where each edge comes from:
//
//	        amd64                        arm64                           plain Go
//	R1      MOV                          LDAR                            atomic load
//	R3      loads stay in order          DMB ISHLD before R4             R2 is atomic loads
//	W1      LOCK CMPXCHG                 CASAL, or LDAXR and STLXR       atomic CAS
//	W2      stores stay in order         CASAL has it; LL/SC: DMB ISHST  W3 is atomic stores
//	W4      MOV: stores stay in order    STLR, nothing weaker            atomic store
//
// A Store reads nothing of the cell, so the exclusive load of its kernel is a plain one, LDXR.
//
// On arm64 a load-acquire at R4 does not do for R3: it keeps later accesses behind itself, not
// earlier ones in front. Nor does a plain store for W4. Plain Go needs no fence of either kind,
// because the operations of sync/atomic are sequentially consistent; that is stronger, and
// dearer, than the edges ask for. Short reads are plain Go everywhere; writes, and reads of long
// values, have kernels on amd64 and arm64: see [Features].
//
// A small value cannot tear. Load of it is one load, an acquire, of the value alone, and takes
// no part in R1 to R4. So for a small value W3 must be a release like W4, because it is W3 that
// such a reader synchronizes with. Its read is ordered at W3, a read that tells the version at
// W4: that is why [Cell.Version] may lag behind a [Cell.Load], and a StoreIf with the version
// of such a moment fails.
//
// # Nobody sleeps inside
//
// The write is one function from W1 to W4, and that function is assembly, in which the Go scheduler
// has no point to stop a goroutine, or is marked nosplit and noinline: the scheduler stops a
// goroutine at the prologue of a function, which nosplit removes, or by a signal at a safe point, of
// which a nosplit function has none behind its entry, as long as it is not inlined into one that
// has. Either mark alone is not enough. And between W1 and W4 it calls nothing but sync/atomic,
// because the entry of a function with a frame is a safe point, nosplit or not. Tests read all of
// this from what the compiler makes of the routines, platform by platform.
//
// So no goroutine is parked while it is inside a cell: who finds a cell locked waits for a copy that
// is running on some processor, unless the operating system took the thread away. The function makes
// one attempt and no loop of retries: all waiting is done outside it, in ordinary Go, which the
// scheduler can stop. A build without inlining, as for a debugger, or with the calls of the race
// detector in it, keeps every other guarantee but G4, and that one mostly.
//
// User code never runs inside. Update gives its function a copy and commits the result by the
// word that the copy belongs to. CompareAndSwap compares outside. So a panic, a Goexit, a
// block or another use of the same cell in that function finds nothing locked.
//
// # Wrap-around
//
// The version has 61 bits. For a read to be torn unnoticed, a multiple of 2^61 writes must be
// completed between its R1 and R4; for a StoreIf to succeed wrongly, between the look at the
// version and the call. Either takes lifetimes. The state bits take no part in the count.
//
// # Starvation
//
// The cell is not fair. Some writer always gets in, but a given one may lose every race, and a
// reader of a wide value may find a new version each time, if writers leave no gap as long as
// its copy. Backing off makes room in practice and proves nothing. Update is longer at risk the
// longer its function takes. TryLoad makes one attempt, for readers with something better to do.
// Readers of small values wait for nobody.
//
// # What is not promised
//
// There is no order between different cells beyond happens-before: a reader of two cells may
// see the newer value of one and the older of the other. On amd64 a processor may hold a write
// back for a moment after the call has returned, as W4 is a plain store there: of two goroutines
// that each write a cell of a small value and then read the other's, both may read the old
// value. Any lock, channel or sync/atomic write in between orders them, and so does a write of
// a SeqMap. A write is not durable against the
// death of its thread, nor across processes. Pointers are not kept: the garbage collector
// must see every store of a pointer, and a copy of a torn one must never exist.
//
// # The race detector
//
// In a -race build, as in all builds of plain Go, every access to the words of a cell is a
// sync/atomic operation. The detector sees no race in it, and it sees the true edges: what a
// writer did before Store happens before what a reader does after a Load that returned that
// value or a later one. A program that publishes plain data by an index in a Cell is reported
// clean; one that publishes it without is still reported.
//
// # Guarantees
//
//	G1   A read returns the zero value or the whole of a value that was written: never a torn one.
//	G2   Every operation on one cell is linearizable, in an order that agrees with
//	     happens-before; Version of a small value excepted, which may lag by the writes that
//	     are inside.
//	G3   What a writer did before its write happens before what a reader does that saw it.
//	G4   No goroutine is ever parked inside a cell: at GOMAXPROCS=1 nobody ever finds one locked.
//	G5   Load and TryLoad of a small value never wait and never fail; no read writes memory.
//	G6   A function given to Update may panic, exit, block or use the cell; nothing stays locked.
//	G7   Each complete write raises the version by one; StoreIf succeeds at that version only.
//	G8   CompareAndSwap compares as == does: +0 equals -0, NaN nothing, padding does not count.
//	G9   No operation allocates.
//	G10  Any T without pointers up to the limit of size works, at any alignment, on 32-bit
//	     platforms too, and a cell never touches the memory of its neighbours.
//	G11  A type with pointers panics at the first use, whatever that is, before any change, and
//	     the message names type and field.
//	G12  Waiting lets other goroutines run: it makes progress at GOMAXPROCS=1.
package seqcore
