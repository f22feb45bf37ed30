package bench

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/seqmap/seqmap-go/bench/meter"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

// benchSizes returns the size of a map that stays in the first cache and of
// one that stays in none; the second is smaller with -short.
func benchSizes() []int {
	if testing.Short() {
		return []int{1000, 30_000}
	}
	return []int{1000, 3_000_000}
}

// forBench returns every rival: those that single operations are compared on,
// and the built-in map behind a lock.
func forBench[K comparable]() []rivals.Rival[K] {
	return append(rivals.ForOneGoroutine[K](), rivals.Locked[K]())
}

func u64Key(i uint64) uint64 { return i * 0x9e3779b97f4a7c15 }

func bytes16Key(i uint64) (key [16]byte) {
	copy(key[:], "user:")
	binary.BigEndian.PutUint64(key[8:], u64Key(i))
	return key
}

// fixture is a map with its keys, in an order that is not that of insertion.
type fixture[K comparable] struct {
	rival   rivals.Rival[K]
	table   rivals.Table[K] // holds the present keys
	present []K
	absent  []K
}

func newFixture[K comparable](r rivals.Rival[K], n int, key func(uint64) K) *fixture[K] {
	f := &fixture[K]{rival: r, table: r.NewTable(0), present: make([]K, n), absent: make([]K, n)}
	for i := range n {
		f.present[i] = key(uint64(i))
		f.absent[i] = key(uint64(n + i))
		f.table.Store(f.present[i], 1)
	}
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	for _, keys := range [][]K{f.present, f.absent} {
		rng.Shuffle(n, func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	}
	return f
}

// overMaps runs leaf once for each kind of key, map and size.
func overMaps(b *testing.B, u64 func(*testing.B, *fixture[uint64]), bytes16 func(*testing.B, *fixture[[16]byte])) {
	b.Run("key=u64", func(b *testing.B) { overRivals(b, forBench[uint64](), u64Key, u64) })
	b.Run("key=bytes16", func(b *testing.B) { overRivals(b, forBench[[16]byte](), bytes16Key, bytes16) })
}

func overRivals[K comparable](b *testing.B, list []rivals.Rival[K], key func(uint64) K, leaf func(*testing.B, *fixture[K])) {
	for _, r := range list {
		b.Run("map="+r.Name, func(b *testing.B) {
			for _, n := range benchSizes() {
				b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { leaf(b, newFixture(r, n, key)) })
			}
		})
	}
}

// each calls op with keys in turn, b.N times, and reports allocations.
func each[K any](b *testing.B, keys []K, op func(key K)) {
	b.ReportAllocs()
	b.ResetTimer()
	next := 0
	for range b.N {
		op(keys[next])
		if next++; next == len(keys) {
			next = 0
		}
	}
}

func BenchmarkGet(b *testing.B) { overMaps(b, benchGet[uint64], benchGet[[16]byte]) }

func benchGet[K comparable](b *testing.B, f *fixture[K]) {
	lookup := func(want bool) func(K) {
		return func(key K) {
			if _, ok := f.table.Load(key); ok != want {
				b.Fatalf("key %v: found is %t", key, ok)
			}
		}
	}
	b.Run("hit=true", func(b *testing.B) { each(b, f.present, lookup(true)) })
	b.Run("hit=false", func(b *testing.B) { each(b, f.absent, lookup(false)) })
}

func BenchmarkInsertExisting(b *testing.B) {
	overMaps(b, benchInsertExisting[uint64], benchInsertExisting[[16]byte])
}

func benchInsertExisting[K comparable](b *testing.B, f *fixture[K]) {
	each(b, f.present, func(key K) { f.table.Store(key, 2) })
}

func BenchmarkAdd(b *testing.B) { overMaps(b, benchAdd[uint64], benchAdd[[16]byte]) }

func benchAdd[K comparable](b *testing.B, f *fixture[K]) {
	each(b, f.present, func(key K) { f.table.Add(key, 1) })
}

func BenchmarkRemoveInsert(b *testing.B) {
	overMaps(b, benchRemoveInsert[uint64], benchRemoveInsert[[16]byte])
}

func benchRemoveInsert[K comparable](b *testing.B, f *fixture[K]) {
	each(b, f.present, func(key K) {
		f.table.Delete(key)
		f.table.Store(key, 3)
	})
}

func BenchmarkInsertGrow(b *testing.B) {
	overMaps(b, benchInsertGrow[uint64], benchInsertGrow[[16]byte])
}

// benchInsertGrow begins a new, empty map each time that all keys are in, and
// reports the memory of a map that has grown to its full size.
func benchInsertGrow[K comparable](b *testing.B, f *fixture[K]) {
	f.table = nil
	before := meter.LiveBytes()
	full := f.rival.NewTable(0)
	for _, key := range f.present {
		full.Store(key, 1)
	}
	perEntry := float64(meter.LiveBytes()-before) / float64(len(f.present))
	runtime.KeepAlive(full)
	full = nil

	table, left := f.rival.NewTable(0), len(f.present)
	each(b, f.present, func(key K) {
		table.Store(key, 1)
		if left--; left == 0 {
			table, left = f.rival.NewTable(0), len(f.present)
		}
	})
	b.ReportMetric(perEntry, "B/entry")
}

// mix is a blend of operations, in parts of a hundred; the rest are removals.
type mix struct {
	name        string
	get, insert uint64
}

var mixes = []mix{
	{"readmostly", 95, 5},
	{"writeheavy", 50, 25},
}

func BenchmarkParallel(b *testing.B) {
	b.Run("key=u64", func(b *testing.B) {
		overRivals(b, rivals.ForCounting[uint64](), u64Key, benchParallel[uint64])
	})
	b.Run("key=bytes16", func(b *testing.B) {
		overRivals(b, rivals.ForCounting[[16]byte](), bytes16Key, benchParallel[[16]byte])
	})
}

func benchParallel[K comparable](b *testing.B, f *fixture[K]) {
	for _, m := range mixes {
		b.Run("mix="+m.name, func(b *testing.B) {
			b.ReportAllocs()
			var goroutines atomic.Uint64
			b.RunParallel(func(pb *testing.PB) {
				rng := rand.New(rand.NewPCG(goroutines.Add(1), 2))
				for pb.Next() {
					f.step(m, rng.Uint64())
				}
			})
		})
	}
}

// step does one operation of the mix on one key, both picked by random.
func (f *fixture[K]) step(m mix, random uint64) {
	key := f.present[(random>>32)%uint64(len(f.present))]
	switch pick := random & 0xffff_ffff % 100; {
	case pick < m.get:
		f.table.Load(key)
	case pick < m.get+m.insert:
		f.table.Store(key, random)
	default:
		f.table.Delete(key)
	}
}
