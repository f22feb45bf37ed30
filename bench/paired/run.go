package paired

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/seqmap/seqmap-go/bench/meter"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

type table = rivals.Table[uint64]

const (
	// lookupTurns is how many times more turns the lookups get than Rounds
	// says: they are short, and the best of many is what tells the maps apart.
	lookupTurns = 4
	// probeKeys is how many keys are looked up to warm the caches before a
	// turn, and to check the map after one.
	probeKeys = 1000
)

type runner struct {
	opts  Options
	work  workload
	batch batch
	err   error // the first fault found
}

// batch is room for the results of a batch.
type batch struct {
	values [BatchKeys]uint64
	found  [BatchKeys]bool
}

// part returns the keys of a turn: a window of keys that moves on with each
// turn, or all of them, and how often to go through them.
func (r *runner) part(keys []uint64, turn int) (window []uint64, passes int) {
	if r.opts.Turn >= len(keys) {
		return keys, r.opts.Turn / len(keys)
	}
	windows := len(keys) / r.opts.Turn
	from := turn % windows * r.opts.Turn
	return keys[from : from+r.opts.Turn], 1
}

func (r *runner) watch(format string, args ...any) {
	if r.opts.Watch != nil {
		r.opts.Watch(fmt.Sprintf(format, args...))
	}
}

// lookups times GetHit, GetMiss and GetBatch on maps that are all alive.
func (r *runner) lookups(maps []rivals.Rival[uint64], results []Result) {
	tables := make([]table, len(maps))
	for i, m := range maps {
		r.watch("%s: filling", m.Name)
		tables[i] = m.NewTable(0)
		storeAll(tables[i], r.work.present, 1)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GC()
	turns := r.opts.Rounds * lookupTurns
	for turn := range turns {
		r.watch("lookups, turn %d of %d", turn+1, turns)
		for i := range tables {
			// Another map begins each turn, so that none always follows the same one.
			at := (i + turn) % len(tables)
			r.lookup(tables[at], &results[at], GetHit, r.work.visit, turn)
			r.lookup(tables[at], &results[at], GetMiss, r.work.absent, turn)
			r.lookup(tables[at], &results[at], GetBatch, r.work.visit, turn)
		}
	}
}

func (r *runner) lookup(t table, into *Result, op Op, keys []uint64, turn int) {
	window, passes := r.part(keys, turn)
	load := loadAll
	if _, ok := t.(rivals.Batcher[uint64]); ok && op == GetBatch {
		load = r.batch.loadAll
	}
	probe(t, window)
	hits := 0
	c := meter.Of(func() {
		for range passes {
			hits += load(t, window)
		}
	})
	into.Samples[op].add(passes*len(window), c)
	want := 0
	if op != GetMiss {
		want = passes * len(window)
	}
	r.check(into.Name, op, hits, want)
}

// writes times the other operations on one map at a time.
func (r *runner) writes(maps []rivals.Rival[uint64], results []Result) {
	for round := range r.opts.Rounds {
		for i := range maps {
			at := (i + round) % len(maps)
			r.watch("%s: writes, round %d of %d", maps[at].Name, round+1, r.opts.Rounds)
			t := r.grow(maps[at], &results[at])
			r.write(t, &results[at], round)
		}
	}
}

// grow times InsertGrow and returns one of the maps that it made.
func (r *runner) grow(m rivals.Rival[uint64], into *Result) table {
	tables := make([]table, max(1, r.opts.Turn/r.opts.Size))
	entries := len(tables) * r.opts.Size
	before := meter.LiveBytes()
	c := meter.Of(func() {
		for i := range tables {
			tables[i] = m.NewTable(0)
			storeAll(tables[i], r.work.present, 1)
		}
	})
	into.Samples[InsertGrow].add(entries, c)
	into.BytesPerEntry = float64(max(0, meter.LiveBytes()-before)) / float64(entries)
	return tables[0]
}

// write times the operations on keys that are present, and leaves as many
// entries as there were.
func (r *runner) write(t table, into *Result, round int) {
	window, passes := r.part(r.work.visit, round)
	ops := passes * len(window)
	inserted := meter.Of(func() {
		for range passes {
			storeAll(t, window, 2)
		}
	})
	added := meter.Of(func() {
		for range passes {
			addAll(t, window)
		}
	})
	var removed, again meter.Cost
	for range passes {
		removed = removed.Plus(meter.Of(func() { deleteAll(t, window) }))
		r.check(into.Name, Remove, probe(t, window), 0)
		again = again.Plus(meter.Of(func() { storeAll(t, window, 3) }))
	}
	into.Samples[InsertExisting].add(ops, inserted)
	into.Samples[AddExisting].add(ops, added)
	into.Samples[Remove].add(ops, removed)
	into.Samples[Reinsert].add(ops, again)
	r.check(into.Name, Reinsert, t.Len(), r.opts.Size)
}

// check keeps the first fault.
func (r *runner) check(name string, op Op, got, want int) {
	if got != want && r.err == nil {
		r.err = fmt.Errorf("%s: %d entries found after %q, want %d", name, got, op, want)
	}
}

// probe looks the first keys up and returns how many of them are there.
func probe(t table, keys []uint64) (hits int) {
	return loadAll(t, keys[:min(len(keys), probeKeys)])
}

// The loops, one for each verb and the same for every map.

func loadAll(t table, keys []uint64) (hits int) {
	for _, key := range keys {
		if _, ok := t.Load(key); ok {
			hits++
		}
	}
	return hits
}

// loadAll is the function of that name for a Batcher.
func (b *batch) loadAll(t table, keys []uint64) (hits int) {
	batcher := t.(rivals.Batcher[uint64])
	for len(keys) > 0 {
		n := min(len(keys), BatchKeys)
		hits += batcher.LoadBatch(keys[:n], b.values[:n], b.found[:n])
		keys = keys[n:]
	}
	return hits
}

func storeAll(t table, keys []uint64, value uint64) {
	for _, key := range keys {
		t.Store(key, value)
	}
}

func addAll(t table, keys []uint64) {
	for _, key := range keys {
		t.Add(key, 1)
	}
}

func deleteAll(t table, keys []uint64) {
	for _, key := range keys {
		t.Delete(key)
	}
}
