package arch

import (
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// BenchmarkLongestCall times single calls of the kernels where they take longest: the largest
// operands, the longest paths, memory that is in no cache. The Go scheduler cannot stop a
// goroutine in such a call, so its length is how long everybody else may have to wait for that,
// a collection of garbage among them. The longest of the calls has in it what the operating
// system did meanwhile.
func BenchmarkLongestCall(b *testing.B) {
	b.Run("op=GetBatch", longestBatch)
	b.Run("op=Prefetch", longestPrefetch)
	b.Run("op=Get", longestGet)
	b.Run("op=Find", longestFind)
	b.Run("op=Swap", longestSwap)
	b.Run("op=Add", longestAdd)
	b.Run("op=Update", longestUpdate)
	b.Run("op=Cell", longestCell)
	b.Run("op=CommitCell/busy", longestBusy)
	b.Run("op=Slot", longestSlot)
}

// timeEach reports the median and the longest of b.N calls.
func timeEach(b *testing.B, call func(i int)) {
	times := make([]time.Duration, b.N)
	for i := range times {
		begin := time.Now()
		call(i)
		times[i] = time.Since(begin)
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[b.N/2]), "median-ns")
	b.ReportMetric(float64(times[b.N-1]), "max-ns")
	b.ReportMetric(0, "ns/op")
}

// coldBytes is how much memory the benchmarks below go through: more than caches hold.
func coldBytes() int {
	if testing.Short() {
		return 1 << 20
	}
	return 256 << 20
}

// coldWords returns so much memory, of which every page is there.
func coldWords() []uint64 {
	mem := make([]uint64, coldBytes()/layout.WordBytes)
	for i := range mem {
		mem[i] = 1
	}
	return mem
}

// coldStep is the distance from one piece of cold memory to the next that is used, in pieces. It is
// odd and large, so that the processor does not see the next one coming.
const coldStep = 4097

// longestBatches is how many calls there are until the same keys come again: so many that their
// buckets, the first of each key and the further ones of each call, are more than caches hold.
func longestBatches(bucketBytes uintptr) int {
	return 1 + coldBytes()/((layout.BatchKeys+layout.BatchWalks)*int(bucketBytes))
}

// longPaths makes a table of which no bucket ends a path, and operands for many calls. Each of
// their keys is so many steps from its first bucket.
func longPaths(s batchShape, walks uint64) (*batchTable, batchOf) {
	bytes := layout.BucketOf(s.key, s.value).Bytes
	table := newBatchTable(s, coldBytes()/int(bytes), 3)
	for at := range table.buckets {
		*table.control(at) = layout.SealBit - 1
	}
	r := rand.New(rand.NewPCG(1, 2))
	queries := table.operands(longestBatches(bytes) * layout.BatchKeys)
	for i := 0; i < queries.n; {
		n, key := r.Uint64()|1, unsafe.Add(queries.keys, i*int(s.key))
		setKey(key, s.key, n)
		home, _ := bits.Mul64(table.hash(key), table.buckets)
		at, slot := (home+walks)%table.buckets, uintptr(i)%table.geo.Slots
		if table.word(at, slot) == layout.Empty {
			table.set(at, slot, layout.Live, n, 1)
			i++
		}
	}
	return table, queries
}

// longestBatch has each key of a batch take an equal part of its steps, so that there are as many
// lines as can be of which the processor does not see them coming.
func longestBatch(b *testing.B) {
	for _, s := range []batchShape{{8, 8}, {4, 64}, {8, 64}, {16, 64}} {
		table, queries := longPaths(s, layout.BatchWalks/layout.BatchKeys)
		for _, impl := range getBatches {
			b.Run(s.String()+"/of="+impl.name, func(b *testing.B) {
				batch := table.batch()
				timeEach(b, func(i int) {
					at := i * layout.BatchKeys % queries.n
					hits, odd := impl.f(&batch, unsafe.Add(queries.keys, at*int(s.key)), queries.values, queries.found, layout.BatchKeys)
					if hits < odd {
						b.Fatalf("%d hits, %d odd", hits, odd)
					}
				})
			})
		}
	}
}

// longestPrefetch asks for as many buckets in a call as a map does.
func longestPrefetch(b *testing.B) {
	const bytes, chunk = layout.BatchLines * layout.LineBytes, 16
	mem := coldWords()
	hashes := make([]uint64, coldBytes()/bytes/chunk*chunk)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range hashes {
		hashes[i] = r.Uint64()
	}
	for _, impl := range prefetches {
		b.Run("of="+impl.name, func(b *testing.B) {
			timeEach(b, func(i int) {
				at := unsafe.Pointer(&hashes[i*chunk%len(hashes)])
				impl.f(unsafe.Pointer(&mem[0]), uint64(coldBytes()/bytes), bytes, at, chunk)
			})
		})
	}
}

// oneByOne are the keys of a table with the longest paths that are followed for a single key. None
// comes again before there were more buckets than caches hold.
type oneByOne struct {
	*batchTable
	keys batchOf
	next int
}

func newOneByOne(s batchShape) *oneByOne {
	table, keys := longPaths(s, layout.MaxProbe-1)
	return &oneByOne{batchTable: table, keys: keys}
}

// time times a routine, which says whether it has found the key.
func (o *oneByOne) time(b *testing.B, name string, f func(t *Table, key unsafe.Pointer) bool) {
	batch := o.batch()
	b.Run(name, func(b *testing.B) {
		timeEach(b, func(int) {
			key := unsafe.Add(o.keys.keys, o.next%o.keys.n*int(o.key))
			o.next++
			if !f(&batch.Table, key) {
				b.Fatal("the key was not found")
			}
		})
	})
}

// widest is the shape with the largest buckets.
var widest = batchShape{16, layout.BatchValueBytes}

func longestGet(b *testing.B) {
	var value [layout.BatchValueBytes]byte
	o := newOneByOne(widest)
	for _, impl := range gets {
		o.time(b, "of="+impl.name, func(t *Table, key unsafe.Pointer) bool {
			return impl.f(t, key, unsafe.Pointer(&value)) == Present
		})
	}
}

func longestFind(b *testing.B) {
	o := newOneByOne(widest)
	for _, impl := range finds {
		o.time(b, "of="+impl.name, func(t *Table, key unsafe.Pointer) bool {
			_, _, found := impl.f(t, key, t.hash(key))
			return found == Present
		})
	}
}

func longestSwap(b *testing.B) {
	var value, prev [layout.BatchValueBytes]byte
	o := newOneByOne(widest)
	for _, impl := range swaps {
		o.time(b, "of="+impl.name, func(t *Table, key unsafe.Pointer) bool {
			return impl.f(t, key, unsafe.Pointer(&value), unsafe.Pointer(&prev))
		})
	}
}

func longestAdd(b *testing.B) {
	o := newOneByOne(batchShape{16, 8})
	for _, impl := range adds {
		o.time(b, "of="+impl.name, func(t *Table, key unsafe.Pointer) bool {
			_, ok := impl.f(t, key, 1)
			return ok
		})
	}
}

func longestUpdate(b *testing.B) {
	o := newOneByOne(batchShape{8, 8})
	for _, u := range updates {
		for _, impl := range *u.all {
			o.time(b, u.name+"/of="+impl.name, func(t *Table, key unsafe.Pointer) bool {
				_, ok := impl.f(t, *(*uint64)(key), 1)
				return ok
			})
		}
	}
}

func longestCell(b *testing.B) {
	const n = layout.MaxValueBytes / layout.WordBytes
	mem, buffer := coldWords(), new(large)
	cells, at := len(mem)/(n+1), unsafe.Pointer(buffer)
	for i := range cells {
		mem[i*(n+1)] = layout.Live
	}
	cell := func(i int) unsafe.Pointer { return unsafe.Pointer(&mem[i*coldStep%cells*(n+1)]) }
	for _, impl := range append(storesAsCommits(), commitCells...) {
		b.Run("commit/of="+impl.name, func(b *testing.B) {
			timeEach(b, func(i int) {
				p := cell(i)
				seen := Load64(p)
				impl.f(p, at, n, seen, seen+layout.Version)
			})
		})
	}
	for _, impl := range loadCells {
		b.Run("load/of="+impl.name, func(b *testing.B) {
			timeEach(b, func(i int) { impl.f(cell(i), at, n) })
		})
	}
}

// longestBusy writes a cell that another goroutine writes all the time. Nearly all of its calls
// find the cell locked, or see the word change, and return.
func longestBusy(b *testing.B) {
	const n = layout.MaxValueBytes / layout.WordBytes
	buffer := new(large)
	at := unsafe.Pointer(buffer)
	for _, impl := range commitCells {
		b.Run("of="+impl.name, func(b *testing.B) {
			cell := new([n + 1]uint64)
			p := unsafe.Pointer(cell)
			write := func() {
				if seen := Load64(p) &^ layout.Lock; !impl.f(p, at, n, seen, seen+layout.Version) {
					runtime.Gosched()
				}
			}
			var done atomic.Bool
			stopped := make(chan bool)
			go func() {
				defer close(stopped)
				for !done.Load() {
					write()
				}
			}()
			timeEach(b, func(int) { write() })
			done.Store(true)
			<-stopped
		})
	}
}

// longestSlot writes slots with a key and a value of the largest size. A write asks for the value
// before, too.
func longestSlot(b *testing.B) {
	const part = layout.MaxValueBytes / layout.WordBytes
	mem := coldWords()
	slots := len(mem) / (2 * part)
	var word, used, count uint64
	src, prev := new(large), new(large)
	slot := &Slot{Word: unsafe.Pointer(&word), KeyBytes: layout.MaxValueBytes, ValueBytes: layout.MaxValueBytes, Wide: true}
	use := func(i int, was uint64) {
		i = i * coldStep % slots
		slot.Key, slot.Value = unsafe.Pointer(&mem[2*i*part]), unsafe.Pointer(&mem[(2*i+1)*part])
		word = was
	}
	claim := Claim{Key: unsafe.Pointer(src), Value: unsafe.Pointer(src), Used: unsafe.Pointer(&used), Count: unsafe.Pointer(&count)}
	write := Write{Value: unsafe.Pointer(src), Prev: unsafe.Pointer(prev), Count: unsafe.Pointer(&count)}
	for name, r := range slotRoutines {
		b.Run("claim/of="+name, func(b *testing.B) {
			timeEach(b, func(i int) {
				use(i, layout.Empty)
				r.claim(slot, &claim)
			})
		})
		b.Run("write/of="+name, func(b *testing.B) {
			timeEach(b, func(i int) {
				use(i, layout.Live)
				r.write(slot, layout.Live, &write)
			})
		})
	}
}
