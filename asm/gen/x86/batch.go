package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Batch builds the family batch. BenchmarkGetBatch and BenchmarkPrefetch in internal/arch show
// what each form gains over the one below.
//
// A lookup is a pipeline of two stages. The first hashes a key, asks for the lines of its
// bucket, and puts hash and bucket into a ring; the second, a ring behind, looks the key up
// there, and so makes room for another one.
//
// There is a kernel for each size of keys, which takes the geometry of a bucket from the Batch,
// and one for the commonest geometry, which knows it.
func Batch() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	for _, avx := range []bool{false, true} {
		getBatch(c, sig.GetBatchHalf, halfKey{}, avx, false)
		getBatch(c, sig.GetBatchWord, wordKey{}, avx, false)
		getBatch(c, sig.GetBatchLine, wordKey{}, avx, true)
	}
	getBatch(c, sig.GetBatchPair, pairKey{}, false, false)
	prefetch(c, "SSE2")
	return c
}

// A batch is a kernel in the making.
type batch struct {
	probe
	found     reg.GPVirtual
	hits, odd reg.GPVirtual
	place     reg.GPVirtual // in the ring, of next and of what comes a ring behind it
}

func getBatch(c *build.Context, k sig.Kernel, kind keyKind, avx, line bool) {
	suffix := "SSE2"
	if avx {
		suffix = "AVX2"
	}
	k.Begin(c, suffix)
	b := &batch{
		probe: probe{
			c: c, keyKind: kind, avx: avx, line: line,
			keys: param(c, "keys"), values: param(c, "values"), t: param(c, "b"),
			next: c.GP64(), walks: c.AllocLocal(8),
			bucket: c.GP64(), slot: c.GP64(), word: c.GP64(), x: c.GP64(),
		},
		found: param(c, "found"), hits: c.GP64(), odd: c.GP64(), place: c.GP64(),
	}
	b.hash = b.inRing(0)
	c.MOVL(operand.U32(layout.BatchWalks), b.walks)
	for _, r := range []reg.GPVirtual{b.next, b.hits, b.odd} {
		c.XORL(r.As32(), r.As32())
	}
	n := paramAddr(c, "n")
	c.CMPQ(n, operand.Imm(0))
	c.JEQ(to("done"))

	c.Comment("Fill the ring.")
	c.Label("fill")
	b.toPlace()
	b.ask("first_asked", 0)
	c.Label("first_asked")
	c.INCQ(b.next)
	c.CMPQ(b.next, n)
	c.JAE(to("filled"))
	c.CMPQ(b.next, operand.Imm(layout.BatchRing))
	c.JB(to("fill"))
	c.Label("filled")
	c.XORL(b.next.As32(), b.next.As32())

	c.Label("lookup")
	b.toPlace()
	b.lookup()
	c.Label("next")
	c.LEAQ(at(b.next, layout.BatchRing), reg.RAX)
	c.CMPQ(reg.RAX, n)
	c.JAE(to("asked"))
	b.ask("asked", layout.BatchRing)
	c.Label("asked")
	c.INCQ(b.next)
	c.CMPQ(b.next, n)
	c.JB(to("lookup"))

	c.Label("done")
	if avx {
		c.VZEROUPPER()
	}
	c.Store(b.hits, c.Return("hits"))
	c.Store(b.odd, c.Return("odd"))
	c.RET()
}

// toPlace brings place to next.
func (b *batch) toPlace() {
	b.c.MOVL(b.next.As32(), b.place.As32())
	b.c.ANDL(operand.Imm(layout.BatchRing-1), b.place.As32())
	b.c.SHLL(operand.Imm(4), b.place.As32())
}

// inRing is a word of place: the hash, and then the bucket.
func (b *batch) inRing(word int) operand.Mem {
	return operand.Mem{Base: b.t, Index: b.place, Scale: 1, Disp: layout.BatchRingAt + 8*word}
}

// ask is the first stage, for the key so many positions behind next. It goes to asked, or falls
// through to it.
func (b *batch) ask(asked string, ahead int) {
	b.keyKind.hash(&b.probe, ahead)
	b.c.MOVQ(reg.RAX, b.hash)
	b.home()
	b.c.MOVQ(reg.RDX, b.inRing(1))
	b.prefetchBucket(asked)
}

// lookup is the second stage, for the key at position next. It falls through to the label
// next, or goes there.
func (b *batch) lookup() {
	c := b.c
	c.MOVQ(b.inRing(1), b.bucket)
	b.find()
	b.read()

	c.Label("hit")
	c.MOVB(operand.U8(1), b.foundMem())
	c.INCQ(b.hits)
	c.JMP(to("next"))
	b.notHere("absent")

	c.Label("odd")
	c.MOVB(b.next.As8(), operand.Mem{Base: b.t, Index: b.odd, Scale: 1, Disp: layout.BatchOddAt})
	c.INCQ(b.odd)
	c.JMP(to("next"))

	c.Label("absent")
	b.clearValue()
	c.XORL(b.x.As32(), b.x.As32())
	c.MOVB(b.x.As8(), b.foundMem())
}

func (b *batch) foundMem() operand.Mem { return operand.Mem{Base: b.found, Index: b.next, Scale: 1} }

// clearValue clears the value at position next.
func (b *batch) clearValue() {
	c, zero := b.c, b.c.XMM()
	if b.line {
		c.XORL(reg.EAX, reg.EAX)
		c.MOVQ(reg.RAX, b.valueMem(8))
		return
	}
	c.MOVQ(b.field(layout.TableValueBytesAt), reg.RDX)
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
