package seqmap

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks below are compiled into seqinvariants builds only.

// checkMoved panics unless every slot of block j is at its end.
func (t *table) checkMoved(j uint64) {
	if !arch.Invariants {
		return
	}
	end := min((j+1)*blockBuckets, t.buckets)
	for n := j * blockBuckets; n < end; n++ {
		b := t.bucket(n)
		if t.control(b)&layout.SealBit == 0 {
			panic(fmt.Sprintf("seqmap: invariant: bucket %d of a moved block is not sealed: control %#x", n, t.control(b)))
		}
		for i := range t.geo.Slots {
			if w := t.word(b, i); w != layout.Sealed && w != layout.Moved {
				panic(fmt.Sprintf("seqmap: invariant: slot %d of bucket %d of a moved block has word %#x", i, n, w))
			}
		}
	}
}

// check panics if the slot is not in a state in which it may be written.
func (s *spot) check() {
	if !arch.Invariants {
		return
	}
	if inside(s.w) || !live(s.w) && !dead(s.w) {
		panic(fmt.Sprintf("seqmap: invariant: write to slot %d with the word %#x as seen", s.i, s.w))
	}
}
