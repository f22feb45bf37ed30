package a64

import (
	"fmt"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// Compile is what pass.Compile is for x86. PruneSelfMoves is left out on purpose, see the
// package documentation.
var Compile = pass.Concat(
	pass.InstructionPass(verifyOperands),
	pass.Verify,
	pass.FunctionPass(pass.PruneJumpToFollowingLabel),
	pass.FunctionPass(pass.PruneDanglingLabels),
	pass.FunctionPass(pass.LabelTarget),
	pass.FunctionPass(pass.CFG),
	pass.FunctionPass(verifyEnd),
	pass.FunctionPass(pass.Liveness),
	pass.FunctionPass(verifyDefined),
	pass.FunctionPass(allocate),
	pass.FunctionPass(bindRegisters),
	pass.FunctionPass(verifyBound),
	pass.Func(pass.IncludeTextFlagHeader),
	pass.FunctionPass(pass.RequiredISAExtensions),
	pass.FunctionPass(moveLabels),
)

// verifyEnd refuses a function that control can run out of.
func verifyEnd(fn *ir.Function) error {
	for _, in := range fn.Instructions() {
		for _, s := range in.Succ {
			if s == nil {
				return fmt.Errorf("%s: control falls off the end at %s", fn.Name, in.Opcode)
			}
		}
	}
	return nil
}

// verifyDefined refuses a function in which a virtual register is live at the beginning: on
// some way it is read before it is written.
func verifyDefined(fn *ir.Function) error {
	all := fn.Instructions()
	if len(all) == 0 {
		return nil
	}
	for id := range all[0].LiveIn {
		if id.IsVirtual() {
			return fmt.Errorf("%s: virtual register %d is read before it is written", fn.Name, id.Index())
		}
	}
	return nil
}

var kinds = []reg.Kind{kindGP, kindVec}

// allocate is pass.AllocateRegisters for the registers of arm64.
func allocate(fn *ir.Function) error {
	as := map[reg.Kind]*pass.Allocator{}
	for _, k := range kinds {
		a, err := pass.NewAllocator(families[k])
		if err != nil {
			return err
		}
		as[k] = a
	}
	for _, in := range fn.Instructions() {
		for _, op := range in.Operands {
			for _, r := range registers(op) {
				if a := as[r.Kind()]; a != nil {
					a.Add(r.ID())
				}
			}
		}
	}
	for _, in := range fn.Instructions() {
		interfere(as, in)
	}
	fn.Allocation = reg.NewEmptyAllocation()
	for _, k := range kinds {
		al, err := as[k].Allocate()
		if err != nil {
			return fmt.Errorf("%s: %w", fn.Name, err)
		}
		if err := fn.Allocation.Merge(al); err != nil {
			return err
		}
	}
	return nil
}

// early are the instructions whose outputs may be written before their inputs are read.
var early = map[string]bool{"STXR": true, "STXRW": true, "STLXR": true, "STLXRW": true}

// interfere records which registers must differ because of one instruction: its outputs from
// what is live after it, from each other, and sometimes from its inputs.
func interfere(as map[reg.Kind]*pass.Allocator, in *ir.Instruction) {
	outs := in.OutputRegisters()
	for n, d := range outs {
		a := as[d.Kind()]
		if a == nil {
			continue
		}
		live := in.LiveOut.OfKind(d.Kind())
		live.DiscardRegister(d)
		a.AddInterferenceSet(d, live)
		others := outs[n+1:]
		if early[in.Opcode] {
			others = append(others, in.InputRegisters()...)
		}
		for _, o := range others {
			if o.Kind() == d.Kind() && o.ID() != d.ID() {
				a.AddInterference(d.ID(), o.ID())
			}
		}
	}
}

// bindRegisters puts the physical registers in place.
func bindRegisters(fn *ir.Function) error {
	for _, in := range fn.Instructions() {
		for _, ops := range [][]operand.Op{in.Operands, in.Inputs, in.Outputs} {
			for n := range ops {
				ops[n] = bind(ops[n], fn.Allocation)
			}
		}
	}
	return nil
}

// verifyBound refuses a function in which a virtual register is left.
func verifyBound(fn *ir.Function) error {
	for _, in := range fn.Instructions() {
		for _, op := range in.Operands {
			for _, r := range registers(op) {
				if reg.ToPhysical(r) == nil {
					return fmt.Errorf("%s: a virtual register is left in %s", fn.Name, in.Opcode)
				}
			}
		}
	}
	return nil
}

// moveLabels moves the label of each branch from the front, where ir.Instruction.TargetLabel
// looks for it, to the end, where the assembler wants it.
func moveLabels(fn *ir.Function) error {
	for _, in := range fn.Instructions() {
		if in.IsBranch && len(in.Operands) > 1 {
			last := len(in.Operands)
			in.Operands = append(in.Operands[1:last:last], in.Operands[0])
		}
	}
	return nil
}
