package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Cell builds the family cell. BenchmarkCommitCell in internal/arch shows what each form
// gains over the one below.
func Cell() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	for _, avx := range []bool{false, true} {
		suffix := "SSE2"
		if avx {
			suffix = "AVX2"
		}
		commitCell(c, suffix, avx)
		storeCell(c, suffix, avx)
	}
	return c
}

func commitCell(c *build.Context, suffix string, avx bool) {
	sig.CommitCell.Begin(c, suffix)
	p, next := param(c, "p"), param(c, "next")
	paramTo(c, "seen", reg.RAX)
	writeCell(c, p, next, avx)
}

func storeCell(c *build.Context, suffix string, avx bool) {
	sig.StoreCell.Begin(c, suffix)
	p, next, x := param(c, "p"), c.GP64(), c.GP32()
	c.MOVQ(at(p, 0), reg.RAX)
	c.MOVL(reg.EAX, x)
	c.ANDL(operand.Imm(layout.StateMask|layout.Lock), x)
	c.CMPL(x, operand.Imm(layout.Live))
	c.JNE(to("lost"))
	c.Comment("A word that is live and unlocked becomes that of the next version by one addition.")
	c.LEAQ(at(reg.RAX, layout.Version), next)
	writeCell(c, p, next, avx)
}

// writeCell is the rest of a kernel that writes the cell at p, if its word is RAX, and ends
// with the word next.
func writeCell(c *build.Context, p, next reg.GPVirtual, avx bool) {
	src, n, locked := param(c, "src"), param(c, "n"), c.GP64()
	c.MOVQ(reg.RAX, locked)
	c.ORQ(operand.Imm(layout.Lock), locked)

	c.Comment("W1: take the lock. W2: no store below is visible before, because LOCK is a full barrier.")
	cmpxchg(c, true, locked, at(p, 0))
	c.JNE(to("lost"))

	c.Comment("W3: store the words.")
	dst := c.GP64()
	c.LEAQ(at(p, layout.WordBytes), dst)
	copyWords(c, dst, src, n, avx, "publish")

	c.Label("publish")
	c.Comment("W4: a plain store releases, because stores stay in order.")
	c.MOVQ(next, at(p, 0))
	returnOK(c, true)
	c.Label("lost")
	returnOK(c, false)
}

// copyWords copies n words from src to dst and goes on at done. It changes its operands. One,
// two, and less than eight words take no loop. A single word is copied as one.
func copyWords(c *build.Context, dst, src, n reg.GPVirtual, avx bool, done string) {
	c.CMPQ(n, operand.Imm(2))
	c.JA(to("many"))
	c.JEQ(to("two"))
	c.TESTQ(n, n)
	c.JEQ(to(done))
	c.Label("one")
	copyWord(c, dst, src)
	c.JMP(to(done))
	c.Label("two")
	copyVectors(c, 1, 16, dst, src)
	c.JMP(to(done))

	c.Label("many")
	if avx {
		copyBlocks(c, "wide", 16, 32, dst, src, n)
		c.TESTQ(n, n)
		c.JEQ(to(done))
	}
	copyBlocks(c, "narrow", 8, 16, dst, src, n)
	c.TESTQ(operand.U32(4), n)
	c.JEQ(to("last_three"))
	copyVectors(c, 2, 16, dst, src)
	c.ADDQ(operand.Imm(32), dst)
	c.ADDQ(operand.Imm(32), src)
	c.Label("last_three")
	c.TESTQ(operand.U32(2), n)
	c.JEQ(to("last_one"))
	copyVectors(c, 1, 16, dst, src)
	c.ADDQ(operand.Imm(16), dst)
	c.ADDQ(operand.Imm(16), src)
	c.Label("last_one")
	c.TESTQ(operand.U32(1), n)
	c.JNE(to("one"))
}

// copyBlocks copies as many blocks of the given number of words as there are in n, by vectors
// of width bytes, and leaves the rest in n. Each turn of its loop takes one block off n.
func copyBlocks(c *build.Context, name string, words, width int, dst, src, n reg.GPVirtual) {
	bytes := words * layout.WordBytes
	c.CMPQ(n, operand.Imm(uint64(words)))
	c.JB(to(name + "_end"))
	c.Label(name)
	copyVectors(c, bytes/width, width, dst, src)
	c.ADDQ(operand.I32(bytes), dst)
	c.ADDQ(operand.I32(bytes), src)
	c.SUBQ(operand.Imm(uint64(words)), n)
	c.CMPQ(n, operand.Imm(uint64(words)))
	c.JAE(to(name))
	if width > 16 {
		c.VZEROUPPER()
	}
	c.Label(name + "_end")
}

// copyWord copies one word.
func copyWord(c *build.Context, dst, src reg.Register) {
	x := c.GP64()
	c.MOVQ(at(src, 0), x)
	c.MOVQ(x, at(dst, 0))
}

// copyVectors copies n vectors of width bytes, all loads before all stores.
func copyVectors(c *build.Context, n, width int, dst, src reg.Register) {
	vs := make([]reg.Register, n)
	for i := range vs {
		if width == 32 {
			vs[i] = c.YMM()
			c.VMOVUPS(at(src, i*width), vs[i])
		} else {
			vs[i] = c.XMM()
			c.MOVUPS(at(src, i*width), vs[i])
		}
	}
	for i, v := range vs {
		if width == 32 {
			c.VMOVUPS(v, at(dst, i*width))
		} else {
			c.MOVUPS(v, at(dst, i*width))
		}
	}
}
