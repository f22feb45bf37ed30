//go:build (amd64 || arm64) && !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import "unsafe"

// wordBatch is the kernel for keys of 8 bytes also where there is one that knows the geometry.
func wordBatch(word func(b, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int), all getBatchFunc) getBatchFunc {
	return func(b *Batch, keys, values, found unsafe.Pointer, n uintptr) (hits, odd int) {
		if b.words {
			return word(unsafe.Pointer(b), keys, values, found, n)
		}
		return all(b, keys, values, found, n)
	}
}

// addSlotRoutines adds the kernels of the family slot to those that are tested.
func addSlotRoutines(name string, claim func(s, c unsafe.Pointer) uint64, write func(s unsafe.Pointer, seen uint64, w unsafe.Pointer) bool) {
	r := slotRoutines["generic"]
	r.claim = func(s *Slot, c *Claim) uint64 { return claim(unsafe.Pointer(s), unsafe.Pointer(c)) }
	r.write = func(s *Slot, seen uint64, w *Write) bool { return write(unsafe.Pointer(s), seen, unsafe.Pointer(w)) }
	slotRoutines[name] = r
}

// addUpdates adds the kernels of the family update to those that are tested.
func addUpdates(name string, swap, add func(t unsafe.Pointer, key, x uint64) (uint64, bool)) {
	of := func(f func(t unsafe.Pointer, key, x uint64) (uint64, bool)) implementation[updateWordFunc] {
		return implementation[updateWordFunc]{name: name, f: func(t *WordTable, key, x uint64) (uint64, bool) {
			return f(unsafe.Pointer(t), key, x)
		}}
	}
	swapWords, addWords = append(swapWords, of(swap)), append(addWords, of(add))
}
