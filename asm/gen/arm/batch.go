package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Batch builds the family batch: the same pipeline as for amd64. It compares the keys in
// general registers, and needs no more than every arm64 has.
func Batch() *build.Context {
	c := newFile()
	getWordBatch(c, "NEON")
	return c.Avo()
}

// A batch is a kernel in the making.
type batch struct {
	*a64.Context
	base, buckets, seed, fold reg.Register
	keys, values, found       reg.Register
	b                         reg.Register // the Batch
	next, ahead               reg.Register // positions in the second and the first stage
	hits, odd                 reg.Register
	hash, line, key, tries    reg.Register // of the key that is looked up
}

func getWordBatch(c *a64.Context, suffix string) {
	sig.GetWordBatch.Begin(c.Avo(), suffix)
	b := &batch{
		Context: c,
		base:    c.Load("base"), buckets: c.Load("buckets"), seed: c.Load("seed"), fold: c.GP(),
		keys: c.Load("keys"), values: c.Load("values"), found: c.Load("found"), b: c.Load("b"),
		next: c.GP(), ahead: c.GP(), hits: c.GP(), odd: c.GP(),
		hash: c.GP(), line: c.GP(), key: c.GP(), tries: c.GP(),
	}
	n := c.Load("n")
	for _, r := range []reg.Register{b.next, b.ahead, b.hits, b.odd} {
		c.MOVD(a64.ZR, r)
	}
	c.MOVD(a64.Hex(layout.FoldBy), b.fold)
	c.CBZ(n, "done")

	c.Comment("Fill the pipeline.")
	c.Label("fill")
	b.ask()
	c.CMP(n, b.ahead)
	c.BHS("lookup")
	c.CMP(a64.Imm(layout.BatchAhead), b.ahead)
	c.BLO("fill")

	c.Label("lookup")
	c.CMP(n, b.ahead)
	c.BHS("drain")
	b.ask()
	c.Label("drain")
	b.lookup()
	c.Label("next")
	c.ADD(a64.Imm(1), b.next, b.next)
	c.CMP(n, b.next)
	c.BLO("lookup")

	c.Label("done")
	c.Return(b.hits, "hits")
	c.Return(b.odd, "odd")
	c.RET()
}

// ask is the first stage, for the key at position ahead.
func (b *batch) ask() {
	key, low, line := b.GP(), b.GP(), b.GP()
	b.MOVD(a64.Indexed{Base: b.keys, Index: b.ahead, Shift: 3}, key)
	b.EOR(b.seed, key, key)
	b.MUL(b.fold, key, low)
	b.UMULH(b.fold, key, key)
	b.EOR(low, key, key)
	b.UMULH(b.buckets, key, line)
	b.ADD(a64.Shifted{R: line, N: 6}, b.base, line) // a line has 64 bytes
	b.PRFM(a64.Mem(line, 0), "PLDL1KEEP")
	b.STP(key, line, a64.Mem(b.place(b.ahead), layout.BatchRingAt))
	b.ADD(a64.Imm(1), b.ahead, b.ahead)
}

// place returns the place of a position in the ring, less layout.BatchRingAt.
func (b *batch) place(position reg.Register) reg.Register {
	p := b.GP()
	b.AND(a64.Imm(layout.BatchRing-1), position, p)
	b.ADD(a64.Shifted{R: p, N: 4}, b.b, p)
	return p
}

// lookup is the second stage, for the key at position next. It falls through to the label
// next, or goes there.
func (b *batch) lookup() {
	b.LDP(a64.Mem(b.place(b.next), layout.BatchRingAt), b.hash, b.line)
	b.MOVD(a64.Indexed{Base: b.keys, Index: b.next, Shift: 3}, b.key)
	b.MOVD(a64.Imm(layout.MaxProbe), b.tries)

	b.Label("bucket")
	slot := b.firstEqual()
	b.CMP(a64.Imm(layout.WordSlots), slot)
	b.BEQ("not_here")
	wordAt, keyAt := b.GP(), b.GP()
	word, state, key, value, again := b.GP(), b.GP(), b.GP(), b.GP(), b.GP()
	b.ADD(a64.Shifted{R: slot, N: 2}, b.line, wordAt)
	b.ADD(a64.Shifted{R: slot, N: 3}, b.line, keyAt)
	b.Comment("R1: acquire.")
	b.LDAR(false, wordAt, word)
	b.AND(a64.Imm(layout.StateMask|layout.Lock), word, state)
	b.CMP(a64.Imm(layout.Live), state)
	b.BNE("odd")
	b.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	b.MOVD(a64.Mem(keyAt, layout.WordKeysAt), key)
	b.Comment("R2")
	b.MOVD(a64.Mem(keyAt, layout.WordValuesAt), value)
	b.Comment("R3: the value before the word.")
	b.DMB(a64.ISHLD)
	b.Comment("R4")
	b.MOVWU(a64.Mem(wordAt, 0), again)
	b.CMPW(word, again)
	b.BNE("odd")
	b.CMP(b.key, key)
	b.BNE("odd")
	b.MOVD(value, a64.Indexed{Base: b.values, Index: b.next, Shift: 3})
	one := b.GP()
	b.MOVD(a64.Imm(1), one)
	b.MOVB(one, a64.Indexed{Base: b.found, Index: b.next})
	b.ADD(one, b.hits, b.hits)
	b.B("next")
	b.notHere()

	b.Label("odd")
	b.MOVB(b.next, a64.Indexed{Base: b.b, Index: b.odd})
	b.ADD(a64.Imm(1), b.odd, b.odd)
}

// firstEqual returns the first slot of the line with the key, or layout.WordSlots. It takes no
// branch, because which slot has the key cannot be predicted.
func (b *batch) firstEqual() (slot reg.Register) {
	keys := []reg.Register{b.GP(), b.GP(), b.GP()}
	b.LDP(a64.Mem(b.line, layout.WordKeysAt), keys[0], keys[1])
	b.MOVD(a64.Mem(b.line, layout.WordKeysAt+16), keys[2])
	slot = keys[0]
	for _, k := range keys {
		b.CMP(b.key, k)
		b.CSET("NE", k)
	}
	b.AND(keys[0], keys[1], keys[1])
	b.AND(keys[1], keys[2], keys[2])
	b.ADD(keys[1], slot, slot)
	b.ADD(keys[2], slot, slot)
	return slot
}

// notHere goes on when a bucket does not have the key: to the next one if the overflow bit of
// the key's class is set.
func (b *batch) notHere() {
	b.Label("not_here")
	control, overflow := b.overflows()
	b.TBNZ(0, overflow, "walk")
	b.TBNZ(7, control, "odd")
	b.MOVD(a64.ZR, a64.Indexed{Base: b.values, Index: b.next, Shift: 3})
	b.MOVB(a64.ZR, a64.Indexed{Base: b.found, Index: b.next})
	b.B("next")

	b.Label("walk")
	b.nextLine()
	b.SUBS(a64.Imm(1), b.tries, b.tries)
	b.BNE("bucket")
}

// overflows loads the control word of the line. Bit 0 of overflow is the overflow bit of the
// key's class.
func (b *batch) overflows() (control, overflow reg.Register) {
	control, overflow = b.GP(), b.GP()
	eight := b.GP()
	b.Comment("The keys before the control word.")
	b.DMB(a64.ISHLD)
	b.MOVWU(a64.Mem(b.line, layout.WordControlAt), control)
	b.UBFX(16, 16, b.hash, overflow)
	b.LSL(a64.Imm(3), overflow, eight)
	b.SUB(overflow, eight, overflow) // times layout.Classes
	b.LSR(a64.Imm(16), overflow, overflow)
	b.LSR(overflow, control, overflow)
	return control, overflow
}

// nextLine steps to the next line of the table.
func (b *batch) nextLine() {
	end := b.GP()
	b.ADD(a64.Shifted{R: b.buckets, N: 6}, b.base, end) // a line has 64 bytes
	b.ADD(a64.Imm(layout.LineBytes), b.line, b.line)
	b.CMP(b.line, end)
	b.CSEL("EQ", b.base, b.line, b.line)
}

// These say in the language of the code above what it takes for granted.
const (
	_ = uint(layout.Classes-7) + uint(7-layout.Classes) // class times eight less class
	_ = uint(layout.SealBit-1<<7) + uint(1<<7-layout.SealBit)
	_ = uint(layout.LineBytes-1<<6) + uint(1<<6-layout.LineBytes)
)
