package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Slot builds the family slot. BenchmarkSlot in internal/arch shows what each form gains.
func Slot() *build.Context {
	c := newFile()
	forms(c, claimSlot)
	forms(c, writeSlot)
	return c.Avo()
}

// A slotWord is the code for slot words of one width. There is one of each in a kernel, and
// their labels differ by the prefix.
type slotWord struct {
	*a64.Context
	lse, wide bool
	prefix    string
	at        reg.Register // address of the word
}

// slotWords builds body for both widths. It goes to the one for the slot at s.
func slotWords(c *a64.Context, lse bool, s reg.Register, body func(w slotWord)) {
	word, wide := c.GP(), c.GP()
	c.MOVD(a64.Mem(s, layout.SlotWordAt), word)
	c.MOVBU(a64.Mem(s, layout.SlotWideAt), wide)
	c.CBNZ(wide, "wide")
	body(slotWord{c, lse, false, "narrow_", word})
	c.Label("wide")
	body(slotWord{c, lse, true, "wide_", word})
}

// take locks the slot if its word is seen. If it has another one, control goes to lost.
func (w slotWord) take(o order, seen, locked reg.Register) {
	cas(w.Context, w.lse, w.wide, o, w.at, seen, locked, w.prefix+"lock", "lost")
}

// release ends the write with the word x.
func (w slotWord) release(x reg.Register) {
	w.Comment("W4: release.")
	w.STLR(w.wide, x, w.at)
}

// restore gives the lock back, with the word that was seen.
func (w slotWord) restore(seen reg.Register) {
	w.Comment("W4: nothing has changed, so a plain store will do.")
	store := w.MOVW
	if w.wide {
		store = w.MOVD
	}
	store(seen, a64.Mem(w.at, 0))
}

// next puts layout.Next of seen and the state into x.
func (w slotWord) next(seen, x reg.Register, state a64.Imm) {
	w.ADD(a64.Imm(layout.Version), seen, x)
	w.AND(a64.Imm(^(layout.StateMask | layout.Lock)), x, x)
	w.ORR(state, x, x)
}

func (w slotWord) label(name string) { w.Label(w.prefix + name) }

// add adds d to the counter whose address stands at addr, and returns what it was. What comes
// before W4 needs no order of its own, and so o is 0. Behind it, release makes the sum visible
// before the writer reads anything else.
func (w slotWord) add(name string, o order, addr, d reg.Register) (old reg.Register) {
	old = w.GP()
	update, store := w.LDADD, w.STXR
	if o == release {
		update, store = w.LDADDL, w.STLXR
	}
	if w.lse {
		update(true, d, addr, old)
		return old
	}
	sum, status := w.GP(), w.GP()
	w.label(name)
	w.LDXR(true, addr, old)
	w.ADD(d, old, sum)
	store(true, sum, addr, status)
	w.CBNZW(status, w.prefix+name)
	return old
}

// or sets bits in the control word at addr, before W4.
func (w slotWord) or(name string, wide bool, addr, bits reg.Register) {
	old := w.GP()
	if w.lse {
		w.LDOR(wide, bits, addr, old)
		return
	}
	status := w.GP()
	w.label(name)
	w.LDXR(wide, addr, old)
	w.ORR(bits, old, old)
	w.STXR(wide, old, addr, status)
	w.CBNZW(status, w.prefix+name)
}

func claimSlot(c *a64.Context, suffix string, lse bool) {
	sig.ClaimSlot.Begin(c.Avo(), suffix)
	s, claim := c.Load("s"), c.Load("c")
	slotWords(c, lse, s, func(w slotWord) {
		x, empty, one := c.GP(), c.GP(), c.GP()
		c.MOVD(a64.Imm(layout.Empty), empty)
		c.MOVD(a64.Imm(layout.Claimed), x)
		w.take(0, empty, x)
		c.Comment("W3: key, tag and value.")
		w.copyPacked("key", a64.Mem(s, layout.SlotKeyAt), a64.Mem(claim, layout.ClaimKeyAt), a64.Mem(s, layout.SlotKeyBytesAt))
		w.tag(claim)
		w.copyPacked("value", a64.Mem(s, layout.SlotValueAt), a64.Mem(claim, layout.ClaimValueAt), a64.Mem(s, layout.SlotValueBytesAt))
		c.MOVD(a64.Imm(1), one)
		c.MOVD(a64.Mem(claim, layout.ClaimUsedAt), x)
		used := w.add("use", 0, x, one)
		c.ADD(one, used, used)
		c.MOVD(a64.Mem(claim, layout.ClaimCountAt), x)
		c.CBZ(x, w.prefix+"counted")
		w.add("count", 0, x, one)
		w.label("counted")
		c.MOVD(a64.Imm(layout.Live|layout.Version), x)
		w.release(x)
		c.Return(used, "used")
		c.RET()
	})
	c.Label("lost")
	c.Return(a64.ZR, "used")
	c.RET()
}

// tag sets the tag in the control word, if there is one.
func (w slotWord) tag(claim reg.Register) {
	tag, control, wide := w.GP(), w.GP(), w.GP()
	w.MOVD(a64.Mem(claim, layout.ClaimTagAt), tag)
	w.CBZ(tag, w.prefix+"tagged")
	w.MOVD(a64.Mem(claim, layout.ClaimControlAt), control)
	w.MOVBU(a64.Mem(claim, layout.ClaimTagWideAt), wide)
	w.CBNZ(wide, w.prefix+"wide_tag")
	w.or("set_tag", false, control, tag)
	w.B(w.prefix + "tagged")
	w.label("wide_tag")
	w.or("set_wide_tag", true, control, tag)
	w.label("tagged")
}

func writeSlot(c *a64.Context, suffix string, lse bool) {
	sig.WriteSlot.Begin(c.Avo(), suffix)
	s, write, seen := c.Load("s"), c.Load("w"), c.Load("seen")
	slotWords(c, lse, s, func(w slotWord) {
		x, d := c.GP(), c.GP()
		c.ORR(a64.Imm(layout.Lock), seen, x)
		order := wholeLock
		if w.wide {
			order &^= release // readers of wide values wait for W4
		}
		w.take(order, seen, x)
		w.expected(s, write)
		c.MOVD(a64.Mem(write, layout.WritePrevAt), x)
		c.CBZ(x, w.prefix+"kept")
		w.copyPacked("prev", a64.Mem(write, layout.WritePrevAt), a64.Mem(s, layout.SlotValueAt), a64.Mem(s, layout.SlotValueBytesAt))
		w.label("kept")
		c.MOVBU(a64.Mem(write, layout.WriteRemoveAt), x)
		c.CBNZ(x, w.prefix+"remove")

		c.Comment("W3: store the value.")
		w.copyPacked("value", a64.Mem(s, layout.SlotValueAt), a64.Mem(write, layout.WriteValueAt), a64.Mem(s, layout.SlotValueBytesAt))
		c.AND(a64.Imm(layout.StateMask), seen, x)
		c.CMP(a64.Imm(layout.Dead), x)
		c.BNE(w.prefix + "publish")
		c.MOVD(a64.Mem(write, layout.WriteCountAt), x)
		c.MOVD(a64.Imm(1), d)
		w.add("revive", 0, x, d)
		w.label("publish")
		w.next(seen, x, layout.Live)
		w.release(x)
		returnBool(c, true, "ok")

		w.label("remove")
		w.next(seen, x, layout.Dead)
		w.release(x)
		c.MOVD(a64.Mem(write, layout.WriteCountAt), x)
		c.MOVD(a64.Imm(-1), d)
		c.Comment("Release: whoever finds that this writer has gone on finds the count exact.")
		w.add("bury", release, x, d)
		returnBool(c, true, "ok")

		w.label("restore")
		w.restore(seen)
		returnBool(c, false, "ok")
	})
	c.Label("lost")
	returnBool(c, false, "ok")
}

// expected goes to restore if a value of 4 or 8 bytes is expected that is not there. Of values of
// other sizes nothing is expected.
func (w slotWord) expected(s, write reg.Register) {
	want, value, bytes, x, y := w.GP(), w.GP(), w.GP(), w.GP(), w.GP()
	w.MOVD(a64.Mem(write, layout.WriteExpectAt), want)
	w.CBZ(want, w.prefix+"expected")
	w.MOVD(a64.Mem(s, layout.SlotValueAt), value)
	w.MOVD(a64.Mem(s, layout.SlotValueBytesAt), bytes)
	w.CMP(a64.Imm(4), bytes)
	w.BEQ(w.prefix + "expect_half")
	w.CMP(a64.Imm(8), bytes)
	w.BNE(w.prefix + "expected")
	w.MOVD(a64.Mem(want, 0), x)
	w.MOVD(a64.Mem(value, 0), y)
	w.CMP(x, y)
	w.BNE(w.prefix + "restore")
	w.B(w.prefix + "expected")
	w.label("expect_half")
	w.MOVWU(a64.Mem(want, 0), x)
	w.MOVWU(a64.Mem(value, 0), y)
	w.CMPW(x, y)
	w.BNE(w.prefix + "restore")
	w.label("expected")
}

// copyPacked copies a packed key or value: none, 4 bytes, or whole words. The memory operands
// hold the two addresses and the number of bytes.
func (w slotWord) copyPacked(name string, toAt, fromAt, bytesAt operand.Mem) {
	dst, src, bytes, x := w.GP(), w.GP(), w.GP(), w.GP()
	w.MOVD(toAt, dst)
	w.MOVD(fromAt, src)
	w.MOVD(bytesAt, bytes)
	w.CMP(a64.Imm(4), bytes)
	w.BHI(w.prefix + name + "_words")
	w.BLO(w.prefix + name + "_done")
	w.MOVWU(a64.Mem(src, 0), x)
	w.MOVW(x, a64.Mem(dst, 0))
	w.B(w.prefix + name + "_done")
	w.label(name + "_words")
	w.MOVD(a64.Mem(src, 0), x)
	w.MOVD(x, a64.Mem(dst, 0))
	w.ADD(a64.Imm(8), src, src)
	w.ADD(a64.Imm(8), dst, dst)
	w.SUBS(a64.Imm(8), bytes, bytes)
	w.BNE(w.prefix + name + "_words")
	w.label(name + "_done")
}
