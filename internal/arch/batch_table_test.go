package arch

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A batchShape is a size of keys and one of values.
type batchShape struct{ key, value uintptr }

func (s batchShape) String() string { return fmt.Sprintf("key=%d/value=%d", s.key, s.value) }

// batchShapes are all that a batch lookup knows.
var batchShapes = func() (all []batchShape) {
	for _, key := range []uintptr{4, 8, 16} {
		for value := uintptr(0); value <= layout.BatchValueBytes; value += 4 {
			if layout.HasKernels(key, value) {
				all = append(all, batchShape{key, value})
			}
		}
	}
	return all
}()

// A batchTable is a table for batch lookups.
type batchTable struct {
	batchShape
	geo     layout.Bucket
	mem     []byte
	buckets uint64
	seed    uint64
}

// newBatchTable returns an empty table.
func newBatchTable(s batchShape, buckets int, seed uint64) *batchTable {
	geo := layout.BucketOf(s.key, s.value)
	words := make([]uint64, buckets*int(geo.Bytes)/8)
	return &batchTable{s, geo, unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 8*len(words)), uint64(buckets), seed}
}

// batch returns a Batch for lookups in the table.
func (t *batchTable) batch() (b Batch) {
	b.Table = NewTable(unsafe.Pointer(&t.mem[0]), t.buckets, t.seed, &t.geo)
	return b
}

func (t *batchTable) at(bucket uint64, offset uintptr) unsafe.Pointer {
	return unsafe.Pointer(&t.mem[uintptr(bucket)*t.geo.Bytes+offset])
}

func (t *batchTable) control(bucket uint64) *uint32 {
	return (*uint32)(t.at(bucket, t.geo.ControlAt))
}

// slot describes slot i of a bucket.
func (t *batchTable) slot(bucket uint64, i uintptr) Slot {
	s := Slot{
		Word: t.at(bucket, i*t.geo.WordBytes), Key: t.at(bucket, t.geo.KeyAt+i*t.geo.KeyBytes),
		KeyBytes: t.geo.KeyBytes, ValueBytes: t.geo.ValueBytes, Wide: t.geo.WordBytes == 8,
	}
	if s.Value = s.Key; s.ValueBytes != 0 {
		s.Value = t.at(bucket, t.geo.ValueAt+i*t.geo.ValueBytes)
	}
	return s
}

func (t *batchTable) word(bucket uint64, i uintptr) uint64 {
	b := t.batch()
	return b.load(t.slot(bucket, i).Word)
}

// patternKey returns key n of few: key 0 is that of EMPTY slots, and keys of two words may have
// one of them in common.
func patternKey(n uint64) (k [2]uint64) {
	const x = 0x89abcdef01234567
	return [2]uint64{n % 13 * x, n / 13 * x}
}

// setKey writes key n of the given size to p.
func setKey(p unsafe.Pointer, size uintptr, n uint64) {
	k := patternKey(n)
	if size < 16 {
		k[0] = n * 0x89abcdef01234567
	}
	copy(unsafe.Slice((*byte)(p), size), unsafe.Slice((*byte)(unsafe.Pointer(&k)), size))
}

// hash returns the hash of the key at p.
func (t *batchTable) hash(p unsafe.Pointer) uint64 {
	b := t.batch()
	return b.hash(p)
}

// set makes slot i of a bucket one with the word, key n, and a value of which each half word is x.
func (t *batchTable) set(bucket uint64, i uintptr, word, n uint64, x uint32) {
	s := t.slot(bucket, i)
	if s.Wide {
		Store64(s.Word, word)
	} else {
		Store32(s.Word, uint32(word))
	}
	setKey(s.Key, t.key, n)
	for half := uintptr(0); half < t.value; half += 4 {
		*(*uint32)(unsafe.Add(s.Value, half)) = x
	}
}

// put makes a LIVE slot for key n in the first EMPTY one on its path.
func (t *batchTable) put(n uint64, x uint32) {
	var key [2]uint64
	setKey(unsafe.Pointer(&key), t.key, n)
	h := t.hash(unsafe.Pointer(&key))
	at, _ := bits.Mul64(h, t.buckets)
	for {
		for i := range t.geo.Slots {
			if t.word(at, i) == layout.Empty {
				t.set(at, i, layout.Live, n, x)
				return
			}
		}
		*t.control(at) |= uint32(layout.ClassBit(h))
		at = (at + 1) % t.buckets
	}
}

// scramble fills the table with anything at all. Most slots are LIVE, so that something is found.
func (t *batchTable) scramble(r *rand.Rand) {
	for at := range t.buckets {
		control := r.Uint32()
		if r.IntN(2) == 0 {
			control &= r.Uint32() & r.Uint32()
		}
		*t.control(at) = control
		for i := range t.geo.Slots {
			word := uint64(layout.Live)
			if r.IntN(3) == 0 {
				word = uint64(wordStates[r.IntN(len(wordStates))])
			}
			switch word {
			case layout.Empty, layout.Claimed, layout.Sealed, layout.Moved:
			default:
				word |= r.Uint64() &^ (layout.Version - 1)
			}
			t.set(at, i, word, r.Uint64N(patternKeys), r.Uint32())
		}
	}
}

// patternKeys is how many keys a scrambled table has.
const patternKeys = 40

// batchOf is one call with its operands, which are where the caller wants them.
type batchOf struct {
	*batchTable
	keys, values, found unsafe.Pointer
	n                   int
}

// operands returns a call with operands for n keys.
func (t *batchTable) operands(n int) batchOf {
	keys, values, found := make([]byte, n*int(t.key)+1), make([]byte, n*int(t.value)+1), make([]bool, n+1)
	return batchOf{t, unsafe.Pointer(&keys[0]), unsafe.Pointer(&values[0]), unsafe.Pointer(&found[0]), n}
}

// setKeys makes the keys of the call random ones of the table.
func (c *batchOf) setKeys(r *rand.Rand) {
	for i := range c.n {
		setKey(unsafe.Add(c.keys, i*int(c.key)), c.key, r.Uint64N(patternKeys))
	}
}

// An outcome is what a call returns and what is at values and found after it.
type outcome struct {
	hits          int
	odd           string
	values, found string
}

// run calls f after filling values and found with what must be left alone. It panics if there are
// more keys than one call may have.
func (c *batchOf) run(f getBatchFunc) outcome {
	if c.n > layout.BatchKeys {
		panic(fmt.Sprintf("%d keys in a call of at most %d", c.n, layout.BatchKeys))
	}
	values := unsafe.Slice((*byte)(c.values), c.n*int(c.value))
	found := unsafe.Slice((*byte)(c.found), c.n)
	for i := range values {
		if c.values != c.keys {
			values[i] = byte(i) | 0xa0
		}
	}
	for i := range found {
		found[i] = 0xa5
	}
	b := c.batch()
	hits, odd := f(&b, c.keys, c.values, c.found, uintptr(c.n))
	return outcome{hits, string(b.Odd[:odd]), string(values), string(found)}
}
