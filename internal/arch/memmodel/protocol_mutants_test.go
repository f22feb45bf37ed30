package memmodel

import (
	"maps"
	"testing"
)

// A goMutant is what a protocol in Go is changed by: atomic operations lose orders, as if they were
// weaker ones. Of the lines of a file that match a pattern, those are meant that are made there or by
// what is called there.
type goMutant struct {
	in    []codeLine
	loses Order
	// why says why nobody minds. It is about this use of the operation: sync/atomic has no weaker
	// one. If it is empty, some check must complain.
	why string
}

type codeLine struct{ file, pattern string }

// weakened returns the lines of a mutant.
func (m goMutant) weakened(t *testing.T) map[string]Order {
	out := map[string]Order{}
	for _, l := range m.in {
		maps.Copy(out, linesOf(t, l.file, l.pattern, m.loses))
	}
	return out
}

// testGoMutants checks that some check complains about each mutant, or that none does and there is
// a reason. The Go code is that for arm64 without LSE, on which the fewest orders come for nothing.
func testGoMutants(t *testing.T, routine string, mutants []goMutant, complaint func(w *world, f form) string) {
	for _, m := range mutants {
		if testing.Short() && m.why != "" {
			continue
		}
		name := ""
		for _, l := range m.in {
			name += l.pattern + " "
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := goForm(t, routine, Exclusive)
			w := newWorld(t, f)
			w.src.Weaken = m.weakened(t)
			f.src.Weaken = w.src.Weaken
			switch c := complaint(w, f); {
			case c == "" && m.why == "":
				t.Error("nobody minds")
			case c != "" && m.why != "":
				t.Errorf("somebody minds: %s", c)
			}
		})
	}
}

const (
	pushFile     = "../../../seqvec/push.go"
	popFile      = "../../../seqvec/pop.go"
	reserveFile  = "../../../seqvec/reserve.go"
	segmentsFile = "../../../seqvec/segments.go"
	cellFile     = "../cell_generic.go"
	vecFile      = "../../../seqvec/seqvec.go"
	rowsFile     = "../../../seqarray/rows.go"
	growFile     = "../../../seqarray/grow.go"
	arrayFile    = "../../../seqarray/seqarray.go"
	mapFile      = "../../../seqmap/map.go"
	tableFile    = "../../../seqmap/table.go"
	moveFile     = "../../../seqmap/move.go"
	loadFile     = "../../../seqcore/load.go"
	opsFile      = "../../../seqmap/ops.go"
)

var (
	tailCAS    = codeLine{reserveFile, `arch\.CAS64\(tailp`}
	look       = codeLine{pushFile, `seen := cell\.Word`}
	pushTail   = codeLine{pushFile, `tail := v\.loadTail`}
	popTail    = codeLine{popFile, `tail := v\.loadTail`}
	pushAt     = codeLine{pushFile, `p := v\.at`}
	popAt      = codeLine{popFile, `p := v\.at`}
	popEmpties = codeLine{reserveFile, `arch\.CAS64\(p, seen, layout`}
	popTry     = codeLine{popFile, `cell\.Try`}
	fillLocks  = codeLine{reserveFile, `// W1, W2`}
	fillCopies = codeLine{reserveFile, `arch\.Store64\(unsafe`}
	fillEnds   = codeLine{reserveFile, `// W4`}
	setCopies  = codeLine{cellFile, `Store64\(unsafe\.Add\(p, layout`}
	setEnds    = codeLine{cellFile, `next\) {2,}// W4`}
)

// The accesses that follow are needed, each by itself or all together. Where one may be weaker,
// another one gives its order as well.

// Why weaker accesses of SeqVec do no harm.
const (
	filled  = "a push reads nothing in the cell, and W3 and W4 are releases"
	changed = "the tail and the cell were loaded before, as acquires, and the cell is changed by a release"
)

// TestVecMutants weakens the ordered accesses of Push, with the growth, of Pop, Get and Len.
func TestVecMutants(t *testing.T) {
	const (
		fresh   = "a cell is filled by a compare-and-swap that is a release, so it finds memory that was cleared"
		emptied = "the value was read before, by acquires, and a push that fills the cell again reads nothing there"
	)
	bases := `base\[k\]\.`
	testGoMutants(t, "commitCell", []goMutant{
		{in: []codeLine{pushTail}, loses: Acquire},
		{in: []codeLine{popTail}, loses: Acquire},
		{in: []codeLine{pushAt}, loses: Acquire, why: fresh},
		{in: []codeLine{popAt}, loses: Acquire, why: "the tail was loaded before, and moves behind the pointers to segments"},
		{in: []codeLine{look}, loses: Acquire, why: filled},
		{in: []codeLine{tailCAS}, loses: AcqRel, why: changed},
		{in: []codeLine{popEmpties}, loses: AcqRel, why: emptied},
		{in: []codeLine{popTry}, loses: Acquire},
		{in: []codeLine{fillLocks}, loses: Acquire, why: filled},
		{in: []codeLine{fillCopies}, loses: Release, why: "readers look at the word first, and W4 is a release"},
		{in: []codeLine{fillEnds}, loses: Release},
		{in: []codeLine{{segmentsFile, bases + "Load"}}, loses: Acquire},
		{in: []codeLine{{segmentsFile, bases + "CompareAndSwap"}}, loses: Acquire, why: "who loses loads the pointer"},
		{in: []codeLine{{segmentsFile, bases + "CompareAndSwap"}}, loses: Release},
		{in: []codeLine{setCopies}, loses: Release},
		{in: []codeLine{setEnds}, loses: Release},
		{in: []codeLine{{vecFile, `p := v\.at`}}, loses: Acquire},
		{in: []codeLine{{vecFile, `// R1`}}, loses: Acquire},
		{in: []codeLine{{vecFile, `cell\.CopyWords`}}, loses: Acquire},
		{in: []codeLine{{vecFile, `// R3, R4`}}, loses: Acquire, why: "what follows the read is behind R1 and R2"},
		{in: []codeLine{{vecFile, `index\(v\.loadTail`}}, loses: Acquire},
	}, vecMutantComplaint)
}

// TestVecManyMutants weakens those of PushSlice and Truncate.
func TestVecManyMutants(t *testing.T) {
	const unread = "a truncation reads nothing in the cells"
	testGoMutants(t, "commitCell", []goMutant{
		{in: []codeLine{{pushFile, `!free\(cell\.Word`}}, loses: Acquire, why: filled},
		{in: []codeLine{{pushFile, `arch\.CAS64\(v\.tailWord`}}, loses: AcqRel, why: changed},
		{in: []codeLine{{pushFile, `cell\.CommitFrom\(p`}}, loses: Acquire, why: filled},
		{in: []codeLine{{pushFile, `cell\.CommitFrom\(p`}}, loses: Release},
		{in: []codeLine{{popFile, `arch\.CAS64\(v\.tailWord`}}, loses: AcqRel, why: unread},
		{in: []codeLine{{popFile, `cell\.Unlocked`}}, loses: Acquire, why: unread},
		{in: []codeLine{{popFile, `cell\.IsLive\(seen\) && arch\.CAS64`}}, loses: AcqRel, why: unread},
	}, vecMutantComplaint)
}

// TestRootMutants weakens the ordered accesses by which the root goes on, and those of Clear.
func TestRootMutants(t *testing.T) {
	marks := codeLine{moveFile, `arch\.Or64\(unsafe\.Pointer\(&t\.done`}
	counts := codeLine{moveFile, `arch\.Add64\(unsafe\.Pointer\(&t\.left`}
	allMoved := codeLine{moveFile, `arch\.Load64\(unsafe\.Pointer\(&t\.left`}
	next := codeLine{moveFile, `nx := t\.loadNext`}
	loads := codeLine{moveFile, `t := m\.loadRoot`}
	goesOn := codeLine{moveFile, `m\.casRoot\(t, nx`}
	swap := codeLine{mapFile, `m\.root\.Swap`}
	attach := codeLine{tableFile, `t\.next\.CompareAndSwap`}
	const (
		counted = "copySlot looks at the word behind the publish, as an acquire, and the root goes on by a release"
		nothing = "it looks at nothing that was there"
		before  = "the root goes on by a release, so it does so behind what was loaded"
	)
	testGoMutants(t, "claimSlot", []goMutant{
		{in: []codeLine{counts, marks}, loses: AcqRel, why: counted},
		{in: []codeLine{loads}, loses: Acquire, why: before},
		{in: []codeLine{allMoved}, loses: Acquire, why: before},
		{in: []codeLine{next}, loses: Acquire, why: before},
		{in: []codeLine{goesOn}, loses: Acquire, why: nothing},
		{in: []codeLine{goesOn}, loses: Release, why: "what says that all is moved was loaded before, as an acquire"},
		{in: []codeLine{goesOn, allMoved}, loses: AcqRel},
		{in: []codeLine{{mapFile, `return m\.root\.Load`}}, loses: Acquire},
		{in: []codeLine{swap}, loses: Acquire, why: nothing},
		{in: []codeLine{swap}, loses: Release},
		{in: []codeLine{attach}, loses: Acquire, why: "who loses loads the pointer"},
		{in: []codeLine{attach}, loses: Release},
		{in: []codeLine{{tableFile, `return t\.next\.Load`}}, loses: Acquire},
	}, rootComplaint)
}
