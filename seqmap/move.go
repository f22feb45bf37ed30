package seqmap

import (
	"math/bits"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// help is what a writer does for a table that has a next: it moves the path of its own key,
// which lets it go on in the next table, and one block for everybody.
func (m *core) help(t *table, h uint64) {
	t.movePath(h)
	if t.moveOneBlock() {
		m.advance()
	}
}

// movePath moves every bucket on the path of hash h, so that its path in t is closed.
func (t *table) movePath(h uint64) {
	class := layout.ClassBit(h)
	n := t.home(h)
	for range t.buckets {
		b := t.bucket(n)
		t.moveBucket(b)
		if t.control(b)&class == 0 {
			return
		}
		n = t.after(n)
	}
}

// moveBucket seals a bucket and brings each of its slots to SEALED or MOVED.
func (t *table) moveBucket(b unsafe.Pointer) {
	t.seal(b) // before any slot
	for i := range t.geo.Slots {
		t.moveSlot(b, i)
	}
}

func (t *table) moveSlot(b unsafe.Pointer, i uintptr) {
	var wait arch.Backoff
	for {
		w := t.word(b, i)
		switch {
		case w == layout.Sealed || w == layout.Moved:
			return
		case w == layout.Empty:
			if t.casWord(b, i, w, layout.Sealed) {
				return
			}
		case inside(w):
			wait.Wait()
		case dead(w):
			if t.casWord(b, i, w, layout.Moved) {
				return
			}
		case frozen(w) || t.casWord(b, i, w, freeze(w)):
			t.copySlot(b, i)
			return
		}
	}
}

// freeze returns the FROZEN word for the LIVE word w. It keeps the version.
func freeze(w uint64) uint64 { return w | layout.Final | layout.Lock }

// copySlot copies the FROZEN slot i of b to a later table and makes it MOVED. Any number of
// goroutines may do so at once; one of them gets the new slot, and the others wait until it is
// published, which it is in the routine that claims it.
func (t *table) copySlot(b unsafe.Pointer, i uintptr) {
	// Once FROZEN was seen, key and value never change, so they are copied from where
	// they stand.
	var ins inserter
	ins.key, ins.value = t.keyAt(b, i), t.valueAt(b, i)
	ins.hash, ins.policy = t.hasher.hash(ins.key), transfer
	for u := t.loadNext(); !ins.place(u); u = u.loadNext() {
	}
	// The copy is published: now the old slot may send readers there.
	if w := t.word(b, i); frozen(w) {
		t.casWord(b, i, w, layout.Moved) // failing: somebody else did it
	}
}

// moveOneBlock moves one block that is not yet marked as done, if it finds one nearby, and
// says whether that was the last one. Blocks are owned by nobody: two goroutines may move
// the same one.
func (t *table) moveOneBlock() (last bool) {
	const tries = 4
	j := (arch.Add64(unsafe.Pointer(&t.cursor), 1) - 1) % t.blocks
	for range tries {
		unmarked := ^arch.Load64(unsafe.Pointer(&t.done[j/64])) >> (j % 64)
		if skip := uint64(bits.TrailingZeros64(unmarked)); unmarked != 0 && j+skip < t.blocks {
			return t.moveBlock(j + skip)
		}
		if j = (j/64 + 1) * 64; j >= t.blocks {
			j = 0
		}
	}
	return false
}

// moveAll moves every block of t.
func (t *table) moveAll() {
	for j := range t.blocks {
		if !t.isDone(j) {
			t.moveBlock(j)
		}
	}
}

func (t *table) isDone(j uint64) bool {
	return arch.Load64(unsafe.Pointer(&t.done[j/64]))>>(j%64)&1 != 0
}

// moveBlock moves block j and marks it. It returns true if it was the last one unmarked.
func (t *table) moveBlock(j uint64) (last bool) {
	end := min((j+1)*blockBuckets, t.buckets)
	for n := j * blockBuckets; n < end; n++ {
		t.moveBucket(t.bucket(n))
	}
	t.checkMoved(j) // every slot of the block was seen SEALED or MOVED
	bit := uint64(1) << (j % 64)
	if arch.Or64(unsafe.Pointer(&t.done[j/64]), bit)&bit != 0 {
		return false
	}
	return arch.Add64(unsafe.Pointer(&t.left), ^uint64(0)) == 0
}

func (t *table) allMoved() bool {
	return arch.Load64(unsafe.Pointer(&t.left)) == 0
}

// advance makes the root the first table that is not all moved. It goes one table at a time,
// by CAS, so that it can neither go back nor undo a Clear.
func (m *core) advance() {
	for {
		t := m.loadRoot()
		if !t.allMoved() {
			return
		}
		nx := t.loadNext()
		if nx == nil {
			return
		}
		m.casRoot(t, nx)
	}
}
