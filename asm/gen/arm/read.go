package arm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// read copies the value of the slot, goes to odd if that is not to be done now, and otherwise
// goes to the label hit, or falls through to it.
func (p *probe) read(keys, slot reg.Register) {
	if p.line {
		p.readNarrow(keys, slot)
		return
	}
	p.TBNZ(3, p.field(layout.TableWordBytesAt), "wide")
	p.readNarrow(keys, slot)
	p.readWide(keys, slot)
}

// readNarrow copies the value of a slot whose word has 32 bits: of 8 bytes, of 4, or none. It
// goes to hit, or falls through to it.
func (p *probe) readNarrow(keys, slot reg.Register) {
	wordAt, word, value := p.GP(), p.GP(), p.GP()
	p.ADD(a64.Shifted{R: slot, N: 2}, p.bucket, wordAt)
	p.Comment("R1: acquire.")
	p.LDAR(false, wordAt, word)
	p.liveKey(word, keys, slot)
	values := p.at(layout.TableValueAtAt, layout.WordValuesAt)
	if !p.line {
		bytes := p.field(layout.TableValueBytesAt)
		p.CBZ(bytes, "hit") // no value: the word says it all
		p.TBNZ(2, bytes, "half")
	}
	p.Comment("R2")
	p.MOVD(a64.Indexed{Base: values, Index: slot, Shift: 3}, value)
	p.unchanged(false, wordAt, word)
	p.MOVD(value, p.valueMem(3))
	if p.line {
		return
	}
	p.B("hit")

	p.Label("half")
	p.Comment("R2")
	p.MOVWU(a64.Indexed{Base: values, Index: slot, Shift: 2}, value)
	p.unchanged(false, wordAt, word)
	p.MOVW(value, p.valueMem(2))
	p.B("hit")
}

// readWide copies the value of a slot whose word has 64 bits: whole words, from two to
// layout.BatchValueBytes. All loads come before all stores, because the value may not be stored
// if it is torn. Values of up to 32 bytes take two pairs of words, larger ones two pairs of
// vectors, which may overlap. It begins at the label wide and goes to hit, or falls through to
// it.
func (p *probe) readWide(keys, slot reg.Register) {
	p.Label("wide")
	wordAt, word := p.GP(), p.GP()
	p.ADD(a64.Shifted{R: slot, N: 3}, p.bucket, wordAt)
	p.Comment("R1: acquire.")
	p.LDAR(true, wordAt, word)
	p.liveKey(word, keys, slot)
	from, bytes := p.slotValue(slot)
	to := p.toValue(bytes)
	p.CMP(a64.Imm(32), bytes)
	p.BHI("large")
	p.copyWide(16, from, to, bytes, wordAt, word)
	p.B("hit")
	p.Label("large")
	p.copyWide(32, from, to, bytes, wordAt, word)
}

// slotValue returns the address of the value of a slot, and its size.
func (p *probe) slotValue(slot reg.Register) (at, bytes reg.Register) {
	bytes, at = p.field(layout.TableValueBytesAt), p.GP()
	p.MUL(bytes, slot, at)
	p.ADD(p.field(layout.TableValueAtAt), at, at)
	p.ADD(p.bucket, at, at)
	return at, bytes
}

// copyWide copies a value of width to twice as many bytes.
func (p *probe) copyWide(width int, from, to, bytes, wordAt, word reg.Register) {
	first, last, load, store := p.twoPairs(width)
	end := p.GP()
	p.ADD(bytes, from, end)
	p.Comment("R2")
	load(a64.Mem(from, 0), first[0], first[1])
	load(a64.Mem(end, -width), last[0], last[1])
	p.unchanged(true, wordAt, word)
	p.ADD(bytes, to, end)
	store(first[0], first[1], a64.Mem(to, 0))
	store(last[0], last[1], a64.Mem(end, -width))
}

// twoPairs returns registers for two times so many bytes, and what loads and stores a half of
// them: pairs of words, or of vectors.
func (p *probe) twoPairs(width int) (first, last [2]reg.Register, load func(from operand.Op, a, b reg.Register), store func(a, b reg.Register, to operand.Op)) {
	if width == 32 {
		return [2]reg.Register{p.Vec(), p.Vec()}, [2]reg.Register{p.Vec(), p.Vec()}, p.FLDPQ, p.FSTPQ
	}
	return [2]reg.Register{p.GP(), p.GP()}, [2]reg.Register{p.GP(), p.GP()}, p.LDP, p.STP
}

// unchanged goes to odd if the slot's word is not the one that was loaded first.
func (p *probe) unchanged(wide bool, wordAt, word reg.Register) {
	again, load, compare := p.GP(), p.MOVWU, p.CMPW
	if wide {
		load, compare = p.MOVD, p.CMP
	}
	p.Comment("R3: the value before the word.")
	p.DMB(a64.ISHLD)
	p.Comment("R4")
	load(a64.Mem(wordAt, 0), again)
	compare(word, again)
	p.BNE("odd")
}

// liveKey goes to odd unless the word is that of a LIVE and unlocked slot, and the slot has
// the key.
func (p *probe) liveKey(word, keys, slot reg.Register) {
	state := p.GP()
	p.AND(a64.Imm(layout.StateMask|layout.Lock), word, state)
	p.CMP(a64.Imm(layout.Live), state)
	p.BNE("odd")
	p.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	p.keyKind.again(p, keys, slot)
}
