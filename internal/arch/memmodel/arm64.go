package memmodel

import (
	"math/bits"
	"regexp"
	"strconv"
	"strings"
)

var arm64Vector = regexp.MustCompile(`^[VF](\d+)(?:\.([BHSD])\d*(?:\[(\d+)\])?)?$`)

func arm64Register(s string) (o operand, ok bool) {
	if s == "ZR" {
		return operand{reg: zr}, true
	}
	if m := arm64Vector.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		at, _ := strconv.ParseInt(m[3], 10, 64)
		return operand{reg: n, vector: true, bytes: 16, lane: map[string]int{"B": 1, "H": 2, "S": 4, "D": 8}[m[2]], imm: at}, n < 32
	}
	if strings.HasPrefix(s, "R") {
		n, err := strconv.Atoi(s[1:])
		return operand{reg: n}, err == nil && n < zr
	}
	return operand{}, false
}

// arm64Ops are the instructions of arm64 that have a meaning, in the order of operands of Go's
// assembler: sources first.
var arm64Ops = arm64Instructions()

func arm64Instructions() map[string]opcode {
	nothing := func(*machine, []operand) {}
	ops := map[string]opcode{
		"RET": nothing, "NOP": nothing, "YIELD": nothing, "PRFM": nothing, "PCALIGN": nothing,
		"B":   func(m *machine, a []operand) { m.jump(a[0]) },
		"JMP": func(m *machine, a []operand) { m.jump(a[0]) },
		"DMB": armBarrier,

		"MOVD": armMove(8, false), "MOVWU": armMove(4, false), "MOVW": armMove(4, true),
		"MOVHU": armMove(2, false), "MOVBU": armMove(1, false), "MOVB": armMove(1, true),
		"UBFX": func(m *machine, a []operand) {
			v := m.get(a[1], 8)
			m.set(a[3], 8, v.With(v.Bits>>uint(a[0].imm)&(1<<uint(a[2].imm)-1)))
		},
		"CSET": func(m *machine, a []operand) {
			v := Value{deps: Deps{pick: m.flags.from.deps.pick}}
			if conditions[a[0].text](m.flags) {
				v.Bits = 1
			}
			m.set(a[1], 8, v)
		},
		"CSEL": func(m *machine, a []operand) {
			v := m.get(a[2], 8)
			if conditions[a[0].text](m.flags) {
				v = m.get(a[1], 8)
			}
			v.deps.pick |= m.flags.from.deps.pick
			m.set(a[3], 8, v)
		},
		"CCMP": armConditionalCompare,
		"TBZ":  armTestBit(false),
		"TBNZ": armTestBit(true),
	}
	armArithmetic(ops)
	armBranches(ops)
	armOrdered(ops)
	armPairs(ops)
	armVectors(ops)
	return ops
}

func armBarrier(m *machine, a []operand) {
	// The lower two bits of the option say what is ordered, the upper two for whom.
	switch a[0].imm & 3 {
	case 1:
		m.Fence(FenceLoad)
	case 2:
		m.Fence(FenceStore)
	case 3:
		m.Fence(FenceFull)
	default:
		m.Fault("DMB %s", a[0].text)
	}
}

func armMove(size int, signed bool) opcode {
	return func(m *machine, a []operand) {
		from, to := a[0], a[1]
		if from.kind == register && to.kind != register {
			m.set(to, size, m.get(from, 8))
			return
		}
		v := m.get(from, size)
		if signed {
			v.Bits = signExtend(v.Bits, size)
		}
		m.set(to, 8, v)
	}
}

// armConditionalCompare is CCMP condition, a, b, flags: compare if the condition holds, and else
// take the flags as they are given.
func armConditionalCompare(m *machine, a []operand) {
	before := m.flags
	if conditions[a[0].text](before) {
		m.compare(m.get(a[1], 8), m.get(a[2], 8), 8)
	} else {
		n := a[3].imm
		m.flags = flags{negative: n&8 != 0, zero: n&4 != 0, below: n&2 == 0, overflow: n&1 != 0}
	}
	m.flags.from = m.flags.from.With(0, before.from)
}

func armTestBit(set bool) opcode {
	return func(m *machine, a []operand) {
		v := m.get(a[1], 8)
		m.branch(a[2], v.Bits>>uint(a[0].imm)&1 != 0 == set, v)
	}
}

// armArithmetic adds the instructions src, src2, dst, or src, dst for dst, and comparisons.
func armArithmetic(ops map[string]opcode) {
	for name, f := range map[string]func(x, y uint64) uint64{
		"ADD": func(x, y uint64) uint64 { return x + y },
		"SUB": func(x, y uint64) uint64 { return x - y },
		"AND": func(x, y uint64) uint64 { return x & y },
		"BIC": func(x, y uint64) uint64 { return x &^ y },
		"ORR": func(x, y uint64) uint64 { return x | y },
		"EOR": func(x, y uint64) uint64 { return x ^ y },
		"MUL": func(x, y uint64) uint64 { return x * y },
		"LSL": func(x, y uint64) uint64 { return x << y },
		"LSR": func(x, y uint64) uint64 { return x >> y },
	} {
		ops[name], ops[name+"W"] = armBinary(8, f), armBinary(4, f)
	}
	ops["UMULH"] = armBinary(8, func(x, y uint64) uint64 { hi, _ := bits.Mul64(x, y); return hi })
	for size, suffix := range map[int]string{4: "W", 8: ""} {
		ops["CMP"+suffix] = func(m *machine, a []operand) { m.compare(m.get(a[1], size), m.get(a[0], size), size) }
		ops["TST"+suffix] = func(m *machine, a []operand) {
			x, y := m.get(a[1], size), m.get(a[0], size)
			m.logic(x.With(x.Bits&y.Bits, y), size)
		}
		sub := ops["SUB"+suffix]
		ops["SUBS"+suffix] = func(m *machine, a []operand) {
			m.compare(m.get(a[len(a)/2], size), m.get(a[0], size), size)
			sub(m, a)
		}
		ops["ANDS"+suffix] = func(m *machine, a []operand) {
			ops["TST"+suffix](m, []operand{a[0], a[len(a)/2]})
			ops["AND"+suffix](m, a)
		}
		ops["RBIT"+suffix] = func(m *machine, a []operand) {
			v := m.get(a[0], size)
			m.set(a[1], size, v.With(bits.Reverse64(v.Bits)>>(64-8*size)))
		}
		ops["CLZ"+suffix] = func(m *machine, a []operand) {
			v := m.get(a[0], size)
			m.set(a[1], size, v.With(uint64(bits.LeadingZeros64(v.Bits)-(64-8*size))))
		}
	}
}

func armBinary(size int, f func(x, y uint64) uint64) opcode {
	return func(m *machine, a []operand) {
		y, x, to := m.get(a[0], size), a[len(a)-2], a[len(a)-1]
		if len(a) == 2 {
			x = to
		}
		v := m.get(x, size)
		m.set(to, size, v.With(f(v.Bits, y.Bits), y))
	}
}

func armBranches(ops map[string]opcode) {
	for name, holds := range conditions {
		ops["B"+name] = func(m *machine, a []operand) { m.branch(a[0], holds(m.flags), m.flags.from) }
	}
	for suffix, size := range map[string]int{"W": 4, "": 8} {
		ops["CBZ"+suffix] = func(m *machine, a []operand) {
			v := m.get(a[0], size)
			m.branch(a[1], v.Bits == 0, v)
		}
		ops["CBNZ"+suffix] = func(m *machine, a []operand) {
			v := m.get(a[0], size)
			m.branch(a[1], v.Bits != 0, v)
		}
	}
}

// armOrdered adds the loads and stores with an order, the exclusive ones, and the
// read-modify-writes.
func armOrdered(ops map[string]opcode) {
	for suffix, size := range map[string]int{"W": 4, "": 8} {
		load := func(name string, o Order) {
			ops[name+suffix] = func(m *machine, a []operand) { m.set(a[1], size, m.Load(m.address(a[0]), size, o)) }
		}
		load("LDAR", Acquire)
		load("LDAPR", AcquirePC)
		ops["STLR"+suffix] = func(m *machine, a []operand) {
			m.Store(m.address(a[1]), size, m.get(a[0], size), Release)
		}
		for name, o := range map[string]Order{"LDXR": Plain, "LDAXR": Acquire} {
			ops[name+suffix] = func(m *machine, a []operand) {
				m.set(a[1], size, m.LoadExclusive(m.address(a[0]), size, o))
			}
		}
		for name, o := range map[string]Order{"STXR": Plain, "STLXR": Release} {
			ops[name+suffix] = func(m *machine, a []operand) {
				failed := uint64(1)
				if m.StoreExclusive(m.address(a[1]), size, m.get(a[0], size), o) {
					failed = 0
				}
				m.set(a[2], 4, Const(failed))
			}
		}
	}
	for order, o := range map[string]Order{"": Plain, "A": Acquire, "L": Release, "AL": AcqRel} {
		for suffix, size := range map[string]int{"W": 4, "D": 8} {
			ops["CAS"+order+suffix] = armCAS(size, o)
			for name, f := range map[string]func(old, x uint64) uint64{
				"SWP":   func(_, x uint64) uint64 { return x },
				"LDADD": func(old, x uint64) uint64 { return old + x },
				"LDOR":  func(old, x uint64) uint64 { return old | x },
				"LDCLR": func(old, x uint64) uint64 { return old &^ x },
			} {
				ops[name+order+suffix] = armUpdate(size, o, name == "SWP", f)
			}
		}
	}
}

// armCAS is CAS old, (addr), new.
func armCAS(size int, o Order) opcode {
	return func(m *machine, a []operand) {
		want, x := m.get(a[0], size), m.get(a[2], size)
		done := false
		old := m.Update(m.address(a[1]), size, o, func(old Value) (Value, bool) {
			done = old.Bits == want.Bits
			// The comparison only chooses whether to write.
			x.deps.pick |= want.deps.pick | old.deps.pick
			return x, done
		})
		if done {
			old.deps.data = 0
		}
		m.set(a[0], size, old)
	}
}

// armUpdate is LDADD x, (addr), old and its like.
func armUpdate(size int, o Order, swap bool, f func(old, x uint64) uint64) opcode {
	return func(m *machine, a []operand) {
		x := m.get(a[0], size)
		next := func(old Value) (Value, bool) {
			if swap {
				return x, true
			}
			return old.With(f(old.Bits, x.Bits), x), true
		}
		if a[2].reg == zr {
			m.UpdateNoReturn(m.address(a[1]), size, o, next)
			return
		}
		m.set(a[2], size, m.Update(m.address(a[1]), size, o, next))
	}
}

func armPairs(ops map[string]opcode) {
	for suffix, size := range map[string]int{"W": 4, "": 8} {
		ops["LDP"+suffix] = func(m *machine, a []operand) {
			m.wide(a[0], size, 2, func(i int, at Value) {
				if size == 8 {
					m.set(a[1].regs[i], size, m.LoadParts(at))
					return
				}
				m.set(a[1].regs[i], size, m.Load(at, size, Plain))
			})
		}
		ops["STP"+suffix] = func(m *machine, a []operand) {
			m.wide(a[1], size, 2, func(i int, at Value) { m.Store(at, size, m.get(a[0].regs[i], size), Plain) })
		}
	}
}
