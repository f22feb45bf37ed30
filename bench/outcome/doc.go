// Package outcome looks for wrong results of concurrent maps. A scenario is a tiny program: two
// or three goroutines that call a map a few times each, on two keys. All orders of the calls are
// tried on a reference first, which gives the set of outcomes that a linearizable map may show:
// the result of every call, and what the map holds afterwards. Then the scenario runs on a
// real map many times, and each outcome is looked up in the set.
//
// Calls of one goroutine keep their order, those of different goroutines overlap. A batch is
// as many operations as it has keys. That a result must not be older than a call that has
// returned on another goroutine shows in the final state only; the recorded histories in the
// tests of the library look at the times as well.
//
// A scenario is made from a number, its seed, and from nothing else. How the goroutines of a
// run meet is up to the machine, so a seed brings back the scenario, not the run: whoever wants
// to see a violation again lets the scenario run until it shows.
package outcome
