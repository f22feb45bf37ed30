package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Batch builds the family batch. BenchmarkGetWordBatch in internal/arch shows what each form
// gains over the one below.
//
// It is a pipeline of two stages. The first hashes a key, asks for the line of its bucket,
// and puts both into a ring; the second, some keys behind, looks the key up there.
func Batch() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	getWordBatch(c, "SSE2", compareScalar)
	getWordBatch(c, "AVX2", compareAVX2)
	return c
}

// A batch is a kernel in the making.
type batch struct {
	c                         *build.Context
	keys, values, found       reg.GPVirtual
	b                         reg.GPVirtual // the Batch
	next, ahead               reg.GPVirtual // positions in the second and the first stage
	hits, odd                 reg.GPVirtual
	line, key, tries          reg.GPVirtual // of the key that is looked up
	slot, word, value, vector reg.Register
}

// A compare compares the keys of the line with the key and sets a bit of slot for each that is
// equal. It may use word and value.
type compare func(b *batch)

func compareScalar(b *batch) {
	compareKeys(b.c, b.line, b.key, b.slot.(reg.GPVirtual), b.word.(reg.GPVirtual), b.value.(reg.GPVirtual))
}

// compareKeys sets a bit of slot for each key of the line that is equal to key, and ZF if there
// is none. x and y are for its use.
func compareKeys(c *build.Context, line, key, slot, x, y reg.GPVirtual) {
	equal := []reg.GPVirtual{x, y, slot}
	for _, r := range equal {
		c.XORL(r.As32(), r.As32())
	}
	for i, r := range equal {
		c.CMPQ(key, at(line, layout.WordKeysAt+8*i))
		c.SETEQ(r.As8())
	}
	for _, r := range []reg.GPVirtual{y, x} {
		c.LEAL(operand.Mem{Base: r, Index: slot, Scale: 2}, slot.As32())
	}
	c.TESTL(slot.As32(), slot.As32())
}

func compareAVX2(b *batch) {
	c, slot, keys := b.c, b.slot.(reg.GPVirtual), b.vector.(reg.VecVirtual)
	c.VPBROADCASTQ(operand.Mem{Base: b.keys, Index: b.next, Scale: 8}, keys)
	c.VPCMPEQQ(at(b.line, layout.WordKeysAt), keys, keys)
	c.VMOVMSKPD(keys, slot.As32())
	// The fourth lane is a value.
	c.ANDL(operand.Imm(1<<layout.WordSlots-1), slot.As32())
}

func getWordBatch(c *build.Context, suffix string, compare compare) {
	sig.GetWordBatch.Begin(c, suffix)
	b := &batch{
		c: c, keys: param(c, "keys"), values: param(c, "values"), found: param(c, "found"), b: param(c, "b"),
		next: c.GP64(), ahead: c.GP64(), hits: c.GP64(), odd: c.GP64(),
		line: c.GP64(), key: c.GP64(), tries: c.GP64(), slot: c.GP64(), word: c.GP64(), value: c.GP64(), vector: c.YMM(),
	}
	for _, r := range []reg.GPVirtual{b.next, b.ahead, b.hits, b.odd} {
		c.XORL(r.As32(), r.As32())
	}
	n := paramAddr(c, "n")
	c.CMPQ(n, operand.Imm(0))
	c.JEQ(to("done"))

	c.Comment("Fill the pipeline.")
	c.Label("fill")
	b.ask()
	c.CMPQ(b.ahead, n)
	c.JAE(to("lookup"))
	c.CMPQ(b.ahead, operand.Imm(layout.BatchAhead))
	c.JB(to("fill"))

	c.Label("lookup")
	c.CMPQ(b.ahead, n)
	c.JAE(to("drain"))
	b.ask()
	c.Label("drain")
	b.lookup(compare)
	c.Label("next")
	c.INCQ(b.next)
	c.CMPQ(b.next, n)
	c.JB(to("lookup"))

	c.Label("done")
	if suffix == "AVX2" {
		c.VZEROUPPER()
	}
	c.Store(b.hits, c.Return("hits"))
	c.Store(b.odd, c.Return("odd"))
	c.RET()
}

// ask is the first stage, for the key at position ahead.
func (b *batch) ask() {
	c, fold, at8 := b.c, b.value.(reg.GPVirtual), operand.Mem{Base: b.keys, Index: b.ahead, Scale: 8}
	c.MOVQ(at8, reg.RAX)
	c.XORQ(paramAddr(c, "seed"), reg.RAX)
	c.MOVQ(operand.U64(layout.FoldBy), fold)
	c.MULQ(fold)
	c.XORQ(reg.RDX, reg.RAX)
	place := b.place(b.ahead)
	c.MOVQ(reg.RAX, place)
	c.MULQ(paramAddr(c, "buckets"))
	c.SHLQ(operand.Imm(6), reg.RDX) // a line has 64 bytes
	c.ADDQ(paramAddr(c, "base"), reg.RDX)
	c.PREFETCHT0(at(reg.RDX, 0))
	place.Disp += 8
	c.MOVQ(reg.RDX, place)
	c.INCQ(b.ahead)
}

// place returns the place of a position in the ring, by way of the register word.
func (b *batch) place(position reg.GPVirtual) operand.Mem {
	word := b.word.(reg.GPVirtual)
	b.c.MOVL(position.As32(), word.As32())
	b.c.ANDL(operand.Imm(layout.BatchRing-1), word.As32())
	b.c.SHLL(operand.Imm(4), word.As32())
	return operand.Mem{Base: b.b, Index: word, Scale: 1, Disp: layout.BatchRingAt}
}

// lookup is the second stage, for the key at position next. It falls through to the label
// next, or goes there.
func (b *batch) lookup(compare compare) {
	c, slot := b.c, b.slot.(reg.GPVirtual)
	word, value := b.word.(reg.GPVirtual).As32(), b.value.(reg.GPVirtual)
	place := b.place(b.next)
	place.Disp += 8
	c.MOVQ(place, b.line)
	c.MOVQ(operand.Mem{Base: b.keys, Index: b.next, Scale: 8}, b.key)
	c.MOVL(operand.U32(layout.MaxProbe), b.tries.As32())

	c.Label("bucket")
	compare(b)
	c.JEQ(to("not_here"))
	c.TZCNTL(slot.As32(), slot.As32()) // not zero, so that an old CPU's BSF does the same
	slotWord := operand.Mem{Base: b.line, Index: slot, Scale: 4}
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVL(slotWord, word)
	c.MOVL(word, value.As32())
	c.ANDL(operand.Imm(layout.StateMask|layout.Lock), value.As32())
	c.CMPL(value.As32(), operand.Imm(layout.Live))
	c.JNE(to("odd"))
	c.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	c.CMPQ(b.key, operand.Mem{Base: b.line, Index: slot, Scale: 8, Disp: layout.WordKeysAt})
	c.JNE(to("odd"))
	c.Comment("R2")
	c.MOVQ(operand.Mem{Base: b.line, Index: slot, Scale: 8, Disp: layout.WordValuesAt}, value)
	c.Comment("R3: loads stay in order. R4")
	c.CMPL(word, slotWord)
	c.JNE(to("odd"))
	c.MOVQ(value, operand.Mem{Base: b.values, Index: b.next, Scale: 8})
	c.MOVB(operand.U8(1), operand.Mem{Base: b.found, Index: b.next, Scale: 1})
	c.INCQ(b.hits)
	c.JMP(to("next"))
	b.notHere()

	c.Label("odd")
	c.MOVB(b.next.As8(), operand.Mem{Base: b.b, Index: b.odd, Scale: 1})
	c.INCQ(b.odd)
}

// notHere goes on when a bucket does not have the key: to the next one if the overflow bit of
// the key's class is set.
func (b *batch) notHere() {
	c, control, class := b.c, b.slot.(reg.GPVirtual).As32(), b.word.(reg.GPVirtual)
	end := b.value.(reg.GPVirtual)
	c.Label("not_here")
	c.MOVQ(b.place(b.next), class)
	overflows(c, b.line, class, control)
	c.JCS(to("walk"))
	c.TESTL(operand.U32(layout.SealBit), control)
	c.JNE(to("odd"))
	c.XORL(class.As32(), class.As32())
	c.MOVQ(class, operand.Mem{Base: b.values, Index: b.next, Scale: 8})
	c.MOVB(class.As8(), operand.Mem{Base: b.found, Index: b.next, Scale: 1})
	c.JMP(to("next"))

	c.Label("walk")
	nextLine(c, b.line, end)
	c.DECL(b.tries.As32())
	c.JNE(to("bucket"))
}

// overflows loads the control word of the line and sets CF if the overflow bit of a class is
// set. class is the hash before, and something else behind.
func overflows(c *build.Context, line, class reg.GPVirtual, control reg.Register) {
	c.MOVL(at(line, layout.WordControlAt), control)
	c.SHRQ(operand.Imm(16), class)
	c.MOVWLZX(class.As16(), class.As32())
	c.IMUL3L(operand.Imm(layout.Classes), class.As32(), class.As32())
	c.SHRL(operand.Imm(16), class.As32())
	c.BTL(class.As32(), control)
}

// nextLine steps to the next line of the table that the parameters base and buckets describe.
func nextLine(c *build.Context, line, end reg.GPVirtual) {
	c.MOVQ(paramAddr(c, "buckets"), end)
	c.SHLQ(operand.Imm(6), end) // a line has 64 bytes
	c.ADDQ(paramAddr(c, "base"), end)
	c.ADDQ(operand.Imm(layout.LineBytes), line)
	c.CMPQ(line, end)
	c.CMOVQEQ(paramAddr(c, "base"), line)
}
