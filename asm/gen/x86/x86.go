// Package x86 builds the kernels for amd64, one file for each family.
//
// A locked instruction is a full barrier, and apart from it stores stay in order and so do
// loads. So W2, R1, R3, R4 and the release in W4 cost nothing here; each is cited where it
// counts. Non-temporal stores are the exception to that order and are not used.
package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// param returns a new register with the 8-byte parameter of the given name. avo's own Load
// knows no unsafe.Pointer.
func param(c *build.Context, name string) reg.GPVirtual {
	r := c.GP64()
	paramTo(c, name, r)
	return r
}

// paramTo puts the 8-byte parameter of the given name into r.
func paramTo(c *build.Context, name string, r reg.Register) { c.MOVQ(paramAddr(c, name), r) }

// paramAddr returns the memory of the parameter of the given name.
func paramAddr(c *build.Context, name string) operand.Mem {
	b, err := c.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// resultAddr returns the memory of the result of the given name.
func resultAddr(c *build.Context, name string) operand.Mem {
	b, err := c.Return(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// returnOK ends the kernel with the given result of the name ok.
func returnOK(c *build.Context, ok bool) {
	x := operand.U8(0)
	if ok {
		x = 1
	}
	c.MOVB(x, resultAddr(c, "ok"))
	c.RET()
}

// jumpToGo leaves the kernel for the Go function of the given name, which has the kernel's
// signature and returns to its caller.
func jumpToGo(c *build.Context, name string) {
	c.Instruction(&ir.Instruction{
		Opcode:     "JMP",
		Operands:   []operand.Op{operand.Mem{Symbol: operand.Symbol{Name: "·" + name}, Base: reg.StaticBase}},
		IsTerminal: true,
	})
}

// lock makes the next instruction a locked one. avo has no prefixes, and the assembler takes
// them as instructions of their own.
func lock(c *build.Context) { c.Instruction(&ir.Instruction{Opcode: "LOCK"}) }

// cmpxchg is a locked compare-and-swap of m, with wide of 64 bits, else of 32: if m is RAX, it
// becomes x, and the flag ZF is set; if not, RAX becomes m. avo's own CMPXCHG does not know
// that RAX is read and written, so it would let x, or something that is needed later, be
// there.
func cmpxchg(c *build.Context, wide bool, x reg.GPVirtual, m operand.Mem) {
	lock(c)
	in := &ir.Instruction{Opcode: "CMPXCHGL", Operands: []operand.Op{x.As32(), m}}
	if wide {
		in = &ir.Instruction{Opcode: "CMPXCHGQ", Operands: []operand.Op{x, m}}
	}
	in.Inputs = append([]operand.Op{reg.RAX}, in.Operands...)
	in.Outputs = []operand.Op{reg.RAX, m}
	c.Instruction(in)
}

// at is the memory disp bytes behind base.
func at(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

// to is the label of that name.
func to(label string) operand.LabelRef { return operand.LabelRef(label) }
