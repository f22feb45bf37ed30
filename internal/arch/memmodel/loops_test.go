package memmodel

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLoops checks that every loop of every kernel is known to end.
func TestLoops(t *testing.T) {
	for _, r := range shippedRoutines(t) {
		for _, complaint := range formOf(t, r).code.Loops() {
			t.Errorf("%s: %s", r.File, complaint)
		}
	}
}

// TestLoopsMutants changes loops so that they may not end.
func TestLoopsMutants(t *testing.T) {
	for _, m := range []struct{ from, to string }{
		{`^SUBS \$(\d+), (R\d+), R\d+$`, "SUBS $$0, $2, $2"},    // does not count
		{`^DECL (\w+)$`, "INCL $1"},                             // counts the wrong way
		{`^(ADDQ) \$0x08, (R\d+|DI)$`, "XORQ $$0x08, $2"},       // does not count
		{`^INCQ DI$`, "NOP"},                                    // no loop counts
		{`^SUB \$8, (R4), R4$`, "MOVD R6, R4"},                  // the counter is lost
		{`^SUBQ \$0x(04|10), (BX|DX)$`, "MOVQ (CX), $2"},        // and here
		{`^BHS block$`, "BLS block"},                            // goes on where it should stop
		{`^CBNZW (R\d+), (\w*lock)$`, "B $2"},                   // for ever
		{`^(STLXRW?) (R\d+), (\(R\d+\)), R\d+$`, "MOVD $2, $3"}, // a spin on a word
		{`^CBNZW (R\d+), (\w*lock)$`, "CBNZW R19, $2"},          // not where the store failed
		{`^ADD \$1, (R14|R15), R1[45]$`, "ADD R9, $1, $1"},      // no constant
		{`^CMPQ DI, n\+32\(FP\)$`, "CMPQ DI, (CX)"},             // no bound
		{`^LDAXRW? (\(R\d+\)), (R\d+)$`, "LDAR $1, $2"},         // no exclusive load
		{`^CMP \$8, R4$`, "CMP R3, R4"},                         // a bound that the loop changes
		{`^CMPQ BX, \$0x(04|10)$`, "CMPQ BX, AX"},
		{`^DECL \(SP\)$`, "INCL (SP)"},             // a word of the stack
		{`^DECL \(SP\)$`, "DECL (DI)"},             // and one that anybody may change
		{`^(BNE|BPL) (\w+_words|bucket)$`, "B $2"}, // no test
		{`^(JNE|JPL) (bucket)$`, "JMP $2"},
		{`^BPL bucket$`, "BMI bucket"}, // goes on where it should stop
		{`^JPL bucket$`, "JMI bucket"},
		{`^(JB|JAE) (\w+_words|lookup|narrow|wide)$`, "JMP $2"},
		{`^BLO lookup$`, "B lookup"},
		{`^CMP (R15|R19), (R14|R15)$`, "CMP $2, $1"}, // the wrong way round
		{`^SUB \$8, R4, R4$`, "SUB $$8, R4, R5"},     // another register
		{`^ADDQ \$0x08, (DI|R\d+)$`, "ADDQ $$-8, $1"},
	} {
		t.Run(m.from, func(t *testing.T) { loopMutant(t, m.from, m.to) })
	}
}

func loopMutant(t *testing.T, from, to string) {
	re, found := regexp.MustCompile(from), 0
	for _, r := range shippedRoutines(t) {
		mutant := r
		mutant.Lines = slices.Clone(r.Lines)
		for i, line := range r.Lines {
			mutant.Lines[i] = re.ReplaceAllString(line, to)
		}
		if slices.Equal(mutant.Lines, r.Lines) {
			continue
		}
		found++
		if formOf(t, mutant).code.Loops() == nil {
			t.Errorf("%s: nobody minds %s instead of %s", r.Name, to, from)
		}
	}
	if found == 0 {
		t.Errorf("no kernel has %s", from)
	}
}

// TestNonTemporal checks that no store leaves the order of the others.
func TestNonTemporal(t *testing.T) {
	for _, r := range shippedRoutines(t) {
		if lines := r.NonTemporal(); lines != nil {
			t.Errorf("%s: %s: %s", r.File, r.Name, strings.Join(lines, "; "))
		}
	}
	r := Routine{Lines: []string{"MOVNTDQ X0, (AX)", "VMOVNTDQ Y0, (AX)", "STNP (R0, R1), (R2)", "MOVUPS X0, (AX)"}}
	if lines := r.NonTemporal(); len(lines) != 3 {
		t.Errorf("of %q only %q were found", r.Lines, lines)
	}
}
