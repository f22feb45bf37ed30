package x86

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Cell builds the family cell: writes and reads of whole cells. BenchmarkCommitCell,
// BenchmarkStoreCell and BenchmarkLoadCell in internal/arch show what each form gains over the
// one below.
func Cell() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	storeCell(c)
	for _, avx := range []bool{false, true} {
		suffix := "SSE2"
		if avx {
			suffix = "AVX2"
		}
		commitCell(c, suffix, avx)
		loadCell(c, suffix, avx)
	}
	return c
}

// storeCell has one form only, for values that are too short for wider vectors to win. Two
// things make it fast. It returns nothing that its caller would have to look at, because a
// store to the stack costs as much as one to the cell: the next lock waits for both. And of the
// commonest sizes it loads the words before it takes the lock, so that nothing is left to do
// inside but stores.
func storeCell(c *build.Context) {
	sig.StoreCell.Begin(c, "SSE2")
	w := writer{c: c, p: param(c, "p"), src: param(c, "src"), n: param(c, "n"), next: c.GP64(), locked: c.GP64()}
	c.MOVQ(at(w.p, 0), reg.RAX)
	c.Comment("The word that it must be is that of its version, live and unlocked.")
	c.ANDQ(operand.I32(^(layout.StateMask | layout.Lock)), reg.RAX)
	c.LEAQ(at(reg.RAX, layout.Version+layout.Live), w.next)
	c.LEAQ(at(reg.RAX, layout.Live+layout.Lock), w.locked)
	c.ADDQ(operand.Imm(layout.Live), reg.RAX)
	c.CMPQ(w.n, operand.Imm(2))
	c.JEQ(to("words_two"))
	c.JA(to("words_more"))
	w.storeWords(1)
	c.Label("words_two")
	w.storeWords(2)
	c.Label("words_more")
	c.CMPQ(w.n, operand.Imm(4))
	c.JEQ(to("words_four"))
	c.CMPQ(w.n, operand.Imm(8))
	c.JEQ(to("words_eight"))
	w.lock()
	w.copyMany()
	c.Label("words_four")
	w.storeWords(4)
	c.Label("words_eight")
	w.storeWords(8)
	c.Label("busy")
	jumpToGo(c, "StoreCellGeneric")
}

// A writer is a kernel that stores n words from src to the cell at p, which ends with the word
// next. RAX is the word before.
type writer struct {
	c                       *build.Context
	p, src, n, next, locked reg.GPVirtual
}

// storeWords is the rest of the kernel for n words.
func (w writer) storeWords(n int) {
	if n == 8 {
		vs := make([]reg.VecVirtual, 4)
		for i := range vs {
			vs[i] = w.c.XMM()
			w.c.MOVUPS(at(w.src, i*16), vs[i])
		}
		w.lock()
		w.c.Comment("W3: store the words.")
		for i, v := range vs {
			w.c.MOVUPS(v, at(w.p, 8+i*16))
		}
		w.publish()
		return
	}
	xs := loadWords(w.c, n, w.src)
	w.lock()
	w.c.Comment("W3: store the words.")
	storeWords(w.c, xs, w.p, layout.WordBytes)
	w.publish()
}

// copyMany is the rest of the kernel for any n of 3 or more, under the lock.
func (w writer) copyMany() {
	w.c.Comment("W3: store the words.")
	dst := w.c.GP64()
	w.c.LEAQ(at(w.p, layout.WordBytes), dst)
	copyThree(w.c, dst, w.src, w.n, "copied")
	w.c.Label("copied")
	w.publish()
	copyFew(w.c, dst, w.src, "copied")
}

func (w writer) lock() {
	w.c.Comment("W1: take the lock. W2: no store below is visible before, because LOCK is a full barrier.")
	cmpxchg(w.c, true, w.locked, at(w.p, 0))
	w.c.JNE(to("busy"))
}

func (w writer) publish() {
	w.c.Comment("W4: a plain store releases, because stores stay in order.")
	w.c.MOVQ(w.next, at(w.p, 0))
	w.c.RET()
}

func commitCell(c *build.Context, suffix string, avx bool) {
	sig.CommitCell.Begin(c, suffix)
	p, next := param(c, "p"), param(c, "next")
	paramTo(c, "seen", reg.RAX)
	lockCell(c, p, "lost")
	src, n, dst := param(c, "src"), param(c, "n"), c.GP64()
	c.LEAQ(at(p, layout.WordBytes), dst)
	copyBlocks(c, vectorBytes(avx), dst, src, n)
	copyWords(c, dst, src, n, "publish")
	publishCell(c, p, next)
	returnOK(c, true)
	c.Label("lost")
	returnOK(c, false)
}

// lockCell locks the cell at p if its word is RAX, and else goes to lost.
func lockCell(c *build.Context, p reg.GPVirtual, lost string) {
	locked := c.GP64()
	c.MOVQ(reg.RAX, locked)
	c.ORQ(operand.Imm(layout.Lock), locked)
	c.Comment("W1: take the lock. W2: no store below is visible before, because LOCK is a full barrier.")
	cmpxchg(c, true, locked, at(p, 0))
	c.JNE(to(lost))
	c.Comment("W3: store the words.")
}

// publishCell ends the write of the cell at p with the word next.
func publishCell(c *build.Context, p, next reg.GPVirtual) {
	c.Label("publish")
	c.Comment("W4: a plain store releases, because stores stay in order.")
	c.MOVQ(next, at(p, 0))
}

func loadCell(c *build.Context, suffix string, avx bool) {
	sig.LoadCell.Begin(c, suffix)
	p, dst, n, src, word := param(c, "p"), param(c, "dst"), param(c, "n"), c.GP64(), c.GP64()
	c.Comment("R1: loads stay in order, so this load acquires.")
	c.MOVQ(at(p, 0), word)
	c.TESTB(operand.Imm(layout.Lock), word.As8())
	c.JNE(to("done"))
	c.Comment("R2: load the words.")
	c.LEAQ(at(p, layout.WordBytes), src)
	copyBlocks(c, vectorBytes(avx), dst, src, n)
	copyRest(c, dst, src, n, "check")
	c.Label("check")
	c.Comment("R3: loads stay in order. R4")
	c.CMPQ(word, at(p, 0))
	c.JEQ(to("done"))
	c.MOVL(operand.U32(layout.Lock), word.As32())
	c.Label("done")
	c.Store(word, c.Return("word"))
	c.RET()
}

func vectorBytes(avx bool) int {
	if avx {
		return 32
	}
	return 16
}

// copyRest copies n words, less than a block, from src to dst. It changes both, and goes on at done, or
// falls through to it. The caller is about to copy what is at dst by vectors of two words, to which
// stores of single words cannot be forwarded.
func copyRest(c *build.Context, dst, src, n reg.GPVirtual, done string) {
	for _, words := range []int{8, 4, 2} {
		next := fmt.Sprintf("less_than_%d", words)
		c.TESTB(operand.U8(words), n.As8())
		c.JEQ(to(next))
		copyVectors(c, words/2, 16, dst, src)
		c.ADDQ(operand.Imm(uint64(words*layout.WordBytes)), src)
		c.ADDQ(operand.Imm(uint64(words*layout.WordBytes)), dst)
		c.Label(next)
	}
	c.TESTB(operand.Imm(1), n.As8())
	c.JEQ(to(done))
	copyGPs(c, 1, dst, src)
}

// copyWords copies n words from src to dst, one by one, and goes on at done. It changes its
// operands. A value has mostly just been put together on the stack: the processor hands a word
// that was stored a moment ago on to a load of that word, but makes a load that is wider than the
// stores wait until they are through.
func copyWords(c *build.Context, dst, src, n reg.GPVirtual, done string) {
	c.CMPQ(n, operand.Imm(2))
	c.JA(to("quads"))
	c.JEQ(to("two"))
	c.TESTQ(n, n)
	c.JEQ(to(done))
	copyFew(c, dst, src, done)
	c.Label("quads")
	copyThree(c, dst, src, n, done)
}

// copyFew is the end of a copy of words: at the labels one and two, which copy so many.
func copyFew(c *build.Context, dst, src reg.GPVirtual, done string) {
	c.Label("one")
	copyGPs(c, 1, dst, src)
	c.JMP(to(done))
	c.Label("two")
	copyGPs(c, 2, dst, src)
	c.JMP(to(done))
}

// copyThree is copyWords for 3 words or more. For the last ones it goes to a copyFew. It goes on at
// done, or falls through to it.
func copyThree(c *build.Context, dst, src, n reg.GPVirtual, done string) {
	c.CMPQ(n, operand.Imm(4))
	c.JB(to("three"))
	c.Label("quad")
	copyGPs(c, 4, dst, src)
	c.ADDQ(operand.Imm(32), dst)
	c.ADDQ(operand.Imm(32), src)
	c.SUBQ(operand.Imm(4), n)
	c.CMPQ(n, operand.Imm(4))
	c.JAE(to("quad"))
	c.TESTQ(n, n)
	c.JEQ(to(done))
	c.CMPQ(n, operand.Imm(2))
	c.JB(to("one"))
	c.JEQ(to("two"))
	c.Label("three")
	copyGPs(c, 3, dst, src)
}

// copyGPs copies n words, all loads before all stores.
func copyGPs(c *build.Context, n int, dst, src reg.Register) {
	storeWords(c, loadWords(c, n, src), dst, 0)
}

// loadWords loads n words.
func loadWords(c *build.Context, n int, src reg.Register) []reg.GPVirtual {
	xs := make([]reg.GPVirtual, n)
	for i := range xs {
		xs[i] = c.GP64()
		c.MOVQ(at(src, i*layout.WordBytes), xs[i])
	}
	return xs
}

// storeWords stores words, disp bytes behind dst.
func storeWords(c *build.Context, xs []reg.GPVirtual, dst reg.Register, disp int) {
	for i, x := range xs {
		c.MOVQ(x, at(dst, disp+i*layout.WordBytes))
	}
}

// copyBlocks copies as many blocks of 16 words as there are in n, by vectors of width bytes, and
// leaves the rest in n. Each turn of its loop takes one block off n.
func copyBlocks(c *build.Context, width int, dst, src, n reg.GPVirtual) {
	const name, words, bytes = "block", 16, 16 * layout.WordBytes
	c.CMPQ(n, operand.Imm(words))
	c.JB(to(name + "_end"))
	c.Label(name)
	copyVectors(c, bytes/width, width, dst, src)
	c.ADDQ(operand.I32(bytes), dst)
	c.ADDQ(operand.I32(bytes), src)
	c.SUBQ(operand.Imm(words), n)
	c.CMPQ(n, operand.Imm(words))
	c.JAE(to(name))
	if width > 16 {
		c.VZEROUPPER()
	}
	c.Label(name + "_end")
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
