package a64

import (
	"fmt"
	"go/types"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Context builds a file of arm64 kernels. avo's context is a field and not embedded, because
// its methods emit x86 instructions.
type Context struct{ c *build.Context }

// NewContext returns a context for a new file.
func NewContext() *Context { return &Context{c: build.NewContext()} }

// Avo returns the context of avo, for what is not about instructions.
func (c *Context) Avo() *build.Context { return c.c }

// Label names the next instruction.
func (c *Context) Label(name string) { c.c.Label(name) }

// Comment puts lines of comment before the next instruction.
func (c *Context) Comment(lines ...string) { c.c.Comment(lines...) }

// GP returns a new general register.
func (c *Context) GP() reg.Register { return c.c.VirtualRegister(kindGP, reg.S64) }

// Vec returns a new vector register.
func (c *Context) Vec() reg.Register { return c.c.VirtualRegister(kindVec, reg.S128) }

// Load returns a new register with the parameter of the given name, extended as its type
// asks for. go vet does not check the width of such loads on arm64, so they are made here only.
func (c *Context) Load(name string) reg.Register {
	b, err := c.c.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	r := c.GP()
	c.emit(moveOf(b.Type, true), "rw", b.Addr, r)
	return r
}

// Return stores r to the result of the given name, by its width.
func (c *Context) Return(r reg.Register, name string) {
	b, err := c.c.Return(name).Resolve()
	if err != nil {
		panic(err)
	}
	c.emit(moveOf(b.Type, false), "rw", r, b.Addr)
}

// moveOf returns the instruction that moves a value of type t: to a register if load.
func moveOf(t *types.Basic, load bool) string {
	op := map[int64]string{1: "MOVB", 2: "MOVH", 4: "MOVW", 8: "MOVD"}[gotypes.Sizes.Sizeof(t)]
	unsigned := t.Info()&(types.IsUnsigned|types.IsBoolean) != 0
	if load && unsigned && op != "MOVD" {
		op += "U"
	}
	return op
}

// emit appends an instruction. roles has a letter for each operand: r is read, w written, x
// both, - neither. The registers of a memory operand are read whatever its role.
func (c *Context) emit(opcode, roles string, ops ...operand.Op) *ir.Instruction {
	if len(roles) != len(ops) {
		panic(fmt.Sprintf("%s: %d roles for %d operands", opcode, len(roles), len(ops)))
	}
	in := &ir.Instruction{Opcode: opcode, Operands: ops}
	for n, op := range ops {
		role := roles[n]
		switch op.(type) {
		case operand.Mem, Indexed:
			role = 'r'
		}
		for _, r := range registers(op) {
			if r == nil || r.Kind() == reg.KindPseudo { // verifyOperands refuses nil
				continue
			}
			if role == 'r' || role == 'x' {
				in.Inputs = append(in.Inputs, r)
			}
			if role == 'w' || role == 'x' {
				in.Outputs = append(in.Outputs, r)
			}
		}
	}
	c.c.Instruction(in)
	return in
}

// branch appends a branch to label that depends on the operands.
func (c *Context) branch(opcode, label string, conditional bool, ops ...operand.Op) {
	roles := "-"
	for range ops {
		roles += "r"
	}
	in := c.emit(opcode, roles, append([]operand.Op{operand.LabelRef(label)}, ops...)...)
	in.IsBranch, in.IsConditional = true, conditional
}
