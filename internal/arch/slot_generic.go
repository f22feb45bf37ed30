package arch

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Slot says where the parts of one map slot stand. KeyBytes and ValueBytes are as in
// layout.Bucket: 0, 4, or a multiple of 8.
type Slot struct {
	Word, Key, Value     unsafe.Pointer
	KeyBytes, ValueBytes uintptr
	Wide                 bool // the slot word has 64 bits, not 32
}

// Claim says what a new slot is to hold.
type Claim struct {
	Key, Value unsafe.Pointer // KeyBytes and ValueBytes of the slot, in whole 64-bit words
	Control    unsafe.Pointer // the control word of the slot's bucket
	Tag        uint64         // OR-ed into the control word; 0 if the bucket has no tags
	TagWide    bool           // the control word has 64 bits, not 32
	Used       unsafe.Pointer // counts claimed slots
	Count      unsafe.Pointer // counts present keys, or nil if the key is only moved
}

// ClaimSlotGeneric makes an EMPTY slot LIVE: it claims the slot, writes key, tag and value,
// counts, and publishes. It returns the new count of used slots, or 0, having changed
// nothing, if the slot is not EMPTY.
//
// Like every routine of this file it is nosplit and noinline, so that the Go scheduler
// cannot stop it between lock and unlock. It calls nothing but sync/atomic, on any platform,
// because the scheduler can stop a goroutine at the entry even of a nosplit function, if
// that has a frame; and a function in which two operations of sync/atomic are calls, as on 32
// bits, is not inlined. So the sizes of words are told apart here.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func ClaimSlotGeneric(s *Slot, c *Claim) (used uint64) {
	var won bool
	if s.Wide {
		won = CAS64(s.Word, layout.Empty, layout.Claimed) // W1, W2
	} else {
		won = CAS32(s.Word, layout.Empty, layout.Claimed) // W1, W2
	}
	if !won {
		return 0
	}
	if s.KeyBytes == 4 {
		Store32(s.Key, *(*uint32)(c.Key))
	} else {
		storeWords(s.Key, c.Key, s.KeyBytes)
	}
	if c.Tag != 0 {
		if c.TagWide {
			Or64(c.Control, c.Tag)
		} else {
			Or32(c.Control, uint32(c.Tag))
		}
	}
	if s.ValueBytes == 4 {
		Store32(s.Value, *(*uint32)(c.Value)) // W3
	} else {
		storeWords(s.Value, c.Value, s.ValueBytes) // W3
	}
	used = Add64(c.Used, 1)
	if c.Count != nil {
		Add64(c.Count, 1) // before the publish, so that no count is ever negative
	}
	if s.Wide {
		Store64(s.Word, layout.Live|layout.Version) // W4
	} else {
		Store32(s.Word, layout.Live|layout.Version) // W4
	}
	return used
}

// WriteSlotGeneric changes a LIVE or DEAD slot whose word is seen, which must be unlocked.
// It locks the slot and copies the old value to prev unless prev is nil. If expect is not
// nil and the value of at most 8 bytes is not the word there, the slot is restored; so a
// version that has come round to the same number does no harm. Else value is stored and the
// slot becomes LIVE; a removal makes it DEAD instead. The count follows. It returns false,
// having changed nothing, if the word is not seen or the value not the expected one.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func WriteSlotGeneric(s *Slot, seen uint64, w *Write) (done bool) {
	if s.Wide {
		done = CAS64(s.Word, seen, seen|layout.Lock) // W1, W2
	} else {
		done = CAS32(s.Word, uint32(seen), uint32(seen|layout.Lock)) // W1, W2
	}
	if !done {
		return false
	}
	if w.Expect != nil {
		switch s.ValueBytes {
		case 4:
			done = Load32(s.Value) == *(*uint32)(w.Expect)
		case 8:
			done = Load64(s.Value) == *(*uint64)(w.Expect)
		}
	}
	if done && w.Prev != nil {
		if s.ValueBytes == 4 {
			*(*uint32)(w.Prev) = Load32(s.Value)
		} else {
			loadWords(w.Prev, s.Value, s.ValueBytes)
		}
	}
	next := seen
	switch {
	case !done:
	case w.Remove:
		next = layout.Next(seen, layout.Dead)
	default:
		if s.ValueBytes == 4 {
			Store32(s.Value, *(*uint32)(w.Value)) // W3
		} else {
			storeWords(s.Value, w.Value, s.ValueBytes) // W3
		}
		if seen&layout.StateMask == layout.Dead {
			Add64(w.Count, 1)
		}
		next = layout.Next(seen, layout.Live)
	}
	if s.Wide {
		Store64(s.Word, next) // W4
	} else {
		Store32(s.Word, uint32(next)) // W4
	}
	if done && w.Remove {
		Add64(w.Count, ^uint64(0)) // after the removal, so that no count is ever negative
	}
	return done
}

// Write says how a published slot is to change. All buffers are in whole 64-bit words.
type Write struct {
	Value  unsafe.Pointer // the new value; not used by a removal
	Prev   unsafe.Pointer // receives the old value, if not nil
	Expect unsafe.Pointer // the value of at most 8 bytes that must be there, if not nil
	Count  unsafe.Pointer // counts present keys
	Remove bool           // make the slot DEAD
}
