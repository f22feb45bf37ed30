package memmodel

import (
	"math/bits"
	"regexp"
	"strconv"
	"strings"
)

var (
	amd64Names  = []string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}
	amd64Bytes  = []string{"AL", "CL", "DL", "BL", "", "", "", "", "R8B", "R9B", "R10B", "R11B", "R12B", "R13B", "R14B", "R15B"}
	amd64Vector = regexp.MustCompile(`^([XYZ])(\d+)$`)
)

// Numbers of registers that instructions use without naming them, and of the stack pointer.
const rAX, rDX, rSP = 0, 2, 4

func amd64Register(s string) (o operand, ok bool) {
	for i, name := range amd64Names {
		if s == name || s == amd64Bytes[i] {
			return operand{reg: i}, true
		}
	}
	if m := amd64Vector.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[2])
		return operand{reg: n, vector: true, bytes: map[string]int{"X": 16, "Y": 32, "Z": 64}[m[1]]}, true
	}
	return operand{}, false
}

// amd64Ops are the instructions of amd64 that have a meaning, in the order of operands of Go's
// assembler: the destination last, but comparisons as they read.
var amd64Ops = amd64Instructions()

// amd64Sizes are the letters that end the names of instructions.
var amd64Sizes = map[string]int{"B": 1, "W": 2, "L": 4, "Q": 8}

func amd64Instructions() map[string]opcode {
	nothing := func(*machine, []operand) {}
	ops := map[string]opcode{
		"RET": nothing, "NOP": nothing, "LOCK": nothing, "PAUSE": nothing, "VZEROUPPER": nothing,
		"PREFETCHT0": nothing, "PREFETCHT1": nothing, "PREFETCHNTA": nothing, "PCALIGN": nothing,
		"JMP":    func(m *machine, a []operand) { m.jump(a[0]) },
		"MFENCE": func(m *machine, _ []operand) { m.Fence(FenceFull) },
		"MULQ": func(m *machine, a []operand) {
			x, y := m.get(a[0], 8), m.register(rAX, 8)
			hi, lo := bits.Mul64(x.Bits, y.Bits)
			m.setRegister(rDX, 8, x.With(hi, y))
			m.setRegister(rAX, 8, x.With(lo, y))
		},
		"IMULQ": func(m *machine, a []operand) {
			x, y := m.get(a[1], 8), m.get(a[0], 8)
			m.set(a[1], 8, x.With(x.Bits*y.Bits, y))
		},
		"IMUL3L": func(m *machine, a []operand) {
			v := m.get(a[1], 4)
			m.set(a[2], 4, v.With(v.Bits*uint64(a[0].imm)))
		},
	}
	for suffix, size := range amd64Sizes {
		amd64Moves(ops, suffix, size)
		amd64Arithmetic(ops, suffix, size)
		amd64Atomics(ops, suffix, size)
		amd64Bits(ops, suffix, size)
	}
	amd64Conditions(ops)
	amd64Vectors(ops)
	return ops
}

func amd64Moves(ops map[string]opcode, suffix string, size int) {
	ops["MOV"+suffix] = func(m *machine, a []operand) { m.set(a[1], size, m.get(a[0], size)) }
	for to, toSize := range amd64Sizes {
		ops["MOV"+suffix+to+"ZX"] = func(m *machine, a []operand) { m.set(a[1], toSize, m.get(a[0], size)) }
	}
	ops["LEA"+suffix] = func(m *machine, a []operand) { m.set(a[1], size, m.address(a[0])) }
	ops["CMP"+suffix] = func(m *machine, a []operand) { m.compare(m.get(a[0], size), m.get(a[1], size), size) }
	ops["TEST"+suffix] = func(m *machine, a []operand) {
		x, y := m.get(a[0], size), m.get(a[1], size)
		m.logic(x.With(x.Bits&y.Bits, y), size)
	}
}

// modify is an instruction that changes its last operand. In memory that is a load and a store,
// or one read-modify-write behind LOCK.
func (m *machine) modify(o operand, size int, f func(old Value) Value) (old Value) {
	if o.kind != memory {
		old = m.get(o, size)
		m.set(o, size, f(old))
		return old
	}
	return m.exchange(o, size, m.locked, func(old Value) (Value, bool) { return f(old), true })
}

// exchange is a read-modify-write of memory, in one if locked holds.
func (m *machine) exchange(o operand, size int, locked bool, f func(old Value) (Value, bool)) (old Value) {
	at := m.address(o)
	if locked {
		return m.Update(at, size, AcqRel, f)
	}
	old = m.Load(at, size, Plain)
	if v, do := f(old); do {
		m.Store(at, size, v, Plain)
	}
	return old
}

func amd64Arithmetic(ops map[string]opcode, suffix string, size int) {
	for name, f := range map[string]func(x, y uint64) uint64{
		"ADD": func(x, y uint64) uint64 { return x + y },
		"SUB": func(x, y uint64) uint64 { return x - y },
		"AND": func(x, y uint64) uint64 { return x & y },
		"OR":  func(x, y uint64) uint64 { return x | y },
		"XOR": func(x, y uint64) uint64 { return x ^ y },
		"SHL": func(x, y uint64) uint64 { return x << y },
		"SHR": func(x, y uint64) uint64 { return x >> y },
	} {
		ops[name+suffix] = func(m *machine, a []operand) {
			y := m.get(a[0], size)
			if name == "XOR" && a[0].text == a[1].text {
				y = Const(0) // an idiom for zero, which comes from nothing
				m.set(a[1], size, y)
			}
			old := m.modify(a[1], size, func(x Value) Value { return x.With(f(x.Bits, y.Bits), y) })
			if name == "SUB" {
				m.compare(old, y, size)
				return
			}
			m.logic(old.With(f(old.Bits, y.Bits), y), size)
		}
	}
	for name, d := range map[string]uint64{"INC": 1, "DEC": ^uint64(0)} {
		ops[name+suffix] = func(m *machine, a []operand) {
			old := m.modify(a[0], size, func(x Value) Value { return x.With(x.Bits + d) })
			below := m.flags.below
			m.logic(old.With(old.Bits+d), size)
			m.flags.below = below
		}
	}
}

func amd64Atomics(ops map[string]opcode, suffix string, size int) {
	ops["XCHG"+suffix] = func(m *machine, a []operand) { // locked in any case
		x := m.get(a[0], size)
		m.set(a[0], size, m.exchange(a[1], size, true, func(Value) (Value, bool) { return x, true }))
	}
	ops["XADD"+suffix] = func(m *machine, a []operand) {
		x := m.get(a[0], size)
		m.set(a[0], size, m.modify(a[1], size, func(old Value) Value { return old.With(old.Bits+x.Bits, x) }))
	}
	ops["CMPXCHG"+suffix] = func(m *machine, a []operand) {
		x, want := m.get(a[0], size), m.register(rAX, size)
		old := m.exchange(a[1], size, m.locked, func(old Value) (Value, bool) { return x, old.Bits == want.Bits })
		m.compare(want, old, size)
		if !m.flags.zero {
			m.setRegister(rAX, size, old)
		}
	}
}

func amd64Bits(ops map[string]opcode, suffix string, size int) {
	ops["BT"+suffix] = func(m *machine, a []operand) {
		n, v := m.get(a[0], size), m.get(a[1], size)
		m.flags = flags{below: v.Bits>>(n.Bits%uint64(8*size))&1 != 0, from: v.With(0, n)}
	}
	ops["TZCNT"+suffix] = func(m *machine, a []operand) {
		v := m.get(a[0], size)
		n := min(bits.TrailingZeros64(v.Bits), 8*size)
		m.set(a[1], size, v.With(uint64(n)))
		m.logic(m.get(a[1], size), size)
	}
}

// amd64ConditionNames has the names of each condition on amd64.
var amd64ConditionNames = map[string]string{
	"EQ": "EQ Z E", "NE": "NE NZ", "LO": "B CS C LO", "HS": "AE CC NC HS", "HI": "A HI", "LS": "BE LS",
	"LT": "LT L", "GE": "GE", "GT": "GT G", "LE": "LE", "MI": "MI S", "PL": "PL NS",
}

// amd64Conditions adds what depends on the flags.
func amd64Conditions(ops map[string]opcode) {
	for condition, all := range amd64ConditionNames {
		holds := conditions[condition]
		for _, name := range strings.Fields(all) {
			ops["J"+name] = func(m *machine, a []operand) { m.branch(a[0], holds(m.flags), m.flags.from) }
			ops["SET"+name] = func(m *machine, a []operand) {
				v := m.flags.from.With(0)
				if holds(m.flags) {
					v.Bits = 1
				}
				m.set(a[0], 1, v)
			}
			for suffix, size := range amd64Sizes {
				ops["CMOV"+suffix+name] = func(m *machine, a []operand) {
					old, v := m.get(a[1], size), m.get(a[0], size)
					if !holds(m.flags) {
						v.Bits = old.Bits
					}
					m.set(a[1], size, v.With(v.Bits, old, m.flags.from))
				}
			}
		}
	}
}
