package arm

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A line is a bucket of one line in a kernel that looks for a key of one word.
type line struct {
	*a64.Context
	base, buckets, hash, key reg.Register
	line, tries              reg.Register
}

// firstEqual returns the first slot of the line with the key, or layout.WordSlots. It takes no
// branch, because which slot has the key cannot be predicted.
func (b *line) firstEqual() (slot reg.Register) {
	keys := []reg.Register{b.GP(), b.GP(), b.GP()}
	b.LDP(a64.Mem(b.line, layout.WordKeysAt), keys[0], keys[1])
	b.MOVD(a64.Mem(b.line, layout.WordKeysAt+16), keys[2])
	slot = keys[0]
	for _, k := range keys {
		b.CMP(b.key, k)
		b.CSET("NE", k)
	}
	b.AND(keys[0], keys[1], keys[1])
	b.AND(keys[1], keys[2], keys[2])
	b.ADD(keys[1], slot, slot)
	b.ADD(keys[2], slot, slot)
	return slot
}

// overflows returns a register of which bit 0 is the line's overflow bit of the key's class. It does
// not matter whether the keys are loaded before the control word or after, because a key never
// leaves its slot and an overflow bit is never cleared.
func (b *line) overflows() (overflow reg.Register) {
	control, overflow := b.GP(), b.GP()
	b.MOVWU(a64.Mem(b.line, layout.WordControlAt), control)
	testClass(b.Context, b.hash, control, overflow)
	return overflow
}

// testClass makes bit 0 of overflow the overflow bit, in the control word, of the class of a
// hash.
func testClass(c *a64.Context, hash, control, overflow reg.Register) {
	eight := c.GP()
	c.UBFX(layout.ClassShift, 16, hash, overflow)
	c.LSL(a64.Imm(3), overflow, eight)
	c.SUB(overflow, eight, overflow) // times layout.Classes
	c.LSR(a64.Imm(16), overflow, overflow)
	c.LSR(overflow, control, overflow)
}

// nextLine steps to the next line of the table.
func (b *line) nextLine() {
	end := b.GP()
	b.ADD(a64.Shifted{R: b.buckets, N: 6}, b.base, end) // a line has 64 bytes
	b.ADD(a64.Imm(layout.LineBytes), b.line, b.line)
	b.CMP(b.line, end)
	b.CSEL("EQ", b.base, b.line, b.line)
}

// These say in the language of the code above what it takes for granted.
const (
	_ = uint(layout.Classes-7) + uint(7-layout.Classes) // class times eight less class
	_ = uint(layout.SealBit-1<<7) + uint(1<<7-layout.SealBit)
	_ = uint(layout.LineBytes-1<<6) + uint(1<<6-layout.LineBytes)
)
