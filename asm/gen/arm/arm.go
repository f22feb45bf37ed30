// Package arm builds the kernels for arm64, one file for each family.
//
// Each kernel that locks or counts has two forms: LSE, with the atomic instructions of
// Armv8.1, and LLSC, with pairs of exclusive accesses. The loops of the latter end when no
// other processor interferes, as those of package sync/atomic do.
package arm

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
)

// newFile returns a context for the kernels of one family.
func newFile() *a64.Context {
	c := a64.NewContext()
	sig.NewFile(c.Avo())
	return c
}

// forms builds a kernel in both forms.
func forms(c *a64.Context, kernel func(c *a64.Context, suffix string, lse bool)) {
	kernel(c, "LSE", true)
	kernel(c, "LLSC", false)
}

// An order is what the lock of a write must keep in order. Each is there for a check of
// internal/arch/memmodel, which fails without.
type order uint8

const (
	acquire   order = 1 << iota // the writer reads what the one before it wrote
	release                     // readers of W3 who do not look at the word see what was done before
	w2                          // stores after the lock are visible after it
	wholeLock = acquire | release | w2
)

// cas locks a word: if the one at p, with wide of 64 bits, else of 32, is old, which is not
// changed, it becomes x. Otherwise control goes to lost. lock is a label of its own.
//
// CASAL gives every order by itself. The store of an exclusive pair may be late, so for w2 a
// barrier stands behind it; an acquire load of the pair holds back loads only.
func cas(c *a64.Context, lse, wide bool, o order, p, old, x reg.Register, lock, lost string) {
	cmp := c.CMPW
	if wide {
		cmp = c.CMP
	}
	found := c.GP()
	if lse {
		update := c.CASAL
		if o == 0 {
			update = c.CAS
		}
		c.Comment(lockComment(lse, o))
		c.MOVD(old, found)
		update(wide, found, p, x)
		cmp(old, found)
		c.BNE(lost)
		return
	}
	load, store, status := c.LDXR, c.STXR, c.GP()
	if o&acquire != 0 {
		load = c.LDAXR
	}
	if o&release != 0 {
		store = c.STLXR
	}
	c.Comment(lockComment(lse, o))
	c.Label(lock)
	load(wide, p, found)
	cmp(old, found)
	c.BNE(lost)
	store(wide, x, p, status)
	c.CBNZW(status, lock)
	if o&w2 != 0 {
		c.Comment("W2: no store below is visible before the lock.")
		c.DMB(a64.ISHST)
	}
}

func lockComment(lse bool, o order) string {
	switch {
	case o == 0:
		return "W1: claim the slot. No W2: nobody believes what an EMPTY slot holds."
	case lse:
		return "W1: take the lock. W2: no store below is visible before, because CASAL is acquire and release."
	}
	return "W1: take the lock."
}

// returnBool ends the kernel with the given result.
func returnBool(c *a64.Context, ok bool, name string) {
	r := reg.Register(a64.ZR)
	if ok {
		r = c.GP()
		c.MOVD(a64.Imm(1), r)
	}
	c.Return(r, name)
	c.RET()
}
