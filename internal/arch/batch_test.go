package arch

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A lookup is an implementation of GetBatch, or one of Get or Find, of which each looks up one key
// after the other.
type lookup struct {
	implementation[getBatchFunc]
	reference getBatchFunc
	walks     int // how often it goes on to a next bucket for a single key
}

func getAll() (all []lookup) {
	for _, impl := range getBatches {
		all = append(all, lookup{impl, GetBatchGeneric, layout.BatchWalks})
	}
	for _, impl := range gets {
		each := implementation[getBatchFunc]{name: "Get/" + impl.name, f: impl.f.each()}
		all = append(all, lookup{each, getFunc(GetGeneric).each(), layout.MaxProbe - 1})
	}
	for _, impl := range finds {
		each := implementation[getBatchFunc]{name: "Find/" + impl.name, f: impl.f.get().each()}
		all = append(all, lookup{each, getFunc(GetGeneric).each(), layout.MaxProbe - 1})
	}
	return all
}

// get looks up a key as Get does, by the slot that was found for it.
func (find findFunc) get() getFunc {
	return func(t *Table, key, value unsafe.Pointer) Found {
		bucket, i, found := find(t, key, t.hash(key))
		if found != Present {
			return found
		}
		return t.copyValue(bucket, i, key, value)
	}
}

// each looks up keys as GetBatch does.
func (get getFunc) each() getBatchFunc {
	return func(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
		for i := range n {
			value := unsafe.Add(values, i*uintptr(b.valueBytes))
			here := get(&b.Table, unsafe.Add(keys, i*b.keyBytes), value)
			switch here {
			case Unsure:
				b.Odd[odd] = uint8(i)
				odd++
				continue
			case Absent:
				clear(unsafe.Slice((*byte)(value), b.valueBytes))
			}
			*(*uint8)(unsafe.Add(found, i)) = uint8(here)
			hits += int(here)
		}
		return hits, odd
	}
}

// matches compares f with the reference.
func (c *batchOf) matches(t *testing.T, f lookup) outcome {
	t.Helper()
	want := c.run(f.reference)
	if got := c.run(f.f); got != want {
		t.Fatalf("%s: %s, %d keys, %d buckets: got\n%x\nwant\n%x", f.name, c.batchShape, c.n, c.buckets, got, want)
	}
	return want
}

// TestGetBatchMatchesGeneric compares all implementations in tables with every state of slots
// and every control word, for every shape and every number of keys.
func TestGetBatchMatchesGeneric(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var total, hits, odd int
	for _, s := range batchShapes {
		for _, buckets := range []int{1, 2, 3, 7, 20, 64} {
			table := newBatchTable(s, buckets, r.Uint64())
			for n := range layout.BatchKeys + 1 {
				if n > 40 && n%(buckets+7) != 0 && n < layout.BatchKeys-1 {
					continue
				}
				table.scramble(r)
				c := table.operands(n)
				c.setKeys(r)
				for _, impl := range getAll() {
					o := c.matches(t, impl)
					total, hits, odd = total+n, hits+o.hits, odd+len(o.odd)
				}
			}
		}
	}
	if hits < total/20 || odd < total/20 || total-hits-odd < total/20 {
		t.Errorf("of %d keys %d were found and %d odd: some case is hardly tested", total, hits, odd)
	}
}

// TestGetBatchStates checks what each state of a slot, in each position, makes of its key.
func TestGetBatchStates(t *testing.T) {
	for _, s := range batchShapes {
		table := newBatchTable(s, 1, 5)
		for _, impl := range getAll() {
			for i := range table.geo.Slots {
				for _, word := range wordStates {
					table.set(0, i, uint64(word), 7, 0xabababab)
					c := table.operands(1)
					setKey(c.keys, c.key, 7)
					o := c.run(impl.f)
					if live := word == layout.Live; live && (o.hits != 1 || o.odd != "" || o.found != "\x01") || !live && (o.hits != 0 || o.odd != "\x00" || o.found != "\xa5") {
						t.Errorf("%s: %s, slot %d, word %#x: %x", impl.name, s, i, word, o)
					}
				}
				table.set(0, i, layout.Empty, 0, 0)
			}
		}
	}
}

// TestGetBatchPath checks how far a lookup walks, beginning at the last bucket: as far as the
// overflow bits say, but no more than layout.MaxProbe buckets or layout.BatchWalks steps, and not
// from a sealed one.
func TestGetBatchPath(t *testing.T) {
	const buckets = layout.BatchWalks + 3
	for _, s := range batchShapes {
		table := newBatchTable(s, buckets, 5)
		c := table.operands(1)
		n := uint64(1)
		for ; ; n++ { // a key whose path begins at the last bucket
			setKey(c.keys, c.key, n)
			// A hash shifted right and compared with a constant of 1<<31 or more would do, but
			// the Go compiler for s390x takes such a constant for a negative one (go1.26).
			if home, _ := bits.Mul64(table.hash(c.keys), buckets); home == buckets-1 {
				break
			}
		}
		class := uint32(layout.ClassBit(table.hash(c.keys)))
		for _, impl := range getAll() {
			clear(table.mem)
			for distance := range uint64(buckets) {
				if distance > 0 {
					*table.control((buckets - 2 + distance) % buckets) = class
				}
				if distance > layout.MaxProbe+3 && distance < layout.BatchWalks-3 {
					continue
				}
				last := (buckets - 1 + distance) % buckets
				table.set(last, table.geo.Slots-1, layout.Live, n, 1)
				far := distance > uint64(impl.walks)
				if o := c.run(impl.f); (o.hits == 1) == far || (o.odd != "") != far {
					t.Errorf("%s: %s: key %d buckets away: %x", impl.name, s, distance, o)
				}
				table.set(last, table.geo.Slots-1, layout.Empty, 0, 0)
				if o := c.run(impl.f); o.hits != 0 || (o.odd != "") != far || !far && o.found != "\x00" {
					t.Errorf("%s: %s: no key %d buckets away: %x", impl.name, s, distance, o)
				}
				*table.control(last) = layout.SealBit
				if o := c.run(impl.f); o.hits != 0 || o.odd == "" {
					t.Errorf("%s: %s: sealed %d buckets away: %x", impl.name, s, distance, o)
				}
			}
		}
	}
}

// TestGetBatchWalks checks that the keys of a batch share its steps from bucket to bucket, and that
// those in the first bucket of their path are found also when none is left.
func TestGetBatchWalks(t *testing.T) {
	const buckets, distance, farKeys = 50, 7, layout.BatchKeys / 2
	const reached = layout.BatchWalks / distance
	for _, s := range batchShapes {
		table := newBatchTable(s, buckets, 5)
		for at := range uint64(buckets) {
			*table.control(at) = layout.SealBit - 1
		}
		c := table.operands(layout.BatchKeys)
		var odd string
		for i := range layout.BatchKeys {
			setKey(unsafe.Add(c.keys, i*int(s.key)), s.key, uint64(1+i%2))
			if far := i / 2; i%2 == 1 && far >= reached {
				odd += string([]byte{byte(i)})
			}
		}
		home := func(i int) uint64 {
			n, _ := bits.Mul64(table.hash(unsafe.Add(c.keys, i*int(s.key))), buckets)
			return n
		}
		table.set(home(0), 0, layout.Live, 1, 1)
		table.set((home(1)+distance)%buckets, table.geo.Slots-1, layout.Live, 2, 2)
		for _, impl := range getBatches {
			if o := c.run(impl.f); o.hits != layout.BatchKeys-farKeys+reached || o.odd != odd {
				t.Errorf("%s: %s: %d hits, odd %x, want %d and %x", impl.name, s, o.hits, o.odd, layout.BatchKeys-farKeys+reached, odd)
			}
		}
	}
}

// TestGetBatchInPlace checks that the values may replace the keys.
func TestGetBatchInPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range []uintptr{4, 8, 16} {
		for _, impl := range getAll() {
			table := newBatchTable(batchShape{size, size}, 9, 5)
			table.scramble(r)
			c := table.operands(layout.BatchKeys)
			c.setKeys(r)
			keys := string(unsafe.Slice((*byte)(c.keys), c.n*int(size)))
			apart := c.run(impl.f)
			want := []byte(apart.values)
			for _, i := range []byte(apart.odd) {
				copy(want[uintptr(i)*size:][:size], keys[uintptr(i)*size:])
			}
			c.values = c.keys
			if got := c.run(impl.f); got.hits != apart.hits || got.values != string(want) {
				t.Errorf("%s, %d bytes: %x, want %x", impl.name, size, got, want)
			}
		}
	}
}

// TestPrefetch checks that a prefetch of any number of hashes changes nothing.
func TestPrefetch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, impl := range prefetches {
		table := newBatchTable(batchShape{16, 64}, 7, 1)
		table.scramble(r)
		before := string(table.mem)
		hashes := make([]uint64, 40)
		for i := range hashes {
			hashes[i] = r.Uint64()
		}
		copied := slices.Clone(hashes)
		for n := range len(hashes) + 1 {
			impl.f(unsafe.Pointer(&table.mem[0]), 7, table.geo.Bytes, unsafe.Pointer(unsafe.SliceData(hashes)), uintptr(n))
		}
		if string(table.mem) != before || !slices.Equal(hashes, copied) {
			t.Errorf("%s has changed something", impl.name)
		}
	}
}

// batchBenchShapes are those that the benchmarks below look at.
var batchBenchShapes = []batchShape{{4, 0}, {4, 4}, {4, 8}, {4, 32}, {8, 0}, {8, 4}, {8, 8}, {8, 16}, {8, 32}, {8, 64}, {16, 4}, {16, 8}, {16, 16}, {16, 64}}

// BenchmarkGetBatch compares the implementations of GetBatch, per key.
func BenchmarkGetBatch(b *testing.B) {
	const n = layout.BatchKeys
	for _, size := range []int{1 << 10, 1 << 20} {
		if testing.Short() {
			size = min(size, 1<<12)
		}
		for _, s := range batchBenchShapes {
			table := newBatchTable(s, size*5/int(4*layout.BucketOf(s.key, s.value).Slots), 3)
			r := rand.New(rand.NewPCG(1, 2))
			keys := make([]uint64, size)
			for i := range keys {
				keys[i] = r.Uint64()
				table.put(keys[i], 1)
			}
			for _, miss := range []uint64{0, 1} {
				queries := table.operands(max(size, 1<<14) / n * n)
				for i := range queries.n {
					setKey(unsafe.Add(queries.keys, i*int(s.key)), s.key, keys[r.IntN(size)]^miss)
				}
				for _, impl := range getBatches {
					b.Run(fmt.Sprintf("entries=%d/%s/miss=%d/of=%s", size, s, miss, impl.name), func(b *testing.B) {
						batch, at := table.batch(), 0
						for i := 0; i < b.N; i += n {
							impl.f(&batch, unsafe.Add(queries.keys, at*int(s.key)), queries.values, queries.found, n)
							if at += n; at == queries.n {
								at = 0
							}
						}
					})
				}
			}
		}
	}
}

// BenchmarkPrefetch compares the implementations of Prefetch, per bucket, each of which is read
// after as many others were asked for as a map does.
func BenchmarkPrefetch(b *testing.B) {
	const chunk, lines = 16, 1 << 20
	table := newBatchTable(batchShape{8, 8}, lines, 1)
	hashes := make([]uint64, 1<<16)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range hashes {
		hashes[i] = r.Uint64()
	}
	base := unsafe.Pointer(&table.mem[0])
	none := func(unsafe.Pointer, uint64, uintptr, unsafe.Pointer, uintptr) {}
	for _, impl := range append(prefetches, implementation[prefetchFunc]{name: "none", f: none}) {
		b.Run("of="+impl.name, func(b *testing.B) {
			sum := uint64(0)
			for i, at := 0, 0; i < b.N; i += chunk {
				ahead := (at + chunk) % len(hashes)
				impl.f(base, lines, layout.LineBytes, unsafe.Pointer(&hashes[ahead]), chunk)
				for _, h := range hashes[at : at+chunk] {
					n, _ := bits.Mul64(h^sum&1, lines)
					sum += Load64(table.at(n, 0))
				}
				at = ahead
			}
		})
	}
}
