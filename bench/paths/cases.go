package paths

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
)

// A Case is one operation on one container of one size.
type Case struct {
	Name string
	// Must is how many times as fast as plain Go the operation has to be on amd64.
	Must float64

	ops     int  // operations of a slice
	warm    int  // operations before it that are not timed
	share   int  // the case gets one round of so many, for its slices are long
	garbage bool // the operation allocates: collect before each slice
}

// Goals: neverSlower is that of each operation that has no other one.
const neverSlower = 0.97

const (
	sliceOps   = 1 << 14 // operations of a slice
	largeOps   = 1 << 13 // of cases whose data fits no cache
	largeWarm  = 1 << 10 // of the same
	largeShare = 2       // of the same
	growShare  = 10      // of maps that grow to such a size
)

// A family is cases that share their data.
type family struct {
	cases []Case
	// build makes the data and returns the function that does n operations of a case, by
	// its position, and returns how many of them did what they must.
	build func() func(at, n int) (right int)
}

// An op is a case with the loop that does it n times on data of type D.
type op[D any] struct {
	Case
	loop func(d *D, n int) (right int)
}

// newFamily returns the family of ops.
func newFamily[D any](build func() *D, ops ...op[D]) family {
	f := family{build: func() func(at, n int) int {
		d := build()
		return func(at, n int) int { return ops[at].loop(d, n) }
	}}
	for _, o := range ops {
		o.Must = max(o.Must, neverSlower)
		o.share = max(o.share, 1)
		f.cases = append(f.cases, o.Case)
	}
	return f
}

// families returns all families for the table of code paths. No map has more than most entries.
func families(most int) []family {
	return slices.Concat(cellFamilies(), listFamilies(), mapFamilies(most))
}

// find returns the family that has the case, and its position there.
func find(list []family, name string) (f family, at int, ok bool) {
	for _, f := range list {
		if at := slices.IndexFunc(f.cases, func(c Case) bool { return c.Name == name }); at >= 0 {
			return f, at, true
		}
	}
	return family{}, 0, false
}

// Names returns the names of all cases, in the order in which Run reports them, for maps of at
// most so many entries.
func Names(most int) (names []string) {
	for _, f := range families(most) {
		for _, c := range f.cases {
			names = append(names, c.Name)
		}
	}
	return names
}

// BatchKeys is how many keys a batch has.
const BatchKeys = 256

// Open builds the data of a case and returns the loop that does the operation n times, n being a
// multiple of BatchKeys, and returns how many of them did what they must, which is n. It reports
// false if there is no such case among Names(BatchKeys).
func Open(name string) (loop func(n int) (right int), ok bool) {
	f, at, ok := find(families(BatchKeys), name)
	if !ok {
		return nil, false
	}
	do := f.build()
	return func(n int) int { return do(at, n) }, true
}

// Values and keys of the sizes that the cases need. The compiler keeps structs of up to four
// words in registers, and no array of several words.
type (
	bytes4  = uint32
	bytes8  = uint64
	bytes16 = struct{ a, b uint64 }
	bytes24 = struct{ a, b, c uint64 }
	bytes32 = struct{ a, b, c, d uint64 }
	bytes64 = [8]uint64
	uuid    = [16]byte
)

// spread makes numbers that differ, with no pattern, from numbers that differ.
func spread(i uint64) uint64 { return (i + 1) * 0x9e3779b97f4a7c15 }

func key4(i uint64) bytes4 { return bytes4(i+1) * 0x9e3779b1 }

func keyUUID(i uint64) (key uuid) {
	binary.NativeEndian.PutUint64(key[:], spread(i))
	binary.NativeEndian.PutUint64(key[8:], i)
	return key
}

func key24(i uint64) bytes24 { return bytes24{i, spread(i), i} }

// shuffle puts list in an order that depends on its length alone.
func shuffle[T any](list []T) {
	rng := rand.New(rand.NewPCG(1, uint64(len(list))))
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}
