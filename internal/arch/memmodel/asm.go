package memmodel

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Routine is one TEXT of a file of Go assembly.
type Routine struct {
	File, Name string
	Lines      []string // trimmed, comments included, no blank ones; the first is the TEXT line
}

// ReadRoutines returns the routines of the files that match the pattern. Assembly of any GOARCH
// is read on any host: it is only text.
func ReadRoutines(pattern string) (rs []Routine, err error) {
	files, err := filepath.Glob(pattern)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: no such files", pattern)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		first := len(rs)
		for _, line := range strings.Split(string(text), "\n") {
			line = strings.Join(strings.Fields(line), " ")
			if name, ok := strings.CutPrefix(line, "TEXT ·"); ok {
				rs = append(rs, Routine{File: file, Name: name[:strings.Index(name, "(")]})
			}
			if line != "" && len(rs) > first {
				rs[len(rs)-1].Lines = append(rs[len(rs)-1].Lines, line)
			}
		}
	}
	return rs, err
}

// AMD64 says whether the routine is for amd64. Otherwise it is for arm64.
func (r Routine) AMD64() bool { return strings.HasSuffix(r.File, "_amd64.s") }

// Model returns the memory model that the routine runs under.
func (r Routine) Model() Model {
	if r.AMD64() {
		return TSO
	}
	return ARM
}

// Atomics returns what sync/atomic is on the processors that the routine is for.
func (r Routine) Atomics() Atomics {
	switch {
	case r.AMD64():
		return Locked
	case strings.HasSuffix(r.Name, "LLSC"):
		return Exclusive
	}
	return OneInstr
}

// Code is a routine, decoded.
type Code struct {
	// Go has the functions in which the routine may end.
	Go *Source

	name   string
	arm    bool
	ops    map[string]opcode
	instrs []instr
	labels map[string]int // to the index of the instruction behind the label
}

// instr is one instruction.
type instr struct {
	line int // in Routine.Lines
	op   string
	args []operand
	exec opcode
}

type opcode func(m *machine, a []operand)

type operandKind uint8

const (
	register operandKind = iota
	immediate
	memory // base + offset + index*scale
	frame  // name+offset(FP)
	list   // of registers: (R0, R1) or [V0.D2, V1.D2]
	symbol // label, condition, prefetch hint
)

type operand struct {
	kind        operandKind
	text        string
	reg, index  int // numbers of registers; index is -1 if there is none
	vector      bool
	bytes       int // of a vector register
	lane        int // bytes of a lane of it; imm is the number of one
	imm         int64
	shift       uint // of the index, or of a shifted register
	rightShift  bool
	regs        []operand
	postIndexed bool // the base is raised by imm after the access
}

// Decode decodes the routine. It fails if there is an instruction to which the package gives no
// meaning.
func (r Routine) Decode() (*Code, error) {
	c := &Code{name: r.Name, arm: !r.AMD64(), ops: arm64Ops, labels: map[string]int{}}
	reg := arm64Register
	if r.AMD64() {
		c.ops, reg = amd64Ops, amd64Register
	}
	for i, line := range r.Lines {
		line, _, _ = strings.Cut(line, "//")
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "TEXT ") {
			continue
		}
		if label, ok := strings.CutSuffix(line, ":"); ok {
			c.labels[label] = len(c.instrs)
			continue
		}
		in, err := c.decode(line, reg)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %s: %w", r.File, r.Name, line, err)
		}
		in.line = i
		c.instrs = append(c.instrs, in)
	}
	return c, nil
}

func (c *Code) decode(line string, reg func(string) (operand, bool)) (in instr, err error) {
	op, rest, _ := strings.Cut(line, " ")
	in.op = op
	base, post := strings.CutSuffix(op, ".P")
	if in.exec = c.ops[base]; in.exec == nil {
		return in, fmt.Errorf("no meaning for %s: add it to the instructions of the machine", op)
	}
	for _, text := range splitOperands(rest) {
		o, err := parseOperand(text, reg)
		if err != nil {
			return in, err
		}
		o.postIndexed = post && o.kind == memory
		in.args = append(in.args, o)
	}
	return in, nil
}

// splitOperands cuts at the commas that are not in parentheses or brackets.
func splitOperands(s string) (out []string) {
	depth, first := 0, 0
	for i, ch := range s {
		switch ch {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[first:i]))
				first = i + 1
			}
		}
	}
	if last := strings.TrimSpace(s[first:]); last != "" {
		out = append(out, last)
	}
	return out
}

var (
	frameForm   = regexp.MustCompile(`^\w+\+(\d+)\(FP\)$`)
	listForm    = regexp.MustCompile(`^[(\[](.*,.*|V\w+\.\w+)[)\]]$`)
	memoryForm  = regexp.MustCompile(`^([-+]?\w*)\((\w+)\)(?:\((\w+)(?:(<<|\*)(\d+))?\))?$`)
	shiftedForm = regexp.MustCompile(`^(\w+)(<<|>>)(\d+)$`)
)

func parseOperand(text string, reg func(string) (operand, bool)) (o operand, err error) {
	o, isReg := reg(text)
	o.text = text
	switch {
	case isReg:
		return o, nil
	case text[0] == '$':
		o.kind = immediate
		o.imm, err = parseImmediate(text[1:])
		return o, err
	case frameForm.MatchString(text):
		o.kind = frame
		o.imm, err = strconv.ParseInt(frameForm.FindStringSubmatch(text)[1], 10, 64)
		return o, err
	case listForm.MatchString(text):
		return parseList(text, reg)
	case memoryForm.MatchString(text):
		return parseMemory(text, reg)
	case shiftedForm.MatchString(text):
		m := shiftedForm.FindStringSubmatch(text)
		o, ok := reg(m[1])
		n, err := strconv.Atoi(m[3])
		if !ok || err != nil {
			return o, fmt.Errorf("bad operand %s", text)
		}
		o.text, o.shift, o.rightShift = text, uint(n), m[2] == ">>"
		return o, nil
	}
	o.kind = symbol
	return o, nil
}

func parseImmediate(s string) (int64, error) {
	if n, err := strconv.ParseInt(s, 0, 64); err == nil {
		return n, nil
	}
	n, err := strconv.ParseUint(s, 0, 64)
	return int64(n), err
}

func parseList(text string, reg func(string) (operand, bool)) (operand, error) {
	o := operand{kind: list, text: text}
	for _, s := range strings.Split(text[1:len(text)-1], ",") {
		r, ok := reg(strings.TrimSpace(s))
		if !ok {
			return o, fmt.Errorf("bad operand %s", text)
		}
		o.regs = append(o.regs, r)
	}
	return o, nil
}

func parseMemory(text string, reg func(string) (operand, bool)) (operand, error) {
	m := memoryForm.FindStringSubmatch(text)
	o := operand{kind: memory, text: text, index: -1}
	base, ok := reg(m[2])
	if !ok {
		return o, fmt.Errorf("bad operand %s", text)
	}
	o.reg = base.reg
	if m[1] != "" {
		n, err := parseImmediate(m[1])
		if err != nil {
			return o, err
		}
		o.imm = n
	}
	if m[3] == "" {
		return o, nil
	}
	index, ok := reg(m[3])
	if !ok {
		return o, fmt.Errorf("bad operand %s", text)
	}
	o.index = index.reg
	if n, _ := strconv.Atoi(m[5]); m[4] == "<<" {
		o.shift = uint(n)
	} else if m[4] == "*" {
		o.shift = map[int]uint{1: 0, 2: 1, 4: 2, 8: 3}[n]
	}
	return o, nil
}
