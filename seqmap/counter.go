package seqmap

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// counter is a number that many goroutines add to. It begins as one part. When it is worth the
// memory it is spread over several, each on a cache line of its own.
//
// Present keys are counted in the part that the hash of the key leads to. So what a reader
// finds in a part is the number of keys that were there at that moment, and what it finds in
// all of them is never far from the truth. (A part may be below zero by the keys that were
// counted before the counter was spread.) Used slots are never uncounted, so there it does not
// matter who counts where: a goroutine uses the part that the address of its stack leads
// to, which is mostly in the cache of its processor.
type counter struct {
	first part
	// more is set once, by the goroutine that won the CAS, and never reset.
	more atomic.Pointer[[]part]
}

type part struct {
	n atomic.Uint64
	_ [layout.LineBytes - 8]byte
}

// maxParts bounds the parts of a counter, on machines with very many processors.
const maxParts = 256

// spread gives the counter of a table with the given limit its parts, if there is enough to
// count for each of them.
func (c *counter) spread(limit uint64) {
	const worth = 256
	n := 1
	for n < 4*runtime.GOMAXPROCS(0) && n < maxParts {
		n *= 2
	}
	if c.more.Load() != nil || limit < worth*uint64(n) {
		return
	}
	parts := make([]part, n)
	c.more.CompareAndSwap(nil, &parts)
}

// mine returns the address of the word that this goroutine adds to.
func (c *counter) mine() unsafe.Pointer { return c.part(stackHash()) }

// of returns the address of the word that counts the keys with hash h.
func (c *counter) of(h uint64) unsafe.Pointer { return c.part(h >> layout.PartShift) }

func (c *counter) part(x uint64) unsafe.Pointer {
	p := &c.first
	if more := c.more.Load(); more != nil {
		s := *more
		p = &s[x&uint64(len(s)-1)]
	}
	return unsafe.Pointer(&p.n)
}

// stackHash returns a number that goroutines running at the same time mostly do not share,
// and that mostly stays the same for one of them.
func stackHash() uint64 {
	const smallestStack = 11 // log2 of its bytes
	var here byte
	return uint64(uintptr(unsafe.Pointer(&here))>>smallestStack) * layout.FoldBy >> 32
}

// parts returns the number of parts that are added to.
func (c *counter) parts() uint64 {
	if more := c.more.Load(); more != nil {
		return uint64(len(*more))
	}
	return 1
}

// sum returns the number, exactly if nobody is adding to it, and never less than 0.
func (c *counter) sum() uint64 {
	n := arch.Load64(unsafe.Pointer(&c.first.n))
	if more := c.more.Load(); more != nil {
		for i := range *more {
			n += arch.Load64(unsafe.Pointer(&(*more)[i].n))
		}
	}
	return uint64(max(int64(n), 0))
}
