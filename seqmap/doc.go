// Package seqmap provides SeqMap, a hash map in which every entry is its own sequence lock:
// readers write nothing shared, writers contend only on the entry that they write, and
// growing never makes anybody wait for the whole.
//
// # Terms
//
// A map's memory is a table: one block of memory without pointers, cut into buckets, each a
// whole number of cache lines. A bucket has a control word, which holds the overflow bits
// and, for keys wider than 8 bytes, a tag for each slot; and two to seven slots. A
// slot has a word, a key and a value. For keys and values of 5 to 8 bytes a bucket is
// one line, so a lookup reads one line.
//
// The hash of a key chooses its home bucket and its home slot. The key's path is the home
// bucket and the buckets after it, in each all slots from the home slot round. The hash also
// chooses one of seven classes. Whoever walks on from a full bucket to insert a key first
// sets the overflow bit of the key's class there, so a reader that finds the bit clear knows
// that the path ends.
//
// The word of a slot has a lock bit, a state and a version, as seqcore defines them:
//
//	EMPTY    never used
//	CLAIMED  key and value are being written for the first time
//	LIVE     the key is present; locked: a writer is inside
//	DEAD     the key was removed; locked: the same key is being put back
//	FROZEN   key and value are final, and being copied to the next table
//	MOVED    the key has been copied, or was DEAD: look in the next table
//	SEALED   was EMPTY, and will never have a key
//
// A slot goes EMPTY, CLAIMED, LIVE, back and forth between LIVE and DEAD, and ends as MOVED or
// SEALED. It never goes back to EMPTY, and its key never changes: a slot is used again for
// the same key only.
//
// # Operations
//
// A reader compares keys, loads the word of a slot that matches, then key and value, then the
// word again; if it is the same, the value belongs to it (R1 to R4 of seqcore). FROZEN is read
// without a second look. A value of at most 8 bytes cannot tear, so its readers
// do not mind a writer inside.
//
// An inserter walks the path and passes no slot that is EMPTY or CLAIMED, so a key has at most
// one slot in a table. It claims the first EMPTY slot by a compare-and-swap, or locks the slot
// that has the key, writes, and publishes. All of it, from lock to publish, is one routine
// that the Go scheduler cannot stop.
//
// The count of entries goes up before an insertion is published and down after a removal is,
// so at no moment is it below zero. It is kept in several parts, so that writers do not
// meet there. Len adds the parts up one after the other: while writers are at work it may see
// one key before a change and another one after it; it never returns less than zero.
//
// Update, Compute and their kin read, call the user's function with nothing locked, and commit
// only if the slot is as it was. A word of 32 bits may come round to the same version, so
// where one is used, for values of at most 8 bytes, the value is compared as well.
//
// # Growing, shrinking, cleaning up
//
// There is one mechanism. When the used slots of a table pass the limit, or its live entries
// become few, a writer attaches a next table that suits the number of live entries. From
// then on each inserter moves the buckets on its own key's path, and one block for everybody, and
// works in the next table; who changes or removes a key moves the slot that it has, if any. To move a bucket is to set the seal bit of its control word, which
// freezes the overflow bits, and then to bring each slot to its end: EMPTY becomes SEALED,
// DEAD becomes MOVED, LIVE becomes FROZEN, is copied, and becomes MOVED. Any number of
// goroutines may do that at once, and none waits for another, but for the moment in which the copy
// of the same key is CLAIMED in the next table.
//
// A key's path is closed when it ends in a SEALED slot or in a sealed bucket with the key's
// class bit clear; it never opens again. A key gets a slot in the next table only when its path
// is closed and it has no slot, or its slot is FROZEN or MOVED. So a key is LIVE in one place
// only, and whoever follows the tables from any of them finds it. When all blocks of the first
// table are moved, the map's root goes on to the next, one table at a time. Clear
// replaces the root by an empty table to which no link leads.
//
// # Who waits for whom
//
// The only thing that anybody waits for is a writer inside a slot, which waits for nobody: other
// writers of the slot, inserters that meet it CLAIMED, the mover of its bucket, and readers
// of its key if the value is wider than 8 bytes. Waiting is seqcore's back-off.
//
// # Order
//
// Loads of slot words, control words, the next table and the root are acquire loads; their
// stores and compare-and-swaps are releases, but for the claim of a slot and the setting of a tag
// in the kernels for arm64, which come before a publish that is one: nobody believes what a slot
// holds before.
//
// The store that ends the write of a slot is also ordered before the loads that its
// goroutine makes afterwards, and so is the count: by XCHG on amd64, or the LOCK by which a
// removal is counted, by releases and LDAR on arm64, where a lookup by a kernel, which reads keys
// by plain loads, begins with an LDAR, and a batch with a barrier. Where a kernel of amd64 swaps a
// wide value, the LOCK that takes the slot is enough, because readers of wide values take nothing
// while a writer is inside.
//
// Every decision is a compare-and-swap of one word: claim or seal, lock or freeze, class bit or
// seal, advance or clear. So no safety rests on a store followed by a load. What must hold, and does
// by these orders: the seal bit is set before the first slot of the bucket is SEALED; a copy is
// published before the old slot is MOVED; all slots of a block are final before it is marked, and
// all blocks are marked before the root goes on.
//
// # Guarantees
//
//   - G1: a read never returns a torn value, nor one that was never stored.
//   - G2: a key is in at most one slot: none is yielded or counted twice.
//   - G3: every operation on one key is linearizable, through growth, shrinking and Clear. A
//     batch is as many operations as it has keys. A write is visible to everybody before its
//     goroutine goes on: of two that each insert a key and then look for the other's, at least
//     one finds it.
//   - G4: a reader never waits for growth nor for a writer of another key, and for values of at
//     most 8 bytes for no writer at all.
//   - G5: a user's function never runs with anything locked: it may panic, call
//     runtime.Goexit, block, or use the map and the same key.
//   - G6: Len is never negative, and exact when no writer is at work.
//   - G7: All and Range yield every key that is present throughout exactly once, and never a key
//     that was removed before the call began, also when the table is replaced meanwhile.
//   - G8: memory follows the number of entries: after Shrink, and after many removals followed
//     by further writes.
//   - G9: no operation allocates, except to replace the table, which growing, shrinking,
//     cleaning up after removals, and Clear do, and to make a map: New, Clone, Collect, the
//     first use. A map with its own hasher also allocates while entries are being moved, and an
//     iteration over more than four tables at once.
//   - G10: what a goroutine did before it stored a value is visible to who reads that value.
//     Race detector builds run the same algorithm and see this.
//   - G11: keys are compared by ==. Padding, blank fields and the sign of zero do not
//     matter; NaN is never found.
//
// Not promised: that Range is a snapshot; that a writer finishes while others change the same
// entry, or move it by Grow and Shrink, again and again (each failure means that another one
// succeeded), nor if its own function does that each time it is called; that a map whose keys all
// have one hash is fast.
//
// # Hashing
//
// Each map has its own random seed. Keys of at most 16 bytes without floats, padding or blank
// fields are hashed by one or two multiplications to 128 bits whose halves are folded together,
// the others by hash/maphash. Keys that collide cannot be chosen without knowing the seed;
// but these are not keyed hash functions of the cryptographic kind. If your keys come from an
// adversary who can time many operations, use NewWithHasher with one that is. WithSeed gives the
// protection up: it is for runs that must repeat. SECURITY.md has the whole threat model.
package seqmap
