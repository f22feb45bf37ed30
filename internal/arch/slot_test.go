package arch

import (
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// slotBlock is a slot and what belongs to it, with guards between the parts.
type slotBlock struct {
	word, control [2]uint32
	key           piece
	value         piece
	used, count   uint64
}

// newSlotBlock returns a block with guards wherever a slot of the shape has nothing.
func newSlotBlock(s shape, word uint64) *slotBlock {
	b := &slotBlock{
		word:    [2]uint32{guard & 0xffffffff, guard & 0xffffffff},
		control: [2]uint32{0x81, 0},
		key:     *newPiece(),
		value:   *newPiece(),
		used:    6,
		count:   4,
	}
	b.setWord(s.wide, word)
	return b
}

func (b *slotBlock) setWord(wide bool, w uint64) { setHalves(&b.word, wide, w) }

// setHalves sets a word of 64 bits, or the first of two of 32.
func setHalves(p *[2]uint32, wide bool, w uint64) {
	if wide {
		*(*uint64)(unsafe.Pointer(p)) = w
	} else {
		p[0] = uint32(w)
	}
}

func (b *slotBlock) slot(s shape) *Slot {
	return &Slot{
		Word:       unsafe.Pointer(&b.word),
		Key:        b.key.pointer(),
		Value:      b.value.pointer(),
		KeyBytes:   s.keyBytes,
		ValueBytes: s.valueBytes,
		Wide:       s.wide,
	}
}

// shape is a kind of slot.
type shape struct {
	keyBytes, valueBytes uintptr
	wide                 bool
}

func forEachShape(f func(s shape)) {
	for _, keyBytes := range packedSizes {
		for _, valueBytes := range packedSizes {
			f(shape{keyBytes, valueBytes, true})
			if valueBytes <= layout.WordBytes {
				f(shape{keyBytes, valueBytes, false})
			}
		}
	}
}

// A slotRoutine is an implementation of the routines that write a slot.
type slotRoutine struct {
	claim func(s *Slot, c *Claim) uint64
	write func(s *Slot, seen uint64, w *Write) bool
}

// slotRoutines are all of them, by name.
var slotRoutines = map[string]slotRoutine{
	"generic": {ClaimSlotGeneric, WriteSlotGeneric},
	"best":    {ClaimSlot, WriteSlot},
}

// slotWords are words of a slot in each of its states.
var slotWords = []uint64{
	layout.Empty,
	layout.Claimed,
	layout.Version | layout.Live,
	5*layout.Version | layout.Live,
	5*layout.Version | layout.Live | layout.Lock,
	5*layout.Version | layout.Dead,
	5*layout.Version | layout.Dead | layout.Lock,
	5*layout.Version | layout.Final | layout.Lock,
	layout.Sealed,
	layout.Moved,
}

func TestClaimSlot(t *testing.T) {
	tags := map[string]Claim{
		"no tag":        {},
		"tag of 32 bit": {Tag: 0x77 << 24},
		"tag of 64 bit": {Tag: 0x77 << 56, TagWide: true},
	}
	for name, routines := range slotRoutines {
		for tag, c := range tags {
			for _, moved := range []bool{false, true} {
				forEachShape(func(s shape) {
					for _, word := range slotWords {
						what := fmt.Sprintf("%s, %s, moved %v, %+v, word %#x", name, tag, moved, s, word)
						testClaim(t, what, routines.claim, s, word, c, moved)
					}
				})
			}
		}
	}
}

func testClaim(t *testing.T, what string, claim func(*Slot, *Claim) uint64, s shape, word uint64, c Claim, moved bool) {
	b, want := newSlotBlock(s, word), newSlotBlock(s, word)
	key, value := pieceOf(s.keyBytes), pieceOf(s.valueBytes)
	c.Key, c.Value, c.Used, c.Count = key.pointer(), value.pointer(), unsafe.Pointer(&b.used), unsafe.Pointer(&b.count)
	c.Control = unsafe.Pointer(&b.control)
	setHalves(&b.control, c.TagWide, 0x81)
	setHalves(&want.control, c.TagWide, 0x81)
	wantUsed := uint64(0)
	if moved {
		c.Count = nil
	}
	if word == layout.Empty {
		wantUsed = 7
		want.setWord(s.wide, layout.Version|layout.Live)
		want.key, want.value = *pieceOf(s.keyBytes), *pieceOf(s.valueBytes)
		want.used++
		if !moved {
			want.count++
		}
		setHalves(&want.control, c.TagWide, 0x81|c.Tag)
	}
	used := claim(b.slot(s), &c)
	if used != wantUsed || *b != *want {
		t.Fatalf("%s: ClaimSlot = %d, %v; want %d, %v", what, used, *b, wantUsed, *want)
	}
}

func TestWriteSlot(t *testing.T) {
	for name, routines := range slotRoutines {
		forEachShape(func(s shape) {
			for _, seen := range []uint64{
				layout.Version | layout.Live,
				5*layout.Version | layout.Live,
				5*layout.Version | layout.Dead,
				lastVersion(s.wide) | layout.Live,
				lastVersion(s.wide) | layout.Dead,
			} {
				for _, word := range append([]uint64{seen}, slotWords...) {
					for _, c := range writeCases {
						what := fmt.Sprintf("%s, %s, %+v, seen %#x, word %#x", name, c.name, s, seen, word)
						c.test(t, what, routines.write, s, seen, word)
					}
				}
			}
		})
	}
}

// lastVersion is the version after which a slot word comes round.
func lastVersion(wide bool) uint64 {
	if wide {
		return ^uint64(layout.Version - 1)
	}
	return uint64(^uint32(layout.Version - 1))
}

type writeCase struct {
	name           string
	remove, prev   bool
	expect, differ bool
}

var writeCases = []writeCase{
	{name: "store"},
	{name: "swap", prev: true},
	{name: "store if", expect: true},
	{name: "store if, which fails", expect: true, differ: true, prev: true},
	{name: "remove", remove: true},
	{name: "remove, with the value", remove: true, prev: true},
	{name: "remove if", remove: true, expect: true},
	{name: "remove if, which fails", remove: true, expect: true, differ: true},
}

func (c writeCase) test(t *testing.T, what string, write func(*Slot, uint64, *Write) bool, s shape, seen, word uint64) {
	if !c.allows(s, seen) {
		return
	}
	b, want := newSlotBlock(s, word), newSlotBlock(s, word)
	b.value, want.value = *pieceOf(s.valueBytes), *pieceOf(s.valueBytes)
	old, prev, wantPrev := pieceOf(s.valueBytes), newPiece(), newPiece()
	value := pieceOf(s.valueBytes)
	for i := range s.valueBytes {
		value.bytes[i] ^= 0xff
	}
	if c.differ {
		old.bytes[s.valueBytes-1]++
	}
	w := Write{Value: value.pointer(), Count: unsafe.Pointer(&b.count), Remove: c.remove}
	if c.prev {
		w.Prev = prev.pointer()
	}
	if c.expect {
		w.Expect = old.pointer()
	}
	hit := word == seen && !c.differ
	if hit {
		c.apply(want, s, seen, value)
		if c.prev {
			*wantPrev = *pieceOf(s.valueBytes)
		}
	}
	if got := write(b.slot(s), seen, &w); got != hit || *b != *want || *prev != *wantPrev {
		t.Fatalf("%s: WriteSlot = %v, %v, previous %v; want %v, %v, %v", what, got, *b, *prev, hit, *want, *wantPrev)
	}
}

// allows says whether such a write is one that can be asked for.
func (c writeCase) allows(s shape, seen uint64) bool {
	return (!c.expect || s.valueBytes <= layout.WordBytes) && (!c.differ || s.valueBytes != 0) &&
		(!c.remove || seen&layout.StateMask == layout.Live)
}

// apply does to the block what a write that succeeds is to do.
func (c writeCase) apply(b *slotBlock, s shape, seen uint64, value *piece) {
	if c.remove {
		b.setWord(s.wide, layout.Next(seen, layout.Dead))
		b.count--
		return
	}
	b.setWord(s.wide, layout.Next(seen, layout.Live))
	copy(b.value.bytes[:s.valueBytes], value.bytes[:])
	if seen&layout.StateMask == layout.Dead {
		b.count++
	}
}

// large takes as long to write as a value may.
type large [layout.MaxValueBytes / 8]uint64

// slowSlot is a slot with a large key and value.
type slowSlot struct {
	word, used, count uint64
	key, value        large
}

func (s *slowSlot) slot() Slot {
	return Slot{
		Word:       unsafe.Pointer(&s.word),
		Key:        unsafe.Pointer(&s.key),
		Value:      unsafe.Pointer(&s.value),
		KeyBytes:   unsafe.Sizeof(s.key),
		ValueBytes: unsafe.Sizeof(s.value),
		Wide:       true,
	}
}

// locked says whether a writer is inside.
func (s *slowSlot) locked() bool {
	return Load64(unsafe.Pointer(&s.word))&layout.Lock != 0
}

// TestNobodySleepsInside: on the only processor, a goroutine that looks at a slot runs only
// because the writer was stopped, and must never find the slot locked. The same look at a
// claim that the scheduler can stop does find it locked, which shows that the test can fail.
func TestNobodySleepsInside(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	looks := 12
	if testing.Short() {
		looks = 5
	}
	for name, routines := range slotRoutines {
		s := new(slowSlot)
		src := new(large)
		slot := s.slot()
		claim := Claim{Key: unsafe.Pointer(src), Value: unsafe.Pointer(src), Used: unsafe.Pointer(&s.used), Count: unsafe.Pointer(&s.count)}
		write := Write{Value: unsafe.Pointer(src), Count: unsafe.Pointer(&s.count)}
		for what, op := range map[string]func(){
			"ClaimSlot": func() { Store64(slot.Word, layout.Empty); routines.claim(&slot, &claim) },
			"WriteSlot": func() { routines.write(&slot, Load64(slot.Word), &write) },
		} {
			Store64(slot.Word, layout.Version|layout.Live)
			if n := lookWhile(looks, s.locked, func() bool { return false }, op); n > instrumented(looks) {
				t.Errorf("%s %s: %d of %d looks found a writer parked inside", name, what, n, looks)
			}
		}
	}
	s := new(slowSlot)
	seen := false
	lookWhile(100*looks, s.locked, func() bool { seen = true; return true }, func() { stoppableClaim(s) })
	if !seen {
		t.Error("the harness finds no writer parked inside a claim that can be stopped")
	}
}

// lookWhile looks while a goroutine of its own calls write again and again, without ever giving
// way by itself. It returns how many looks found the slot locked, and asks at each of those
// whether that is enough.
func lookWhile(looks int, locked, enough func() bool, write func()) (n int) {
	var stop uint32
	done := make(chan bool)
	go func() {
		defer close(done)
		for Load32(unsafe.Pointer(&stop)) == 0 {
			write()
		}
	}()
	for range looks {
		runtime.Gosched() // until the writer has used up its time
		if locked() {
			if n++; enough() {
				break
			}
		}
	}
	Store32(unsafe.Pointer(&stop), 1)
	<-done
	return n
}

// stoppableClaim is a claim without the marks that keep the scheduler out.
//
//go:noinline
func stoppableClaim(s *slowSlot) {
	Store64(unsafe.Pointer(&s.word), layout.Empty)
	if !CAS64(unsafe.Pointer(&s.word), layout.Empty, layout.Claimed) {
		return
	}
	for range 8 {
		for i := range s.key {
			storeSlowly(unsafe.Pointer(&s.key[i]), i)
		}
	}
	Store64(unsafe.Pointer(&s.word), layout.Version|layout.Live)
}

// storeSlowly stores to the word at p, and has so large a frame that it begins with a look at the
// stack, which is where the scheduler stops a goroutine, also where its signals come at other
// places.
//
//go:noinline
func storeSlowly(p unsafe.Pointer, i int) {
	var room [512]byte
	room[i&511] = 1
	Store64(p, uint64(room[i>>1&511])) // another byte, or the compiler would do without the room
}
