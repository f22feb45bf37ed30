// Package seqvec provides SeqVec, a vector for many concurrent readers and writers in
// which every element is its own sequence lock. Readers write nothing that others share,
// growth moves nothing and nobody waits for it, and the length is the only word for which
// all pushers contend.
//
// # Terms
//
// A cell holds one element: a 64-bit sequence word followed by the value in whole 64-bit
// words. Its state is Live while the element is there, and Empty before its Push has
// published it and after a Pop or Truncate has taken it.
//
// The tail is one word on a cache line of its own: the reserved length and a version,
// which changes with every change of the length. To reserve an index is to move the tail
// past it by compare-and-swap: upward to push there, downward to take what is there. A
// reservation is pending until its owner has filled or emptied the cell.
//
// A segment is a row of cells in one piece of memory, which the garbage collector does
// not scan, because T has no pointers. Segments double in size and never move.
//
// # Protocol
//
// The edges R1 to R4 and W1 to W4 are those of package seqcore.
//
//   - Push: load the tail t; allocate the segment of t if it is missing; look that cell t
//     is Empty, else wait and begin again; reserve by CAS of the tail to t+1, else begin
//     again; W1 to W4 from the Empty word to Live.
//   - PushSlice: the same for several cells. All are looked at, one CAS reserves them,
//     and they are filled in ascending order.
//   - Pop: load the tail t; read cell t-1 (R1 to R4) and look that it is Live, else wait
//     and begin again; reserve by CAS of the tail to t-1, else begin again; replace the
//     word, which belongs to the value read, by the next version in the state Empty. If
//     a Set came between, read again.
//   - Truncate: reserve by one CAS of the tail down to n; then take the cells in
//     ascending order, waiting for each to be Live.
//   - Get, Set, Swap, CompareAndSwap, Update: the cell alone decides. If it is not Live,
//     there is no such element.
//
// Reservation and what follows it are one routine in Push and Pop, which the Go scheduler
// cannot stop (nosplit and noinline, as arch.CommitCellGeneric is). So an index is normally
// pending for moments only. No guarantee rests on that.
//
// Why Get does not compare the index with the length: a Truncate lowers the length
// before it takes the cells, and Pushes may raise it again meanwhile. A reader that asked
// both would see an old element, then none, then the same element again, though nobody
// pushed it twice. The cell's word tells one story only. It also saves every Get the
// cache line for which the pushers contend.
//
// # Guarantees
//
// Each has a test that cites it by number.
//
//   - G1: The indexes that pushes return have no gaps and no duplicates, as long as
//     nothing is popped or truncated.
//   - G2: An element whose Push has returned is readable, until a Pop or Truncate takes
//     it. A Get of an index that is still being pushed says false and does not wait for
//     the Push.
//   - G3: All operations on one index are linearizable, the publishing end of a Push and
//     the taking end of a Pop included; and what happened before a write happens before a
//     read that returns the value written, in the sense of the Go memory model.
//   - G4: A read returns a value that was written to that element as a whole, never a mix
//     of two.
//   - G5: Every value pushed is taken exactly once or still there: by one Pop, by one
//     Truncate, or by none. When nothing is under way, exactly the indexes below Len are
//     Live.
//   - G6: Push, PushSlice, Pop and Len are linearizable together, as operations on a
//     stack, while no Truncate or Clear is under way.
//   - G7: Len is never negative and is exact when nothing is under way.
//   - G8: A function given to Update, and the body of a loop over All, Backward or Values,
//     run with nothing locked: they may panic, end their goroutine, block, or use the
//     vector.
//   - G9: Bad arguments are reported before anything changes.
//   - G10: No operation allocates, except New and the growth in Push and PushSlice.
//
// # Why Push and Pop agree with the tail (G6)
//
// Claim: when a Push or Pop reserves index i, every earlier reservation of i is complete.
// The tail's version makes the CAS fail if anybody reserved anything since the tail was
// loaded, so the cell was looked at while the tail stood still. Reservations of one index
// alternate: push, pop, push, pop. If the last one was a pop that is pending, the cell is
// still Live, for by induction nobody else is there to empty it, and the look of a Push
// would have failed; if it was a push that is pending, the cell is still Empty, and the
// look of a Pop would have failed. So each Pop takes what the last Push before it, in the
// order of the tail, put there, and the order of the tail is a history of a stack.
//
// The version has a bounded number of bits. Should a goroutine be stopped between its
// load and its CAS for exactly a full turn of it, G6 is not kept for these operations,
// and what the next section says about a Truncate holds for them.
//
// # Who waits for whom
//
// Truncate reserves without a look, so that it needs a single CAS however fast others
// push. It may then wait for pushes, and later pushes at the same indexes may find their
// cell Empty while an earlier one is pending there too. The two may then fill the cell in
// either order, which G5 allows: all of these operations overlap in time.
//
// Nobody waits in a circle. Count, at index i, the reservations P to push and Q to take,
// and the cell's fillings p and emptyings q. Reservations alternate, so Q <= P <= Q+1; so
// do fillings and emptyings, so q <= p <= q+1.
//
//   - If a pusher is pending and the cell is Live, then P > p = q+1, so Q >= P-1 > q: a
//     taker is pending at i as well.
//   - If a taker is pending and the cell is Empty, then Q > q = p, so P >= Q > p: a
//     pusher is pending at i as well.
//
// So wherever somebody waits with a reservation, somebody else is pending at that index
// for whom the cell is ready. Operations with several indexes treat them in ascending
// order. Take the lowest index at which anything is pending: all that is pending there
// has come to it, and one of them can go on. So the whole always goes on, and since a
// reservation is complete after finitely many steps of its own, everybody's turn comes
// unless new reservations keep overtaking it. A goroutine that waits without a
// reservation holds up nobody.
//
// A goroutine parked by the Go scheduler can be the one that is waited for in PushSlice and
// Truncate, between two elements, and in a Push or Pop whose cell somebody has changed between its
// look and its reservation. All waits spin a bounded number of times and then yield the processor.
//
// Get waits for no Push, Pop, Truncate or growth. If T is larger than 8 bytes,
// it waits for a Set, Swap, CompareAndSwap or Update that is inside the same cell, which
// is for the copy of one value.
//
// # What is not promised
//
// PushSlice and Truncate are not atomic for readers: their elements come and go one by
// one. Len counts elements that are not readable yet and omits elements that still are.
// All, Backward and Values are no snapshot. There is no more order between Sets of different
// elements than between different seqcore.Cells. Memory is kept for later use until the vector
// itself goes. A T has no pointers and a bounded size; New and the first Push refuse other
// types and name what is wrong.
package seqvec
