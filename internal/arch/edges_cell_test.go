package arch

import (
	"regexp"
	"strings"
	"testing"
)

// loadsCell says whether r reads a cell.
func (r routine) loadsCell() bool { return strings.HasPrefix(r.name, "loadCell") }

// TestCellReaders checks the edges of every routine that reads a cell: R1 loads the word, as an
// acquire on arm64, R2 the value, to memory that is nobody else's, and R4 compares the same
// word again, after R3, which on arm64 is a barrier for loads.
func TestCellReaders(t *testing.T) {
	read := 0
	for _, r := range routines(t, "cell_*.s") {
		if !r.loadsCell() {
			continue
		}
		read++
		for _, complaint := range r.cellReader() {
			t.Errorf("%s: %s: %s", r.file, r.name, complaint)
		}
	}
	if read == 0 {
		t.Error("no routines that read")
	}
}

// TestCellReadersMutants is TestWritersMutants for TestCellReaders.
func TestCellReadersMutants(t *testing.T) {
	var rs []routine
	for _, r := range routines(t, "cell_*.s") {
		if r.loadsCell() {
			rs = append(rs, r)
		}
	}
	for _, m := range []struct{ from, to string }{
		{`^LDAR `, "MOVD "},
		{`^DMB \$9$`, "DMB $$10"},
		{`^// R1.*`, "// word"},
		{`^// R2.*`, "// value"},
		{`^// R3.*`, "// and"},
		{`^CMPQ (\w+), \(\w+\)$`, "CMPQ $1, (R15)"},
		{`^JEQ done`, "JNE done"},
		{`^BEQ done`, "BNE done"},
	} {
		mutate(t, rs, m.from, m.to, routine.cellReader)
	}
}

// The steps of a reader: each pattern must match a line behind that of the one before. The
// group is the address of the word.
var (
	cellStepsAMD64 = steps(`// R1`, `MOVQ (\(\w+\)), \w+`, `// R2`, `LEAQ`, `// R3.* R4`, `CMPQ \w+, (\(\w+\))`, `JEQ done`)
	cellStepsARM64 = steps(`// R1`, `LDAR (\(\w+\)), \w+`, `// R2`, `ADD`, `// R3`, `DMB \$9`, `// R4`, `MOVD (\(\w+\)), \w+`, `CMP \w+, \w+`, `BEQ done`)
)

func steps(patterns ...string) (res []*regexp.Regexp) {
	for _, p := range patterns {
		res = append(res, regexp.MustCompile("^"+p))
	}
	return res
}

// cellReader checks the one read of r and returns what is wrong with it. The instruction of
// each step stands directly below its edge, and the branch below the comparison.
func (r routine) cellReader() (complaints []string) {
	want, at, word := cellStepsARM64, -1, ""
	if r.amd64() {
		want = cellStepsAMD64
	}
	for i, step := range want {
		from := at + 1
		for at = from; at < len(r.lines) && !step.MatchString(r.lines[at]); at++ {
		}
		if at == len(r.lines) {
			return append(complaints, "no "+step.String())
		}
		follows := i == len(want)-1 || i > 0 && strings.HasPrefix(want[i-1].String(), "^//")
		if follows && at != from {
			complaints = append(complaints, r.lines[at]+" is not next to its edge")
		}
		if m := step.FindStringSubmatch(r.lines[at]); len(m) > 1 {
			if word != "" && word != m[1] {
				complaints = append(complaints, "another word is loaded again than "+word)
			}
			word = m[1]
		}
	}
	return complaints
}
