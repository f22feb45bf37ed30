package x86

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A keyKind is what the batch kernels do in their own way for each size of keys.
type keyKind interface {
	// hash puts the hash of the key so many positions before next into RAX, by way of RDX
	// and x.
	hash(b *batch, ahead int)
	// compare sets a bit of slot for each key of the bucket that is equal to that at next, and
	// maybe bits above those of the slots. It may use RAX and RDX.
	compare(b *batch)
	// again goes to odd unless the key of the slot is, by a load of its own, equal to that at
	// next. It may use RAX, RDX and x.
	again(b *batch)
}

// fold multiplies RAX, by way of RDX and x, and folds the product.
func (b *batch) fold(by uint64) {
	b.c.MOVQ(operand.U64(by), b.x)
	b.c.MULQ(b.x)
	b.c.XORQ(reg.RDX, reg.RAX)
}

// halfKey is a key of 4 bytes, of which there are up to seven in a bucket.
type halfKey struct{}

func (halfKey) at(b *batch, ahead int) operand.Mem {
	return operand.Mem{Base: b.keys, Index: b.next, Scale: 4, Disp: 4 * ahead}
}

func (k halfKey) hash(b *batch, ahead int) {
	b.c.MOVL(k.at(b, ahead), reg.EAX)
	b.c.XORQ(b.field(layout.BatchSeedAt), reg.RAX)
	b.fold(layout.FoldBy)
}

func (k halfKey) compare(b *batch) {
	c := b.c
	if b.avx {
		keys := c.YMM()
		c.VPBROADCASTD(k.at(b, 0), keys)
		c.VPCMPEQD(b.key(0), keys, keys)
		c.VMOVMSKPS(keys, b.slot.As32())
		return
	}
	key, low, high := c.XMM(), c.XMM(), c.XMM()
	c.MOVSS(k.at(b, 0), key) // the assembler takes MOVD for 64 bits
	c.PSHUFD(operand.Imm(0), key, key)
	c.MOVOU(b.key(0), low)
	c.MOVOU(b.key(16), high)
	c.PCMPEQL(key, low)
	c.PCMPEQL(key, high)
	c.PACKSSLW(high, low)
	c.PACKSSWB(low, low)
	c.PMOVMSKB(low, b.slot.As32())
}

func (k halfKey) again(b *batch) {
	b.c.MOVL(k.at(b, 0), reg.EAX)
	slotKey := b.key(0)
	slotKey.Index, slotKey.Scale = b.slot, 4
	b.c.CMPL(reg.EAX, slotKey)
	b.c.JNE(to("odd"))
}

// wordKey is a key of 8 bytes, of which there are up to five in a bucket, and four if there
// are values.
type wordKey struct{}

func (wordKey) at(b *batch, ahead int) operand.Mem {
	return operand.Mem{Base: b.keys, Index: b.next, Scale: 8, Disp: 8 * ahead}
}

func (k wordKey) hash(b *batch, ahead int) {
	b.c.MOVQ(k.at(b, ahead), reg.RAX)
	b.c.XORQ(b.field(layout.BatchSeedAt), reg.RAX)
	b.fold(layout.FoldBy)
}

func (k wordKey) compare(b *batch) {
	c := b.c
	if b.avx {
		keys := c.YMM()
		c.VPBROADCASTQ(k.at(b, 0), keys)
		c.VPCMPEQQ(b.key(0), keys, keys)
		c.VMOVMSKPD(keys, b.slot.As32())
	} else {
		key, low, high, odd := c.XMM(), c.XMM(), c.XMM(), c.XMM()
		c.MOVQ(k.at(b, 0), key)
		c.PSHUFD(operand.Imm(0x44), key, key)
		c.MOVOU(b.key(0), low)
		c.MOVOU(b.key(16), high)
		c.PCMPEQL(key, low)
		c.PCMPEQL(key, high)
		c.MOVAPS(low, odd)
		c.SHUFPS(operand.Imm(0x88), high, low)
		c.SHUFPS(operand.Imm(0xdd), high, odd)
		c.ANDPS(odd, low)
		c.MOVMSKPS(low, b.slot.As32())
	}
	if b.line {
		return
	}
	const fifth = 1 << 4
	c.TESTB(operand.U8(fifth), b.field(layout.BatchSlotsAt))
	c.JEQ(to("compared"))
	c.MOVQ(k.at(b, 0), reg.RAX)
	c.XORL(reg.EDX, reg.EDX)
	c.CMPQ(reg.RAX, b.key(4*8))
	c.SETEQ(reg.DL)
	c.SHLL(operand.Imm(4), reg.EDX)
	c.ORL(reg.EDX, b.slot.As32())
	c.Label("compared")
}

func (k wordKey) again(b *batch) {
	b.c.MOVQ(k.at(b, 0), reg.RAX)
	slotKey := b.key(0)
	slotKey.Index, slotKey.Scale = b.slot, 8
	b.c.CMPQ(reg.RAX, slotKey)
	b.c.JNE(to("odd"))
}

// pairKey is a key of 16 bytes, of which there are up to three in a bucket. To compare them all
// takes no more instructions than to look for their tags, and leaves no candidates. Wider
// vectors gain nothing for so few.
type pairKey struct{}

func (pairKey) hash(b *batch, ahead int) {
	c := b.c
	key := operand.Mem{Base: b.keys, Index: b.slot, Scale: 8, Disp: 16 * ahead}
	c.LEAQ(operand.Mem{Base: b.next, Index: b.next, Scale: 1}, b.slot)
	c.MOVQ(key, reg.RAX)
	c.XORQ(b.field(layout.BatchSeedAt), reg.RAX)
	b.fold(layout.FoldBy)
	key.Disp += 8
	c.XORQ(key, reg.RAX)
	b.fold(layout.FoldByMore)
}

func (pairKey) compare(b *batch) {
	c := b.c
	key, k0, k1, k2 := c.XMM(), c.XMM(), c.XMM(), c.XMM()
	c.LEAQ(operand.Mem{Base: b.next, Index: b.next, Scale: 1}, b.slot)
	c.MOVOU(operand.Mem{Base: b.keys, Index: b.slot, Scale: 8}, key)
	for i, k := range []reg.VecVirtual{k0, k1, k2} {
		c.MOVOU(b.key(16*i), k)
		c.PCMPEQL(key, k)
	}
	c.Comment("A byte for each half word, then a half word for each key.")
	c.PACKSSLW(k1, k0)
	c.PACKSSLW(k2, k2)
	c.PACKSSWB(k2, k0)
	c.PCMPEQL(k1, k1)
	c.PCMPEQL(k1, k0)
	c.MOVMSKPS(k0, b.slot.As32())
}

func (pairKey) again(b *batch) {
	c := b.c
	c.LEAQ(operand.Mem{Base: b.slot, Index: b.slot, Scale: 1}, reg.RDX)
	c.LEAQ(operand.Mem{Base: b.x, Index: reg.RDX, Scale: 8}, b.x)
	c.LEAQ(operand.Mem{Base: b.next, Index: b.next, Scale: 1}, reg.RDX)
	for word := 0; word < 16; word += 8 {
		c.MOVQ(operand.Mem{Base: b.keys, Index: reg.RDX, Scale: 8, Disp: word}, reg.RAX)
		c.CMPQ(reg.RAX, b.key(word))
		c.JNE(to("odd"))
	}
}
