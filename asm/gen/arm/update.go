package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Update builds the family update. BenchmarkUpdateLine in internal/arch shows what each form of the
// kernels for word buckets gains, and BenchmarkUpdate what those for any geometry do.
func Update() *build.Context {
	c := newFile()
	forms(c, swapLine)
	forms(c, addLine)
	forms(c, swap(sig.SwapHalf, halfKey{}))
	forms(c, swap(sig.SwapWord, wordKey{}))
	forms(c, swap(sig.SwapPair, pairKey{}))
	forms(c, add(sig.AddHalf, halfKey{}))
	forms(c, add(sig.AddWord, wordKey{}))
	forms(c, add(sig.AddPair, pairKey{}))
	return c.Avo()
}

func swapLine(c *a64.Context, suffix string, lse bool) {
	sig.SwapLine.Begin(c.Avo(), suffix)
	updateLine(c, lse, "value", "old", func(operand, value, at reg.Register) (result reg.Register) {
		c.MOVD(operand, a64.Mem(at, layout.WordValuesAt))
		return value
	})
}

func addLine(c *a64.Context, suffix string, lse bool) {
	sig.AddLine.Begin(c.Avo(), suffix)
	updateLine(c, lse, "delta", "sum", func(operand, value, at reg.Register) (result reg.Register) {
		c.ADD(operand, value, value)
		c.MOVD(value, a64.Mem(at, layout.WordValuesAt))
		return value
	})
}

// updateLine finds the slot of a key, locks it, and has change store a value. That gets the
// value that is there, and eight times the number of the slot behind the line.
func updateLine(c *a64.Context, lse bool, operand, result string, change func(operand, value, at reg.Register) reg.Register) {
	b, slot := findWord(c)
	op := c.Load(operand)
	at, seen, x, old := c.GP(), c.GP(), c.GP(), c.GP()
	w := slotWord{c, lse, false, "", c.GP()}
	c.ADD(a64.Shifted{R: slot, N: 2}, b.line, w.at)
	c.ADD(a64.Shifted{R: slot, N: 3}, b.line, at)
	c.LDAR(false, w.at, seen)
	c.AND(a64.Imm(layout.StateMask|layout.Lock), seen, x)
	c.CMP(a64.Imm(layout.Live), x)
	c.BNE("lost")
	c.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	c.MOVD(a64.Mem(at, layout.WordKeysAt), x)
	c.CMP(b.key, x)
	c.BNE("lost")
	c.ORR(a64.Imm(layout.Lock), seen, x)
	w.take(wholeLock, seen, x)
	c.Comment("W3: store the value.")
	c.MOVD(a64.Mem(at, layout.WordValuesAt), old)
	r := change(op, old, at)
	w.next(seen, x, layout.Live)
	w.release(x)
	c.Return(r, result)
	returnBool(c, true, "ok")
}

// findWord finds line and slot of the key of an update, and ends the kernel, by way of the label
// lost, if the key is not there.
func findWord(c *a64.Context) (b *line, slot reg.Register) {
	t := c.Load("t")
	b = &line{Context: c, base: c.GP(), buckets: c.GP(), hash: c.GP(), key: c.Load("key"), line: c.GP(), tries: c.GP()}
	seed, fold := c.GP(), c.GP()
	c.LDP(a64.Mem(t, layout.TableBaseAt), b.base, b.buckets)
	c.MOVD(a64.Mem(t, layout.TableSeedAt), seed)
	c.EOR(seed, b.key, b.hash)
	c.MOVD(a64.Hex(layout.FoldBy), fold)
	c.MUL(fold, b.hash, seed)
	c.UMULH(fold, b.hash, b.hash)
	c.EOR(seed, b.hash, b.hash)
	c.UMULH(b.buckets, b.hash, b.line)
	c.ADD(a64.Shifted{R: b.line, N: 6}, b.base, b.line) // a line has 64 bytes
	c.MOVD(a64.Imm(layout.MaxProbe), b.tries)

	c.Label("bucket")
	slot = b.firstEqual()
	c.CMP(a64.Imm(layout.WordSlots), slot)
	c.BNE("here")
	c.TBZ(0, b.overflows(), "lost")
	b.nextLine()
	c.SUBS(a64.Imm(1), b.tries, b.tries)
	c.BNE("bucket")
	c.Label("lost")
	returnBool(c, false, "ok")
	c.Label("here")
	return b, slot
}

// The fields base and buckets of a Table are loaded as a pair.
const (
	_ = uint(layout.TableBucketsAt - layout.TableBaseAt - 8)
	_ = uint(8 - layout.TableBucketsAt + layout.TableBaseAt)
)
