package seqmap

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchSizes returns the sizes of a map in the caches and of one that is not, which is smaller in
// short mode.
func benchSizes() []int {
	if testing.Short() {
		return []int{1000, 30_000}
	}
	return []int{1000, 1_000_000}
}

// filled returns a map with the keys 1 to n, and those keys in a random order.
func filled(n int) (m *SeqMap[uint64, uint64], keys []uint64) {
	m = New[uint64, uint64](WithCapacity(n))
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		keys = append(keys, uint64(i+1))
	}
	for _, key := range keys {
		m.Insert(key, key)
	}
	return m, keys
}

func reportBytes(b *testing.B, m *SeqMap[uint64, uint64]) {
	b.ReportMetric(float64(m.Stats().Bytes)/float64(m.Len()), "B/entry")
}

// forEachSize runs a benchmark of an operation on one key, for each of benchSizes.
func forEachSize(b *testing.B, name string, op func(m *SeqMap[uint64, uint64], key uint64)) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprintf("%sn=%d", name, n), func(b *testing.B) {
			m, keys := filled(n)
			b.ReportAllocs()
			b.ResetTimer()
			for i, at := 0, 0; i < b.N; i++ {
				op(m, keys[at])
				if at++; at == n {
					at = 0
				}
			}
			reportBytes(b, m)
		})
	}
}

func BenchmarkGet(b *testing.B) {
	forEachSize(b, "hit=true/", func(m *SeqMap[uint64, uint64], key uint64) { m.Get(key) })
	forEachSize(b, "hit=false/", func(m *SeqMap[uint64, uint64], key uint64) { m.Get(^key) })
}

func BenchmarkInsert(b *testing.B) {
	forEachSize(b, "existing=true/", func(m *SeqMap[uint64, uint64], key uint64) { m.Insert(key, key) })
	for _, n := range benchSizes() {
		b.Run(fmt.Sprintf("existing=false/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			var m *SeqMap[uint64, uint64]
			for i := range b.N {
				if i%n == 0 {
					m = new(SeqMap[uint64, uint64])
				}
				m.Insert(uint64(i), uint64(i))
			}
			reportBytes(b, m)
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	forEachSize(b, "", func(m *SeqMap[uint64, uint64], key uint64) { Add(m, key, 1) })
}

func BenchmarkRemoveInsert(b *testing.B) {
	forEachSize(b, "", func(m *SeqMap[uint64, uint64], key uint64) { m.Remove(key); m.Insert(key, key) })
}

func BenchmarkUpdate(b *testing.B) {
	forEachSize(b, "", func(m *SeqMap[uint64, uint64], key uint64) {
		m.Update(key, func(old uint64, _ bool) uint64 { return old + 1 })
	})
}

func BenchmarkRange(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			m, _ := filled(n)
			b.ReportAllocs()
			for b.Loop() {
				m.Range(func(uint64, uint64) bool { return true })
			}
			reportBytes(b, m)
		})
	}
}

// BenchmarkParallel uses one map from GOMAXPROCS goroutines, on keys all over the map and all
// on one key.
func BenchmarkParallel(b *testing.B) {
	for name, op := range map[string]func(m *SeqMap[uint64, uint64], key uint64){
		"Get": func(m *SeqMap[uint64, uint64], key uint64) { m.Get(key) },
		"Add": func(m *SeqMap[uint64, uint64], key uint64) { Add(m, key, 1) },
	} {
		for _, n := range append([]int{1}, benchSizes()...) {
			b.Run(fmt.Sprintf("op=%s/n=%d", name, n), func(b *testing.B) {
				m, keys := filled(n)
				b.ReportAllocs()
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for at := rand.IntN(n); pb.Next(); {
						op(m, keys[at])
						if at++; at == n {
							at = 0
						}
					}
				})
			})
		}
	}
}
