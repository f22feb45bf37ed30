package x86

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// read copies the value of the slot, goes to odd if that is not to be done now, and otherwise
// falls through to the label hit.
func (p *probe) read() {
	if p.line {
		p.readLine()
		return
	}
	p.c.CMPL(p.field(layout.TableWordBytesAt), operand.Imm(4))
	p.c.JNE(to("wide"))
	p.readNarrow()
	p.readWide()
}

// readLine copies the value of a slot of a word bucket, and falls through to hit.
func (p *probe) readLine() {
	c, slotWord, word := p.c, p.wordMem(4), p.word.As32()
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVL(slotWord, word)
	p.liveKey()
	c.Comment("R2")
	c.MOVQ(operand.Mem{Base: p.bucket, Index: p.slot, Scale: 8, Disp: layout.WordValuesAt}, reg.RAX)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVQ(reg.RAX, p.valueMem(8))
}

// readNarrow copies the value of a slot whose word has 32 bits: of 8 bytes, of 4, or none.
func (p *probe) readNarrow() {
	c, slotWord, word := p.c, p.wordMem(4), p.word.As32()
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVL(slotWord, word)
	p.liveKey()
	p.toSlotValues()
	c.CMPL(p.field(layout.TableValueBytesAt), operand.Imm(4))
	c.JEQ(to("half"))
	c.JB(to("hit")) // no value: the word says it all
	c.Comment("R2")
	c.MOVQ(p.valueInSlot(8), reg.RAX)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVQ(reg.RAX, p.valueMem(8))
	c.JMP(to("hit"))

	c.Label("half")
	c.Comment("R2")
	c.MOVL(p.valueInSlot(4), reg.EAX)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVL(reg.EAX, p.valueMem(4))
	c.JMP(to("hit"))
}

// toSlotValues makes x the address of the values of the bucket.
func (p *probe) toSlotValues() {
	p.c.MOVQ(p.field(layout.TableValueAtAt), p.x)
	p.c.ADDQ(p.bucket, p.x)
}

// valueInSlot is the slot's value of 4 or 8 bytes, after toSlotValues.
func (p *probe) valueInSlot(size uint8) operand.Mem {
	return operand.Mem{Base: p.x, Index: p.slot, Scale: size}
}

// toSlotValue makes x the address of the slot's value, and RDX its size.
func (p *probe) toSlotValue() {
	c, bytes := p.c, reg.RDX
	c.MOVQ(p.field(layout.TableValueBytesAt), bytes)
	c.MOVQ(p.slot, p.x)
	c.IMULQ(bytes, p.x)
	c.ADDQ(p.field(layout.TableValueAtAt), p.x)
	c.ADDQ(p.bucket, p.x)
}

// readWide copies the value of a slot whose word has 64 bits: whole words, from two to
// layout.BatchValueBytes. All loads come before all stores, because the value may not be stored
// if it is torn. Values of up to 32 bytes take two vectors, larger ones twice as many, which may
// overlap. It begins at the label wide and goes to hit, or falls through to it.
func (p *probe) readWide() {
	c, slotWord, bytes := p.c, p.wordMem(8), reg.RDX
	c.Label("wide")
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVQ(slotWord, p.word)
	p.liveKey()
	p.toSlotValue()
	p.toValue(bytes)
	c.CMPQ(bytes, operand.Imm(32))
	c.JA(to("large"))
	p.copyWide(16)
	c.JMP(to("hit"))
	c.Label("large")
	p.copyWide(32)
}

// copyWide copies RDX bytes, from width to twice as many, from x to RAX.
func (p *probe) copyWide(width int) {
	c, slotWord := p.c, p.wordMem(8)
	vector := 16
	if p.avx {
		vector = width
	}
	var vs []reg.Register
	c.Comment("R2")
	for _, m := range p.overlapping(p.x, width, vector) {
		v := reg.Register(c.XMM())
		if vector == 32 {
			v = c.YMM()
		}
		vs = append(vs, v)
		p.move(m, v)
	}
	c.Comment("R3: loads stay in order. R4")
	c.CMPQ(p.word, slotWord)
	c.JNE(to("odd"))
	for i, m := range p.overlapping(reg.RAX, width, vector) {
		p.move(vs[i], m)
	}
}

// overlapping are vectors that cover the RDX bytes at base, from width to twice as many.
func (p *probe) overlapping(base reg.Register, width, vector int) (ms []operand.Mem) {
	for disp := 0; disp < width; disp += vector {
		ms = append(ms, at(base, disp), operand.Mem{Base: base, Index: reg.RDX, Scale: 1, Disp: disp - width})
	}
	return ms
}

// move moves a vector.
func (p *probe) move(from, to operand.Op) {
	if p.avx {
		p.c.VMOVUPS(from, to)
	} else {
		p.c.MOVUPS(from, to)
	}
}

// liveKey goes to odd unless the word is that of a LIVE and unlocked slot, and the slot has
// the key.
func (p *probe) liveKey() {
	c := p.c
	c.LEAL(at(p.word, -layout.Live), reg.EAX)
	c.TESTB(operand.U8(layout.StateMask|layout.Lock), reg.AL)
	c.JNE(to("odd"))
	c.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	p.keyKind.again(p)
}
