package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Slot builds the family slot. BenchmarkSlot in internal/arch shows what it gains.
func Slot() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	claimSlot(c, "SSE2")
	writeSlot(c, "SSE2")
	return c
}

// A slotWord is the code for slot words of one width. There is one of each in a kernel, and
// their labels differ by the prefix.
type slotWord struct {
	c      *build.Context
	wide   bool
	prefix string
	at     reg.GPVirtual // address of the word
}

// slotWords builds body for both widths. It goes to the one for the slot at s.
func slotWords(c *build.Context, s reg.GPVirtual, body func(w slotWord)) {
	word := c.GP64()
	c.MOVQ(at(s, layout.SlotWordAt), word)
	c.CMPB(at(s, layout.SlotWideAt), operand.Imm(0))
	c.JNE(to("wide"))
	body(slotWord{c, false, "narrow_", word})
	c.Label("wide")
	body(slotWord{c, true, "wide_", word})
}

// take locks the slot: RAX is the word that it must have. If it has another one, control goes
// to lost.
func (w slotWord) take(locked reg.GPVirtual, lost string) {
	w.c.Comment("W1: take the lock. W2: no store below is visible before, because LOCK is a full barrier.")
	cmpxchg(w.c, w.wide, locked, at(w.at, 0))
	w.c.JNE(to(lost))
}

// release ends the write with the word x, which it changes.
func (w slotWord) release(x reg.GPVirtual) { release(w.c, w.wide, x, at(w.at, 0)) }

// release ends the write of a map's slot with the word x at m, of 64 bits if wide, else of 32. It
// changes x. A plain store would release too, but the writer could read another key before its
// own write is visible, so that of two who write one key and look for the other's, neither
// might see it.
func release(c *build.Context, wide bool, x reg.GPVirtual, m operand.Mem) {
	c.Comment("W4: XCHG is a full barrier. The write is visible before the writer reads anything else.")
	if wide {
		c.XCHGQ(x, m)
	} else {
		c.XCHGL(x.As32(), m)
	}
}

// releasePlain ends the write with the word x, or its lower half, where a plain store will do, and
// says why it does.
func (w slotWord) releasePlain(x, half reg.Register, why string) {
	w.c.Comment("W4: " + why + ", so a plain store will do.")
	if w.wide {
		w.c.MOVQ(x, at(w.at, 0))
	} else {
		w.c.MOVL(half, at(w.at, 0))
	}
}

// next puts layout.Next of RAX and the state into x.
func (w slotWord) next(x reg.GPVirtual, state int32) {
	w.c.LEAQ(at(reg.RAX, layout.Version), x)
	w.c.ANDQ(operand.I32(^(layout.StateMask | layout.Lock)), x)
	w.c.ORQ(operand.I32(state), x)
}

func (w slotWord) label(name string) { w.c.Label(w.prefix + name) }

func (w slotWord) to(name string) operand.LabelRef { return to(w.prefix + name) }

func claimSlot(c *build.Context, suffix string) {
	sig.ClaimSlot.Begin(c, suffix)
	s, claim := param(c, "s"), param(c, "c")
	slotWords(c, s, func(w slotWord) {
		x, used := c.GP64(), c.GP64()
		c.XORL(reg.EAX, reg.EAX) // EMPTY
		c.MOVL(operand.U32(layout.Claimed), x.As32())
		w.take(x, "lost")
		c.Comment("W3: key, tag and value.")
		w.copyPacked("key", at(s, layout.SlotKeyAt), at(claim, layout.ClaimKeyAt), at(s, layout.SlotKeyBytesAt))
		c.MOVQ(at(claim, layout.ClaimTagAt), x)
		c.TESTQ(x, x)
		c.JEQ(w.to("tagged"))
		control := c.GP64()
		c.MOVQ(at(claim, layout.ClaimControlAt), control)
		c.CMPB(at(claim, layout.ClaimTagWideAt), operand.Imm(0))
		c.JNE(w.to("wide_tag"))
		lock(c)
		c.ORL(x.As32(), at(control, 0))
		c.JMP(w.to("tagged"))
		w.label("wide_tag")
		lock(c)
		c.ORQ(x, at(control, 0))
		w.label("tagged")
		w.copyPacked("value", at(s, layout.SlotValueAt), at(claim, layout.ClaimValueAt), at(s, layout.SlotValueBytesAt))
		c.MOVQ(at(claim, layout.ClaimUsedAt), x)
		c.MOVL(operand.U32(1), used.As32())
		lock(c)
		c.XADDQ(used, at(x, 0))
		c.INCQ(used)
		c.MOVQ(at(claim, layout.ClaimCountAt), x)
		c.TESTQ(x, x)
		c.JEQ(w.to("counted"))
		lock(c)
		c.INCQ(at(x, 0))
		w.label("counted")
		c.MOVL(operand.U32(layout.Live|layout.Version), x.As32())
		w.release(x)
		c.Store(used, c.Return("used"))
		c.RET()
	})
	c.Label("lost")
	none := c.GP64()
	c.XORL(none.As32(), none.As32())
	c.Store(none, c.Return("used"))
	c.RET()
}

func writeSlot(c *build.Context, suffix string) {
	sig.WriteSlot.Begin(c, suffix)
	s, write := param(c, "s"), param(c, "w")
	paramTo(c, "seen", reg.RAX)
	slotWords(c, s, func(w slotWord) {
		x := c.GP64()
		c.MOVQ(reg.RAX, x)
		c.ORQ(operand.Imm(layout.Lock), x)
		w.take(x, "lost")
		w.expected(s, write)
		c.MOVQ(at(write, layout.WritePrevAt), x)
		c.TESTQ(x, x)
		c.JEQ(w.to("kept"))
		w.copyPacked("prev", at(write, layout.WritePrevAt), at(s, layout.SlotValueAt), at(s, layout.SlotValueBytesAt))
		w.label("kept")
		c.CMPB(at(write, layout.WriteRemoveAt), operand.Imm(0))
		c.JNE(w.to("remove"))

		c.Comment("W3: store the value.")
		w.copyPacked("value", at(s, layout.SlotValueAt), at(write, layout.WriteValueAt), at(s, layout.SlotValueBytesAt))
		c.MOVL(reg.EAX, x.As32())
		c.ANDL(operand.Imm(layout.StateMask), x.As32())
		c.CMPL(x.As32(), operand.Imm(layout.Dead))
		c.JNE(w.to("publish"))
		c.MOVQ(at(write, layout.WriteCountAt), x)
		lock(c)
		c.INCQ(at(x, 0))
		w.label("publish")
		w.next(x, layout.Live)
		w.release(x)
		returnOK(c, true)

		w.label("remove")
		w.next(x, layout.Dead)
		w.releasePlain(x, x.As32(), "the LOCK behind it is a full barrier")
		c.MOVQ(at(write, layout.WriteCountAt), x)
		lock(c)
		c.DECQ(at(x, 0))
		returnOK(c, true)

		w.label("restore")
		w.releasePlain(reg.RAX, reg.EAX, "nothing has changed")
		returnOK(c, false)
	})
	c.Label("lost")
	returnOK(c, false)
}

// expected goes to restore if a value of 4 or 8 bytes is expected that is not there. Of values of
// other sizes nothing is expected.
func (w slotWord) expected(s, write reg.GPVirtual) {
	c := w.c
	want, value, bytes, x := c.GP64(), c.GP64(), c.GP64(), c.GP64()
	c.MOVQ(at(write, layout.WriteExpectAt), want)
	c.TESTQ(want, want)
	c.JEQ(w.to("expected"))
	c.MOVQ(at(s, layout.SlotValueAt), value)
	c.MOVQ(at(s, layout.SlotValueBytesAt), bytes)
	c.CMPQ(bytes, operand.Imm(4))
	c.JEQ(w.to("expect_half"))
	c.CMPQ(bytes, operand.Imm(8))
	c.JNE(w.to("expected"))
	c.MOVQ(at(want, 0), x)
	c.CMPQ(x, at(value, 0))
	c.JNE(w.to("restore"))
	c.JMP(w.to("expected"))
	w.label("expect_half")
	c.MOVL(at(want, 0), x.As32())
	c.CMPL(x.As32(), at(value, 0))
	c.JNE(w.to("restore"))
	w.label("expected")
}

// copyPacked copies a packed key or value: none, 4 bytes, or whole words. The memory operands
// hold the two addresses and the number of bytes.
func (w slotWord) copyPacked(name string, toAt, fromAt, bytesAt operand.Mem) {
	c := w.c
	dst, src, bytes, i, x := c.GP64(), c.GP64(), c.GP64(), c.GP64(), c.GP64()
	c.MOVQ(toAt, dst)
	c.MOVQ(fromAt, src)
	c.MOVQ(bytesAt, bytes)
	c.XORL(i.As32(), i.As32())
	c.CMPQ(bytes, operand.Imm(4))
	c.JA(w.to(name + "_words"))
	c.JB(w.to(name + "_done"))
	c.MOVL(at(src, 0), x.As32())
	c.MOVL(x.As32(), at(dst, 0))
	c.JMP(w.to(name + "_done"))
	w.label(name + "_words")
	c.MOVQ(operand.Mem{Base: src, Index: i, Scale: 1}, x)
	c.MOVQ(x, operand.Mem{Base: dst, Index: i, Scale: 1})
	c.ADDQ(operand.Imm(8), i)
	c.CMPQ(i, bytes)
	c.JB(w.to(name + "_words"))
	w.label(name + "_done")
}
