package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Batch builds the family batch: the same pipeline as for amd64. It needs no more than every
// arm64 has.
func Batch() *build.Context {
	c := newFile()
	getBatch(c, sig.GetBatchHalf, halfKey{}, false)
	getBatch(c, sig.GetBatchWord, wordKey{}, false)
	getBatch(c, sig.GetBatchPair, pairKey{}, false)
	getBatch(c, sig.GetBatchLine, wordKey{}, true)
	prefetch(c)
	return c.Avo()
}

// A batch is a kernel in the making.
type batch struct {
	*a64.Context
	keyKind              keyKind
	line                 bool // the geometry is that of a word bucket
	buckets, bytes, fold reg.Register
	keys, values, found  reg.Register
	b                    reg.Register // the Batch
	next                 reg.Register // position of the second stage
	hits, odd            reg.Register
	place                reg.Register // in the ring, less layout.BatchRingAt, of next and of what comes a ring behind it
	// Of the key that is looked up.
	hash, bucket, tries reg.Register
	key                 [2]reg.Register // the second word of a key of two
}

func getBatch(c *a64.Context, k sig.Kernel, kind keyKind, line bool) {
	k.Begin(c.Avo(), "NEON")
	b := &batch{
		Context: c, keyKind: kind, line: line, buckets: c.GP(), bytes: c.GP(), fold: c.GP(),
		keys: c.Load("keys"), values: c.Load("values"), found: c.Load("found"), b: c.Load("b"),
		next: c.GP(), hits: c.GP(), odd: c.GP(), place: c.GP(),
		hash: c.GP(), bucket: c.GP(), tries: c.GP(), key: [2]reg.Register{c.GP(), c.GP()},
	}
	c.Comment("What the caller wrote before is visible before anything is read: keys are read by loads", "that do not wait for its STLR.")
	c.DMB(a64.ISH)
	n := c.Load("n")
	for _, r := range []reg.Register{b.next, b.hits, b.odd} {
		c.MOVD(a64.ZR, r)
	}
	c.MOVD(a64.Mem(b.b, layout.BatchBucketsAt), b.buckets)
	c.MOVD(a64.Mem(b.b, layout.BatchBytesAt), b.bytes)
	c.MOVD(a64.Hex(layout.FoldBy), b.fold)
	c.CBZ(n, "done")

	c.Comment("Fill the ring.")
	c.Label("fill")
	b.toPlace()
	b.ask("first_asked", b.next)
	c.Label("first_asked")
	c.ADD(a64.Imm(1), b.next, b.next)
	c.CMP(n, b.next)
	c.BHS("filled")
	c.CMP(a64.Imm(layout.BatchRing), b.next)
	c.BLO("fill")
	c.Label("filled")
	c.MOVD(a64.ZR, b.next)

	c.Label("lookup")
	b.toPlace()
	b.lookup()
	c.Label("next")
	ahead := c.GP()
	c.ADD(a64.Imm(layout.BatchRing), b.next, ahead)
	c.CMP(n, ahead)
	c.BHS("asked")
	b.ask("asked", ahead)
	c.Label("asked")
	c.ADD(a64.Imm(1), b.next, b.next)
	c.CMP(n, b.next)
	c.BLO("lookup")

	c.Label("done")
	c.Return(b.hits, "hits")
	c.Return(b.odd, "odd")
	c.RET()
}

// field loads the field of the Batch at the given offset.
func (b *batch) field(offset int) reg.Register {
	r := b.GP()
	b.MOVD(a64.Mem(b.b, offset), r)
	return r
}

// toPlace brings place to next.
func (b *batch) toPlace() {
	b.AND(a64.Imm(layout.BatchRing-1), b.next, b.place)
	b.ADD(a64.Shifted{R: b.place, N: 4}, b.b, b.place)
}

// ask is the first stage, for the key at the position, which shares its place with next. It goes
// to asked, or falls through to it.
func (b *batch) ask(asked string, position reg.Register) {
	hash, line := b.keyKind.hash(b, position), b.GP()
	b.UMULH(b.buckets, hash, line)
	if b.line {
		b.ADD(a64.Shifted{R: line, N: 6}, b.field(layout.BatchBaseAt), line) // a line has 64 bytes
	} else {
		b.MUL(b.bytes, line, line)
		b.ADD(b.field(layout.BatchBaseAt), line, line)
	}
	b.STP(hash, line, a64.Mem(b.place, layout.BatchRingAt))
	b.PRFM(a64.Mem(line, 0), "PLDL1KEEP")
	if b.line {
		return
	}
	for at := layout.LineBytes; at < layout.BatchLines*layout.LineBytes; at += layout.LineBytes {
		b.CMP(a64.Imm(at), b.bytes)
		b.BEQ(asked)
		b.PRFM(a64.Mem(line, at), "PLDL1KEEP")
	}
}

// at is the memory at the offset from the bucket that a field of the Batch tells, or that known
// of a word bucket.
func (b *batch) at(field, known int) reg.Register {
	r := b.GP()
	if b.line {
		b.ADD(a64.Imm(known), b.bucket, r)
	} else {
		b.MOVD(a64.Mem(b.b, field), r)
		b.ADD(b.bucket, r, r)
	}
	return r
}

// lookup is the second stage, for the key at position next. It falls through to the label
// next, or goes there.
func (b *batch) lookup() {
	b.LDP(a64.Mem(b.place, layout.BatchRingAt), b.hash, b.bucket)
	b.MOVD(a64.Imm(layout.MaxProbe), b.tries)
	b.keyKind.load(b, b.next, b.key)

	b.Label("bucket")
	keys, slot := b.at(layout.BatchKeyAtAt, layout.WordKeysAt), b.GP()
	b.keyKind.compare(b, keys, slot)
	if b.line {
		b.readNarrow(keys, slot)
	} else {
		b.TBNZ(3, b.field(layout.BatchWordBytesAt), "wide")
		b.readNarrow(keys, slot)
		b.readWide(keys, slot)
	}

	b.Label("hit")
	one := b.GP()
	b.MOVD(a64.Imm(1), one)
	b.MOVB(one, a64.Indexed{Base: b.found, Index: b.next})
	b.ADD(one, b.hits, b.hits)
	b.B("next")
	b.notHere()

	b.Label("odd")
	p := b.GP()
	b.ADD(b.odd, b.b, p)
	b.MOVB(b.next, a64.Mem(p, layout.BatchOddAt))
	b.ADD(a64.Imm(1), b.odd, b.odd)
}

// notHere goes on when a bucket does not have the key: to the next one if the overflow bit of
// the key's class is set.
func (b *batch) notHere() {
	b.Label("not_here")
	control, overflow := b.at(layout.BatchControlAtAt, layout.WordControlAt), b.GP()
	b.Comment("The keys before the control word.")
	b.DMB(a64.ISHLD)
	b.MOVWU(a64.Mem(control, 0), control)
	testClass(b.Context, b.hash, control, overflow)
	b.TBNZ(0, overflow, "walk")
	b.TBNZ(7, control, "odd")
	b.clearValue()
	b.MOVB(a64.ZR, a64.Indexed{Base: b.found, Index: b.next})
	b.B("next")

	b.Label("walk")
	base, end := b.field(layout.BatchBaseAt), b.GP()
	b.MUL(b.buckets, b.bytes, end)
	b.ADD(base, end, end)
	b.ADD(b.bytes, b.bucket, b.bucket)
	b.CMP(b.bucket, end)
	b.CSEL("EQ", base, b.bucket, b.bucket)
	b.SUBS(a64.Imm(1), b.tries, b.tries)
	b.BNE("bucket")
}
