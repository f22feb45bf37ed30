package a64

import (
	"fmt"

	"github.com/mmcloughlin/avo/reg"
)

// The kinds of register. They are none of avo's, so that its x86 passes ignore them.
const (
	kindGP  reg.Kind = 0x40
	kindVec reg.Kind = 0x41
)

// physical is an arm64 register. It embeds a register of avo's only because the interface
// has methods that nobody else can write; all that tell which register it is are its own.
type physical struct {
	reg.Physical
	kind  reg.Kind
	index reg.Index
	name  string
	info  reg.Info
}

// ID has the form of avo's identifiers: that of a virtual register without the lowest bit,
// which says that it is virtual.
func (p physical) ID() reg.ID               { return reg.NewVirtual(p.index, p.kind, reg.S64).ID() &^ 1 }
func (p physical) PhysicalIndex() reg.Index { return p.index }
func (p physical) Kind() reg.Kind           { return p.kind }
func (p physical) Info() reg.Info           { return p.info }
func (p physical) Asm() string              { return p.name }

// ZR is the register that is always zero.
var ZR reg.Physical = physical{Physical: reg.RAX, kind: kindGP, index: 31, name: "ZR", info: reg.Restricted}

// reserved are the general registers that a kernel must leave alone: two scratch registers
// of the linker, the platform's, and the closure, assembler, goroutine, frame and link
// registers of Go.
var reserved = map[int]bool{16: true, 17: true, 18: true, 26: true, 27: true, 28: true, 29: true, 30: true}

// families are the physical registers of each kind.
var families = func() map[reg.Kind][]reg.Physical {
	var gp, vec []reg.Physical
	for i := range 31 {
		r := physical{Physical: reg.RAX, kind: kindGP, index: reg.Index(i), name: fmt.Sprintf("R%d", i)}
		if reserved[i] {
			r.info = reg.Restricted
		}
		gp = append(gp, r)
	}
	for i := range 32 {
		vec = append(vec, physical{Physical: reg.X0, kind: kindVec, index: reg.Index(i), name: fmt.Sprintf("V%d", i)})
	}
	return map[reg.Kind][]reg.Physical{kindGP: append(gp, ZR), kindVec: vec}
}()

// resolve returns the physical register that al has chosen for r.
func resolve(r reg.Register, al reg.Allocation) reg.Register {
	if r == nil || reg.ToPhysical(r) != nil {
		return r
	}
	id, ok := al[r.ID()]
	if !ok {
		return r
	}
	for _, p := range families[id.Kind()] {
		if p.ID() == id {
			return p
		}
	}
	return r
}
