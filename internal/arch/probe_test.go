package arch

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// line is a word bucket as layout.WordSlots describes it.
type line struct {
	words        [layout.WordSlots]uint32
	control      uint32
	keys, values [layout.WordSlots]uint64
}

var _ [layout.LineBytes]byte = [unsafe.Sizeof(line{})]byte{}

// answer is what a slow walk finds out about a key.
type answer struct {
	found  Found
	value  uint64
	bucket uint64
	slot   uintptr
	hard   bool // a probe may give up
}

// walk follows the path of hash by the rules of the protocol, one slot after the other.
func walk(table []line, hash, key uint64) (a answer) {
	home, _ := bits.Mul64(hash, uint64(len(table)))
	for step := range uint64(len(table)) {
		n := (home + step) % uint64(len(table))
		b := &table[n]
		a.hard = a.hard || step >= layout.MaxProbe
		for i, w := range b.words {
			if b.keys[i] != key {
				continue
			}
			switch state := w & layout.StateMask; {
			case state == layout.Empty || w == layout.Sealed:
				a.hard = true // the bytes of the key, but no key
			case state == layout.Live:
				a.hard = a.hard || w&layout.Lock != 0
				a.found, a.value, a.bucket, a.slot = Present, b.values[i], n, uintptr(i)
				return a
			case state == layout.Dead:
				a.found, a.hard = Absent, true
				return a
			default: // FROZEN, MOVED
				a.found, a.hard = Unsure, true
				return a
			}
		}
		if b.control&uint32(layout.ClassBit(hash)) == 0 {
			if b.control&layout.SealBit != 0 {
				a.found, a.hard = Unsure, true
			}
			return a
		}
	}
	a.found, a.hard = Unsure, true
	return a
}

// checkProbes compares GetLine and FindLine with the slow walk.
func checkProbes(t *testing.T, table []line, hash, key uint64) (want answer) {
	t.Helper()
	want = walk(table, hash, key)
	base, buckets := unsafe.Pointer(unsafe.SliceData(table)), uint64(len(table))
	value, found := GetLine(base, buckets, hash, key)
	if gaveUp := found == Unsure && want.hard; !gaveUp && (found != want.found || found == Present && value != want.value) {
		t.Fatalf("GetLine(%#x, %d) = %d, %v; want %+v in %+v", hash, key, value, found, want, table)
	}
	b, i, w := FindLine(base, buckets, hash, key)
	if b == nil {
		if want.found == Present && !want.hard {
			t.Fatalf("FindLine(%#x, %d) finds nothing; want %+v in %+v", hash, key, want, table)
		}
		return want
	}
	slot := &table[want.bucket]
	if want.found != Present || b != unsafe.Pointer(slot) || i != want.slot ||
		w != uint64(slot.words[i]) || w&layout.Lock != 0 {
		t.Fatalf("FindLine(%#x, %d) = slot %d of %p, word %#x; want %+v in %+v", hash, key, i, b, w, want, table)
	}
	return want
}

// randomTable returns a table in which a key has at most one slot, in any of its states. Of
// eight overflow and seal bits, set are set.
func randomTable(r *rand.Rand, buckets, set int) []line {
	table := make([]line, buckets)
	keys := r.Perm(4 * buckets)
	for n := range table {
		b := &table[n]
		for range set {
			b.control |= 1 << r.IntN(8)
		}
		for i := range b.words {
			key, version := uint64(keys[3*n+i]), uint32(r.IntN(5)+1)*layout.Version
			w := version | uint32(r.IntN(8)) // LIVE, DEAD, locked or not, FROZEN
			switch r.IntN(12) {
			case 0, 1, 2:
				w = layout.Empty
			case 3:
				w, key = layout.Sealed, 0
			case 4:
				w = layout.Claimed
			case 5:
				w = layout.Moved
			case 6, 7, 8, 9:
				w = version | layout.Live
			}
			if w&layout.StateMask == layout.Empty {
				w &= layout.Lock
			}
			if w == layout.Empty {
				key = 0
			}
			b.words[i], b.keys[i], b.values[i] = w, key, r.Uint64()
		}
	}
	return table
}

// TestProbesMatchWalk looks keys up in random tables, in which every state of a slot, every
// control word, the zero key, and paths round the end of the table occur.
func TestProbesMatchWalk(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]int{}
	for round := range 3000 {
		table := randomTable(r, 1+r.IntN(24), round%20)
		for range 30 {
			a := checkProbes(t, table, r.Uint64(), uint64(r.IntN(4*len(table))))
			seen[fmt.Sprint(a.found, a.hard)]++
		}
		checkProbes(t, table, r.Uint64(), 0)
		checkProbes(t, table, ^uint64(0), uint64(r.IntN(len(table))))
	}
	for _, found := range []Found{Absent, Present, Unsure} {
		for _, hard := range []bool{false, true} {
			if what := fmt.Sprint(found, hard); seen[what] < 100 && (found != Unsure || hard) {
				t.Errorf("%d lookups end with %s: the tables are not random enough", seen[what], what)
			}
		}
	}
}

// TestProbeIsBounded puts a key ever further from its home. A probe finds it in the first
// layout.MaxProbe buckets, and gives up behind.
func TestProbeIsBounded(t *testing.T) {
	const buckets = layout.MaxProbe + 4
	for _, home := range []uint64{0, buckets - 3} {
		hash, _ := bits.Div64(home, 1<<63, buckets)
		for step := range uint64(buckets) {
			table := make([]line, buckets)
			for n := range table {
				table[n].control = layout.SealBit - 1
			}
			b := &table[(home+step)%buckets]
			b.words[2], b.keys[2], b.values[2] = layout.Version|layout.Live, 77, step
			checkProbes(t, table, hash, 77)
			_, found := GetLine(unsafe.Pointer(unsafe.SliceData(table)), buckets, hash, 77)
			if (found == Present) != (step < layout.MaxProbe) {
				t.Errorf("bucket %d of the path from %d: found = %v", step, home, found)
			}
		}
	}
}
