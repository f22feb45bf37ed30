package seqmap_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/seqmap/seqmap-go/seqmap"
)

// Two goroutines read what is there and insert a key each.
func Example() {
	m := seqmap.New[uint64, uint8]()
	m.Insert(1, 42)
	m.Insert(2, 43)

	var wg sync.WaitGroup
	for key := range uint64(2) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			v, _ := m.Get(key + 1)
			m.Insert(key+3, v+58)
		}()
	}
	wg.Wait()

	for key := range uint64(4) {
		fmt.Println(m.Get(key + 1))
	}
	// Output:
	// 42 true
	// 43 true
	// 100 true
	// 101 true
}

// The zero value is ready. The goroutines count without a lock.
func ExampleSeqMap() {
	var hits seqmap.SeqMap[[4]byte, uint64] // by IPv4 address
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 1000 {
				seqmap.Add(&hits, [4]byte{10, 0, 0, byte(i % 2)}, 1)
			}
		}()
	}
	wg.Wait()
	fmt.Println(hits.Get([4]byte{10, 0, 0, 1}))
	// Output: 2000 true
}

// A sync.Map becomes a SeqMap by a change of its declaration. The values have types then.
func ExampleSeqMap_dropIn() {
	var sessions seqmap.SeqMap[uint64, int64] // was: var sessions sync.Map
	sessions.Store(7, 1700000000)
	if began, loaded := sessions.LoadOrStore(7, 1800000000); loaded {
		fmt.Println("since", began)
	}
	sessions.Range(func(id uint64, began int64) bool {
		fmt.Println(id, began)
		return true
	})
	began, loaded := sessions.LoadAndDelete(7)
	fmt.Println(began, loaded)
	// Output:
	// since 1700000000
	// 7 1700000000
	// 1700000000 true
}

func ExampleNew() {
	type account struct {
		Cents int64
		Open  bool
	}
	accounts := seqmap.New[uint32, account](seqmap.WithCapacity(1000))
	accounts.Insert(17, account{Cents: 2500, Open: true})
	fmt.Println(accounts.Get(17))
	// Output: {2500 true} true
}

// Keys that are hashes already need no further hashing.
func ExampleNewWithHasher() {
	type digest [32]byte
	sizes := seqmap.NewWithHasher[digest, int64](func(key digest, seed uint64) uint64 {
		return uint64(key[0])<<8 | uint64(key[1])
	})
	sizes.Insert(digest{0xca, 0xfe}, 4096)
	fmt.Println(sizes.Get(digest{0xca, 0xfe}))
	// Output: 4096 true
}

func ExampleCollect() {
	squares := seqmap.Collect(maps.All(map[int]int{1: 1, 2: 4, 3: 9}))
	fmt.Println(squares.Get(3))
	// Output: 9 true
}

func ExampleOption() {
	options := []seqmap.Option{seqmap.WithCapacity(100), seqmap.WithSeed(1)}
	fmt.Println(seqmap.New[int, int](options...).Cap() >= 100)
	// Output: true
}

// Room for all entries at once saves the moves.
func ExampleWithCapacity() {
	m := seqmap.New[uint64, uint64](seqmap.WithCapacity(5000))
	before := m.Cap()
	for i := range uint64(5000) {
		m.Insert(i, i)
	}
	fmt.Println(m.Len(), m.Cap() == before)
	// Output: 5000 true
}

// Maps with one seed, filled in the same order, yield their entries in the same order.
func ExampleWithSeed() {
	fill := func() *seqmap.SeqMap[int, int] {
		m := seqmap.New[int, int](seqmap.WithSeed(42))
		for i := range 100 {
			m.Insert(i, i)
		}
		return m
	}
	fmt.Println(slices.Equal(slices.Collect(fill().Keys()), slices.Collect(fill().Keys())))
	// Output: true
}

func ExampleSeqMap_Get() {
	var m seqmap.SeqMap[float64, int]
	m.Insert(0, 1)
	fmt.Println(m.Get(math.Copysign(0, -1)))
	fmt.Println(m.Get(math.NaN()))
	// Output:
	// 1 true
	// 0 false
}

func ExampleSeqMap_Insert() {
	var prices seqmap.SeqMap[uint32, float64]
	fmt.Println(prices.Insert(7, 9.99))
	fmt.Println(prices.Insert(7, 12.50))
	// Output:
	// 0 false
	// 9.99 true
}

func ExampleSeqMap_Remove() {
	var orders seqmap.SeqMap[uint64, [2]uint32] // price, quantity
	orders.Insert(1001, [2]uint32{250, 10})
	fmt.Println(orders.Remove(1001))
	fmt.Println(orders.Remove(1001))
	// Output:
	// [250 10] true
	// [0 0] false
}

// A map to empty structs is a set.
func ExampleSeqMap_Contains() {
	var seen seqmap.SeqMap[uint64, struct{}]
	seen.Store(5, struct{}{})
	fmt.Println(seen.Contains(5), seen.Contains(6))
	// Output: true false
}

func ExampleSeqMap_Len() {
	var m seqmap.SeqMap[int, int]
	m.InsertBatch([]int{1, 2, 2}, []int{0, 0, 0})
	fmt.Println(m.Len())
	// Output: 2
}

func ExampleSeqMap_IsEmpty() {
	var m seqmap.SeqMap[int, int]
	fmt.Println(m.IsEmpty())
	m.Store(1, 1)
	fmt.Println(m.IsEmpty())
	// Output:
	// true
	// false
}

func ExampleSeqMap_Cap() {
	m := seqmap.New[int, int](seqmap.WithCapacity(100))
	fmt.Println(m.Cap() >= 100, m.Len())
	// Output: true 0
}

func ExampleSeqMap_Load() {
	var m seqmap.SeqMap[int, int]
	m.Store(1, 10)
	fmt.Println(m.Load(1))
	// Output: 10 true
}

func ExampleSeqMap_Store() {
	var lastSeen seqmap.SeqMap[uint64, int64]
	lastSeen.Store(7, 1000)
	lastSeen.Store(7, 2000)
	fmt.Println(lastSeen.Load(7))
	// Output: 2000 true
}

// Of several goroutines, one gets the job.
func ExampleSeqMap_LoadOrStore() {
	var jobs seqmap.SeqMap[uint32, int]
	var wg sync.WaitGroup
	won := make(chan int, 8)
	for worker := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, taken := jobs.LoadOrStore(99, worker); !taken {
				won <- worker
			}
		}()
	}
	wg.Wait()
	fmt.Println(len(won))
	// Output: 1
}

func ExampleSeqMap_LoadAndDelete() {
	var pending seqmap.SeqMap[int, float32]
	pending.Store(1, 0.5)
	fmt.Println(pending.LoadAndDelete(1))
	fmt.Println(pending.Len())
	// Output:
	// 0.5 true
	// 0
}

func ExampleSeqMap_Delete() {
	var m seqmap.SeqMap[int, int]
	m.Store(1, 1)
	m.Delete(1)
	fmt.Println(m.Contains(1))
	// Output: false
}

func ExampleSeqMap_Swap() {
	var leader seqmap.SeqMap[uint8, uint64]
	leader.Store(1, 111)
	fmt.Println(leader.Swap(1, 222))
	// Output: 111 true
}

func ExampleSeqMap_CompareAndSwap() {
	type state uint8
	const (
		idle state = iota
		running
	)
	var workers seqmap.SeqMap[int, state]
	workers.Store(3, idle)
	fmt.Println(workers.CompareAndSwap(3, idle, running))
	fmt.Println(workers.CompareAndSwap(3, idle, running))
	// Output:
	// true
	// false
}

// A lease is given up only by who holds it.
func ExampleSeqMap_CompareAndDelete() {
	type lease struct{ owner, term uint64 }
	var leases seqmap.SeqMap[uint64, lease]
	leases.Store(1, lease{owner: 5, term: 2})
	fmt.Println(leases.CompareAndDelete(1, lease{owner: 5, term: 1}))
	fmt.Println(leases.CompareAndDelete(1, lease{owner: 5, term: 2}))
	// Output:
	// false
	// true
}

func ExampleSeqMap_Range() {
	m := seqmap.Collect(maps.All(map[int]int{1: 10, 2: 20, 3: 30}))
	sum := 0
	m.Range(func(_, value int) bool {
		sum += value
		return true
	})
	fmt.Println(sum)
	// Output: 60
}

func ExampleSeqMap_Clear() {
	var m seqmap.SeqMap[int, int]
	m.Store(1, 1)
	m.Clear()
	fmt.Println(m.Get(1))
	// Output: 0 false
}

// The loop may change the map that it goes over.
func ExampleSeqMap_All() {
	m := seqmap.Collect(maps.All(map[[1]byte]int{{'a'}: 1, {'b'}: 2, {'c'}: 3}))
	for key, n := range m.All() {
		m.Store(key, n*n)
	}
	for key, n := range m.All() {
		fmt.Println(string(key[:]), n)
	}
	// Unordered output:
	// a 1
	// b 4
	// c 9
}

func ExampleSeqMap_Keys() {
	m := seqmap.Collect(maps.All(map[int]bool{3: true, 1: false, 2: true}))
	fmt.Println(slices.Sorted(m.Keys()))
	// Output: [1 2 3]
}

func ExampleSeqMap_Values() {
	m := seqmap.Collect(maps.All(map[int]int{1: 30, 2: 10, 3: 20}))
	fmt.Println(slices.Max(slices.Collect(m.Values())))
	// Output: 30
}

// A cache: the function runs with nothing locked, so it may take its time and use the map.
func ExampleSeqMap_LoadOrCompute() {
	var fibonacci seqmap.SeqMap[int, uint64]
	var fib func(n int) uint64
	fib = func(n int) uint64 {
		if n < 2 {
			return uint64(n)
		}
		v, _ := fibonacci.LoadOrCompute(n, func() uint64 { return fib(n-1) + fib(n-2) })
		return v
	}
	fmt.Println(fib(90))
	// Output: 2880067194370816120
}

func ExampleSeqMap_Update() {
	type stats struct {
		count    uint32
		sum, max float64
	}
	var latency seqmap.SeqMap[uint16, stats]
	for _, ms := range []float64{3, 12, 6} {
		latency.Update(443, func(s stats, _ bool) stats {
			return stats{s.count + 1, s.sum + ms, max(s.max, ms)}
		})
	}
	fmt.Println(latency.Get(443))
	// Output: {3 21 12} true
}

// A level of an order book: its quantity falls, and it goes when nothing is left.
func ExampleSeqMap_Compute() {
	var bids seqmap.SeqMap[uint32, uint64] // quantity by price
	fill := func(price uint32, quantity uint64) {
		left, open := bids.Compute(price, func(old uint64, loaded bool) (uint64, seqmap.Op) {
			switch {
			case !loaded:
				return 0, seqmap.CancelOp
			case old <= quantity:
				return 0, seqmap.DeleteOp
			default:
				return old - quantity, seqmap.UpdateOp
			}
		})
		fmt.Println(left, open)
	}
	bids.Insert(9950, 100)
	fill(9950, 30)
	fill(9950, 70)
	fill(9950, 10)
	// Output:
	// 70 true
	// 0 false
	// 0 false
}

func ExampleOp() {
	var m seqmap.SeqMap[int, int]
	for _, op := range []seqmap.Op{seqmap.UpdateOp, seqmap.CancelOp, seqmap.DeleteOp} {
		fmt.Println(m.Compute(1, func(old int, _ bool) (int, seqmap.Op) { return old + 5, op }))
	}
	// Output:
	// 5 true
	// 5 true
	// 0 false
}

// What has expired is swept out while others go on.
func ExampleSeqMap_DeleteFunc() {
	expires := seqmap.Collect(maps.All(map[uint64]int64{1: 100, 2: 200, 3: 300}))
	const now = 250
	fmt.Println(expires.DeleteFunc(func(_ uint64, at int64) bool { return at <= now }))
	fmt.Println(slices.Collect(expires.Keys()))
	// Output:
	// 2
	// [3]
}

func ExampleSeqMap_Grow() {
	var m seqmap.SeqMap[int, int]
	m.Store(1, 1)
	m.Grow(10_000)
	fmt.Println(m.Cap() > 10_000, m.Len())
	// Output: true 1
}

func ExampleSeqMap_Shrink() {
	var m seqmap.SeqMap[int, int]
	for i := range 10_000 {
		m.Store(i, i)
	}
	before := m.Stats().Bytes
	m.DeleteFunc(func(key, _ int) bool { return key >= 10 })
	m.Shrink()
	fmt.Println(m.Len(), m.Stats().Bytes < before/100)
	// Output: 10 true
}

func ExampleSeqMap_Clone() {
	var live seqmap.SeqMap[int, int]
	live.Store(1, 10)
	saved := live.Clone()
	live.Store(1, 20)
	fmt.Println(saved.Get(1))
	// Output: 10 true
}

func ExampleSeqMap_Stats() {
	var m seqmap.SeqMap[uint64, uint64]
	for i := range uint64(100) {
		m.Store(i, i)
	}
	m.Delete(5)
	s := m.Stats()
	fmt.Println(s.Len, s.Cap == m.Cap(), s.Bytes >= s.Buckets*s.BucketBytes)
	// Output: 99 true true
}

// How full the table is.
func ExampleStats() {
	m := seqmap.New[uint64, uint64](seqmap.WithCapacity(1000))
	m.Store(1, 1)
	var s seqmap.Stats = m.Stats()
	fmt.Println(s.Used, s.Dead, s.Buckets*s.SlotsPerBucket >= 1000)
	// Output: 1 0 true
}

func ExampleStats_String() {
	var m seqmap.SeqMap[uint64, uint64]
	fmt.Println(strings.HasPrefix(m.Stats().String(), "len 0, cap 0"))
	// Output: true
}

// The words of a text and how often each occurs.
func ExampleAdd() {
	type word [12]byte
	var count seqmap.SeqMap[word, uint32]
	for text := range strings.FieldsSeq("the quick fox and the lazy dog and the cat") {
		var w word
		copy(w[:], text)
		seqmap.Add(&count, w, 1)
	}
	for w, n := range count.All() {
		if n > 1 {
			fmt.Println(strings.TrimRight(string(w[:]), "\x00"), n)
		}
	}
	// Unordered output:
	// the 3
	// and 2
}

// The k-mers of a genome, two bits a base, by each of their ends.
func ExampleAdd_kmers() {
	const k, genome = 4, "ACGTACGTGG"
	var count seqmap.SeqMap[uint64, uint32]
	kmer := uint64(0)
	for i, base := range genome {
		kmer = (kmer<<2 | uint64(strings.IndexRune("ACGT", base))) & (1<<(2*k) - 1)
		if i >= k-1 {
			seqmap.Add(&count, kmer, 1)
		}
	}
	fmt.Println(count.Len())
	fmt.Println(count.Get(0b00_01_10_11)) // ACGT
	// Output:
	// 6
	// 2 true
}

// A function for counters of any kind.
func ExampleInteger() {
	fmt.Println(total[int8]([]int8{1, 2, 3}), total[uint64]([]uint64{4, 5}))
	// Output: 6 9
}

func total[V seqmap.Integer](vs []V) (sum V) {
	var m seqmap.SeqMap[struct{}, V]
	for _, v := range vs {
		sum = seqmap.Add(&m, struct{}{}, v)
	}
	return sum
}

func ExampleSeqMap_GetBatch() {
	m := seqmap.Collect(maps.All(map[uint32]uint32{1: 10, 2: 20}))
	keys := []uint32{2, 9, 1}
	values, found := make([]uint32, len(keys)), make([]bool, len(keys))
	fmt.Println(m.GetBatch(keys, values, found), values, found)
	// Output: 2 [20 0 10] [true false true]
}

func ExampleSeqMap_InsertBatch() {
	var m seqmap.SeqMap[uint32, uint32]
	m.InsertBatch([]uint32{1, 2, 3}, []uint32{10, 20, 30})
	fmt.Println(m.Get(3))
	// Output: 30 true
}

func ExampleSeqMap_RemoveBatch() {
	m := seqmap.Collect(maps.All(map[int]int{1: 10, 2: 20, 3: 30}))
	fmt.Println(m.RemoveBatch([]int{1, 3, 5}), m.Len())
	// Output: 2 1
}
