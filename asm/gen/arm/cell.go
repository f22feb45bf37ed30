package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Cell builds the family cell: writes and reads of whole cells. BenchmarkCommitCell,
// BenchmarkStoreCell and BenchmarkLoadCell in internal/arch show what each form gains.
func Cell() *build.Context {
	c := newFile()
	forms(c, commitCell)
	forms(c, storeCell)
	loadCell(c)
	return c.Avo()
}

func commitCell(c *a64.Context, suffix string, lse bool) {
	sig.CommitCell.Begin(c.Avo(), suffix)
	writeCell(c, lse, wholeLock, c.Load("p"), c.Load("seen"), c.Load("next"))
	returnBool(c, true, "ok")
	c.Label("lost")
	returnBool(c, false, "ok")
}

func storeCell(c *a64.Context, suffix string, lse bool) {
	sig.StoreCell.Begin(c.Avo(), suffix)
	p, seen, next, x := c.Load("p"), c.GP(), c.GP(), c.GP()
	c.MOVD(a64.Mem(p, 0), seen)
	c.AND(a64.Imm(layout.StateMask|layout.Lock), seen, x)
	c.CMP(a64.Imm(layout.Live), x)
	c.BNE("lost")
	c.Comment("A word that is live and unlocked becomes that of the next version by one addition.")
	c.ADD(a64.Imm(layout.Version), seen, next)
	writeCell(c, lse, release|w2, p, seen, next) // what the cell holds does not matter to it
	c.RET()
	c.Label("lost")
	c.JumpToGo("StoreCellGeneric")
}

// writeCell writes the cell at p, if its word is seen, and ends with the word next. Otherwise
// control goes to lost.
func writeCell(c *a64.Context, lse bool, o order, p, seen, next reg.Register) {
	src, n, locked := c.Load("src"), c.Load("n"), c.GP()
	c.ORR(a64.Imm(layout.Lock), seen, locked)
	cas(c, lse, true, o, p, seen, locked, "lock", "lost")

	c.Comment("W3: store the words.")
	dst := c.GP()
	c.ADD(a64.Imm(layout.WordBytes), p, dst)
	copyWords(c, dst, src, n, "publish")

	c.Label("publish")
	c.Comment("W4: release.")
	c.STLR(true, next, p)
}

func loadCell(c *a64.Context) {
	sig.LoadCell.Begin(c.Avo(), "NEON")
	p, dst, n, src, word, again := c.Load("p"), c.Load("dst"), c.Load("n"), c.GP(), c.GP(), c.GP()
	c.Comment("R1")
	c.LDAR(true, p, word)
	c.TBNZ(0, word, "done") // layout.Lock
	c.Comment("R2: load the words.")
	c.ADD(a64.Imm(layout.WordBytes), p, src)
	copyWords(c, dst, src, n, "check")
	c.Label("check")
	c.Comment("R3: all loads above are done before the word is loaded again.")
	c.DMB(a64.ISHLD)
	c.Comment("R4")
	c.MOVD(a64.Mem(p, 0), again)
	c.CMP(again, word)
	c.BEQ("done")
	c.MOVD(a64.Imm(layout.Lock), word)
	c.Label("done")
	c.Return(word, "word")
	c.RET()
}

// copyWords copies n words from src to dst and goes on at done. It changes its operands. One,
// two, and less than eight words take no loop. A single word is copied as one.
func copyWords(c *a64.Context, dst, src, n reg.Register, done string) {
	const block = 8
	c.CBZ(n, done)
	c.CMP(a64.Imm(block), n)
	c.BLO("rest")
	c.Label("block")
	copyQuads(c, 2, dst, src)
	c.SUB(a64.Imm(block), n, n)
	c.CMP(a64.Imm(block), n)
	c.BHS("block")
	c.Label("rest")
	c.TBZ(2, n, "last_three")
	copyQuads(c, 1, dst, src)
	c.Label("last_three")
	c.TBZ(1, n, "last_one")
	a, b := c.GP(), c.GP()
	c.LDP(a64.Mem(src, 0), a, b)
	c.STP(a, b, a64.Mem(dst, 0))
	c.ADD(a64.Imm(16), src, src)
	c.ADD(a64.Imm(16), dst, dst)
	c.Label("last_one")
	c.TBZ(0, n, done)
	x := c.GP()
	c.MOVD(a64.Mem(src, 0), x)
	c.MOVD(x, a64.Mem(dst, 0))
}

// copyQuads copies n times four words, all loads before all stores, and steps over them.
func copyQuads(c *a64.Context, n int, dst, src reg.Register) {
	const quad = 4 * layout.WordBytes
	vs := make([][2]reg.Register, n)
	for i := range vs {
		vs[i] = [2]reg.Register{c.Vec(), c.Vec()}
		c.FLDPQ(a64.Mem(src, i*quad), vs[i][0], vs[i][1])
	}
	for i, v := range vs {
		c.FSTPQ(v[0], v[1], a64.Mem(dst, i*quad))
	}
	c.ADD(a64.Imm(n*quad), src, src)
	c.ADD(a64.Imm(n*quad), dst, dst)
}
