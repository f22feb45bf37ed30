// Package meter measures time, allocation and live memory.
package meter

import (
	"runtime"
	"slices"
	"time"
)

// Median returns the middle one of values, which must not be empty, or the
// mean of the middle two.
func Median[T ~int64 | ~float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// LiveBytes collects garbage and returns the bytes of the heap that are left.
// It blocks for a whole collection.
func LiveBytes() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// Cost is what a piece of work took.
type Cost struct {
	Elapsed time.Duration
	Bytes   uint64 // allocated by all goroutines
	Allocs  uint64
}

// Of runs f with the clock around it, and the reading of the allocation
// counters, which stops the world, outside of the clock.
func Of(f func()) Cost {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	return Cost{elapsed, after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs}
}

// Plus returns the sum of both costs.
func (c Cost) Plus(d Cost) Cost {
	return Cost{c.Elapsed + d.Elapsed, c.Bytes + d.Bytes, c.Allocs + d.Allocs}
}
