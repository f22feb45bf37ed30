package arm

import (
	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// prefetch asks for the first lines of the home buckets of hashes.
func prefetch(c *a64.Context) {
	sig.Prefetch.Begin(c.Avo(), "NEON")
	base, buckets, bytes, hashes := c.Load("base"), c.Load("buckets"), c.Load("bytes"), c.Load("hashes")
	n, i, line := c.Load("n"), c.GP(), c.GP()
	c.MOVD(a64.ZR, i)
	c.CBZ(n, "done")
	c.Label("next")
	c.MOVD(a64.Indexed{Base: hashes, Index: i, Shift: 3}, line)
	c.UMULH(buckets, line, line)
	c.MUL(bytes, line, line)
	c.ADD(base, line, line)
	c.PRFM(a64.Mem(line, 0), "PLDL1KEEP")
	for at := layout.LineBytes; at < layout.BatchLines*layout.LineBytes; at += layout.LineBytes {
		c.CMP(a64.Imm(at), bytes)
		c.BEQ("asked")
		c.PRFM(a64.Mem(line, at), "PLDL1KEEP")
	}
	c.Label("asked")
	c.ADD(a64.Imm(1), i, i)
	c.CMP(n, i)
	c.BLO("next")
	c.Label("done")
	c.RET()
}
