package a64

import (
	"fmt"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// verifyOperands refuses what the assembler would take for something else, or not at all: the
// registers and the indexed memory of x86, operands without a register or with one of the
// wrong kind, and numbers that have no room in an instruction.
func verifyOperands(in *ir.Instruction) error {
	for _, op := range in.Operands {
		if err := verifyOperand(in, op); err != nil {
			return fmt.Errorf("%s: %w", in.Opcode, err)
		}
	}
	return verifyEarly(in)
}

// verifyEarly refuses an instruction that was told to write a register before it reads it.
func verifyEarly(in *ir.Instruction) error {
	if !early[in.Opcode] {
		return nil
	}
	for _, out := range in.OutputRegisters() {
		for _, r := range in.InputRegisters() {
			if r.ID() == out.ID() && r.ID() != ZR.ID() {
				return fmt.Errorf("%s: its status needs a register of its own", in.Opcode)
			}
		}
	}
	return nil
}

func verifyOperand(in *ir.Instruction, op operand.Op) error {
	kind := kindGP // of the registers that op may have, or 0 for any
	switch op := op.(type) {
	case nil:
		return fmt.Errorf("no operand")
	case operand.Mem:
		if op.Index != nil {
			return fmt.Errorf("indexed memory is Indexed here")
		}
		if op.Base == nil {
			return fmt.Errorf("no register")
		}
		if op.Base == ZR {
			return fmt.Errorf("memory at ZR, which is the stack pointer there")
		}
	case Indexed:
		if op.Base == ZR {
			return fmt.Errorf("memory at ZR, which is the stack pointer there")
		}
		if op.Shift > 4 {
			return fmt.Errorf("an index is shifted by %d", op.Shift)
		}
	case Shifted:
		if op.N > 63 {
			return fmt.Errorf("a register is shifted by %d", op.N)
		}
	case Scalar:
		kind = kindVec
	case Lanes:
		if op.As == "" {
			return fmt.Errorf("lanes of no arrangement")
		}
		kind = kindVec
	case Pair:
		return verifyPair(in, op)
	case reg.Register:
		if in.Opcode[0] == 'V' || in.Opcode[0] == 'F' { // the instructions on vectors
			kind = 0
		}
	case word:
		if op == "" {
			return fmt.Errorf("an empty word")
		}
	case operand.LabelRef:
		if op == "" {
			return fmt.Errorf("a branch to nowhere")
		}
	}
	return verifyRegisters(op, kind)
}

// verifyPair refuses a load of two registers that are one: the CPU may do anything then.
func verifyPair(in *ir.Instruction, p Pair) error {
	for _, op := range []operand.Op{p.a, p.b} {
		if err := verifyOperand(in, op); err != nil {
			return err
		}
	}
	rs := p.registers()
	if rs[0].ID() == rs[1].ID() && len(in.Outputs) > 0 {
		return fmt.Errorf("it loads %s twice", rs[0].Asm())
	}
	return nil
}

// verifyRegisters refuses x86 registers, and those that are not of the kind, unless that is 0.
func verifyRegisters(op operand.Op, kind reg.Kind) error {
	for _, r := range registers(op) {
		if r == nil {
			return fmt.Errorf("no register")
		}
		switch k := r.Kind(); {
		case k != kindGP && k != kindVec && k != reg.KindPseudo:
			return fmt.Errorf("x86 register %s", r.Asm())
		case k == kindVec && kind == kindGP:
			return fmt.Errorf("a vector register where a general one belongs")
		case k == kindGP && kind == kindVec:
			return fmt.Errorf("a general register where a vector register belongs")
		}
	}
	return nil
}
