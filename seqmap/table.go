package seqmap

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/internal/arch/slab"
)

const (
	// A table is over its limit when this part of its slots is used.
	limitNum, limitDen = 4, 5

	minBuckets   = 2
	blockBuckets = 16 // a helping writer moves this many buckets at a time
)

// lineage is shared by a table and all tables chained to it by next. Clear begins a new one.
type lineage struct {
	count counter // present keys
}

// live returns the number of present keys.
func (l *lineage) live() uint64 { return l.count.sum() }

// table is one slab of buckets. It knows keys and values as bytes only. All but next, the
// counters and the bitmap never changes, so a goroutine that holds a table has everything
// that belongs together.
type table struct {
	base    unsafe.Pointer // slab, aligned to a line
	buckets uint64
	words   bool   // the buckets are word buckets and the keys are of kind hashWord
	probed  bool   // head is for the kernels that hash a key and look for it
	finds   bool   // head is for the kernels that look for a key whose hash they are given
	hasher  hasher // of which the first fields are used most
	geo     layout.Bucket
	head    arch.Table // what of the above the kernels need
	lineage *lineage
	limit   uint64 // used slots at which the table is to be replaced
	blocks  uint64
	done    []atomic.Uint64 // bit j is set by whoever first finished moving block j

	// next is set once, by the goroutine that won the CAS, and never reset.
	next atomic.Pointer[table]

	_ [layout.LineBytes]byte
	// used counts claimed slots.
	used counter
	// growing is a hint that somebody is allocating next.
	growing atomic.Uint32
	// cursor is advanced by helpers to spread over the blocks.
	cursor atomic.Uint64
	// left counts the blocks whose bit in done is clear.
	left atomic.Int64
}

// bucketsFor returns how many buckets hold entries live keys at no more than the given
// share num/den of the load limit.
func bucketsFor(slots uintptr, entries, num, den uint64) uint64 {
	perBucket := uint64(slots) * limitNum * num
	n := (entries*limitDen*den + perBucket - 1) / perBucket
	return max(n, minBuckets)
}

// newTable allocates an empty table. It panics, before anything changes, if there cannot
// be so many buckets.
func newTable(geo layout.Bucket, h hasher, lin *lineage, buckets uint64) *table {
	t := &table{
		base:    slab.Alloc(slabBytes(buckets, geo.Bytes)),
		buckets: buckets,
		geo:     geo,
		words:   geo.IsWord() && h.kind == hashWord,
		hasher:  h,
		lineage: lin,
		limit:   max(1, buckets*uint64(geo.Slots)*limitNum/limitDen),
		blocks:  (buckets + blockBuckets - 1) / blockBuckets,
	}
	t.head = arch.NewTable(t.base, buckets, h.seed, &t.geo)
	t.probed = h.plain() && arch.HasProbe() && arch.HasUpdate()
	t.finds = arch.HasProbe() && layout.HasKernels(geo.KeyBytes, geo.ValueBytes)
	t.used.spread(t.limit)
	lin.count.spread(t.limit)
	t.done = make([]atomic.Uint64, (t.blocks+63)/64)
	t.left.Store(int64(t.blocks))
	return t
}

const tooLarge = "seqmap: a table that large does not fit into memory"

func slabBytes(buckets uint64, bucketBytes uintptr) uintptr {
	if buckets > mostBuckets(bucketBytes) {
		panic(tooLarge)
	}
	return uintptr(buckets) * bucketBytes
}

// maxBytes is the size of the largest table. It is a variable for tests.
var maxBytes uint64 = slab.MaxBytes

// mostBuckets is how many buckets of a size a table may have.
func mostBuckets(bucketBytes uintptr) uint64 { return maxBytes / uint64(bucketBytes) }

// bucket returns the address of bucket n.
func (t *table) bucket(n uint64) unsafe.Pointer {
	// Safety: n < buckets, because it is home(h) or comes from after.
	return unsafe.Add(t.base, uintptr(n)*t.geo.Bytes)
}

// home returns the first bucket on the path of hash h. It grows with h, so that the
// buckets of a table are moved to the next one in order.
func (t *table) home(h uint64) uint64 {
	n, _ := bits.Mul64(h, t.buckets)
	return n
}

// homeSlot returns the slot at which the scan of every bucket on the path begins.
func (t *table) homeSlot(h uint64) uintptr {
	return layout.HomeSlot(h, t.geo.Slots)
}

// after returns the bucket after n.
func (t *table) after(n uint64) uint64 {
	if n++; n == t.buckets {
		return 0
	}
	return n
}

// overLimit says whether the table has reached its limit, after an insertion that brought a
// part of the used counter to used. It adds up all parts only now and again.
func (t *table) overLimit(used uint64) bool {
	const looks = 16 // in the time in which all parts together reach the limit, for each
	parts := t.used.parts()
	if parts == 1 {
		return used >= t.limit
	}
	return used%(t.limit/(looks*parts)+1) == 0 && t.used.sum() >= t.limit
}

func (t *table) loadNext() *table {
	arch.Step()
	return t.next.Load()
}

// attachNext makes sure that t has a next table, of the given number of buckets if it is
// this goroutine's that wins.
func (t *table) attachNext(buckets uint64) {
	if t.loadNext() != nil {
		return
	}
	nx := newTable(t.geo, t.hasher, t.lineage, buckets)
	arch.Step()
	t.next.CompareAndSwap(nil, nx) // the loser's table is garbage
}
