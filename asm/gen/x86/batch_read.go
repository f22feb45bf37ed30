package x86

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// readLine copies the value of a slot of a word bucket, and falls through to hit.
func (b *batch) readLine() {
	c, slotWord, word := b.c, operand.Mem{Base: b.bucket, Index: b.slot, Scale: 4}, b.word.As32()
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVL(slotWord, word)
	b.liveKey()
	c.Comment("R2")
	c.MOVQ(operand.Mem{Base: b.bucket, Index: b.slot, Scale: 8, Disp: layout.WordValuesAt}, reg.RAX)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVQ(reg.RAX, operand.Mem{Base: b.values, Index: b.next, Scale: 8})
}

// readNarrow copies the value of a slot whose word has 32 bits: of 8 bytes, of 4, or none.
func (b *batch) readNarrow() {
	c, slotWord, word := b.c, operand.Mem{Base: b.bucket, Index: b.slot, Scale: 4}, b.word.As32()
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVL(slotWord, word)
	b.liveKey()
	c.MOVQ(b.field(layout.BatchValueAtAt), b.x)
	c.ADDQ(b.bucket, b.x)
	c.CMPL(b.field(layout.BatchValueBytesAt), operand.Imm(4))
	c.JEQ(to("half"))
	c.JB(to("hit")) // no value: the word says it all
	c.Comment("R2")
	c.MOVQ(operand.Mem{Base: b.x, Index: b.slot, Scale: 8}, reg.RAX)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVQ(reg.RAX, operand.Mem{Base: b.values, Index: b.next, Scale: 8})
	c.JMP(to("hit"))

	c.Label("half")
	c.Comment("R2")
	c.MOVL(operand.Mem{Base: b.x, Index: b.slot, Scale: 4}, reg.EAX)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVL(reg.EAX, operand.Mem{Base: b.values, Index: b.next, Scale: 4})
	c.JMP(to("hit"))
}

// readWide copies the value of a slot whose word has 64 bits: whole words, from two to
// layout.BatchValueBytes. All loads come before all stores, because the value may not be stored
// if it is torn. Values of up to 32 bytes take two vectors, larger ones twice as many, which may
// overlap. It begins at the label wide and goes to hit, or falls through to it.
func (b *batch) readWide() {
	c, slotWord, bytes := b.c, operand.Mem{Base: b.bucket, Index: b.slot, Scale: 8}, reg.RDX
	c.Label("wide")
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVQ(slotWord, b.word)
	b.liveKey()
	c.MOVQ(b.field(layout.BatchValueBytesAt), bytes)
	c.MOVQ(b.slot, b.x)
	c.IMULQ(bytes, b.x)
	c.ADDQ(b.field(layout.BatchValueAtAt), b.x)
	c.ADDQ(b.bucket, b.x)
	c.MOVQ(b.next, reg.RAX)
	c.IMULQ(bytes, reg.RAX)
	c.ADDQ(b.values, reg.RAX)
	c.CMPQ(bytes, operand.Imm(32))
	c.JA(to("large"))
	b.copyWide(16)
	c.JMP(to("hit"))
	c.Label("large")
	b.copyWide(32)
}

// copyWide copies RDX bytes, from width to twice as many, from x to RAX.
func (b *batch) copyWide(width int) {
	c, slotWord := b.c, operand.Mem{Base: b.bucket, Index: b.slot, Scale: 8}
	vector := 16
	if b.avx {
		vector = width
	}
	parts := func(base reg.Register) (ms []operand.Mem) {
		for disp := 0; disp < width; disp += vector {
			ms = append(ms, at(base, disp), operand.Mem{Base: base, Index: reg.RDX, Scale: 1, Disp: disp - width})
		}
		return ms
	}
	var vs []reg.Register
	c.Comment("R2")
	for _, m := range parts(b.x) {
		v := reg.Register(c.XMM())
		if vector == 32 {
			v = c.YMM()
		}
		vs = append(vs, v)
		b.move(m, v)
	}
	c.Comment("R3: loads stay in order. R4")
	c.CMPQ(b.word, slotWord)
	c.JNE(to("odd"))
	for i, m := range parts(reg.RAX) {
		b.move(vs[i], m)
	}
}

// move moves a vector.
func (b *batch) move(from, to operand.Op) {
	if b.avx {
		b.c.VMOVUPS(from, to)
	} else {
		b.c.MOVUPS(from, to)
	}
}

// liveKey goes to odd unless the word is that of a LIVE and unlocked slot, and the slot has
// the key.
func (b *batch) liveKey() {
	c := b.c
	c.LEAL(at(b.word, -layout.Live), reg.EAX)
	c.TESTB(operand.U8(layout.StateMask|layout.Lock), reg.AL)
	c.JNE(to("odd"))
	c.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	b.keyKind.again(b)
}

// clearValue clears the value at position next.
func (b *batch) clearValue() {
	c, zero := b.c, b.c.XMM()
	if b.line {
		c.XORL(reg.EAX, reg.EAX)
		c.MOVQ(reg.RAX, operand.Mem{Base: b.values, Index: b.next, Scale: 8})
		return
	}
	c.MOVQ(b.field(layout.BatchValueBytesAt), reg.RDX)
	c.MOVQ(b.next, b.x)
	c.IMULQ(reg.RDX, b.x)
	c.ADDQ(b.values, b.x)
	if b.avx {
		c.VXORPS(zero, zero, zero)
	} else {
		c.XORPS(zero, zero)
	}
	c.XORL(reg.EAX, reg.EAX)
	c.CMPQ(reg.RDX, operand.Imm(8))
	c.JA(to("clear_wide"))
	c.JEQ(to("clear_word"))
	c.TESTQ(reg.RDX, reg.RDX)
	c.JEQ(to("cleared"))
	c.MOVL(reg.EAX, at(b.x, 0))
	c.JMP(to("cleared"))
	c.Label("clear_word")
	c.MOVQ(reg.RAX, at(b.x, 0))
	c.JMP(to("cleared"))

	c.Label("clear_wide")
	for disp := 0; disp < layout.BatchValueBytes/2; disp += 16 {
		b.move(zero, at(b.x, disp))
		b.move(zero, operand.Mem{Base: b.x, Index: reg.RDX, Scale: 1, Disp: -16 - disp})
		if disp == 0 {
			c.CMPQ(reg.RDX, operand.Imm(32))
			c.JBE(to("cleared"))
		}
	}
	c.Label("cleared")
}
