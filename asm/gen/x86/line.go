package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// compareKeys sets a bit of slot for each key of the line that is equal to key, and ZF if there
// is none. x and y are for its use.
func compareKeys(c *build.Context, line, key, slot, x, y reg.GPVirtual) {
	equal := []reg.GPVirtual{x, y, slot}
	for _, r := range equal {
		c.XORL(r.As32(), r.As32())
	}
	for i, r := range equal {
		c.CMPQ(key, at(line, layout.WordKeysAt+8*i))
		c.SETEQ(r.As8())
	}
	for _, r := range []reg.GPVirtual{y, x} {
		c.LEAL(operand.Mem{Base: r, Index: slot, Scale: 2}, slot.As32())
	}
	c.TESTL(slot.As32(), slot.As32())
}

// overflows loads the control word of the line and sets CF if the overflow bit of the class of
// a hash is set. class is for its use.
func overflows(c *build.Context, line, hash, class reg.GPVirtual, control reg.Register) {
	c.MOVL(at(line, layout.WordControlAt), control)
	c.MOVQ(hash, class)
	testClass(c, class, control)
}

// testClass sets CF if the overflow bit of a class is set in the control word. class is the
// hash before, and something else behind.
func testClass(c *build.Context, class reg.GPVirtual, control reg.Register) {
	c.SHRQ(operand.Imm(layout.ClassShift), class)
	c.MOVWLZX(class.As16(), class.As32())
	c.IMUL3L(operand.Imm(layout.Classes), class.As32(), class.As32())
	c.SHRL(operand.Imm(16), class.As32())
	c.BTL(class.As32(), control)
}
