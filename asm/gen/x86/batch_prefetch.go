package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// prefetch asks for the first lines of the home buckets of hashes.
func prefetch(c *build.Context, suffix string) {
	sig.Prefetch.Begin(c, suffix)
	base, bytes, hashes, n, i := param(c, "base"), param(c, "bytes"), param(c, "hashes"), param(c, "n"), c.GP64()
	c.XORL(i.As32(), i.As32())
	c.TESTQ(n, n)
	c.JEQ(to("done"))
	c.Label("next")
	c.MOVQ(operand.Mem{Base: hashes, Index: i, Scale: 8}, reg.RAX)
	c.MULQ(paramAddr(c, "buckets"))
	c.IMULQ(bytes, reg.RDX)
	line := operand.Mem{Base: base, Index: reg.RDX, Scale: 1}
	c.PREFETCHT0(line)
	for n := 1; n < layout.BatchLines; n++ {
		c.CMPQ(bytes, operand.Imm(uint64(n*layout.LineBytes)))
		c.JEQ(to("asked"))
		line.Disp += layout.LineBytes
		c.PREFETCHT0(line)
	}
	c.Label("asked")
	c.INCQ(i)
	c.CMPQ(i, n)
	c.JB(to("next"))
	c.Label("done")
	c.RET()
}
