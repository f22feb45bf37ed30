package seqcore

import (
	"sync/atomic"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/cell"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A Cell holds one value of type T, which any number of goroutines may read and write.
// The zero value is ready and holds the zero T. A Cell must not be copied after first
// use; go vet finds copies.
//
// T has no pointers (see CheckType): the first use of a Cell of another type panics with
// the error of CheckType, before it changes anything. No method allocates.
//
// A method that waits does so only for a writer that is inside the same cell, that is for
// the copy of one value. Every write that a read sees happens before that read returns,
// and with it everything that the writer did before.
type Cell[T any] struct {
	// word is the sequence word. It is 0 until the first write, and never again.
	// Its type makes the cell 8-byte aligned everywhere, and go vet sees it copied.
	word atomic.Uint64
	// v is written under the lock bit of word, in whole 64-bit words: the bytes behind
	// v up to the next word belong to the cell, because its size is one of its alignment.
	v T
}

// base returns the address of the cell, as the functions of internal/arch/cell want it.
func (c *Cell[T]) base() unsafe.Pointer { return unsafe.Pointer(&c.word) }

// begin waits until no writer is inside and returns the word. It panics if the cell was
// never written and T is not a type for a cell.
func (c *Cell[T]) begin() uint64 {
	word := cell.Word(c.base())
	if word&layout.Lock != 0 {
		word = cell.Unlocked(c.base())
	}
	if word == 0 {
		mustPlain[T]()
	}
	return word
}

// commit replaces the value by v if the word is still seen.
func (c *Cell[T]) commit(seen uint64, v *T) bool {
	// seen is unlocked, and 0 or live, so this is layout.Next of it.
	return cell.CommitFrom(c.base(), seen, seen+layout.Version|layout.Live, v)
}

// Store sets the value to v. It waits for a writer that is inside.
func (c *Cell[T]) Store(v T) {
	// A cell that was written is live for good, and its type has been checked.
	if words := layout.Words(unsafe.Sizeof(v)); arch.HasStoreCell(words) && cell.Word(c.base()) != 0 {
		if cell.Whole[T]() {
			arch.StoreCell(c.base(), unsafe.Pointer(&v), words)
		} else {
			cell.StorePadded(c.base(), &v)
		}
		return
	}
	c.StoreFrom(&v)
}

// StoreFrom sets the value to *v. It is Store without the copy that Go makes of an argument,
// which a T of many words is better without. Nobody may change *v meanwhile. It panics if v is nil,
// before anything changes.
func (c *Cell[T]) StoreFrom(v *T) {
	if v == nil { // and not under the lock, which would stay
		refuse("StoreFrom of a nil pointer")
	}
	p, words := c.base(), layout.Words(unsafe.Sizeof(*v))
	if word := cell.Word(p); cell.Whole[T]() && word != 0 {
		if arch.HasStoreCell(words) {
			arch.StoreCell(p, unsafe.Pointer(v), words)
			return
		}
		if cell.ReplaceLive(p, word, v) {
			return
		}
	}
	var b arch.Backoff
	for !c.commit(c.begin(), v) {
		b.Wait()
	}
}

// StoreIf sets the value to v if the cell has had exactly version writes, and says whether
// it did. The version comes from LoadVersion or Version. It waits for a writer that is
// inside, and then fails.
func (c *Cell[T]) StoreIf(version uint64, v T) bool {
	var b arch.Backoff
	for {
		seen := c.begin()
		if versionOf(seen) != version {
			return false
		}
		if c.commit(seen, &v) {
			return true
		}
		b.Wait()
	}
}

// Swap sets the value to v and returns the value before. It waits for a writer that is
// inside, and starts again when another one comes first.
func (c *Cell[T]) Swap(v T) T {
	var b arch.Backoff
	for {
		var old T
		if seen := c.read(&old); c.commit(seen, &v) {
			return old
		}
		b.Wait()
	}
}

// CompareAndSwap sets the value to new if it equals old, and says whether it did. Equality
// is Go's ==: +0 equals -0, NaN equals nothing, padding does not count. It waits for a
// writer that is inside, and starts again when another one comes first.
//
// It panics, as == of two interfaces does, for the rare T that has no pointers and yet no
// ==, such as a struct with a field of type [0]func().
func (c *Cell[T]) CompareAndSwap(old, new T) bool {
	var b arch.Backoff
	for {
		var v T
		seen := c.read(&v)
		if !cell.Equal(&v, &old) {
			return false
		}
		if c.commit(seen, &new) {
			return true
		}
		b.Wait()
	}
}

// Update sets the value to fn of the value, and returns what it set. fn runs on a copy, with
// nothing locked: it may panic, block, call runtime.Goexit, or use the same cell, and the
// cell is none the worse for it. fn runs again, with the newer value, when another writer
// came by meanwhile; a fn that itself writes the cell each time never comes to an end. It panics if
// fn is nil.
func (c *Cell[T]) Update(fn func(T) T) T {
	if fn == nil {
		refuse("Update by a nil function")
	}
	var b arch.Backoff
	for {
		var v T
		seen := c.read(&v)
		v = fn(v)
		if c.commit(seen, &v) {
			return v
		}
		b.Wait()
	}
}
