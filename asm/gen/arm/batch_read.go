package arm

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// readNarrow copies the value of a slot whose word has 32 bits: of 8 bytes, of 4, or none. It
// goes to hit, or falls through to it.
func (b *batch) readNarrow(keys, slot reg.Register) {
	wordAt, word, value := b.GP(), b.GP(), b.GP()
	b.ADD(a64.Shifted{R: slot, N: 2}, b.bucket, wordAt)
	b.Comment("R1: acquire.")
	b.LDAR(false, wordAt, word)
	b.liveKey(word, keys, slot)
	values := b.at(layout.BatchValueAtAt, layout.WordValuesAt)
	if !b.line {
		bytes := b.field(layout.BatchValueBytesAt)
		b.CBZ(bytes, "hit") // no value: the word says it all
		b.TBNZ(2, bytes, "half")
	}
	b.Comment("R2")
	b.MOVD(a64.Indexed{Base: values, Index: slot, Shift: 3}, value)
	b.unchanged(false, wordAt, word)
	b.MOVD(value, a64.Indexed{Base: b.values, Index: b.next, Shift: 3})
	if b.line {
		return
	}
	b.B("hit")

	b.Label("half")
	b.Comment("R2")
	b.MOVWU(a64.Indexed{Base: values, Index: slot, Shift: 2}, value)
	b.unchanged(false, wordAt, word)
	b.MOVW(value, a64.Indexed{Base: b.values, Index: b.next, Shift: 2})
	b.B("hit")
}

// readWide copies the value of a slot whose word has 64 bits: whole words, from two to
// layout.BatchValueBytes. All loads come before all stores, because the value may not be stored
// if it is torn. Values of up to 32 bytes take two pairs of words, larger ones two pairs of
// vectors, which may overlap. It begins at the label wide and goes to hit, or falls through to
// it.
func (b *batch) readWide(keys, slot reg.Register) {
	b.Label("wide")
	wordAt, word := b.GP(), b.GP()
	b.ADD(a64.Shifted{R: slot, N: 3}, b.bucket, wordAt)
	b.Comment("R1: acquire.")
	b.LDAR(true, wordAt, word)
	b.liveKey(word, keys, slot)
	bytes, from, to := b.field(layout.BatchValueBytesAt), b.GP(), b.GP()
	b.MUL(bytes, slot, from)
	b.ADD(b.field(layout.BatchValueAtAt), from, from)
	b.ADD(b.bucket, from, from)
	b.MUL(bytes, b.next, to)
	b.ADD(b.values, to, to)
	b.CMP(a64.Imm(32), bytes)
	b.BHI("large")
	b.copyWide(16, from, to, bytes, wordAt, word)
	b.B("hit")
	b.Label("large")
	b.copyWide(32, from, to, bytes, wordAt, word)
}

// copyWide copies a value of width to twice as many bytes.
func (b *batch) copyWide(width int, from, to, bytes, wordAt, word reg.Register) {
	first, last := [2]reg.Register{b.GP(), b.GP()}, [2]reg.Register{b.GP(), b.GP()}
	load, store := b.LDP, b.STP
	if width == 32 {
		first, last = [2]reg.Register{b.Vec(), b.Vec()}, [2]reg.Register{b.Vec(), b.Vec()}
		load, store = b.FLDPQ, b.FSTPQ
	}
	end := b.GP()
	b.ADD(bytes, from, end)
	b.Comment("R2")
	load(a64.Mem(from, 0), first[0], first[1])
	load(a64.Mem(end, -width), last[0], last[1])
	b.unchanged(true, wordAt, word)
	b.ADD(bytes, to, end)
	store(first[0], first[1], a64.Mem(to, 0))
	store(last[0], last[1], a64.Mem(end, -width))
}

// unchanged goes to odd if the slot's word is not the one that was loaded first.
func (b *batch) unchanged(wide bool, wordAt, word reg.Register) {
	again, load, compare := b.GP(), b.MOVWU, b.CMPW
	if wide {
		load, compare = b.MOVD, b.CMP
	}
	b.Comment("R3: the value before the word.")
	b.DMB(a64.ISHLD)
	b.Comment("R4")
	load(a64.Mem(wordAt, 0), again)
	compare(word, again)
	b.BNE("odd")
}

// liveKey goes to odd unless the word is that of a LIVE and unlocked slot, and the slot has
// the key.
func (b *batch) liveKey(word, keys, slot reg.Register) {
	state := b.GP()
	b.AND(a64.Imm(layout.StateMask|layout.Lock), word, state)
	b.CMP(a64.Imm(layout.Live), state)
	b.BNE("odd")
	b.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	b.keyKind.again(b, keys, slot)
}

// clearValue clears the value at position next.
func (b *batch) clearValue() {
	if b.line {
		b.MOVD(a64.ZR, a64.Indexed{Base: b.values, Index: b.next, Shift: 3})
		return
	}
	bytes, to := b.field(layout.BatchValueBytesAt), b.GP()
	b.MUL(bytes, b.next, to)
	b.ADD(b.values, to, to)
	b.TBZ(2, bytes, "clear_words")
	b.MOVW(a64.ZR, a64.Mem(to, 0))
	b.Label("clear_words")
	b.LSR(a64.Imm(3), bytes, bytes)
	b.CBZ(bytes, "cleared")
	b.Label("clear_word")
	b.MOVD(a64.ZR, a64.Mem(to, 0))
	b.ADD(a64.Imm(8), to, to)
	b.SUBS(a64.Imm(1), bytes, bytes)
	b.BNE("clear_word")
	b.Label("cleared")
}
