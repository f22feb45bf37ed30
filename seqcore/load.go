package seqcore

import (
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Load returns the value. For a T of at most 8 bytes it is one atomic load, in line, and
// never waits; a zero takes a call more. Otherwise it waits for a writer that is inside, and
// reads again when one came by. Until the first write it checks the type each time, by one
// lookup of a sync.Map, because a read writes nothing that it could remember that in.
func (c *Cell[T]) Load() T {
	if unsafe.Sizeof(c.v) <= layout.WordBytes {
		// R1, R3 and R4 have no part here: one word cannot tear. A zero may be that
		// of a cell never written, whose type load has yet to check.
		if arch.Exploring {
			arch.Step()
		}
		if x := atomic.LoadUint64((*uint64)(unsafe.Pointer(&c.v))); x != 0 {
			return *(*T)(unsafe.Pointer(&x))
		}
	}
	var v T
	through((*Cell[T]).LoadTo, c, &v)
	return v
}

// through calls f. A call of a parameter is cheap to the inliner, which then turns it into
// a direct call: without it Load would be too expensive to inline.
func through[T any](f func(*Cell[T], *T), c *Cell[T], v *T) { f(c, v) }

// LoadTo sets *v to the value. It is Load without the copies that Go makes of what a function
// returns, which a T of many words is better without. Nobody else may use *v meanwhile. It panics if
// v is nil.
func (c *Cell[T]) LoadTo(v *T) {
	if v == nil {
		refuse("LoadTo a nil pointer")
	}
	p, words := c.base(), layout.Words(unsafe.Sizeof(*v))
	switch word := cell.Word(p); {
	case word == 0:
		mustPlain[T]()
		*v = *new(T)
		return
	case cell.Small[T]():
		*v = cell.Copy[T](p)
		return
	case !cell.Whole[T]():
	case arch.HasLoadCell(words):
		if arch.LoadCell(p, unsafe.Pointer(v), words)&layout.Lock == 0 {
			return
		}
	case word&layout.Lock == 0: // R1
		// The first attempt is made here, because it is nearly always the last.
		cell.CopyWords[T](unsafe.Pointer(v), p) // R2
		if cell.Word(p) == word {               // R3 is in the acquire loads of R2; R4
			return
		}
	}
	cell.LoadTo(v, p)
}

// read sets *v to the value and returns the unlocked word that it belongs to. It panics if the
// cell was never written and T is not a type for a cell.
func (c *Cell[T]) read(v *T) (word uint64) {
	if word = cell.LoadTo(v, c.base()); word == 0 {
		mustPlain[T]()
	}
	return word
}

// TryLoad is Load in one attempt: it returns false if a writer is inside or came by
// meanwhile. It never waits, and for a T of at most 8 bytes it never fails.
func (c *Cell[T]) TryLoad() (v T, ok bool) {
	if cell.Small[T]() {
		return c.Load(), true
	}
	v, word, ok := cell.Try[T](c.base())
	if !ok {
		return *new(T), false
	}
	if word == 0 {
		mustPlain[T]()
	}
	return v, true
}

// LoadVersion returns the value and its version, the number of writes up to and including
// the one that stored it. It waits for a writer that is inside, whatever the size of T.
func (c *Cell[T]) LoadVersion() (v T, version uint64) {
	version = versionOf(c.read(&v))
	return v, version
}

// Version returns the number of writes completed so far, modulo 2^61. It never waits: a
// write that is under way does not count yet, although Load of a T of at most 8 bytes may
// have seen its value.
func (c *Cell[T]) Version() uint64 {
	if word := cell.Word(c.base()); word != 0 {
		return versionOf(word)
	}
	mustPlain[T]()
	return 0
}

// versionOf returns the version in a sequence word.
func versionOf(word uint64) uint64 { return word / layout.Version }
