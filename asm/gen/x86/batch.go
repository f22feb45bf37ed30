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
	c                   *build.Context
	keyKind             keyKind
	avx                 bool
	line                bool // the geometry is that of a word bucket
	keys, values, found reg.GPVirtual
	b                   reg.GPVirtual // the Batch
	next                reg.GPVirtual // position of the second stage
	hits, odd           reg.GPVirtual
	tries               operand.Mem
	place               reg.GPVirtual // in the ring, of next and of what comes a ring behind it
	// Of the key that is looked up. RAX and RDX are for short use everywhere.
	bucket, slot, word, x reg.GPVirtual
}

func getBatch(c *build.Context, k sig.Kernel, kind keyKind, avx, line bool) {
	suffix := "SSE2"
	if avx {
		suffix = "AVX2"
	}
	k.Begin(c, suffix)
	b := &batch{
		c: c, keyKind: kind, avx: avx, line: line,
		keys: param(c, "keys"), values: param(c, "values"), found: param(c, "found"), b: param(c, "b"),
		next: c.GP64(), hits: c.GP64(), odd: c.GP64(), tries: c.AllocLocal(8),
		place: c.GP64(), bucket: c.GP64(), slot: c.GP64(), word: c.GP64(), x: c.GP64(),
	}
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

// field is the field of the Batch at the given offset.
func (b *batch) field(offset int) operand.Mem { return at(b.b, offset) }

// toPlace brings place to next.
func (b *batch) toPlace() {
	b.c.MOVL(b.next.As32(), b.place.As32())
	b.c.ANDL(operand.Imm(layout.BatchRing-1), b.place.As32())
	b.c.SHLL(operand.Imm(4), b.place.As32())
}

// inRing is a word of place: the hash, and then the bucket.
func (b *batch) inRing(word int) operand.Mem {
	return operand.Mem{Base: b.b, Index: b.place, Scale: 1, Disp: layout.BatchRingAt + 8*word}
}

// ask is the first stage, for the key so many positions behind next. It goes to asked, or falls
// through to it.
func (b *batch) ask(asked string, ahead int) {
	c := b.c
	b.keyKind.hash(b, ahead)
	c.MOVQ(reg.RAX, b.inRing(0))
	c.MULQ(b.field(layout.BatchBucketsAt))
	b.timesBytes(reg.RDX)
	c.ADDQ(b.field(layout.BatchBaseAt), reg.RDX)
	c.MOVQ(reg.RDX, b.inRing(1))
	c.PREFETCHT0(at(reg.RDX, 0))
	if b.line {
		return
	}
	for line := 1; line < layout.BatchLines; line++ {
		c.CMPQ(b.field(layout.BatchBytesAt), operand.Imm(uint64(line*layout.LineBytes)))
		c.JEQ(to(asked))
		c.PREFETCHT0(at(reg.RDX, line*layout.LineBytes))
	}
}

// timesBytes makes an offset of the number of a bucket.
func (b *batch) timesBytes(r reg.Register) {
	if b.line {
		b.c.SHLQ(operand.Imm(6), r) // a line has 64 bytes
	} else {
		b.c.IMULQ(b.field(layout.BatchBytesAt), r)
	}
}

// key is the memory at an offset from where the keys of the bucket begin.
func (b *batch) key(offset int) operand.Mem {
	if b.line {
		return at(b.bucket, layout.WordKeysAt+offset)
	}
	return at(b.x, offset)
}

// lookup is the second stage, for the key at position next. It falls through to the label
// next, or goes there.
func (b *batch) lookup() {
	c := b.c
	c.MOVQ(b.inRing(1), b.bucket)
	c.MOVL(operand.U32(layout.MaxProbe), b.tries)

	c.Label("bucket")
	if !b.line {
		c.MOVQ(b.field(layout.BatchKeyAtAt), b.x)
		c.ADDQ(b.bucket, b.x)
	}
	b.keyKind.compare(b)
	if b.line {
		c.ANDL(operand.Imm(1<<layout.WordSlots-1), b.slot.As32())
	} else {
		c.ANDL(b.field(layout.BatchSlotsAt), b.slot.As32())
	}
	c.JEQ(to("not_here"))
	c.TZCNTL(b.slot.As32(), b.slot.As32()) // not zero, so that an old CPU's BSF does the same
	if b.line {
		b.readLine()
	} else {
		c.CMPL(b.field(layout.BatchWordBytesAt), operand.Imm(4))
		c.JNE(to("wide"))
		b.readNarrow()
		b.readWide()
	}

	c.Label("hit")
	c.MOVB(operand.U8(1), operand.Mem{Base: b.found, Index: b.next, Scale: 1})
	c.INCQ(b.hits)
	c.JMP(to("next"))
	b.notHere()

	c.Label("odd")
	c.MOVB(b.next.As8(), operand.Mem{Base: b.b, Index: b.odd, Scale: 1, Disp: layout.BatchOddAt})
	c.INCQ(b.odd)
}

// notHere goes on when a bucket does not have the key: to the next one if the overflow bit of
// the key's class is set.
func (b *batch) notHere() {
	c, control, class := b.c, b.slot.As32(), b.word
	c.Label("not_here")
	c.MOVQ(b.inRing(0), class)
	if b.line {
		c.MOVL(at(b.bucket, layout.WordControlAt), control)
	} else {
		c.MOVQ(b.field(layout.BatchControlAtAt), b.x)
		c.MOVL(operand.Mem{Base: b.bucket, Index: b.x, Scale: 1}, control)
	}
	testClass(c, class, control)
	c.JCS(to("walk"))
	c.TESTL(operand.U32(layout.SealBit), control)
	c.JNE(to("odd"))
	b.clearValue()
	c.XORL(b.x.As32(), b.x.As32())
	c.MOVB(b.x.As8(), operand.Mem{Base: b.found, Index: b.next, Scale: 1})
	c.JMP(to("next"))

	c.Label("walk")
	c.MOVQ(b.field(layout.BatchBucketsAt), b.x)
	b.timesBytes(b.x)
	c.ADDQ(b.field(layout.BatchBaseAt), b.x)
	if b.line {
		c.ADDQ(operand.Imm(layout.LineBytes), b.bucket)
	} else {
		c.ADDQ(b.field(layout.BatchBytesAt), b.bucket)
	}
	c.CMPQ(b.bucket, b.x)
	c.CMOVQEQ(b.field(layout.BatchBaseAt), b.bucket)
	c.DECL(b.tries)
	c.JNE(to("bucket"))
}
