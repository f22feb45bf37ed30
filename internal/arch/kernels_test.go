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
	slotRoutines[name] = slotRoutine{
		claim: func(s *Slot, c *Claim) uint64 { return claim(unsafe.Pointer(s), unsafe.Pointer(c)) },
		write: func(s *Slot, seen uint64, w *Write) bool { return write(unsafe.Pointer(s), seen, unsafe.Pointer(w)) },
	}
}

// addUpdates adds the kernels of the family update to those that are tested.
func addUpdates(name string, swap, add func(t unsafe.Pointer, key, x uint64) (uint64, bool)) {
	of := func(f func(t unsafe.Pointer, key, x uint64) (uint64, bool)) implementation[updateLineFunc] {
		return implementation[updateLineFunc]{name: name, f: func(t *Table, key, x uint64) (uint64, bool) {
			return f(unsafe.Pointer(t), key, x)
		}}
	}
	swapLines, addLines = append(swapLines, of(swap)), append(addLines, of(add))
}

// The kernels of one routine for keys of 4, 8 and 16 bytes.
type (
	getKernels  [3]func(t, key, value unsafe.Pointer) uint64
	findKernels [3]func(t, key unsafe.Pointer, hash uint64) (bucket unsafe.Pointer, slot, found uint64)
	swapKernels [3]func(t, key, value, prev unsafe.Pointer) bool
	addKernels  [3]func(t, key unsafe.Pointer, delta uint64) (uint64, bool)
)

// bySize returns which of them is for the keys of the table.
func bySize(t *Table) int {
	switch t.keyBytes {
	case 4:
		return 0
	case 8:
		return 1
	default:
		return 2
	}
}

// addProbes adds the kernels that look for a key in a table of any geometry, and read, or tell
// where it is, to those that are tested.
func addProbes(name string, get getKernels, find findKernels) {
	finds = append(finds, implementation[findFunc]{name: name, f: func(t *Table, key unsafe.Pointer, hash uint64) (unsafe.Pointer, uintptr, Found) {
		bucket, slot, found := find[bySize(t)](unsafe.Pointer(t), key, hash)
		return bucket, uintptr(slot), Found(found)
	}})
	gets = append(gets, implementation[getFunc]{name: name, f: func(t *Table, key, value unsafe.Pointer) Found {
		return Found(get[bySize(t)](unsafe.Pointer(t), key, value))
	}})
}

// addWriters is the same for those that write.
func addWriters(name string, swap swapKernels, add addKernels) {
	swaps = append(swaps, implementation[swapFunc]{name: name, f: func(t *Table, key, value, prev unsafe.Pointer) bool {
		return swap[bySize(t)](unsafe.Pointer(t), key, value, prev)
	}})
	adds = append(adds, implementation[addFunc]{name: name, f: func(t *Table, key unsafe.Pointer, delta uint64) (uint64, bool) {
		return add[bySize(t)](unsafe.Pointer(t), key, delta)
	}})
}
