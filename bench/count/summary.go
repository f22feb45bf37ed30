package count

import (
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/seqmap/seqmap-go/bench/rivals"
)

// Entry is a key with its count.
type Entry[K comparable] struct {
	Key   K
	Count uint64
}

// Summary is what a finished count comes to. Two counts with equal Distinct,
// Total and Checksum hold the same entries.
type Summary[K comparable] struct {
	Distinct int
	Total    uint64     // sum of all counts
	Checksum uint64     // of all entries in any order; of this process only
	Top      []Entry[K] // the commonest keys, commonest first
}

var checksumSeed = maphash.MakeSeed()

// Summarize reads all of c, once. Top gets at most top entries; compare orders
// keys of the same count.
func Summarize[K comparable](c rivals.Counter[K], top int, compare func(a, b K) int) Summary[K] {
	var s Summary[K]
	before := func(a, b Entry[K]) int {
		switch {
		case a.Count > b.Count:
			return -1
		case a.Count < b.Count:
			return 1
		}
		return compare(a.Key, b.Key)
	}
	for key, n := range c.All() {
		e := Entry[K]{Key: key, Count: n}
		s.Distinct++
		s.Total += n
		s.Checksum += maphash.Comparable(checksumSeed, e)
		if len(s.Top) == top && (top == 0 || before(e, s.Top[top-1]) > 0) {
			continue
		}
		i, _ := slices.BinarySearchFunc(s.Top, e, before)
		s.Top = slices.Insert(s.Top, i, e)
		s.Top = s.Top[:min(len(s.Top), top)]
	}
	return s
}

// sameAs returns an error that says where s differs from want, nil if they
// hold the same entries.
func (s Summary[K]) sameAs(want Summary[K]) error {
	switch {
	case s.Distinct != want.Distinct:
		return fmt.Errorf("counted %d distinct keys, not %d", s.Distinct, want.Distinct)
	case s.Total != want.Total:
		return fmt.Errorf("counted %d keys in all, not %d", s.Total, want.Total)
	case s.Checksum != want.Checksum:
		return fmt.Errorf("counted %d distinct keys, but not the same ones or not as often", s.Distinct)
	}
	return nil
}
