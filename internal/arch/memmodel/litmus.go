package memmodel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Litmus is a test in the format of herd7: a program, and a condition on its final states.
type Litmus struct {
	Name      string
	Program   *Program
	Condition Condition
}

// litmusReader reads a file. The code is translated to the notation of Go's assembler, so what
// runs a test is what runs a kernel.
type litmusReader struct {
	*Litmus
	arm     bool
	columns [][]string // of each thread, its instructions
	regs    []map[string]string
	names   map[string]uint64 // addresses of the locations
	held    map[string]string // of amd64: the location whose address a register has
}

var (
	litmusComment = regexp.MustCompile(`(?s)\(\*.*?\*\)`)
	litmusArray   = regexp.MustCompile(`(\w+)\s+(\w+)\[\d+\]\s*=\s*\{([^}]*)\}`)
	litmusInit    = regexp.MustCompile(`^(?:\w+\s+)?(?:(\d+):)?(\w+)\s*=\s*(-?\w+)$`)
)

// ParseLitmus reads the part of the format that the files of this package use: AArch64 and
// X86_64, initial values and arrays, a table of instructions, an optional filter, and exists.
func ParseLitmus(text string) (l *Litmus, err error) {
	text = litmusComment.ReplaceAllString(text, "")
	head, rest, _ := strings.Cut(text, "{")
	fields := strings.Fields(head)
	if len(fields) < 2 {
		return nil, fmt.Errorf("no header")
	}
	r := &litmusReader{Litmus: &Litmus{Name: fields[1]}, names: map[string]uint64{}, held: map[string]string{}}
	switch fields[0] {
	case "AArch64":
		r.arm, r.Program = true, New(ARM)
	case "X86_64":
		r.Program = New(TSO)
	default:
		return nil, fmt.Errorf("unknown architecture %s", fields[0])
	}
	r.Program.Failures = 1
	init, rest := cutBlock(rest)
	exists := regexp.MustCompile(`\b(filter|exists)\b`).FindStringIndex(rest)
	if exists == nil {
		return nil, fmt.Errorf("%s: no condition", r.Name)
	}
	r.table(rest[:exists[0]])
	if err = r.init(init); err == nil {
		if err = r.threads(); err == nil {
			err = r.condition(rest[exists[0]:])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	return r.Litmus, nil
}

// cutBlock returns what stands before and behind the brace that closes a block.
func cutBlock(s string) (block, rest string) {
	depth := 1
	for i, ch := range s {
		switch ch {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

// table reads the columns of instructions.
func (r *litmusReader) table(s string) {
	for i, row := range strings.Split(strings.TrimSpace(s), "\n") {
		row, _, _ = strings.Cut(row, ";")
		for t, cell := range strings.Split(row, "|") {
			if i == 0 {
				r.columns, r.regs = append(r.columns, nil), append(r.regs, map[string]string{})
			} else if cell = strings.TrimSpace(cell); cell != "" {
				r.columns[t] = append(r.columns[t], cell)
			}
		}
	}
}

// init reads the initial values of locations and registers.
func (r *litmusReader) init(s string) error {
	s = litmusArray.ReplaceAllStringFunc(s, func(m string) string {
		g := litmusArray.FindStringSubmatch(m)
		r.array(g[2], strings.Contains(g[1], "64"), strings.Split(g[3], ","))
		return ""
	})
	var registers [][]string
	for _, item := range strings.Split(s, ";") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		m := litmusInit.FindStringSubmatch(item)
		if m == nil {
			return fmt.Errorf("bad initial value %s", item)
		}
		if m[1] != "" {
			registers = append(registers, m)
			continue
		}
		r.array(m[2], strings.Contains(item, "64"), []string{m[3]})
	}
	for _, m := range registers {
		t, _ := strconv.Atoi(m[1])
		if t >= len(r.regs) {
			return fmt.Errorf("no thread %d", t)
		}
		r.regs[t][m[2]] = m[3]
	}
	return nil
}

// array makes a location of one or several values, name, name[1] and so on.
func (r *litmusReader) array(name string, wide bool, values []string) {
	base, size := r.Program.Reserve(), uint64(4)
	if wide {
		size = 8
	}
	r.names[name] = base
	for i, v := range values {
		element := name
		if i > 0 {
			element = fmt.Sprintf("%s[%d]", name, i)
		}
		// The notation lets accesses of any size mean the location.
		r.Program.At(base+size*uint64(i), element, 0, r.value(strings.TrimSpace(v)))
		r.names[element] = base + size*uint64(i)
	}
}

// address returns the address of a location, which comes into being when it is first named.
func (r *litmusReader) address(name string) uint64 {
	if _, ok := r.names[name]; !ok {
		r.array(name, false, []string{"0"})
	}
	return r.names[name]
}

// value returns a number, or the address of a location.
func (r *litmusReader) value(s string) uint64 {
	if n, err := strconv.ParseInt(s, 0, 64); err == nil {
		return uint64(n)
	}
	return r.address(s)
}

// threads makes the threads of the program.
func (r *litmusReader) threads() error {
	parse, file := arm64Register, "litmus_arm64.s"
	if !r.arm {
		parse, file = amd64Register, "litmus_amd64.s"
	}
	for t, column := range r.columns {
		code := Routine{Name: fmt.Sprint("P", t), File: file}
		start := map[int]Value{}
		set := func(name, value string) error {
			o, ok := parse(r.goRegister(name))
			if !ok {
				return fmt.Errorf("no register %s", name)
			}
			start[o.reg] = Const(r.value(value))
			return nil
		}
		for name, value := range r.regs[t] {
			if err := set(name, value); err != nil {
				return err
			}
		}
		for _, in := range column {
			lines, err := r.translate(in, set)
			if err != nil {
				return err
			}
			code.Lines = append(code.Lines, lines...)
		}
		c, err := code.Decode()
		if err != nil {
			return err
		}
		r.Program.Thread(code.Name, func(cpu *CPU) { c.runLitmus(cpu, start) })
	}
	return nil
}

// runLitmus runs the code with the given registers and records all of them as results.
func (c *Code) runLitmus(cpu *CPU, start map[int]Value) {
	m := &machine{CPU: cpu, code: c, frame: map[int]Value{}}
	for i, v := range start {
		m.regs[i] = v
	}
	m.run()
	for i, v := range m.regs {
		cpu.Result(strconv.Itoa(i), v)
	}
}
