package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A routine is one TEXT of a generated file.
type routine struct {
	file, name string
	lines      []string // trimmed, no blank ones
}

// routines returns those of the files that match the pattern. The assembly of every GOARCH
// is read on every host: it is only text.
func routines(t *testing.T, pattern string) (rs []routine) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files, %v", pattern, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			line = strings.Join(strings.Fields(line), " ")
			if name, ok := strings.CutPrefix(line, "TEXT ·"); ok {
				rs = append(rs, routine{file: file, name: name[:strings.Index(name, "(")]})
			}
			if line != "" && len(rs) > 0 && rs[len(rs)-1].file == file {
				r := &rs[len(rs)-1]
				r.lines = append(r.lines, line)
			}
		}
	}
	return rs
}

func (r routine) amd64() bool { return strings.HasSuffix(r.file, "_amd64.s") }

// The forms of an instruction that the edges are made of. The first group, if any, is the
// register that holds the address of the word.
var (
	lockAMD64    = regexp.MustCompile(`^CMPXCHG[LQ] \w+, \((\w+)\)$`)
	lockLSE      = regexp.MustCompile(`^CASAL[DW] \w+, \((\w+)\), \w+$`)
	lockLLSC     = regexp.MustCompile(`^STLXRW? \w+, \((\w+)\), \w+$`)
	releaseAMD64 = regexp.MustCompile(`^MOV[LQ] \w+, \((\w+)\)$`)
	releaseARM64 = regexp.MustCompile(`^STLRW? \w+, \((\w+)\)$`)
	// A store to memory that is not the frame.
	storeAMD64 = regexp.MustCompile(`^(V?MOV\w+|ADD[LQ]|OR[LQ]|XADD[LQ]) [^,]+, [-+\w]*\(([A-EG-Z]\w*)\)`)
	storeARM64 = regexp.MustCompile(`^(MOV[DWB]|F?STPQ?|FMOV\w|STLRW?) .*, -?\w*\(R\w+\)`)
)

// writerFiles hold the routines that lock.
var writerFiles = []string{"cell_*.s", "slot_*.s"}

// TestWriters checks the edges of every routine that locks, in each of its critical
// sections, in the order of the text: W1 and W2 before the first store, then W3, then W4 by
// a releasing store to the word that was locked.
func TestWriters(t *testing.T) {
	for _, pattern := range writerFiles {
		for _, r := range routines(t, pattern) {
			if r.reads() {
				continue
			}
			for _, complaint := range r.writer() {
				t.Errorf("%s: %s: %s", r.file, r.name, complaint)
			}
		}
	}
}

// TestWritersMutants checks that TestWriters finds what it is there for: each mutant of a line
// must be complained about, in every routine that has such a line.
func TestWritersMutants(t *testing.T) {
	mutants := []struct{ from, to string }{
		{`^LOCK$`, "NOP"},
		{`^(CMPXCHG[LQ]) .*`, "$1 DI, (R15)"},
		{`^STLR(W?) (\w+), (.*)`, "MOVD $2, $3"},
		{`^DMB \$10$`, "DMB $$9"},
		{`^CASAL([DW]) `, "CASL$1 "},
		{`^// W1.*`, "// lock"},
		{`^// W3.*`, "// store"},
		{`^// W4.*`, "// unlock"},
	}
	writes := func(r routine) bool { return !r.reads() }
	for _, m := range mutants {
		for _, files := range writerFiles {
			if !mutate(t, files, m.from, m.to, writes, routine.writer) {
				t.Errorf("%s: no writer has %s", files, m.from)
			}
		}
	}
}

// mutate replaces what matches from in those routines of the files that are meant, and checks
// that the check complains about each that has changed. It says whether there was one.
func mutate(t *testing.T, files, from, to string, meant func(routine) bool, check func(routine) []string) (found bool) {
	t.Helper()
	re := regexp.MustCompile(from)
	for _, r := range routines(t, files) {
		if !meant(r) {
			continue
		}
		mutant := r
		mutant.lines = nil
		for _, line := range r.lines {
			mutant.lines = append(mutant.lines, re.ReplaceAllString(line, to))
		}
		if slices.Equal(mutant.lines, r.lines) {
			continue
		}
		found = true
		if len(check(mutant)) == 0 {
			t.Errorf("%s: %s: nobody minds %s instead of %s", r.file, r.name, to, from)
		}
	}
	return found
}

// writer checks the critical sections of r, of which there must be one, and returns what is
// wrong with them.
func (r routine) writer() (complaints []string) {
	const outside, locking, inside, releasing = 0, 1, 2, 3
	state, word := outside, ""
	var w2, w3, released bool // in the section that is being read
	fail := func(line, why string) { complaints = append(complaints, line+": "+why) }
	for i, line := range r.lines {
		if comment, ok := strings.CutPrefix(line, "// "); ok {
			if strings.Contains(comment, "W1") {
				if state == inside && !released {
					fail(line, "the section before lacks W4")
				}
				state, w2, w3, released = locking, false, false, false
			}
			w2 = w2 || strings.Contains(comment, "W2")
			w3 = w3 || strings.Contains(comment, "W3")
			if strings.Contains(comment, "W4") {
				if state != inside || !w2 {
					fail(line, "W4 without W1 and W2")
				}
				state = releasing
			}
			continue
		}
		switch state {
		case outside, locking:
			if m := lockAMD64.FindStringSubmatch(line); m != nil {
				if state != locking || r.lines[i-1] != "LOCK" {
					fail(line, "not locked, or no W1")
				}
				state, word = inside, m[1]
			} else if m := lockLSE.FindStringSubmatch(line); m != nil && state == locking {
				state, word = inside, m[1]
			} else if m := lockLLSC.FindStringSubmatch(line); m != nil && state == locking {
				if !r.barrierBeforeStore(i) {
					fail(line, "W2 needs DMB ISHST before the first store")
				}
				state, word = inside, m[1]
			} else if r.stores(line) {
				fail(line, "a store outside of a critical section")
			}
		case inside:
			if !w2 && r.stores(line) {
				fail(line, "a store before W2")
			}
		case releasing:
			m := releaseARM64.FindStringSubmatch(line)
			if r.amd64() {
				m = releaseAMD64.FindStringSubmatch(line)
			}
			if m == nil || m[1] != word {
				fail(line, "this does not release "+word)
			}
			released = true
			// A section may end in more than one way.
			state = inside
		}
	}
	if state != inside || !w3 || !released {
		fail(r.lines[len(r.lines)-1], "the last critical section lacks W3 or W4")
	}
	return complaints
}

func (r routine) stores(line string) bool {
	if r.amd64() {
		return storeAMD64.MatchString(line)
	}
	return storeARM64.MatchString(line)
}

// barrierBeforeStore says whether DMB ISHST comes after line i and before any store.
func (r routine) barrierBeforeStore(i int) bool {
	for _, line := range r.lines[i+1:] {
		if line == "DMB $10" {
			return true
		}
		if r.stores(line) {
			return false
		}
	}
	return false
}

// readerFiles hold the routines that read a cell or a slot.
var readerFiles = []string{"cell_*.s", "batch_*.s"}

// reads says whether r reads without a lock.
func (r routine) reads() bool {
	return slices.ContainsFunc(r.lines, func(line string) bool { return strings.HasPrefix(line, "// R1") })
}

// TestReaders checks the edges of every routine that reads a cell or a slot in one go: R1 loads
// the word, R2 the value, and R4 compares the same word again, after R3, which on arm64 is a
// barrier for loads. R1 is an acquire there.
func TestReaders(t *testing.T) {
	for _, pattern := range readerFiles {
		found := false
		for _, r := range routines(t, pattern) {
			if !r.reads() {
				continue
			}
			found = true
			for _, complaint := range r.reader() {
				t.Errorf("%s: %s: %s", r.file, r.name, complaint)
			}
		}
		if !found {
			t.Errorf("%s: no readers", pattern)
		}
	}
}

// TestReadersMutants is TestWritersMutants for TestReaders.
func TestReadersMutants(t *testing.T) {
	for _, m := range []struct{ from, to string }{
		{`^LDAR(W?) `, "MOV$1 "},
		{`^DMB \$9$`, "DMB $$10"},
		{`^// R1.*`, "// word"},
		{`^// R2.*`, "// value"},
		{`^// R3.*`, "// and"},
		{`^CMPL (\w+), \(\w+\)\(\w+\*4\)`, "CMPL $1, (R15)(R15*4)"},
		{`^CMPQ (\w+), \(\w+\)$`, "CMPQ $1, (R15)"},
		{`^MOVWU \(\w+\)`, "MOVWU (R25)"},
	} {
		found := false
		for _, files := range readerFiles {
			found = mutate(t, files, m.from, m.to, routine.reads, routine.reader) || found
		}
		if !found {
			t.Errorf("no reader has %s", m.from)
		}
	}
}

// steps of a reader: each pattern must match a line behind that of the one before. The group
// is the address of the word.
var (
	readerAMD64 = steps(`// R1`, `MOVL (\(\w+\)\(\w+\*4\)), \w+`, `// R2`, `MOVQ 40\(\w+\)\(\w+\*8\), \w+`, `// R3.* R4`, `CMPL \w+, (\(\w+\)\(\w+\*4\))`)
	cellAMD64   = steps(`// R1`, `MOVQ (\(\w+\)), \w+`, `// R2`, `LEAQ`, `// R3.* R4`, `CMPQ \w+, (\(\w+\))`)
	cellARM64   = steps(`// R1`, `LDAR (\(\w+\)), \w+`, `// R2`, `ADD`, `// R3`, `DMB \$9`, `// R4`, `MOVD (\(\w+\)), \w+`, `CMP \w+, \w+`)
	readerARM64 = steps(`// R1`, `LDARW (\(\w+\)), \w+`, `// R2`, `MOVD 40\(\w+\), \w+`, `// R3`, `DMB \$9`, `// R4`, `MOVWU (\(\w+\)), \w+`, `CMPW \w+, \w+`)
)

func steps(patterns ...string) (res []*regexp.Regexp) {
	for _, p := range patterns {
		res = append(res, regexp.MustCompile("^"+p))
	}
	return res
}

// reader checks the one read of r and returns what is wrong with it. The instruction of each
// step stands directly below its comment.
func (r routine) reader() (complaints []string) {
	want, at, word := readerARM64, -1, ""
	switch inCell := strings.HasPrefix(r.file, "cell"); {
	case inCell && r.amd64():
		want = cellAMD64
	case inCell:
		want = cellARM64
	case r.amd64():
		want = readerAMD64
	}
	for i, step := range want {
		from := at + 1
		for at = from; at < len(r.lines) && !step.MatchString(r.lines[at]); at++ {
		}
		if at == len(r.lines) {
			return append(complaints, "no "+step.String())
		}
		if i > 0 && strings.HasPrefix(want[i-1].String(), "^//") && at != from {
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

// TestNoNonTemporalStores checks that no store leaves the order that amd64 gives the others.
func TestNoNonTemporalStores(t *testing.T) {
	for _, r := range routines(t, "*_*.s") {
		for _, line := range r.lines {
			if strings.HasPrefix(line, "MOVNT") || strings.HasPrefix(line, "VMOVNT") || strings.HasPrefix(line, "STNP") {
				t.Errorf("%s: %s: %s", r.file, r.name, line)
			}
		}
	}
}

// countsDown are the instructions that may decide a loop: comparisons of a counter.
var countsDown = regexp.MustCompile(`^(CMPQ|SUBQ|DECQ|DECL|CMP|SUBS) `)

// TestLoopsAreBounded checks that each branch backwards is decided by a counter, or repeats an
// exclusive pair whose store failed.
func TestLoopsAreBounded(t *testing.T) {
	loops := 0
	for _, r := range routines(t, "*_*.s") {
		seen := map[string]bool{}
		for i, line := range r.lines {
			if label, ok := strings.CutSuffix(line, ":"); ok {
				seen[label] = true
				continue
			}
			f := strings.Fields(line)
			if !seen[f[len(f)-1]] || strings.HasPrefix(line, "//") {
				continue
			}
			loops++
			before := r.lines[i-1]
			if !countsDown.MatchString(before) && !(f[0] == "CBNZW" && lockLLSC.MatchString(before)) && !r.forwardAgain(i) {
				t.Errorf("%s: %s: %s after %s is not known to end", r.file, r.name, line, before)
			}
		}
	}
	if loops == 0 {
		t.Error("no loops found")
	}
}

// forwardAgain says whether the branch backwards in line i goes to code from which, without
// a condition, control returns or goes forward past line i: shared code, not a loop.
func (r routine) forwardAgain(i int) bool {
	f := strings.Fields(r.lines[i])
	at := func(label string) int {
		for n, line := range r.lines {
			if line == label+":" {
				return n
			}
		}
		return -1
	}
	for n := at(f[len(f)-1]) + 1; n < i; n++ {
		g := strings.Fields(r.lines[n])
		if g[0] == "RET" {
			return true
		}
		if g[0] == "JMP" || g[0] == "B" {
			return at(g[1]) > i
		}
		if g[0][0] == 'J' || strings.HasSuffix(g[0], ":") {
			return false
		}
	}
	return false
}
