package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// swap puts a value in the place of another.
func swap(c *build.Context, k sig.Kernel, kind keyKind) {
	k.Begin(c, "SSE2")
	p := single(c, kind)
	value, prev := param(c, "value"), param(c, "prev")
	p.toHome()
	p.find()
	c.CMPL(p.field(layout.TableWordBytesAt), operand.Imm(4))
	c.JNE(to("wide"))

	p.take(false)
	c.Comment("W3: store the value.")
	p.toSlotValues()
	c.CMPL(p.field(layout.TableValueBytesAt), operand.Imm(4))
	c.JEQ(to("half"))
	c.JB(to("stored")) // no value
	p.swapWhole(8, value, prev)
	c.JMP(to("stored"))
	c.Label("half")
	p.swapWhole(4, value, prev)
	c.Label("stored")
	release(c, false, p.word, p.wordMem(4))
	returnOK(c, true)

	c.Label("wide")
	p.take(true)
	c.Comment("W3: store the value.")
	p.toSlotValue()
	c.CMPQ(reg.RDX, operand.Imm(32))
	c.JA(to("large"))
	p.swapWide(16, value, prev)
	c.JMP(to("swapped"))
	c.Label("large")
	p.swapWide(32, value, prev)
	c.Label("swapped")
	c.Comment("W4: readers of wide values wait while the slot is locked, so a plain store will do.")
	c.MOVQ(p.word, p.wordMem(8))
	returnOK(c, true)

	p.notHere("odd")
	c.Label("odd")
	returnOK(c, false)
}

// add adds to a value of 4 or 8 bytes.
func add(c *build.Context, k sig.Kernel, kind keyKind) {
	k.Begin(c, "SSE2")
	p := single(c, kind)
	sum := param(c, "delta")
	p.toHome()
	p.find()
	p.take(false)
	c.Comment("W3: store the value.")
	p.toSlotValues()
	c.CMPL(p.field(layout.TableValueBytesAt), operand.Imm(4))
	c.JEQ(to("half"))
	whole := p.valueInSlot(8)
	c.ADDQ(whole, sum)
	c.MOVQ(sum, whole)
	c.JMP(to("stored"))
	c.Label("half")
	half := p.valueInSlot(4)
	c.ADDL(half, sum.As32())
	c.MOVL(sum.As32(), half)
	c.Label("stored")
	release(c, false, p.word, p.wordMem(4))
	c.Store(sum, c.Return("sum"))
	returnOK(c, true)

	p.notHere("odd")
	c.Label("odd")
	returnOK(c, false)
}

// take locks the slot, whose word has 64 bits if wide, else 32, if it is LIVE and unlocked and
// has the key, and leaves the word that is to follow in word. Otherwise it goes to odd.
func (p *probe) take(wide bool) {
	c := p.c
	if wide {
		c.MOVQ(p.wordMem(8), p.word)
	} else {
		c.MOVL(p.wordMem(4), p.word.As32())
	}
	p.liveKey()
	locked, wordMem := p.x, p.wordMem(4)
	if wide {
		wordMem = p.wordMem(8)
	}
	c.MOVQ(p.word, reg.RAX)
	c.LEAQ(at(p.word, layout.Lock), locked)
	c.ADDQ(operand.I32(layout.Version), p.word)
	c.Comment("W1: take the lock. W2: no store below is visible before, because LOCK is a full barrier.")
	cmpxchg(c, wide, locked, wordMem)
	c.JNE(to("odd"))
}

// swapWhole copies the value of 4 or 8 bytes from the slot to prev, and from value to the slot.
func (p *probe) swapWhole(size uint8, value, prev reg.GPVirtual) {
	c, m := p.c, p.valueInSlot(size)
	if size == 4 {
		c.MOVL(m, reg.EAX)
		c.MOVL(reg.EAX, at(prev, 0))
		c.MOVL(at(value, 0), reg.EAX)
		c.MOVL(reg.EAX, m)
		return
	}
	c.MOVQ(m, reg.RAX)
	c.MOVQ(reg.RAX, at(prev, 0))
	c.MOVQ(at(value, 0), reg.RAX)
	c.MOVQ(reg.RAX, m)
}

// swapWide is the same for values of RDX bytes at x, from width to twice as many.
func (p *probe) swapWide(width int, value, prev reg.GPVirtual) {
	for _, copied := range []struct{ from, to reg.Register }{{p.x, prev}, {value, p.x}} {
		var vs []reg.VecVirtual
		from, to := p.overlapping(copied.from, width, 16), p.overlapping(copied.to, width, 16)
		for _, m := range from {
			v := p.c.XMM()
			vs = append(vs, v)
			p.c.MOVUPS(m, v)
		}
		for i, m := range to {
			p.c.MOVUPS(vs[i], m)
		}
	}
}
