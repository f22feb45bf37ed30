package seqmap

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// defect is a kind of defect that concurrent maps have had, and the tests that would find it
// here, or why it cannot be. A test of another package is named after that.
type defect struct {
	name, what string
	tests      string
	cannotBe   string
}

// defects are numbered as the comments of the tests cite them: d for what was reported of
// maps in use, N for the races of a map that is the closest relative of this one.
var defects = []defect{
	{name: "d1", what: "a panic of the user's function leaves a lock behind",
		tests: "TestCallbackPanics TestCallbackGoexit TestHasherPanics"},
	{name: "d2", what: "the user's function uses the map and hangs",
		tests: "TestCallbackReenters TestCallbackBlocks TestRangeNested TestRangeMutatesInside"},
	{name: "d3", what: "the count is wrong, or below zero",
		tests: "TestLenIsNeverNegative TestLenIsExact TestLenThroughClear TestExplore"},
	{name: "d4", what: "one key in two slots",
		tests: "TestOneWinner TestExplore TestLinearizable"},
	{name: "d5", what: "a write is lost, most often while the table grows",
		tests: "TestPrivateKeys TestGrowthKeepsPrivateKeys TestCounters TestLinearizable"},
	{name: "d6", what: "removed keys lengthen paths for ever, or leave no way to their end",
		tests: "TestChurnKeepsSize TestOneKeyAgainAndAgain TestAllSlotsUsed"},
	{name: "d7", what: "a reader mixes up the parts of an old and of a new table",
		tests:    "TestEverythingAtOnce",
		cannotBe: "all that a reader needs is behind one pointer to a table that does not change"},
	{name: "d8", what: "a load or store is out of order on a weak machine",
		tests: "TestPublication TestExplore TestKernels.internal/arch/memmodel TestMove.internal/arch/memmodel TestRoot.internal/arch/memmodel",
		cannotBe: "in Go every access to shared memory is one of sync/atomic; " +
			"the instructions of the kernels are checked on models of the processors"},
	{name: "d9", what: "a pointer is stored without the collector's knowledge",
		tests:    "TestWrongTypes",
		cannotBe: "types with pointers are refused"},
	{name: "d10", what: "a torn key or value",
		tests: "TestValuesAreWhole TestVersionWraps TestEverythingAtOnce TestLinearizable TestRangeUpdates"},
	{name: "d11", what: "waiting without end, or for one who sleeps",
		tests: "TestReadersDoNotWait TestWaitersGoOn TestOneProcessor TestNobodySleepsInside.internal/arch TestBackoff.internal/arch"},
	{name: "d12", what: "the race detector reports the map, or runs another one",
		tests: "TestPublication"},
	{name: "d13", what: "misaligned words on 32-bit machines",
		tests: "TestBucketGeometry.internal/arch/layout TestAllocIsAlignedAndZeroed.internal/arch/slab"},
	{name: "d14", what: "an iteration goes on in a table that has been replaced",
		tests: "TestRangeThroughResizes TestRangeSeesRemovals TestRangeDuringMigration"},
	{name: "d15", what: "an iteration holds a lock or a goroutine",
		tests: "TestRangeStops TestRangeNested TestIteratorsAreAbandoned"},
	{name: "d16", what: "memory is never given back",
		tests: "TestMemoryAfterSpike TestMemoryAfterSpikes TestOldTableIsReleased"},
	{name: "d17", what: "shrinking and growing by turns",
		tests: "TestNoThrash TestBreathing TestCapacity"},
	{name: "d18", what: "a copy of a map goes unnoticed",
		tests: "TestCopiesAreFound"},
	{name: "d19", what: "some keys or hashes are special",
		tests: "TestModel TestOrdinaryKeys TestOneKeyInTwoForms TestNaN TestZeroKeyAmongEmptySlots TestZeroKeyIsNoEmptySlot TestBatchOddKeys TestHashBits.internal/arch/layout"},
	{name: "d20", what: "a poor hash function, or one that can be guessed",
		tests: "TestConstantHash TestModel TestOrdinaryKeys TestCustomHashSeesCanonicalKeys"},
	{name: "d21", what: "the machinery of resizing loses, repeats or hangs",
		tests: "TestPrivateKeys TestEverythingAtOnce TestExplore TestMutants TestClear"},
	{name: "d22", what: "a compare-and-swap in two steps, or on a removed entry",
		tests: "TestEveryValueLeavesOnce TestOneRemover TestCounters TestLinearizable TestSameVersionOtherValue"},
	{name: "d23", what: "Clear is not one step",
		tests: "TestClear TestLinearizableWithClear TestLenThroughClear"},
	{name: "d24", what: "Len looks at the whole map",
		tests:    "TestLenIsExact",
		cannotBe: "it adds up counters, of which there are at most maxParts"},
	{name: "d25", what: "a batch does not say which key a result is for",
		tests: "TestBatchSizes TestBatchDuplicates"},
	{name: "d26", what: "a map that is made at first use is made twice",
		tests: "TestFirstUse"},
	{name: "d27", what: "a panic in the middle of a write publishes half a value",
		tests: "TestCallbackPanics TestValuesAreWhole TestNobodySleepsInside.internal/arch"},
	{name: "d28", what: "the race detector does not know mapped memory",
		cannotBe: "tables are on the Go heap"},
	{name: "N1", what: "a slot is taken before it has its key, and another inserter passes it",
		tests: "TestOneWinner TestExplore TestMutants TestClaimSlot.internal/arch"},
	{name: "N2", what: "a slot that is used again shows what was in it",
		tests: "TestRemovedStaysRemoved TestOneRemover TestExplore"},
	{name: "N3", what: "two inserters of one key use two slots again",
		tests: "TestOneWinner TestExplore"},
	{name: "N4", what: "two writers are inside at once",
		tests: "TestValuesAreWhole TestCounters TestWriteSlot.internal/arch TestUpdateLineStress.internal/arch"},
	{name: "N5", what: "a removal removes another key that came into the slot",
		tests: "TestOtherKeysStay TestOneRemover TestZeroKeyIsNoEmptySlot"},
}

// ranByTag are the tests in builds with the tag seqsched that are run all the same: the explorer by
// TestExplorer, others by the step yields of .ci/run.
var ranByTag = []string{"TestExplore", "TestZeroKeyIsNoEmptySlot"}

// TestDefectsHaveTests: the tests that the table names exist, and every defect has one or cannot
// be. Those that not every build has are in ranByTag.
func TestDefectsHaveTests(t *testing.T) {
	tests := testsOfModule(t)
	if len(defects) != 28+5 {
		t.Errorf("%d defects, want 33", len(defects))
	}
	for _, d := range defects {
		named := strings.Fields(d.tests)
		if len(named) == 0 && d.cannotBe == "" {
			t.Errorf("%s, %s: neither a test nor a reason", d.name, d.what)
		}
		for _, name := range named {
			test, at, elsewhere := strings.Cut(name, ".")
			if !elsewhere {
				at = "seqmap"
			}
			if tagged, ok := tests[at][test]; !ok {
				t.Errorf("%s, %s: there is no %s in %s", d.name, d.what, test, at)
			} else if tagged && !slices.Contains(ranByTag, test) {
				t.Errorf("%s, %s: nobody runs %s in %s with the tag seqsched", d.name, d.what, test, at)
			}
		}
	}
}

// testsOfModule returns the tests of each package of the module, builds of any tags included, and
// whether it takes the tag seqsched to have them.
func testsOfModule(t *testing.T) (tests map[string]map[string]bool) {
	t.Helper()
	tests = make(map[string]map[string]bool)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		at := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		if tests[at] == nil {
			tests[at] = make(map[string]bool)
		}
		tagged := needsTag(f, "seqsched")
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Test") {
				tests[at][f.Name.Name] = tagged
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

// needsTag says whether a file is built with all tags, but not without this one.
func needsTag(f *ast.File, tag string) bool {
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, c := range group.List {
			if x, err := constraint.Parse(c.Text); err == nil {
				return x.Eval(func(string) bool { return true }) && !x.Eval(func(other string) bool { return other != tag })
			}
		}
	}
	return false
}
