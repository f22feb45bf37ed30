package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Batch builds the family batch: the same pipeline as for amd64. It needs no more than every
// arm64 has. BenchmarkGetBatch and BenchmarkPrefetch in internal/arch show what it gains.
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
	probe
	found     reg.Register
	hits, odd reg.Register
	place     reg.Register // in the ring, less layout.BatchRingAt, of next and of what comes a ring behind it
}

func getBatch(c *a64.Context, k sig.Kernel, kind keyKind, line bool) {
	k.Begin(c.Avo(), "NEON")
	b := &batch{probe: newProbe(c, kind, "b"), found: c.Load("found"), hits: c.GP(), odd: c.GP(), place: c.GP()}
	b.line, b.keys, b.values, b.next = line, c.Load("keys"), c.Load("values"), c.GP()
	c.Comment("What the caller wrote before is visible before anything is read: keys are read by loads", "that do not wait for its STLR.")
	c.DMB(a64.ISH)
	n := c.Load("n")
	c.MOVD(a64.Imm(layout.BatchWalks), b.walks)
	for _, r := range []reg.Register{b.next, b.hits, b.odd} {
		c.MOVD(a64.ZR, r)
	}
	b.loadTable()
	b.loadFold()
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

// toPlace brings place to next.
func (b *batch) toPlace() {
	b.AND(a64.Imm(layout.BatchRing-1), b.next, b.place)
	b.ADD(a64.Shifted{R: b.place, N: 4}, b.t, b.place)
}

// ask is the first stage, for the key at the position, which shares its place with next. It goes
// to asked, or falls through to it.
func (b *batch) ask(asked string, position reg.Register) {
	key, line := [2]reg.Register{b.GP(), b.GP()}, b.GP()
	b.keyKind.load(&b.probe, position, key)
	hash := b.keyKind.hash(&b.probe, key)
	b.home(hash, line)
	b.STP(hash, line, a64.Mem(b.place, layout.BatchRingAt))
	b.prefetchBucket(line, asked)
}

// lookup is the second stage, for the key at position next. It falls through to the label
// next, or goes there.
func (b *batch) lookup() {
	b.LDP(a64.Mem(b.place, layout.BatchRingAt), b.hash, b.bucket)
	b.keyKind.load(&b.probe, b.next, b.key)
	b.read(b.find())

	b.Label("hit")
	one := b.GP()
	b.MOVD(a64.Imm(1), one)
	b.MOVB(one, a64.Indexed{Base: b.found, Index: b.next})
	b.ADD(one, b.hits, b.hits)
	b.B("next")
	b.notHere("absent")

	b.Label("odd")
	p := b.GP()
	b.ADD(b.odd, b.t, p)
	b.MOVB(b.next, a64.Mem(p, layout.BatchOddAt))
	b.ADD(a64.Imm(1), b.odd, b.odd)
	b.B("next")

	b.Label("absent")
	b.clearValue()
	b.MOVB(a64.ZR, a64.Indexed{Base: b.found, Index: b.next})
}

// clearValue clears the value at position next.
func (b *batch) clearValue() {
	if b.line {
		b.MOVD(a64.ZR, a64.Indexed{Base: b.values, Index: b.next, Shift: 3})
		return
	}
	bytes, to := b.field(layout.TableValueBytesAt), b.GP()
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
