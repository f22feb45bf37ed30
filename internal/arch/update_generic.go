package arch

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A WordTable is what the updates below need to know of a table of word buckets (see
// layout.WordSlots) whose keys are hashed by HashWord.
type WordTable struct {
	Base    unsafe.Pointer
	Buckets uint64
	Seed    uint64
}

func (t *WordTable) find(key uint64) (bucket unsafe.Pointer, i uintptr, seen uint64) {
	return FindWordGeneric(t.Base, t.Buckets, HashWord(key, t.Seed), key)
}

// SwapWordGeneric stores the value of a key and returns the one before, if FindWordGeneric finds
// its slot and nobody changes it at the same time. Otherwise it changes nothing, and the plain
// routine must be asked.
func SwapWordGeneric(t *WordTable, key, value uint64) (old uint64, ok bool) {
	b, i, seen := t.find(key)
	if b == nil {
		return 0, false
	}
	return swapFound(b, i, seen, value)
}

// AddWordGeneric adds to the value of a key and returns the sum, under the conditions of
// SwapWordGeneric.
func AddWordGeneric(t *WordTable, key, delta uint64) (sum uint64, ok bool) {
	b, i, seen := t.find(key)
	if b == nil {
		return 0, false
	}
	return addFound(b, i, seen, delta)
}

// swapFound is SwapWordGeneric for slot i of b. That a version may have come round since the
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

// addFound is swapFound for AddWordGeneric.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func addFound(b unsafe.Pointer, i uintptr, seen, delta uint64) (sum uint64, ok bool) {
	// Safety: i < layout.WordSlots.
	word := unsafe.Add(b, 4*i)
	at := unsafe.Add(b, layout.WordValuesAt+8*i)
	if !CAS32(word, uint32(seen), uint32(seen)|layout.Lock) { // W1, W2
		return 0, false
	}
	sum = Load64(at) + delta
	Store64(at, sum)                                      // W3
	Store32(word, uint32(layout.Next(seen, layout.Live))) // W4
	return sum, true
}
