package arch

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/memmodel"
)

// A routine is one TEXT of a generated file.
type routine struct {
	file, name string
	lines      []string // trimmed, no blank ones
}

// routines returns those of the files that match the pattern.
func routines(t *testing.T, pattern string) (rs []routine) {
	t.Helper()
	all, err := memmodel.ReadRoutines(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		rs = append(rs, routine{r.File, r.Name, r.Lines})
	}
	return rs
}

func (r routine) amd64() bool { return strings.HasSuffix(r.file, "_amd64.s") }

// The forms of an instruction that the edges are made of. The first group, if any, is the
// address of the word.
var (
	lockAMD64    = regexp.MustCompile(`^CMPXCHG[LQ] \w+, (\(\w+\)(?:\(\w+\*[48]\))?)$`)
	lockLSE      = regexp.MustCompile(`^CASAL[DW] \w+, (\(\w+\)), \w+$`)
	claimLSE     = regexp.MustCompile(`^CAS[DW] \w+, (\(\w+\)), \w+$`)
	lockLLSC     = regexp.MustCompile(`^STL?XRW? \w+, (\(\w+\)), \w+$`)
	releaseAMD64 = regexp.MustCompile(`^MOV[LQ] \w+, (\(\w+\)(?:\(\w+\*[48]\))?)$`)
	publishAMD64 = regexp.MustCompile(`^XCHG[LQ] \w+, (\(\w+\)(?:\(\w+\*[48]\))?)$`)
	releaseARM64 = regexp.MustCompile(`^STLRW? \w+, (\(\w+\))$`)
	restoreARM64 = regexp.MustCompile(`^MOV[DW] \w+, (\(\w+\))$`)
	// A store to memory that is not the frame.
	storeAMD64 = regexp.MustCompile(`^(V?MOV\w+|ADD[LQ]|OR[LQ]|XADD[LQ]|XCHG[LQ]) [^,]+, [-+\w]*\(([A-EG-Z]\w*)\)`)
	storeARM64 = regexp.MustCompile(`^(MOV[DWB]|F?STPQ?|FMOV\w|STLRW?) .*, -?\w*\(R\w+\)`)
)

// writerFiles hold the routines that lock.
var writerFiles = []string{"cell_*.s", "slot_*.s", "update_*.s"}

// writers are the routines of the files that lock: all but those that load a cell.
func writers(t *testing.T, pattern string) []routine {
	return slices.DeleteFunc(routines(t, pattern), routine.loadsCell)
}

// TestWriters checks the edges of every routine that locks, in each of its critical
// sections, in the order of the text: W1 and W2 before the first store, then W3, then W4 by
// a releasing store to the word that was locked.
func TestWriters(t *testing.T) {
	for _, pattern := range writerFiles {
		for _, r := range writers(t, pattern) {
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
		{`^XCHG([LQ]) `, "MOV$1 "},
		{`^(CMPXCHG[LQ]) .*`, "$1 DI, (R15)"},
		{`^STLR(W?) (\w+), (.*)`, "MOVD $2, $3"},
		{`^DMB \$10$`, "DMB $$9"},
		{`^CASAL([DW]) `, "CASL$1 "},
		{`^// W1.*`, "// lock"},
		{`^// W3.*`, "// store"},
		{`^// W4.*`, "// unlock"},
	}
	var all []routine
	for _, files := range writerFiles {
		all = append(all, writers(t, files)...)
	}
	for _, m := range mutants {
		mutate(t, all, m.from, m.to, routine.writer)
	}
}

// mutate replaces what matches from in the routines, and checks that the check
// complains about each routine that has changed.
func mutate(t *testing.T, rs []routine, from, to string, check func(routine) []string) {
	t.Helper()
	found, re := 0, regexp.MustCompile(from)
	for _, r := range rs {
		mutant := r
		mutant.lines = nil
		for _, line := range r.lines {
			mutant.lines = append(mutant.lines, re.ReplaceAllString(line, to))
		}
		if slices.Equal(mutant.lines, r.lines) {
			continue
		}
		found++
		if len(check(mutant)) == 0 {
			t.Errorf("%s: %s: nobody minds %s instead of %s", r.file, r.name, to, from)
		}
	}
	if found == 0 {
		t.Errorf("no routine has %s", from)
	}
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
			} else if m := r.lockLSE().FindStringSubmatch(line); m != nil && state == locking {
				state, word = inside, m[1]
			} else if m := lockLLSC.FindStringSubmatch(line); m != nil && state == locking {
				if !r.claims() && !r.barrierBeforeStore(i) {
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
			m := r.release(i).FindStringSubmatch(line)
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

// claims says whether r is a claim of an EMPTY slot, which needs no W2: nobody believes what such a
// slot holds.
func (r routine) claims() bool { return strings.HasPrefix(r.name, "claimSlot") }

// lockLSE returns what locks in one instruction of arm64.
func (r routine) lockLSE() *regexp.Regexp {
	if r.claims() {
		return claimLSE
	}
	return lockLSE
}

// release returns what line i must be to end a write: a store that releases. In the map it is a
// full barrier on amd64, unless the line above says why a plain one will do.
func (r routine) release(i int) *regexp.Regexp {
	plain := strings.Contains(r.lines[i-1], "a plain store will do")
	switch {
	case !r.amd64() && plain:
		return restoreARM64
	case !r.amd64():
		return releaseARM64
	case plain || strings.HasPrefix(r.file, "cell"):
		return releaseAMD64
	}
	return publishAMD64
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

// readers are the routines that read slots.
func readers(t *testing.T) []routine {
	return append(routines(t, "probe_*.s"), routines(t, "batch_*.s")...)
}

// TestReaders checks the edges of every routine that reads slots, in the order of the text. Those that
// only find them are left out. What order they need, the checks of memmodel know.
func TestReaders(t *testing.T) {
	read := 0
	for _, r := range readers(t) {
		if strings.HasPrefix(r.name, "prefetch") || strings.HasPrefix(r.name, "find") {
			continue
		}
		read++
		for _, complaint := range r.reader() {
			t.Errorf("%s: %s: %s", r.file, r.name, complaint)
		}
	}
	if read == 0 {
		t.Error("no routines that read")
	}
}

// TestReadersMutants is TestWritersMutants for TestReaders.
func TestReadersMutants(t *testing.T) {
	for _, m := range []struct{ from, to string }{
		{`^LDARW `, "MOVWU "},
		{`^LDAR `, "MOVD "},
		{`^DMB \$9$`, "DMB $$10"},
		{`^// R1.*`, "// word"},
		{`^// R2.*`, "// value"},
		{`^// R3.*`, "// and"},
		{`^// R4.*`, "// and"},
		{`^CMPL \w+, (\(\w+\)\(\w+\*4\))`, "CMPL $$1, $1"},
		{`^CMPQ \w+, (\(\w+\)\(\w+\*8\))`, "CMPQ $$1, $1"},
		{`^MOVWU \(\w+\), `, "MOVWU (R25), "},
		{`^JNE odd`, "JEQ odd"},
		{`^BNE odd`, "BEQ odd"},
	} {
		mutate(t, readers(t), m.from, m.to, routine.reader)
	}
}

// A readerForm is what the edges of a reader look like. The groups of acquire and
// reload are the address of the word and the register.
type readerForm struct{ acquire, data, reload *regexp.Regexp }

var readerForms = map[bool]readerForm{
	true: {
		acquire: regexp.MustCompile(`^MOV[LQ] (\(\w+\)\(\w+\*[48]\)), (\w+)$`),
		data:    regexp.MustCompile(`^V?MOV\w+ -?\d*\(\w+\)(\(\w+\*[148]\))?, \w+$`),
		reload:  regexp.MustCompile(`^CMP[LQ] (\w+), (\(\w+\)\(\w+\*[48]\))$`),
	},
	false: {
		acquire: regexp.MustCompile(`^LDARW? (\(\w+\)), (\w+)$`),
		data:    regexp.MustCompile(`^(MOVD|MOVWU|F?LDPQ?) -?\d*\(\w+\)(\(\w+<<[23]\))?, .*$`),
		reload:  regexp.MustCompile(`^(?:MOVWU|MOVD) (\(\w+\)), (\w+)$`),
	},
}

// reader checks the reads of r and returns what is wrong with them. R1 loads the word, on arm64
// as an acquire. After it come one or more copies of the value: R2 is nothing but loads, R3 on
// arm64 a barrier for loads, R4 compares the same word again. Nothing is stored between R1 and
// R4. Each edge stands directly above its instruction.
func (r routine) reader() (complaints []string) {
	form := readerForms[r.amd64()]
	fail := func(line, why string) { complaints = append(complaints, line+": "+why) }
	line := func(i int) string { return r.lines[min(i, len(r.lines)-1)] }
	var word, register string
	var reads, copies int         // R1, R4
	open, copying := false, false // between R1 and R4, between R2 and R3
	for i, l := range r.lines {
		next := line(i + 1)
		switch comment, ok := strings.CutPrefix(l, "// "); {
		case ok && strings.HasPrefix(comment, "R1"):
			m := form.acquire.FindStringSubmatch(next)
			if m == nil || open {
				fail(next, "this does not load the word as R1, or R4 is missing before")
				return complaints
			}
			word, register, open = m[1], m[2], true
			reads++
		case ok && strings.HasPrefix(comment, "R2"):
			if !form.data.MatchString(next) || word == "" || strings.Contains(next, word+",") {
				fail(next, "this does not load a value after R1")
			}
			open, copying = true, true
		case ok && strings.HasPrefix(comment, "R3"):
			if !copying || !r.amd64() && next != "DMB $9" || r.amd64() && !strings.HasSuffix(comment, "R4") {
				fail(next, "R3 without R2, or without what orders it")
			}
			copying = false
			if !r.amd64() {
				break
			}
			if !r.unchanged(i+1, word, register) {
				fail(next, "this does not compare the word again")
			}
			copies, open = copies+1, false
		case ok && strings.HasPrefix(comment, "R4"):
			if line(i-1) != "DMB $9" || !strings.HasPrefix(line(i-2), "// R3") || !r.unchanged(i+1, word, register) {
				fail(next, "this does not compare the word again after R3")
			}
			copies, open = copies+1, false
		case ok:
		case copying && !form.data.MatchString(l):
			fail(l, "this is not a load, in R2")
		case open && r.stores(l):
			fail(l, "a store before R4")
		}
	}
	if reads == 0 || copies < reads || open || copying {
		fail(r.name, "an edge is missing")
	}
	return complaints
}

// unchanged says whether line i and those after it go to odd if the word is not the register.
func (r routine) unchanged(i int, word, register string) bool {
	m := readerForms[r.amd64()].reload.FindStringSubmatch(r.lines[i])
	if m == nil {
		return false
	}
	if r.amd64() {
		return m[1] == register && m[2] == word && r.lines[i+1] == "JNE odd"
	}
	compare := regexp.MustCompile(`^CMPW? ` + register + `, ` + m[2] + `$`)
	return m[1] == word && compare.MatchString(r.lines[i+1]) && r.lines[i+2] == "BNE odd"
}
