// Package seqarray provides SeqArray, an array for many concurrent readers and writers
// in which every cell is its own sequence lock. Readers write nothing that others share,
// writers contend only for the cell that they write, and enlarging the array moves no
// cell, so nobody waits for it.
//
// # Terms
//
// A cell is a 64-bit sequence word followed by a value in whole 64-bit words. The word
// holds a lock, a state and a version. The state is Live if the cell is set and Empty if
// it is unset. The version grows with every write, so that a word never comes back.
//
// A segment is a row of cells in one piece of memory, which the garbage collector does
// not scan, because T has no pointers. The first segment is made by New, and reached by
// one compare and one multiply. The directory lists all segments of an array that Grow
// has enlarged.
//
// # Protocol
//
// The edges R1 to R4 and W1 to W4 are those of package seqcore.
//
//   - Get: R1 load the word; if its state is Empty, the cell is unset, whether or not
//     somebody is inside to set it. R2 copy the value, R3, R4 load the word again; if it
//     changed, begin again.
//   - A T of at most 8 bytes cannot tear, so a lock alone does not send its reader
//     back: only a change of state or version does.
//   - Set and Init: load the unlocked word, count the cell if it is unset, then W1 to W4
//     from exactly that word, as one attempt, ending with the next version in the state
//     Live. If the word is not the one seen, begin again.
//   - Swap, CompareAndSwap and Update: read the cell (R1 to R4), compute, then W1 to W4
//     from the word that belongs to the value read. So the value replaced is the value
//     read.
//   - Clear: replace the unlocked word by the next version in the state Empty, by one
//     compare-and-swap, then lower the count. The value stays in memory until the cell
//     is set again; no reader accepts it.
//   - Grow: build a directory with one segment more, then replace the old directory by
//     compare-and-swap. If another Grow came first, look again whether its array is large
//     enough. A directory never changes, so whoever finds one may use it for ever.
//
// # Guarantees
//
// Each has a test that cites it by number.
//
//   - G1: A read returns a value that was written to that cell as a whole, never a mix
//     of two.
//   - G2: All operations on one cell are linearizable, and what happened before a write
//     happens before a read that returns the value written, in the sense of the Go memory
//     model. So data without locks of its own can be published through an index or a
//     flag in a cell.
//   - G3: Of several Inits of an unset cell exactly one succeeds.
//   - G4: Len is never negative and never less than the number of cells set at that
//     moment. It is exact when no write is under way.
//   - G5: Grow moves no cell and loses no write. Capacity never shrinks, and an index
//     that was in bounds once stays so.
//   - G6: A function given to Update, and the body of a loop over All or Values, run with
//     nothing locked: they may panic, end their goroutine, block, or use the array.
//   - G7: Bad arguments are reported before anything changes.
//   - G8: No operation allocates, except New, Of, Grow, and errors on their way out.
//
// # Who waits for whom
//
// Nobody waits for Grow. A reader of a T larger than 8 bytes waits for a writer
// that is inside the same cell, and so does a writer, of any T. A writer is inside for
// the copy of one value, and the Go scheduler cannot stop it there; only the operating
// system can. All waits spin a bounded number of times and then yield the processor. No
// wait forms a chain, because nobody waits while inside a cell. A writer whose attempt
// fails has been overtaken by another that succeeded.
//
// # What is not promised
//
// All, Values, CopyTo and Fill treat cell after cell, and are no snapshot of the whole.
// A reader of a large T may read again and again while writers follow one another
// without a gap. There is no more order between different cells than between different
// seqcore.Cells. Memory is never returned before the array itself is. A T has no
// pointers and a bounded size; New refuses other types and names what is wrong.
package seqarray
