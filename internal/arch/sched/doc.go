// Package sched runs a small concurrent program under every interleaving of its accesses to
// shared memory, up to a bound on the number of preemptions, and reports the first one in
// which something goes wrong. Only tests use it.
//
// The threads of the program are coroutines, so one processor and one goroutine at a time
// run them, and a run depends on nothing but the choices that the explorer makes. The
// program calls Step before each shared access and Spin where it can only wait for another
// thread. At a Step the explorer chooses which thread is to make its access next:
//
//   - to go on with the same thread is choice 0;
//   - to go on with another one, although the same could, is a preemption;
//   - a thread that spins is passed over until another thread has made an access, and if it
//     spins again, until all others have; to leave it is not a preemption. If all threads
//     spin, and looking again does not help, that is a deadlock. A run that does not end within a number of accesses is a livelock: a loop
//     that waits without saying so is found by that.
//
// The explorer goes through the choices depth first, each run from the beginning, so the
// program must be deterministic. It can then also walk at random, without a bound. A
// schedule is the list of the choices that were not 0; it can be printed, and given back to
// be run again.
//
// What is explored is sequential consistency. That the order of accesses on a real processor
// is strong enough is for other tests to show.
package sched
