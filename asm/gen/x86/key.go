package x86

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A keyKind is what the kernels that look for a key do in their own way for each size of keys.
type keyKind interface {
	// hash puts the hash of the key into RAX, by way of RDX, slot and x. In a batch it is the
	// key so many positions behind next.
	hash(p *probe, ahead int)
	// compare sets a bit of slot for each key of the bucket that is equal to the one
	// that is looked for, and maybe bits above those of the slots. It may use RAX and RDX.
	compare(p *probe)
	// again goes to odd unless the key of the slot is, by a load of its own, equal to the
	// one that is looked for. It may use RAX, RDX and x.
	again(p *probe)
}

// fold multiplies RAX, by way of RDX and x, and folds the product.
func (p *probe) fold(by uint64) {
	p.c.MOVQ(operand.U64(by), p.x)
	p.c.MULQ(p.x)
	p.c.XORQ(reg.RDX, reg.RAX)
}

// halfKey is a key of 4 bytes, of which there are up to seven in a bucket.
type halfKey struct{}

func (halfKey) hash(p *probe, ahead int) {
	p.c.MOVL(p.keyMem(4, ahead), reg.EAX)
	p.c.XORQ(p.field(layout.TableSeedAt), reg.RAX)
	p.fold(layout.FoldBy)
}

func (halfKey) compare(p *probe) {
	c := p.c
	if p.avx {
		keys := c.YMM()
		c.VPBROADCASTD(p.keyMem(4, 0), keys)
		c.VPCMPEQD(p.key(0), keys, keys)
		c.VMOVMSKPS(keys, p.slot.As32())
		return
	}
	key, low, high := c.XMM(), c.XMM(), c.XMM()
	c.MOVSS(p.keyMem(4, 0), key) // the assembler takes MOVD for 64 bits
	c.PSHUFD(operand.Imm(0), key, key)
	c.MOVOU(p.key(0), low)
	c.MOVOU(p.key(16), high)
	c.PCMPEQL(key, low)
	c.PCMPEQL(key, high)
	c.PACKSSLW(high, low)
	c.PACKSSWB(low, low)
	c.PMOVMSKB(low, p.slot.As32())
}

func (halfKey) again(p *probe) {
	p.c.MOVL(p.keyMem(4, 0), reg.EAX)
	slotKey := p.key(0)
	slotKey.Index, slotKey.Scale = p.slot, 4
	p.c.CMPL(reg.EAX, slotKey)
	p.c.JNE(to("odd"))
}

// wordKey is a key of 8 bytes, of which there are up to five in a bucket, and four if there
// are values.
type wordKey struct{}

func (wordKey) hash(p *probe, ahead int) {
	p.c.MOVQ(p.keyMem(8, ahead), reg.RAX)
	p.c.XORQ(p.field(layout.TableSeedAt), reg.RAX)
	p.fold(layout.FoldBy)
}

func (wordKey) compare(p *probe) {
	c := p.c
	if p.avx {
		keys := c.YMM()
		c.VPBROADCASTQ(p.keyMem(8, 0), keys)
		c.VPCMPEQQ(p.key(0), keys, keys)
		c.VMOVMSKPD(keys, p.slot.As32())
	} else {
		key, low, high, odd := c.XMM(), c.XMM(), c.XMM(), c.XMM()
		c.MOVQ(p.keyMem(8, 0), key)
		c.PSHUFD(operand.Imm(0x44), key, key)
		c.MOVOU(p.key(0), low)
		c.MOVOU(p.key(16), high)
		c.PCMPEQL(key, low)
		c.PCMPEQL(key, high)
		c.MOVAPS(low, odd)
		c.SHUFPS(operand.Imm(0x88), high, low)
		c.SHUFPS(operand.Imm(0xdd), high, odd)
		c.ANDPS(odd, low)
		c.MOVMSKPS(low, p.slot.As32())
	}
	if p.line {
		return
	}
	const fifth = 1 << 4
	c.TESTB(operand.U8(fifth), p.field(layout.TableSlotsAt))
	c.JEQ(to("compared"))
	c.MOVQ(p.keyMem(8, 0), reg.RAX)
	c.XORL(reg.EDX, reg.EDX)
	c.CMPQ(reg.RAX, p.key(4*8))
	c.SETEQ(reg.DL)
	c.SHLL(operand.Imm(4), reg.EDX)
	c.ORL(reg.EDX, p.slot.As32())
	c.Label("compared")
}

func (wordKey) again(p *probe) {
	p.c.MOVQ(p.keyMem(8, 0), reg.RAX)
	slotKey := p.key(0)
	slotKey.Index, slotKey.Scale = p.slot, 8
	p.c.CMPQ(reg.RAX, slotKey)
	p.c.JNE(to("odd"))
}

// pairKey is a key of 16 bytes, of which there are up to three in a bucket. To compare them all
// takes no more instructions than to look for their tags, and leaves no candidates. Wider
// vectors gain nothing for so few.
type pairKey struct{}

func (pairKey) hash(p *probe, ahead int) {
	c := p.c
	first, second := p.pairMem(p.slot, ahead)
	c.MOVQ(first, reg.RAX)
	c.XORQ(p.field(layout.TableSeedAt), reg.RAX)
	p.fold(layout.FoldBy)
	c.XORQ(second, reg.RAX)
	p.fold(layout.FoldByMore)
}

// compare loads the two words of the key one by one, because a caller may just have stored them
// so, and a load of both would wait until they are in the cache.
func (pairKey) compare(p *probe) {
	c := p.c
	key, k0, k1, k2 := c.XMM(), c.XMM(), c.XMM(), c.XMM()
	first, second := p.pairMem(p.slot, 0)
	c.MOVSD(first, key)
	c.MOVHPD(second, key)
	for i, k := range []reg.VecVirtual{k0, k1, k2} {
		c.MOVOU(p.key(16*i), k)
		c.PCMPEQL(key, k)
	}
	c.Comment("A byte for each half word, then a half word for each key.")
	c.PACKSSLW(k1, k0)
	c.PACKSSLW(k2, k2)
	c.PACKSSWB(k2, k0)
	c.PCMPEQL(k1, k1)
	c.PCMPEQL(k1, k0)
	c.MOVMSKPS(k0, p.slot.As32())
}

func (pairKey) again(p *probe) {
	c := p.c
	c.LEAQ(operand.Mem{Base: p.slot, Index: p.slot, Scale: 1}, reg.RDX)
	c.LEAQ(operand.Mem{Base: p.x, Index: reg.RDX, Scale: 8}, p.x)
	first, second := p.pairMem(reg.RDX, 0)
	for word, m := range []operand.Mem{first, second} {
		c.MOVQ(m, reg.RAX)
		c.CMPQ(reg.RAX, p.key(8*word))
		c.JNE(to("odd"))
	}
}
