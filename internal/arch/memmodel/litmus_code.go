package memmodel

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	a64Memory   = regexp.MustCompile(`^\[(\w+)(?:,\s*#(-?\w+)|,\s*(\w+)(?:,\s*[US]XTW)?)?\]$`)
	x86Location = regexp.MustCompile(`\((\w+)\)`)
)

// goRegister returns Go's name of a register.
func (r *litmusReader) goRegister(name string) string {
	if !r.arm {
		name = strings.ToUpper(strings.TrimPrefix(name, "%"))
		if _, ok := amd64Register(name); ok {
			return name
		}
		return name[1:] // EAX, RAX
	}
	switch name {
	case "WZR", "XZR":
		return "ZR"
	}
	if len(name) > 1 && strings.ContainsRune("WX", rune(name[0])) {
		return "R" + name[1:]
	}
	return name
}

// translate returns an instruction in the notation of Go's assembler. set gives a register its
// value before the thread begins.
func (r *litmusReader) translate(in string, set func(name, value string) error) ([]string, error) {
	if strings.HasSuffix(in, ":") {
		return []string{in}, nil
	}
	op, rest, _ := strings.Cut(in, " ")
	if r.arm {
		line, err := r.translateARM(strings.ToUpper(op), splitOperands(rest))
		return []string{line}, err
	}
	return r.translateX86(in, set)
}

// translateX86 turns a line like lock cmpxchgl (s),%ebx into LOCK and CMPXCHGL BX, (R8). The
// address of the location comes from a register that no test uses.
func (r *litmusReader) translateX86(in string, set func(name, value string) error) (lines []string, err error) {
	in, locked := strings.CutPrefix(in, "lock ")
	if locked {
		lines = append(lines, "LOCK")
	}
	op, rest, _ := strings.Cut(in, " ")
	args := splitOperands(rest)
	if op == "cmpxchgl" || op == "xchgl" && strings.HasPrefix(args[0], "(") {
		slices.Reverse(args)
	}
	for i, a := range args {
		if m := x86Location.FindStringSubmatch(a); m != nil {
			at := r.holder(m[1])
			if err := set(at, m[1]); err != nil {
				return nil, err
			}
			args[i] = "(" + at + ")"
		} else if strings.HasPrefix(a, "%") {
			args[i] = r.goRegister(a)
		}
	}
	return append(lines, strings.ToUpper(op)+" "+strings.Join(args, ", ")), nil
}

// holder returns a register that no test uses, for the address of a location: one for each.
func (r *litmusReader) holder(location string) string {
	for n := 8; n < 15; n++ {
		name := fmt.Sprintf("R%d", n)
		if l, ok := r.held[name]; !ok || l == location {
			r.held[name] = location
			return name
		}
	}
	return "none"
}

// translateARM turns LDR W1,[X2] into MOVWU (R2), R1, and so on.
func (r *litmusReader) translateARM(op string, args []string) (string, error) {
	narrow := len(args) > 0 && strings.HasPrefix(args[0], "W")
	for i, a := range args {
		switch {
		case a64Memory.MatchString(a):
			m := a64Memory.FindStringSubmatch(a)
			args[i] = m[2] + "(" + r.goRegister(m[1]) + ")"
			if m[3] != "" {
				args[i] += "(" + r.goRegister(m[3]) + ")"
			}
		case strings.HasPrefix(a, "#"):
			args[i] = "$" + a[1:]
		default:
			args[i] = r.goRegister(a)
		}
	}
	suffix := ""
	if narrow {
		suffix = "W"
	}
	join := func(op string, args ...string) (string, error) { return op + " " + strings.Join(args, ", "), nil }
	switch op {
	case "MOV":
		return join("MOVD", args[1], args[0])
	case "LDR", "STR":
		if op == "LDR" {
			slices.Reverse(args)
		}
		return join(map[bool]string{true: "MOVWU", false: "MOVD"}[narrow], args...)
	case "LDAR", "LDAPR", "LDXR", "LDAXR":
		return join(op+suffix, args[1], args[0])
	case "STLR":
		return join(op+suffix, args...)
	case "STXR", "STLXR":
		return join(op+suffix, args[1], args[2], args[0])
	case "LDP":
		return join(op+suffix, args[2], "("+args[0]+", "+args[1]+")")
	case "STP":
		return join(op+suffix, "("+args[0]+", "+args[1]+")", args[2])
	case "CMP":
		return join(op+suffix, args[1], args[0])
	case "B", "B.EQ", "B.NE":
		return join(strings.Replace(op, ".", "", 1), args...)
	case "CBZ", "CBNZ":
		return join(op+suffix, args...)
	case "TBZ", "TBNZ":
		return join(op, args[1], args[0], args[2])
	case "DMB":
		return join(op, map[string]string{"ISH": "$11", "ISHLD": "$9", "ISHST": "$10", "SY": "$15"}[args[0]])
	}
	for _, atomic := range []string{"CAS", "SWP", "LDADD"} {
		if strings.HasPrefix(op, atomic) {
			return join(op+map[bool]string{true: "W", false: "D"}[narrow], args[0], args[2], args[1])
		}
	}
	return "", fmt.Errorf("no translation of %s", op)
}
