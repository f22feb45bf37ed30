//go:build linux && (amd64 || arm64)

package arch

import (
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// An edge gives out pieces of memory that all begin, or all end, at a page that cannot be
// touched. Who reads or writes a byte before the first ones, or behind the others, is caught.
type edge struct {
	pages  [][]byte
	atEnd  bool
	pieces [][2]unsafe.Pointer // where each piece that was taken begins and ends
}

// edges returns both kinds of edge, with room for so many pieces of at most a page.
func edges(t *testing.T, pieces int) (both [2]*edge) {
	for i := range both {
		both[i] = &edge{atEnd: i == 1}
		for range pieces {
			both[i].pages = append(both[i].pages, guarded(t, 1))
		}
	}
	return both
}

func (e *edge) String() string {
	if e.atEnd {
		return "at the end of a page"
	}
	return "at the beginning of a page"
}

// take returns a piece of so many bytes.
func (e *edge) take(bytes uintptr) unsafe.Pointer {
	page := e.pages[len(e.pieces)]
	p := unsafe.Pointer(&page[0])
	if e.atEnd {
		// Safety: bytes is at most a page. A piece of no bytes is where the guard begins.
		p = unsafe.Add(p, len(page)-int(bytes))
	}
	e.pieces = append(e.pieces, [2]unsafe.Pointer{p, unsafe.Add(p, bytes)})
	return p
}

// drop takes all pieces back.
func (e *edge) drop() { e.pieces = e.pieces[:0] }

// bytes returns a piece of so many bytes, of which the first is first, and each one more than the
// one before.
func (e *edge) bytes(n uintptr, first byte) unsafe.Pointer {
	p := e.take(n)
	copy(unsafe.Slice((*byte)(p), n), ascending(n, first))
	return p
}

// word returns a piece with the word w, of 64 bits if wide, else of 32.
func (e *edge) word(wide bool, w uint64) unsafe.Pointer {
	if wide {
		p := e.take(8)
		Store64(p, w)
		return p
	}
	p := e.take(4)
	Store32(p, uint32(w))
	return p
}

// slot returns a slot of the shape with the word. It stands at the edge itself, and so does each
// of its parts.
func (e *edge) slot(s shape, word uint64) *Slot {
	slot := (*Slot)(e.take(unsafe.Sizeof(Slot{})))
	*slot = Slot{
		Word: e.word(s.wide, word), Key: e.bytes(s.keyBytes, 1), Value: e.bytes(s.valueBytes, 51),
		KeyBytes: s.keyBytes, ValueBytes: s.valueBytes, Wide: s.wide,
	}
	return slot
}

func ascending(n uintptr, first byte) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = first + byte(i)
	}
	return string(b)
}

// loadWord returns a word of 64 bits if wide, else of 32.
func loadWord(p unsafe.Pointer, wide bool) uint64 {
	if wide {
		return Load64(p)
	}
	return uint64(Load32(p))
}

// stringAt returns the bytes at p.
func stringAt(p unsafe.Pointer, bytes uintptr) string { return string(unsafe.Slice((*byte)(p), bytes)) }

// guardedShapes are slots of both widths of words, with keys and values of every packed size up to
// some.
var guardedShapes = func() (all []shape) {
	sizes := []uintptr{0, 4}
	for bytes := uintptr(8); bytes <= 96; bytes += 8 {
		sizes = append(sizes, bytes)
	}
	for _, key := range sizes {
		for _, value := range sizes {
			all = append(all, shape{key, value, false}, shape{key, value, true})
		}
	}
	return all
}()

// slotPieces is how many pieces of memory a write of a slot has to do with, at most.
const slotPieces = 10

// TestClaimSlotGuardPages claims slots of which every part, and every operand, begins or ends at a
// page that cannot be touched.
func TestClaimSlotGuardPages(t *testing.T) {
	for _, e := range edges(t, slotPieces) {
		for name, r := range slotRoutines {
			for _, s := range guardedShapes {
				for _, tag := range []Claim{{}, {Tag: 0x77 << 24}, {Tag: 0x77 << 56, TagWide: true}} {
					for _, word := range []uint64{layout.Empty, layout.Version | layout.Live} {
						claimGuarded(t, name, r.claim, e, s, tag, word)
					}
				}
			}
		}
	}
}

func claimGuarded(t *testing.T, name string, claim func(*Slot, *Claim) uint64, e *edge, s shape, c Claim, word uint64) {
	e.drop()
	slot := e.slot(s, word)
	at := (*Claim)(e.take(unsafe.Sizeof(c)))
	c.Key, c.Value = e.bytes(s.keyBytes, 101), e.bytes(s.valueBytes, 151)
	c.Control, c.Used, c.Count = e.word(c.TagWide, 0x81), e.word(true, 6), e.word(true, 4)
	*at = c
	used, control := uint64(0), uint64(0x81)
	counts, key, value := [2]uint64{6, 4}, ascending(s.keyBytes, 1), ascending(s.valueBytes, 51)
	if word == layout.Empty {
		used, word, control = 7, layout.Version|layout.Live, control|c.Tag
		counts, key, value = [2]uint64{7, 5}, ascending(s.keyBytes, 101), ascending(s.valueBytes, 151)
	}
	if got := claim(slot, at); got != used || *at != c || loadWord(slot.Word, s.wide) != word ||
		loadWord(c.Control, c.TagWide) != control || [2]uint64{Load64(c.Used), Load64(c.Count)} != counts ||
		stringAt(slot.Key, s.keyBytes) != key || stringAt(slot.Value, s.valueBytes) != value {
		t.Fatalf("%s: %+v %s: ClaimSlot = %d, slot %+v, claim %+v", name, s, e, got, *slot, *at)
	}
}

// TestWriteSlotGuardPages changes slots of which every part, and every operand, begins or ends at a
// page that cannot be touched. What a write does not use is not there at all.
func TestWriteSlotGuardPages(t *testing.T) {
	for _, e := range edges(t, slotPieces) {
		for name, r := range slotRoutines {
			for _, s := range guardedShapes {
				for _, c := range writeCases {
					writeGuarded(t, name, r.write, e, s, c, 5*layout.Version|layout.Live)
					writeGuarded(t, name, r.write, e, s, c, 5*layout.Version|layout.Dead)
				}
			}
		}
	}
}

func writeGuarded(t *testing.T, name string, write func(*Slot, uint64, *Write) bool, e *edge, s shape, c writeCase, seen uint64) {
	if !c.allows(s, seen) {
		return
	}
	e.drop()
	slot := e.slot(s, seen)
	at := (*Write)(e.take(unsafe.Sizeof(Write{})))
	*at = e.write(s, c)
	w := *at
	word, count, value, prev := seen, uint64(4), ascending(s.valueBytes, 51), ascending(s.valueBytes, 201)
	if !c.differ {
		prev = value
		switch {
		case c.remove:
			word, count = layout.Next(seen, layout.Dead), 3
		case seen&layout.StateMask == layout.Dead:
			count = 5
			fallthrough
		default:
			word, value = layout.Next(seen, layout.Live), ascending(s.valueBytes, 151)
		}
	}
	if got := write(slot, seen, at); got == c.differ || *at != w || loadWord(slot.Word, s.wide) != word || Load64(w.Count) != count ||
		stringAt(slot.Key, s.keyBytes) != ascending(s.keyBytes, 1) || stringAt(slot.Value, s.valueBytes) != value ||
		c.prev && stringAt(w.Prev, s.valueBytes) != prev {
		t.Fatalf("%s: %s: %+v %s, seen %#x: WriteSlot = %v, slot %+v, write %+v", name, c.name, s, e, seen, got, *slot, *at)
	}
}

// write returns the operands of a write, each of which stands at the edge.
func (e *edge) write(s shape, c writeCase) (w Write) {
	w.Count, w.Remove = e.word(true, 4), c.remove
	if !c.remove {
		w.Value = e.bytes(s.valueBytes, 151)
	}
	if c.prev {
		w.Prev = e.bytes(s.valueBytes, 201)
	}
	if c.expect {
		w.Expect = e.bytes(s.valueBytes, 51)
	}
	if c.differ {
		*(*byte)(w.Expect)++
	}
	return w
}

// TestGuardPagesCatch checks the tests above: a routine that also reads the word behind or before
// any part of a slot, or any operand, does not get through them.
func TestGuardPagesCatch(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	const none = slotPieces
	for _, e := range edges(t, slotPieces) {
		for name, call := range map[string]func(beyond int){
			"claim": func(beyond int) {
				claimGuarded(t, "generic", func(s *Slot, c *Claim) uint64 {
					e.lookBeyond(beyond)
					return ClaimSlotGeneric(s, c)
				}, e, shape{16, 8, true}, Claim{}, layout.Empty)
			},
			"write": func(beyond int) {
				writeGuarded(t, "generic", func(s *Slot, seen uint64, w *Write) bool {
					e.lookBeyond(beyond)
					return WriteSlotGeneric(s, seen, w)
				}, e, shape{16, 8, true}, writeCase{prev: true, expect: true}, layout.Version|layout.Live)
			},
			"key": func(beyond int) {
				look := func(c *guardedTable) [2]uint64 {
					e.lookBeyond(beyond)
					return [2]uint64{}
				}
				e.drop()
				e.table(batchShape{16, 24}, 2).compare(t, keyRoutine{"generic", look, look})
			},
		} {
			call(none)
			for i := range e.pieces {
				if !faults(func() { call(i) }) {
					t.Errorf("%s: a read beyond piece %d %s is not found", name, i, e)
				}
			}
		}
	}
}

// lookBeyond reads the word behind a piece, or before it if it begins at the edge.
func (e *edge) lookBeyond(piece int) {
	switch {
	case piece >= len(e.pieces):
	case e.atEnd:
		Load64(e.pieces[piece][1])
	default:
		Load64(unsafe.Add(e.pieces[piece][0], -8))
	}
}

// faults says whether f touches memory that cannot be touched.
func faults(f func()) (does bool) {
	defer func() {
		fault, ok := recover().(interface{ Addr() uintptr })
		does = ok && fault.Addr() != 0
	}()
	f()
	return false
}
