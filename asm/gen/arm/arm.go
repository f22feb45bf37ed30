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

// cas locks a word: if the one at p, with wide of 64 bits, else of 32, is old, which is not
// changed, it becomes x. Otherwise control goes to lost. Stores after it are visible
// after it. lock is a label of its own.
//
// CASAL gives that by itself. The store of an exclusive pair may be late, so a barrier stands
// behind it; the acquire load of the pair holds back loads only.
func cas(c *a64.Context, lse, wide bool, p, old, x reg.Register, lock, lost string) {
	cmp := c.CMPW
	if wide {
		cmp = c.CMP
	}
	found := c.GP()
	if lse {
		c.Comment("W1: take the lock. W2: no store below is visible before, because CASAL is acquire and release.")
		c.MOVD(old, found)
		c.CASAL(wide, found, p, x)
		cmp(old, found)
		c.BNE(lost)
		return
	}
	status := c.GP()
	c.Comment("W1: take the lock.")
	c.Label(lock)
	c.LDAXR(wide, p, found)
	cmp(old, found)
	c.BNE(lost)
	c.STLXR(wide, x, p, status)
	c.CBNZW(status, lock)
	c.Comment("W2: no store below is visible before the lock.")
	c.DMB(a64.ISHST)
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
