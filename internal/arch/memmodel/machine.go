package memmodel

import (
	"slices"
	"strings"
)

// machine is the state of a processor that runs one routine.
type machine struct {
	*CPU
	code   *Code
	regs   [32]Value
	vecs   [32]vector
	frame  map[int]Value
	flags  flags
	locked bool // the last instruction was LOCK
	pc     int
}

// stackBytes is the size of the frame that a routine for amd64 has for itself.
const stackBytes = 64

// zr is the number of the register that reads as zero and forgets what is written.
const zr = 31

// flags are the conditions that a comparison leaves, in the terms of a subtraction a-b.
type flags struct {
	zero, negative, overflow bool
	below                    bool // a < b, unsigned; the carry of amd64, the inverse of that of arm64
	from                     Value
}

// Call runs the routine with the arguments, each of which takes a word of the frame, and returns
// the results in the order of the frame.
func (c *Code) Call(cpu *CPU, args ...Value) []Value {
	m := &machine{CPU: cpu, code: c, frame: map[int]Value{}}
	if !c.arm {
		m.regs[rSP] = Const(cpu.Alloc(stackBytes))
	}
	for i, v := range args {
		m.frame[8*i] = v
	}
	if leave := m.run(); leave != "" {
		return c.goOn(cpu, leave, args)
	}
	var offsets []int
	for off := range m.frame {
		if off >= 8*len(args) {
			offsets = append(offsets, off)
		}
	}
	slices.Sort(offsets)
	var results []Value
	for _, off := range offsets {
		results = append(results, m.frame[off])
	}
	return results
}

// goOn calls the Go function in which the routine ends.
func (c *Code) goOn(cpu *CPU, name string, args []Value) (results []Value) {
	if c.Go == nil {
		cpu.Fault("%s goes on in %s", c.name, name)
	}
	var in []any
	for _, v := range args {
		in = append(in, v.Bits)
	}
	for _, v := range c.Go.On(cpu).Call(name, nil, in...) {
		results = append(results, value(v))
	}
	return results
}

// run runs the code to its end. If that is a jump to a Go function, it returns its name.
func (m *machine) run() (leave string) {
	for m.pc < len(m.code.instrs) {
		m.Step()
		in := &m.code.instrs[m.pc]
		if in.op == "RET" {
			return ""
		}
		if leave := in.leaves(); leave != "" {
			return leave
		}
		m.pc++
		in.exec(m, in.args)
		m.locked = in.op == "LOCK"
	}
	return ""
}

// leaves returns the name of the Go function, by package.name, that the instruction jumps to, or
// "". The function has the arguments of the routine.
func (in *instr) leaves() string {
	if in.op != "JMP" {
		return ""
	}
	name, ok := strings.CutPrefix(in.args[0].text, "·")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "+")
	name, _, _ = strings.Cut(name, "(")
	return "arch." + name
}

// jump goes to a label. One that is not there is the end.
func (m *machine) jump(label operand) {
	to, ok := m.code.labels[label.text]
	if !ok {
		to = len(m.code.instrs)
	}
	m.pc = to
}

// branch goes to the label if take holds; either way, what follows depends on from.
func (m *machine) branch(label operand, take bool, from Value) {
	m.Depend(from)
	if take {
		m.jump(label)
	}
}

func mask(size int) uint64 {
	if size >= 8 {
		return ^uint64(0)
	}
	return 1<<(8*size) - 1
}

func signExtend(x uint64, size int) uint64 {
	shift := 64 - 8*size
	return uint64(int64(x<<shift) >> shift)
}

// register returns the value of a register, of the given size in bytes.
func (m *machine) register(n, size int) Value {
	v := m.regs[n]
	v.Bits &= mask(size)
	return v
}

// setRegister sets a register. The upper part becomes zero, but amd64 leaves it for less than
// four bytes.
func (m *machine) setRegister(n, size int, v Value) {
	v.Bits &= mask(size)
	if size < 4 && !m.code.arm {
		v = v.With(m.regs[n].Bits&^mask(size)|v.Bits, m.regs[n])
	}
	m.regs[n] = v
	if m.code.arm {
		m.regs[zr] = Value{}
	}
}

// address returns the address of a memory operand.
func (m *machine) address(o operand) Value {
	v := m.regs[o.reg]
	if o.postIndexed {
		m.regs[o.reg] = v.With(v.Bits + uint64(o.imm))
		return v
	}
	v = v.With(v.Bits + uint64(o.imm))
	if o.index >= 0 {
		i := m.regs[o.index]
		v = v.With(v.Bits+i.Bits<<o.shift, i)
	}
	return v
}

// get returns the value of an operand that is read: a register, a constant or memory.
func (m *machine) get(o operand, size int) Value {
	switch o.kind {
	case register:
		if o.vector {
			v := m.vecs[o.reg][0]
			return v.With(v.Bits & mask(size))
		}
		v := m.register(o.reg, size)
		if o.rightShift {
			return v.With(v.Bits >> o.shift)
		}
		return v.With(v.Bits << o.shift & mask(size))
	case immediate:
		return Const(uint64(o.imm) & mask(size))
	case frame:
		v := m.frame[int(o.imm)]
		return v.With(v.Bits & mask(size))
	case memory:
		return m.Load(m.address(o), size, Plain)
	}
	m.Fault("operand %s", o.text)
	return Value{}
}

// set stores a value into a register or to memory.
func (m *machine) set(o operand, size int, v Value) {
	switch o.kind {
	case register:
		if o.vector {
			m.vecs[o.reg] = vector{v.With(v.Bits & mask(size))}
			return
		}
		m.setRegister(o.reg, size, v)
	case frame:
		m.frame[int(o.imm)] = v.With(v.Bits & mask(size))
	case memory:
		m.Store(m.address(o), size, v, Plain)
	default:
		m.Fault("operand %s", o.text)
	}
}

// compare sets the flags as a-b does.
func (m *machine) compare(a, b Value, size int) {
	x, y := a.Bits&mask(size), b.Bits&mask(size)
	d := (x - y) & mask(size)
	sign := uint64(1) << (8*size - 1)
	m.flags = flags{
		zero:     d == 0,
		negative: d&sign != 0,
		overflow: (x^y)&(x^d)&sign != 0,
		below:    x < y,
		from:     a.With(0, b),
	}
}

// logic sets the flags as the logical instructions do for their result.
func (m *machine) logic(v Value, size int) {
	x := v.Bits & mask(size)
	m.flags = flags{zero: x == 0, negative: x>>(8*size-1) != 0, from: v}
}

// conditions are the names of the conditions on both architectures.
var conditions = map[string]func(f flags) bool{
	"EQ": func(f flags) bool { return f.zero },
	"NE": func(f flags) bool { return !f.zero },
	"LO": func(f flags) bool { return f.below },
	"HS": func(f flags) bool { return !f.below },
	"HI": func(f flags) bool { return !f.below && !f.zero },
	"LS": func(f flags) bool { return f.below || f.zero },
	"LT": func(f flags) bool { return f.negative != f.overflow },
	"GE": func(f flags) bool { return f.negative == f.overflow },
	"GT": func(f flags) bool { return f.negative == f.overflow && !f.zero },
	"LE": func(f flags) bool { return f.negative != f.overflow || f.zero },
	"MI": func(f flags) bool { return f.negative },
	"PL": func(f flags) bool { return !f.negative },
}

// wide makes the accesses of one instruction to consecutive words of size bytes.
func (m *machine) wide(o operand, size, n int, access func(i int, at Value)) {
	at := m.address(o)
	m.Wide(func() {
		for i := range n {
			access(i, at.With(at.Bits+uint64(size*i)))
		}
	})
}
