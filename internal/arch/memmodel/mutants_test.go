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
	{`^DMB .*`, ""},
	{`^DMB \$9$`, "DMB $$10"},
	{`^DMB \$10$`, "DMB $$9"},
	{`^DMB \$11$`, "DMB $$9"},
	{`^DMB \$11$`, "DMB $$10"},
	{`^XCHG([LQ]) `, "MOV$1 "},
	{`^LOCK$`, ""},
	{`^MFENCE$`, ""},
}

// spare are the ordered accesses and barriers that no check needs, and what does instead. Each
// says why it is there all the same. All of them together are not needed: TestSpare checks every
// kernel with all its spare lines weakened, and TestMutants weakens the others on top of that.
// So what is not listed here is needed.
var spare = []struct{ kernel, label, line, to, why string }{
	{`^storeCellLLSC$`, `^lock$`, `^LDAXR`, "LDXR",
		"a store reads nothing while it is inside; W1 is an acquire in all writers, as in commitCell, which needs it"},
	{`^claimSlot`, `^$|_lock$|^wide$`, `^CASAL`, "CAS", whyClaim},
	{`^claimSlotLLSC$`, `_lock$`, `^LDAXR`, "LDXR", whyClaim},
	{`^claimSlotLLSC$`, `_lock$`, `^STLXR`, "STXR", whyClaim},
	{`^claimSlotLLSC$`, `_lock$`, `^DMB .*`, "", whyClaim},
	{`^(claim|write)Slot`, ``, `^(LDADD|LDOR)AL`, "$1", whyCount},
	{`^(claim|write)SlotLLSC$`, `_(set_tag|set_wide_tag|use|count|revive|bury)$`, `^LDAXR`, "LDXR", whyCount},
	{`^(claim|write)SlotLLSC$`, `_(set_tag|set_wide_tag|use|count|revive|bury)$`, `^STLXR`, "STXR", whyCount},
	{`^writeSlot`, `_restore$`, `^STLR(W?) `, "MOV$1 ",
		"a writer that restores the word has stored nothing, and its comparison decides about the store; W4 is a release in all writers"},
	{`^writeSlotLLSC$`, `^wide_lock$`, `^STLXR`, "STXR",
		"readers of wide values wait for W4, which is a release; those of small ones see W3, so the narrow form needs it"},
	{`^(swap|add)WordLLSC$`, `^lock$`, `^LDAXR`, "LDXR",
		"the word that the lock finds was acquired before; the lock acquires it again because it may have come round to it"},
	{`^(swap|add)Word`, `^bucket$`, `^DMB \$9$`, "",
		"a key never leaves its slot and an overflow bit is never cleared, so keys and control word may be loaded in any order"},
	{`^writeSlotSSE2$`, `_remove$`, `^XCHG([LQ]) `, "MOV$1 ",
		"the removal is counted behind it by a LOCK, which is a full barrier too"},
	{`^writeSlotSSE2$`, `^wide_publish$`, `^XCHG([LQ]) `, "MOV$1 ",
		"readers of wide values wait for W4, so they go by the lock, and that was taken by a LOCK"},
	{`^getBatch\w+NEON$`, `^not_here$`, `^DMB \$9$`, "",
		"a key never leaves its slot and an overflow bit is never cleared, so keys and control word may be loaded in any order"},
}

const (
	whyClaim = "nobody looks at what an EMPTY slot holds, and the publish is a release; sync/atomic has only this form"
	whyCount = "counters and tags need to be atomic only: whoever reads them has seen the publish; sync/atomic has only this form"
)

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

// weakenSpare returns the routine with all its spare lines weakened, and notes which entries of
// spare there were.
func weakenSpare(r Routine, used []bool) Routine {
	out := r
	for n, s := range spare {
		if !regexp.MustCompile(s.kernel).MatchString(r.Name) {
			continue
		}
		for i := range r.Lines {
			if c, ok := r.change(i, s.line, s.to); ok && regexp.MustCompile(s.label).MatchString(c.label) {
				out, used[n] = out.changed(c), true
			}
		}
	}
	return out
}

// leftOut says whether the kernel is not weakened if time is short: those that lock by LDAXR and
// STLXR, or not at all, have more to weaken than the others.
func leftOut(r Routine) bool {
	return testing.Short() && (r.AMD64() || strings.HasSuffix(r.Name, "LSE"))
}

// TestSpare checks the kernels without what is spare.
func TestSpare(t *testing.T) {
	used := make([]bool, len(spare))
	for _, r := range shippedRoutines(t) {
		minimal := weakenSpare(r, used)
		if slices.Equal(minimal.Lines, r.Lines) || routineOf(r.Name) == "" || leftOut(r) {
			continue
		}
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			f := formOf(t, minimal)
			if complaint := newWorld(t, f).complaint(f); complaint != "" {
				t.Errorf("%s: so not all of spare are", complaint)
			}
		})
	}
	for n, s := range spare {
		if !used[n] {
			t.Errorf("no kernel has what spare says of %s: %s", s.kernel, s.line)
		}
	}
}

// TestMutants weakens each ordered access and each barrier of each kernel in turn, but for the
// spare ones, which are all weakened already. Some check must complain.
func TestMutants(t *testing.T) {
	for _, r := range shippedRoutines(t) {
		if routineOf(r.Name) == "" || leftOut(r) {
			continue // TestKernels complains about a kernel without a routine
		}
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			minimal := weakenSpare(r, make([]bool, len(spare)))
			w := newWorld(t, formOf(t, r))
			n := 0
			for i := range minimal.Lines {
				for _, weak := range weaker {
					c, ok := minimal.change(i, weak.from, weak.to)
					if !ok {
						continue
					}
					n++
					if w.complaint(formOf(t, minimal.changed(c))) == "" {
						t.Errorf("nobody minds %s", minimal.describe(c))
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
