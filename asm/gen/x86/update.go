package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Update builds the family update. BenchmarkUpdateLine in internal/arch shows what the kernels for
// word buckets gain, and BenchmarkUpdate what those for any geometry do.
func Update() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	updateLine(c, sig.SwapLine, "value", "old", func(u *update) {
		c.MOVQ(u.valueAt(), u.result)
		c.MOVQ(u.operand, u.valueAt())
	})
	updateLine(c, sig.AddLine, "delta", "sum", func(u *update) {
		c.MOVQ(u.valueAt(), u.result)
		c.ADDQ(u.operand, u.result)
		c.MOVQ(u.result, u.valueAt())
	})
	swap(c, sig.SwapHalf, halfKey{})
	swap(c, sig.SwapWord, wordKey{})
	swap(c, sig.SwapPair, pairKey{})
	add(c, sig.AddHalf, halfKey{})
	add(c, sig.AddWord, wordKey{})
	add(c, sig.AddPair, pairKey{})
	return c
}

// An update is a kernel in the making.
type update struct {
	c                 *build.Context
	t, key, operand   reg.GPVirtual
	line, slot        reg.GPVirtual
	hash, tries, x, y reg.GPVirtual
	result            reg.GPVirtual
}

// updateLine finds the slot of a key, locks it, and makes a change.
func updateLine(c *build.Context, k sig.Kernel, operand, result string, change func(u *update)) {
	k.Begin(c, "SSE2")
	u := &update{
		c: c, t: param(c, "t"), key: param(c, "key"), operand: param(c, operand),
		line: c.GP64(), slot: c.GP64(), hash: c.GP64(), tries: c.GP64(), x: c.GP64(), y: c.GP64(), result: c.GP64(),
	}
	u.find()
	u.take()
	c.Comment("W3: store the value.")
	change(u)
	release(c, false, u.tries, u.wordAt())
	c.Store(u.result, c.Return(result))
	returnOK(c, true)
}

// field is the field of the Table at the given offset.
func (u *update) field(offset int) operand.Mem { return at(u.t, offset) }

func (u *update) wordAt() operand.Mem { return operand.Mem{Base: u.line, Index: u.slot, Scale: 4} }

func (u *update) valueAt() operand.Mem {
	return operand.Mem{Base: u.line, Index: u.slot, Scale: 8, Disp: layout.WordValuesAt}
}

// find finds line and slot of the key, and ends the kernel if the key is not there.
func (u *update) find() {
	c := u.c
	c.MOVQ(u.field(layout.TableSeedAt), reg.RAX)
	c.XORQ(u.key, reg.RAX)
	c.MOVQ(operand.U64(layout.FoldBy), u.x)
	c.MULQ(u.x)
	c.XORQ(reg.RDX, reg.RAX)
	c.MOVQ(reg.RAX, u.hash)
	c.MULQ(u.field(layout.TableBucketsAt))
	c.SHLQ(operand.Imm(6), reg.RDX) // a line has 64 bytes
	c.ADDQ(u.field(layout.TableBaseAt), reg.RDX)
	c.MOVQ(reg.RDX, u.line)
	c.MOVL(operand.U32(layout.MaxProbe), u.tries.As32())

	c.Label("bucket")
	compareKeys(c, u.line, u.key, u.slot, u.x, u.y)
	c.JNE(to("here"))
	overflows(c, u.line, u.hash, u.x, u.y.As32())
	c.JCC(to("lost"))
	c.MOVQ(u.field(layout.TableBucketsAt), u.x)
	c.SHLQ(operand.Imm(6), u.x) // a line has 64 bytes
	c.ADDQ(u.field(layout.TableBaseAt), u.x)
	c.ADDQ(operand.Imm(layout.LineBytes), u.line)
	c.CMPQ(u.line, u.x)
	c.CMOVQEQ(u.field(layout.TableBaseAt), u.line)
	c.DECL(u.tries.As32())
	c.JNE(to("bucket"))
	c.Label("lost")
	returnOK(c, false)

	c.Label("here")
	c.TZCNTL(u.slot.As32(), u.slot.As32()) // not zero, so that an old CPU's BSF does the same
}

// take locks the slot if it is LIVE and unlocked and has the key, and leaves the word that is to
// follow in tries.
func (u *update) take() {
	c, locked := u.c, u.x
	c.MOVL(u.wordAt(), reg.EAX)
	c.Comment("An EMPTY slot has the key 0, so the key counts only as it is after the word.")
	c.CMPQ(u.key, operand.Mem{Base: u.line, Index: u.slot, Scale: 8, Disp: layout.WordKeysAt})
	c.JNE(to("lost"))
	c.Comment("The word that it must be is that of its version, live and unlocked.")
	c.ANDL(operand.I32(^(layout.StateMask | layout.Lock)), reg.EAX)
	c.LEAL(at(reg.RAX, layout.Version+layout.Live), u.tries.As32())
	c.LEAL(at(reg.RAX, layout.Live+layout.Lock), locked.As32())
	c.ADDL(operand.Imm(layout.Live), reg.EAX)
	c.Comment("W1: take the lock. W2: no store below is visible before, because LOCK is a full barrier.")
	cmpxchg(c, false, locked, u.wordAt())
	c.JNE(to("lost"))
}
