package arch

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A wordBucket is a word bucket as the constants of layout have it.
type wordBucket struct {
	words   [layout.WordSlots]uint32
	control uint32
	keys    [layout.WordSlots]uint64
	values  [layout.WordSlots]uint64
}

var _ = [1]struct{}{}[unsafe.Sizeof(wordBucket{})-layout.LineBytes]
var _ = [1]struct{}{}[unsafe.Offsetof(wordBucket{}.control)-layout.WordControlAt]
var _ = [1]struct{}{}[unsafe.Offsetof(wordBucket{}.keys)-layout.WordKeysAt]
var _ = [1]struct{}{}[unsafe.Offsetof(wordBucket{}.values)-layout.WordValuesAt]

// wordStates are all that the word of a slot can be.
var wordStates = []uint32{
	layout.Empty, layout.Claimed, layout.Sealed, layout.Moved,
	layout.Live, layout.Live | layout.Lock, layout.Dead, layout.Dead | layout.Lock,
	layout.Final | layout.Lock, // FROZEN
}

// scramble fills buckets with anything at all. Most slots are LIVE, so that something is found.
func scramble(r *rand.Rand, buckets []wordBucket) {
	for i := range buckets {
		b := &buckets[i]
		b.control = r.Uint32() & 0xff
		if r.IntN(2) == 0 {
			b.control &= r.Uint32() & r.Uint32()
		}
		for s := range b.words {
			b.words[s] = layout.Live
			if r.IntN(3) == 0 {
				b.words[s] = wordStates[r.IntN(len(wordStates))]
			}
			if w := b.words[s]; w != layout.Empty && w != layout.Claimed && w != layout.Sealed && w != layout.Moved {
				b.words[s] |= r.Uint32() &^ (layout.Version - 1)
			}
			b.keys[s], b.values[s] = smallKey(r), r.Uint64()
		}
	}
}

// smallKey is one of few keys, among which is that of EMPTY slots.
func smallKey(r *rand.Rand) uint64 { return uint64(r.IntN(40)) * 0x0123456789abcdef }

// batchOf is one call with its operands, which are where the caller wants them.
type batchOf struct {
	buckets             []wordBucket
	seed                uint64
	keys, values, found unsafe.Pointer
	n                   int
}

// run calls f after filling values and found with what must be left alone.
func (c *batchOf) run(f getWordBatchFunc) (hits int, odd []uint8, values []uint64, found []uint8) {
	for i := range c.n {
		if c.values != c.keys {
			*(*uint64)(unsafe.Add(c.values, 8*i)) = guard + uint64(i)
		}
		*(*uint8)(unsafe.Add(c.found, i)) = 0xa5
	}
	var b Batch
	base := unsafe.Pointer(unsafe.SliceData(c.buckets))
	hits, odds := f(base, uint64(len(c.buckets)), c.seed, c.keys, c.values, c.found, uintptr(c.n), &b)
	for i := range c.n {
		values = append(values, *(*uint64)(unsafe.Add(c.values, 8*i)))
		found = append(found, *(*uint8)(unsafe.Add(c.found, i)))
	}
	return hits, b.Odd[:odds], values, found
}

// matches compares f with the reference.
func (c *batchOf) matches(t *testing.T, f getWordBatchFunc) {
	t.Helper()
	hits, odd, values, found := c.run(GetWordBatchGeneric)
	gotHits, gotOdd, gotValues, gotFound := c.run(f)
	if gotHits != hits || !slices.Equal(gotOdd, odd) || !slices.Equal(gotValues, values) || !slices.Equal(gotFound, found) {
		t.Fatalf("%d keys, %d buckets: got %d hits, odd %v, found %v, values %x, want %d, %v, %v, %x", c.n, len(c.buckets),
			gotHits, gotOdd, gotFound, gotValues, hits, odd, found, values)
	}
}

// TestGetWordBatchMatchesGeneric compares all implementations in tables with every state of
// slots and every control word, for every number of keys.
func TestGetWordBatchMatchesGeneric(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 4
	}
	r := rand.New(rand.NewPCG(1, 2))
	var total, found, odd int
	for range rounds {
		for _, buckets := range []int{1, 2, 3, 7, 20, 64} {
			c := batchOf{buckets: make([]wordBucket, buckets), seed: r.Uint64()}
			scramble(r, c.buckets)
			keys := make([]uint64, layout.BatchKeys)
			for i := range keys {
				keys[i] = smallKey(r)
			}
			values, seen := make([]uint64, len(keys)), make([]bool, len(keys))
			c.keys, c.values = unsafe.Pointer(&keys[0]), unsafe.Pointer(&values[0])
			c.found = unsafe.Pointer(&seen[0])
			for n := range layout.BatchKeys + 1 {
				if n > 70 && n < 250 && n%13 != 0 {
					continue
				}
				c.n = n
				for _, impl := range getWordBatches {
					c.matches(t, impl.f)
				}
			}
			hits, odds, _, _ := c.run(GetWordBatchGeneric)
			total, found, odd = total+c.n, found+hits, odd+len(odds)
		}
	}
	if found < total/20 || odd < total/20 || total-found-odd < total/20 {
		t.Errorf("of %d keys %d were found and %d odd: some case is hardly tested", total, found, odd)
	}
}

// TestGetWordBatchInPlace checks that the values may replace the keys.
func TestGetWordBatchInPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, impl := range getWordBatches {
		c := batchOf{buckets: make([]wordBucket, 9), seed: 5, n: 200}
		scramble(r, c.buckets)
		keys, values, found := make([]uint64, c.n), make([]uint64, c.n), make([]bool, c.n)
		for i := range keys {
			keys[i] = smallKey(r)
		}
		c.keys, c.values, c.found = unsafe.Pointer(&keys[0]), unsafe.Pointer(&values[0]), unsafe.Pointer(&found[0])
		hits, odd, want, _ := c.run(impl.f)
		for _, i := range odd {
			want[i] = keys[i]
		}
		c.values = c.keys
		again, _, got, _ := c.run(impl.f)
		if again != hits || !slices.Equal(got, want) {
			t.Errorf("%s: %d hits, %x, want %d, %x", impl.name, again, got, hits, want)
		}
	}
}

// put makes a LIVE slot for a key in the first EMPTY one on its path.
func put(buckets []wordBucket, key, seed, value uint64) {
	h := HashWord(key, seed)
	n, _ := bits.Mul64(h, uint64(len(buckets)))
	for {
		b := &buckets[n]
		for s := range b.words {
			if b.words[s] == layout.Empty {
				b.words[s], b.keys[s], b.values[s] = layout.Live, key, value
				return
			}
		}
		b.control |= uint32(layout.ClassBit(h))
		n = (n + 1) % uint64(len(buckets))
	}
}

// TestGetWordBatchStress looks up keys while their slots are changed, removed and put back,
// and checks that each value found belongs to its key, and that keys that are never removed
// are never absent.
func TestGetWordBatchStress(t *testing.T) {
	const keys, buckets, seed = 60, 30, 99
	rounds := 20000
	if testing.Short() {
		rounds = 2000
	}
	for _, impl := range getWordBatches {
		t.Run(impl.name, func(t *testing.T) {
			table := make([]wordBucket, buckets)
			var ks [keys]uint64
			for i := range ks {
				ks[i] = uint64(i)
				put(table, ks[i], seed, ks[i]<<32)
			}
			var done atomic.Bool
			var writers, readers sync.WaitGroup
			for w := range 2 {
				writers.Add(1)
				go func() {
					defer writers.Done()
					changeSlots(table, uint64(w), rounds)
				}()
				readers.Add(1)
				go func() {
					defer readers.Done()
					for !done.Load() {
						checkBatch(t, impl.f, table, ks[:], seed)
					}
				}()
			}
			writers.Wait()
			done.Store(true)
			readers.Wait()
		})
	}
}

// changeSlots changes random slots: the lower half of the value always, and those with odd
// keys are also removed now and again.
func changeSlots(table []wordBucket, writer uint64, rounds int) {
	r := rand.New(rand.NewPCG(writer, 1))
	var count uint64
	for range rounds {
		b, s := &table[r.IntN(len(table))], r.IntN(layout.WordSlots)
		word := unsafe.Pointer(&b.words[s])
		seen := uint64(Load32(word))
		if state := seen & layout.StateMask; state != layout.Live && state != layout.Dead || seen&layout.Lock != 0 {
			continue
		}
		key := b.keys[s]
		value := key<<32 | r.Uint64()>>32
		slot := Slot{Word: word, Key: unsafe.Pointer(&b.keys[s]), Value: unsafe.Pointer(&b.values[s]), KeyBytes: 8, ValueBytes: 8}
		remove := key%2 == 1 && seen&layout.StateMask == layout.Live && r.IntN(3) == 0
		WriteSlotGeneric(&slot, seen, &Write{Value: unsafe.Pointer(&value), Count: unsafe.Pointer(&count), Remove: remove})
	}
}

func checkBatch(t *testing.T, f getWordBatchFunc, table []wordBucket, keys []uint64, seed uint64) {
	var b Batch
	values, found := make([]uint64, len(keys)), make([]bool, len(keys))
	_, odd := f(unsafe.Pointer(&table[0]), uint64(len(table)), seed, unsafe.Pointer(&keys[0]),
		unsafe.Pointer(&values[0]), unsafe.Pointer(&found[0]), uintptr(len(keys)), &b)
	for i, key := range keys {
		switch {
		case slices.Contains(b.Odd[:odd], uint8(i)):
		case found[i] && values[i]>>32 != key:
			t.Errorf("key %d has the value %x", key, values[i])
		case !found[i] && key%2 == 0:
			t.Errorf("key %d is absent", key)
		}
	}
}

// BenchmarkGetWordBatch compares the implementations of GetWordBatch, per key.
func BenchmarkGetWordBatch(b *testing.B) {
	const n = layout.BatchKeys
	for _, size := range []int{1 << 10, 3 << 20} {
		if testing.Short() {
			size = min(size, 1<<12)
		}
		table, keys := make([]wordBucket, size*10/24), make([]uint64, size)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range keys {
			keys[i] = r.Uint64()
			put(table, keys[i], 3, 1)
		}
		for _, miss := range []uint64{0, 1} {
			queries := make([]uint64, max(size, 1<<14)/n*n)
			for i := range queries {
				queries[i] = keys[r.IntN(size)] ^ miss<<63
			}
			for _, impl := range getWordBatches {
				b.Run(fmt.Sprintf("entries=%d/miss=%d/of=%s", size, miss, impl.name), func(b *testing.B) {
					var values [n]uint64
					var found [n]bool
					var batch Batch
					at := 0
					for i := 0; i < b.N; i += n {
						impl.f(unsafe.Pointer(&table[0]), uint64(len(table)), 3, unsafe.Pointer(&queries[at]),
							unsafe.Pointer(&values), unsafe.Pointer(&found), n, &batch)
						if at += n; at == len(queries) {
							at = 0
						}
					}
				})
			}
		}
	}
}
