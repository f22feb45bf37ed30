package memmodel

import (
	"fmt"
	"slices"
	"strings"
)

// Loops checks that each loop of the routine is known to end, because what Go's scheduler
// cannot stop must be bounded. The rule is one about the graph of control flow, not about the
// text. A loop, which is a set of instructions each of which can be reached from each other, ends
// if
//
//   - it is an attempt at an exclusive store: one exclusive load, one exclusive store, arithmetic
//     on registers, and a way back only where the store failed, which the architecture does
//     not let happen for ever; or
//   - it has a counter: a register, or a word of the stack, that in the loop is changed only by
//     adding constants of the same sign; every way round the loop that changes it passes a test
//     of it; and what remains of the loop without the instructions that change it has only loops
//     that end.
//
// A test of a counter that goes up leaves the loop unless the counter is below a bound; of one
// that goes down, unless it is above a bound, or right after its change not negative, or
// not zero, which ends if it is a multiple of the constant. The bound is a constant, an argument
// or a register that the loop does not change.
//
// It returns a complaint for each loop of which that is not known.
func (c *Code) Loops() (complaints []string) {
	all := make([]int, len(c.instrs))
	for i := range all {
		all[i] = i
	}
	return c.loops(all)
}

func (c *Code) loops(nodes []int) (complaints []string) {
	for _, loop := range c.components(nodes) {
		if c.exclusive(loop) {
			continue
		}
		if rest, ok := c.counted(loop); ok {
			complaints = append(complaints, c.loops(rest)...)
			continue
		}
		complaints = append(complaints, fmt.Sprintf("%s: the loop from %s to %s is not known to end",
			c.name, c.instrs[loop[0]].op, c.instrs[loop[len(loop)-1]].op))
	}
	return complaints
}

// next returns the instructions that may follow instruction i.
func (c *Code) next(i int) []int {
	in := &c.instrs[i]
	target, jumps := 0, false
	if n := len(in.args); n > 0 && in.args[n-1].kind == symbol {
		target, jumps = c.labels[in.args[n-1].text], c.isLabel(in.args[n-1].text)
	}
	switch {
	case in.op == "RET" || in.leaves() != "":
		return nil
	case jumps && (in.op == "B" || in.op == "JMP"):
		return []int{target}
	case jumps:
		return []int{target, i + 1}
	}
	return []int{i + 1}
}

func (c *Code) isLabel(name string) bool {
	_, ok := c.labels[name]
	return ok
}

// components returns the loops that the nodes contain, those of one instruction included. Each
// is in the order of the text.
func (c *Code) components(nodes []int) (loops [][]int) {
	in := map[int]bool{}
	for _, n := range nodes {
		in[n] = true
	}
	reach := map[int]map[int]bool{}
	for _, n := range nodes {
		reach[n] = c.reachable(n, in)
	}
	done := map[int]bool{}
	for _, n := range nodes {
		if done[n] || !reach[n][n] {
			continue
		}
		var loop []int
		for _, k := range nodes {
			if reach[n][k] && reach[k][n] {
				loop = append(loop, k)
				done[k] = true
			}
		}
		loops = append(loops, loop)
	}
	return loops
}

// reachable returns the instructions of the set that one or more steps lead to.
func (c *Code) reachable(from int, in map[int]bool) map[int]bool {
	seen := map[int]bool{}
	work := []int{from}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, k := range c.next(n) {
			if in[k] && !seen[k] {
				seen[k] = true
				work = append(work, k)
			}
		}
	}
	return seen
}

// exclusive says whether the loop is an attempt at an exclusive store.
func (c *Code) exclusive(loop []int) bool {
	loads, stores, status := 0, 0, -1
	for _, n := range loop {
		in := &c.instrs[n]
		op := strings.TrimSuffix(in.op, "W")
		switch {
		case op == "LDXR" || op == "LDAXR":
			loads++
		case op == "STXR" || op == "STLXR":
			stores++
			status = in.args[2].reg
		case slices.ContainsFunc(in.args, func(o operand) bool { return o.kind == memory }):
			return false
		}
	}
	last := &c.instrs[loop[len(loop)-1]]
	return loads == 1 && stores == 1 && strings.TrimSuffix(last.op, "W") == "CBNZ" && last.args[0].reg == status
}

// counted returns the loop without the instructions that change its counter, if it has one.
func (c *Code) counted(loop []int) (rest []int, ok bool) {
	for _, counter := range c.counters(loop) {
		steps, up, ok := c.steps(loop, counter)
		if !ok {
			continue
		}
		untested := without(loop, func(n int) bool { return c.tests(loop, n, counter, up) })
		free := slices.ContainsFunc(c.components(untested), func(l []int) bool {
			return slices.ContainsFunc(l, func(n int) bool { return slices.Contains(steps, n) })
		})
		if !free {
			return without(loop, func(n int) bool { return slices.Contains(steps, n) }), true
		}
	}
	return nil, false
}

// counters returns what may be the counter of the loop: the last operands of its instructions
// that are registers or words of the stack.
func (c *Code) counters(loop []int) (out []operand) {
	for _, n := range loop {
		args := c.instrs[n].args
		if len(args) == 0 {
			continue
		}
		o := args[len(args)-1]
		if o.canCount(c.arm) && !slices.ContainsFunc(out, o.same) {
			out = append(out, o)
		}
	}
	return out
}

func (o operand) canCount(arm bool) bool {
	return o.kind == register && !o.vector || o.kind == memory && !arm && o.reg == rSP && o.index < 0
}

// same says whether two operands that can count are the same.
func (o operand) same(p operand) bool {
	return o.kind == p.kind && o.reg == p.reg && o.vector == p.vector && (o.kind == register || o.text == p.text)
}

func without(nodes []int, drop func(int) bool) []int {
	return slices.DeleteFunc(slices.Clone(nodes), drop)
}

// steps returns the instructions of the loop that change the counter, if there are any and all
// of them add constants of the same sign.
func (c *Code) steps(loop []int, counter operand) (steps []int, up, ok bool) {
	for _, n := range loop {
		if !c.instrs[n].changes(counter) {
			continue
		}
		d := c.instrs[n].adds(counter)
		if d == 0 || len(steps) > 0 && up != (d > 0) {
			return nil, false, false
		}
		steps, up = append(steps, n), d > 0
	}
	return steps, up, len(steps) > 0
}

// noResult are the instructions whose last operand is not changed.
var noResult = []string{"CMP", "TST", "TEST", "BT", "CCMP", "ST", "FST", "VST", "PRFM", "PREFETCH", "CB", "TB"}

// changes says whether the instruction changes a register or a word of the stack, to which no
// pointer leads. It may say so although it does not.
func (in *instr) changes(x operand) bool {
	isX := func(r operand) bool { return r.same(x) }
	for i, o := range in.args {
		switch {
		case o.postIndexed && x.kind == register && o.reg == x.reg:
			return true
		case o.kind == list && slices.ContainsFunc(o.regs, isX):
			if !in.only(noResult) {
				return true
			}
		case o.kind != list && isX(o):
			last := i == len(in.args)-1 && (!in.only(noResult) || in.only([]string{"STXR", "STLXR"}))
			if last || i == 0 && in.only([]string{"CAS", "XADD", "XCHG"}) {
				return true
			}
		}
	}
	if x.kind != register {
		return false
	}
	return in.only([]string{"MULQ"}) && (x.reg == rAX || x.reg == rDX) || in.only([]string{"CMPXCHG"}) && x.reg == rAX
}

// only says whether the name of the instruction begins with one of the prefixes.
func (in *instr) only(prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(in.op, p) })
}

// adds returns the constant that the instruction adds to a counter, or 0 if it does anything else.
func (in *instr) adds(x operand) int64 {
	if len(in.args) == 0 || !in.args[len(in.args)-1].same(x) {
		return 0
	}
	switch {
	case in.only([]string{"INC"}):
		return 1
	case in.only([]string{"DEC"}):
		return -1
	case in.args[0].kind != immediate || len(in.args) == 3 && !in.args[1].same(x):
		return 0
	}
	switch in.op {
	case "ADD", "ADDQ", "ADDL":
		return in.args[0].imm
	case "SUB", "SUBS", "SUBQ", "SUBL":
		return -in.args[0].imm
	}
	return 0
}

// tests says whether instruction n is a branch that leaves the loop unless the counter, which
// goes up or down in it, is inside its bound.
func (c *Code) tests(loop []int, n int, x operand, up bool) bool {
	holds, ok := branchConditions[c.instrs[n].op]
	if !ok || n == 0 {
		return false
	}
	next := c.next(n)
	inside := func(k int) bool { return slices.Contains(loop, k) }
	if len(next) != 2 || inside(next[0]) == inside(next[1]) {
		return false
	}
	if !inside(next[0]) {
		holds = opposite[holds]
	}
	before := &c.instrs[n-1]
	if before.adds(x) != 0 && before.setsFlags() {
		return !up && slices.Contains([]string{"NE", "HI", "GT", "PL"}, holds)
	}
	if !before.only([]string{"CMP"}) || len(before.args) != 2 {
		return false
	}
	counter, bound := before.args[0], before.args[1]
	if c.arm {
		counter, bound = bound, counter
	}
	if !counter.same(x) || !c.constant(loop, bound) {
		return false
	}
	if up {
		return slices.Contains([]string{"LO", "LS", "LT", "LE"}, holds)
	}
	return slices.Contains([]string{"HS", "HI", "GE", "GT"}, holds)
}

func (in *instr) setsFlags() bool { return in.only([]string{"SUBS", "DEC", "SUBQ", "SUBL"}) }

// constant says whether the loop does not change an operand.
func (c *Code) constant(loop []int, o operand) bool {
	switch o.kind {
	case immediate, frame:
		return true
	case register:
		return !slices.ContainsFunc(loop, func(n int) bool { return c.instrs[n].changes(o) })
	}
	return false
}

// opposite has for each condition the one that holds if it does not.
var opposite = map[string]string{
	"EQ": "NE", "NE": "EQ", "LO": "HS", "HS": "LO", "HI": "LS", "LS": "HI",
	"LT": "GE", "GE": "LT", "GT": "LE", "LE": "GT", "MI": "PL", "PL": "MI",
}

// branchConditions has the condition of each conditional branch that looks at the flags.
var branchConditions = func() map[string]string {
	out := map[string]string{}
	for name := range conditions {
		out["B"+name] = name
	}
	for name, all := range amd64ConditionNames {
		for _, n := range strings.Fields(all) {
			out["J"+n] = name
		}
	}
	return out
}()

// NonTemporal returns the stores of the routine that leave the order which amd64 gives to
// others, or that arm64 does not promise to keep: MOVNT and its like, and STNP.
func (r Routine) NonTemporal() (lines []string) {
	for _, line := range r.Lines {
		for _, op := range []string{"MOVNT", "VMOVNT", "STNP", "FSTNP", "MASKMOV", "VMASKMOVDQU"} {
			if strings.HasPrefix(line, op) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}
