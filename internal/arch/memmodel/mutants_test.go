package memmodel

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// weaker has the ways to weaken an instruction: what a line looks like, and what it becomes. An
// empty line is an instruction left out.
var weaker = []struct{ from, to string }{
	{`^LDAR(W?) `, "MOV$1 "},
	{`^STLR(W?) `, "MOV$1 "},
	{`^LDAXR`, "LDXR"},
	{`^STLXR`, "STXR"},
	{`^(CAS|SWP|LDADD|LDOR|LDCLR)AL`, "${1}A"},
	{`^(CAS|SWP|LDADD|LDOR|LDCLR)AL`, "${1}L"},
	{`^(CAS|SWP|LDADD|LDOR|LDCLR)AL`, "$1"},
	{`^(CAS|SWP|LDADD|LDOR|LDCLR)[AL]([DW]) `, "$1$2 "},
	{`^DMB .*`, ""},
	{`^DMB \$9$`, "DMB $$10"},
	{`^DMB \$10$`, "DMB $$9"},
	{`^DMB \$11$`, "DMB $$9"},
	{`^DMB \$11$`, "DMB $$10"},
	{`^XCHG([LQ]) `, "MOV$1 "},
	{`^LOCK$`, ""},
	{`^MFENCE$`, ""},
}

// lineChange is what is to become of a line of a routine.
type lineChange struct {
	at    int
	label string // the last one before
	to    string // "" to leave it out
}

func (r Routine) changed(c lineChange) Routine {
	r.Lines = slices.Clone(r.Lines)
	r.Lines[c.at] = c.to
	if c.to == "" {
		r.Lines[c.at] = "NOP"
	}
	return r
}

func (r Routine) describe(c lineChange) string {
	to := c.to
	if to == "" {
		to = "nothing"
	}
	return fmt.Sprintf("%s: %s: %s -> %s", r.Name, c.label, r.Lines[c.at], to)
}

// change returns how line i is weakened by a replacement, or false if that is not about it.
func (r Routine) change(i int, from, to string) (c lineChange, ok bool) {
	re := regexp.MustCompile(from)
	if !re.MatchString(r.Lines[i]) {
		return c, false
	}
	c.at, c.to = i, re.ReplaceAllString(r.Lines[i], to)
	if to == "" {
		c.to = ""
	}
	for _, line := range r.Lines[:i] {
		if label, ok := strings.CutSuffix(line, ":"); ok {
			c.label = label
		}
	}
	op, rest, _ := strings.Cut(c.to, " ")
	switch {
	case op == "MOV": // of a whole word
		c.to = "MOVD " + rest
	case op == "MOVW" && strings.HasPrefix(rest, "("):
		c.to = "MOVWU " + rest
	}
	return c, true
}

// leftOut says whether the kernel is not weakened if time is short: those that lock by LDAXR and
// STLXR, or not at all, have more to weaken than the others.
func leftOut(r Routine) bool {
	return testing.Short() && (r.AMD64() || strings.HasSuffix(r.Name, "LSE"))
}

// TestMutants weakens each ordered access and each barrier of each kernel in turn. Some check must
// complain: what none needs does not belong into a kernel.
func TestMutants(t *testing.T) {
	for _, r := range shippedRoutines(t) {
		if routineOf(r.Name) == "" || leftOut(r) {
			continue // TestKernels complains about a kernel without a routine
		}
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, formOf(t, r))
			n := 0
			for i := range r.Lines {
				for _, weak := range weaker {
					c, ok := r.change(i, weak.from, weak.to)
					if !ok {
						continue
					}
					n++
					if w.complaint(formOf(t, r.changed(c))) == "" {
						t.Errorf("nobody minds %s", r.describe(c))
					}
				}
			}
			t.Logf("%d weakened", n)
			kind := routines[routineOf(r.Name)]
			if n == 0 && !kind.alone && !(kind.loads && r.AMD64()) {
				t.Error("nothing to weaken") // loads of amd64 are in order as they are
			}
		})
	}
}
