package arch

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

func (t *Table) findWord(key uint64) (bucket unsafe.Pointer, i uintptr, seen uint64) {
	return FindLine(t.Base, t.Buckets, HashWord(key, t.Seed), key)
}

// SwapLineGeneric stores the value of a key and returns the one before, if FindLine finds
// its slot and nobody changes it at the same time. Otherwise it changes nothing, and the plain
// routine must be asked.
func SwapLineGeneric(t *Table, key, value uint64) (old uint64, ok bool) {
	b, i, seen := t.findWord(key)
	if b == nil {
		return 0, false
	}
	return swapFound(b, i, seen, value)
}

// AddLineGeneric adds to the value of a key and returns the sum, under the conditions of
// SwapLineGeneric.
func AddLineGeneric(t *Table, key, delta uint64) (sum uint64, ok bool) {
	b, i, seen := t.findWord(key)
	if b == nil {
		return 0, false
	}
	// Safety: i < layout.WordSlots.
	return addWhole(unsafe.Add(b, 4*i), unsafe.Add(b, layout.WordValuesAt+8*i), seen, delta)
}

// SwapGeneric copies the value of a key to prev and puts the one at value in its place, in a table
// of any geometry, under the conditions of SwapLineGeneric. All are in their packed sizes.
func SwapGeneric(t *Table, key, value, prev unsafe.Pointer) (ok bool) {
	bucket, i, found := t.findOne(key)
	if found != Present {
		return false
	}
	seen, ok := t.live(bucket, i, key)
	if !ok {
		return false
	}
	s := Slot{
		Word: t.word(bucket, i), Value: t.value(bucket, i),
		ValueBytes: uintptr(t.valueBytes), Wide: t.wordBytes == 8,
	}
	return WriteSlotGeneric(&s, seen, &Write{Value: value, Prev: prev})
}

// AddGeneric adds to the value of a key, which must have 4 or 8 bytes, in a table of any
// geometry, and returns the sum, under the conditions of SwapLineGeneric.
func AddGeneric(t *Table, key unsafe.Pointer, delta uint64) (sum uint64, ok bool) {
	bucket, i, found := t.findOne(key)
	if found != Present {
		return 0, false
	}
	seen, ok := t.live(bucket, i, key)
	if !ok {
		return 0, false
	}
	if t.valueBytes == 4 {
		return addHalf(t.word(bucket, i), t.value(bucket, i), seen, delta)
	}
	return addWhole(t.word(bucket, i), t.value(bucket, i), seen, delta)
}

// swapFound is SwapLineGeneric for slot i of b. That a version may have come round since the
// word was seen does no harm, because the slot still has the same key, and is LIVE.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func swapFound(b unsafe.Pointer, i uintptr, seen, value uint64) (old uint64, ok bool) {
	// Safety: i < layout.WordSlots.
	word := unsafe.Add(b, 4*i)
	at := unsafe.Add(b, layout.WordValuesAt+8*i)
	if !CAS32(word, uint32(seen), uint32(seen)|layout.Lock) { // W1, W2
		return 0, false
	}
	old = Load64(at)
	Store64(at, value)                                    // W3
	Store32(word, uint32(layout.Next(seen, layout.Live))) // W4
	return old, true
}

// addWhole is swapFound for AddLineGeneric and AddGeneric, given where slot word and value stand.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func addWhole(word, at unsafe.Pointer, seen, delta uint64) (sum uint64, ok bool) {
	if !CAS32(word, uint32(seen), uint32(seen)|layout.Lock) { // W1, W2
		return 0, false
	}
	sum = Load64(at) + delta
	Store64(at, sum)                                      // W3
	Store32(word, uint32(layout.Next(seen, layout.Live))) // W4
	return sum, true
}

// addHalf is addWhole for values of 4 bytes.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func addHalf(word, at unsafe.Pointer, seen, delta uint64) (sum uint64, ok bool) {
	if !CAS32(word, uint32(seen), uint32(seen)|layout.Lock) { // W1, W2
		return 0, false
	}
	half := Load32(at) + uint32(delta)
	Store32(at, half)                                     // W3
	Store32(word, uint32(layout.Next(seen, layout.Live))) // W4
	return uint64(half), true
}
