package a64

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// compound is an operand of ours that mentions registers.
type compound interface {
	operand.Op
	registers() []reg.Register
	bind(reg.Allocation) operand.Op
}

// neutral makes a type an operand.Constant, in which avo's passes look for no registers and
// which none of them refuses.
type neutral struct{ operand.String }

// Scalar is a vector register by the name that instructions on one 128-bit value want.
type Scalar struct {
	neutral
	r reg.Register
}

func (s Scalar) Asm() string                       { return "F" + strings.TrimPrefix(s.r.Asm(), "V") }
func (s Scalar) registers() []reg.Register         { return []reg.Register{s.r} }
func (s Scalar) bind(al reg.Allocation) operand.Op { s.r = resolve(s.r, al); return s }

// Lanes is a vector register with the arrangement of its lanes, as in V0.S4, or one of its
// lanes, as in V0.D[0].
type Lanes struct {
	neutral
	R  reg.Register
	As string
}

func (l Lanes) Asm() string                       { return l.R.Asm() + "." + l.As }
func (l Lanes) registers() []reg.Register         { return []reg.Register{l.R} }
func (l Lanes) bind(al reg.Allocation) operand.Op { l.R = resolve(l.R, al); return l }

// Pair is the operand (a, b) of the instructions that load or store two registers.
type Pair struct {
	neutral
	a, b operand.Op
}

func (p Pair) Asm() string { return fmt.Sprintf("(%s, %s)", p.a.Asm(), p.b.Asm()) }

func (p Pair) registers() []reg.Register { return append(registers(p.a), registers(p.b)...) }

func (p Pair) bind(al reg.Allocation) operand.Op {
	p.a, p.b = bind(p.a, al), bind(p.b, al)
	return p
}

// Indexed is the memory at base plus index times a power of two, the size of what is there.
type Indexed struct {
	neutral
	Base, Index reg.Register
	Shift       uint
}

func (m Indexed) Asm() string {
	if m.Shift == 0 {
		return fmt.Sprintf("(%s)(%s)", m.Base.Asm(), m.Index.Asm())
	}
	return fmt.Sprintf("(%s)(%s<<%d)", m.Base.Asm(), m.Index.Asm(), m.Shift)
}

func (m Indexed) registers() []reg.Register { return []reg.Register{m.Base, m.Index} }

func (m Indexed) bind(al reg.Allocation) operand.Op {
	m.Base, m.Index = resolve(m.Base, al), resolve(m.Index, al)
	return m
}

// Shifted is a register shifted left, as the last but one operand of ADD and its kin.
type Shifted struct {
	neutral
	R reg.Register
	N uint
}

func (s Shifted) Asm() string                       { return fmt.Sprintf("%s<<%d", s.R.Asm(), s.N) }
func (s Shifted) registers() []reg.Register         { return []reg.Register{s.R} }
func (s Shifted) bind(al reg.Allocation) operand.Op { s.R = resolve(s.R, al); return s }

// Mem is the memory disp bytes behind base.
func Mem(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

// Imm is a constant that is printed in decimal.
type Imm int64

func (i Imm) Asm() string { return fmt.Sprintf("$%d", int64(i)) }

// Hex is a constant that is printed in hexadecimal.
type Hex uint64

func (h Hex) Asm() string { return fmt.Sprintf("$%#x", uint64(h)) }

// word is a bare word of the assembler's: a condition, a prefetch hint.
type word string

func (w word) Asm() string { return string(w) }

// registers returns the registers that op mentions.
func registers(op operand.Op) []reg.Register {
	switch op := op.(type) {
	case compound:
		return op.registers()
	case reg.Register, operand.Mem:
		return operand.Registers(op)
	}
	return nil
}

// bind replaces the virtual registers in op.
func bind(op operand.Op, al reg.Allocation) operand.Op {
	switch op := op.(type) {
	case compound:
		return op.bind(al)
	case reg.Register:
		return resolve(op, al)
	case operand.Mem:
		op.Base = resolve(op.Base, al)
		return op
	}
	return op
}
