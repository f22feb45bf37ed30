//go:build !seqsched

package seqmap

import (
	"regexp"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
)

// edit is a gotool.Edit, for literals without the names of fields.
type edit struct{ File, Old, New string }

// mutant breaks one rule of the protocol. The explorer must find a schedule of one of the
// scenarios in which the guarantee fails.
type mutant struct {
	name      string
	scenarios string // a pattern for go test -run
	guarantee string // what the failure names, as a pattern
	edits     []edit
}

const slotGeneric = "../internal/arch/slot_generic.go"

// The first few are those of short mode.
var mutants = []mutant{
	{"copy before freeze", "update_update_move|insert_insert_move", "G3", []edit{{
		"move.go", "case frozen(w) || t.casWord(b, i, w, freeze(w)):",
		"case frozen(w) || func() bool { t.copySlot(b, i); return t.casWord(b, i, w, freeze(w)) }():"}}},
	{"inserter passes CLAIMED", "insert_insert$", "G2", []edit{{
		"insert.go", "case w == layout.Claimed: // may be the same key",
		"case w == layout.Claimed && ins.policy != transfer:\n\t\t\treturn otherKey\n\t\tcase w == layout.Claimed:"}}},
	{"range skips nothing", "range$", "G7", []edit{{
		"iter.go", "if e.holdsPublished(", "if false && e.holdsPublished("}}},

	{"bucket not sealed", "insert_insert_move|zero_key_move", "G3", []edit{{
		"slot.go", "case t.control(b)&layout.SealBit != 0:", "case true:"}}},
	{"reader stops at a clear bit though sealed", "zero_key_move|insert_and_remove", "G3", []edit{{
		"lookup.go", "if x&layout.SealBit != 0 {", "if false {"}}},
	{"publish before write", "insert_insert$|two_keys", "G[123]", []edit{{
		slotGeneric, "if s.KeyBytes == 4 {",
		"if s.Wide {\n\t\tStore64(s.Word, layout.Live|layout.Version)\n\t} else {\n\t\tStore32(s.Word, layout.Live|layout.Version)\n\t}\n\tif s.KeyBytes == 4 {"}}},
	{"dead slot used for another key", "dead_key_before|range_and_removal|two_keys", "G[1237]", []edit{{
		"insert.go", "case w == layout.Sealed:\n",
		"case dead(w) && !inside(w) && !t.holds(b, i, ins.key, ins.hash) && t.casWord(b, i, w, layout.Empty):\n\t\t\tcontinue\n\t\tcase w == layout.Sealed:\n"}}},
	{"removal empties the slot", "insert_and_remove|remove_and_revive|dead_key_before|key_of", "G[23]", []edit{{
		slotGeneric, "next = layout.Next(seen, layout.Dead)", "next = layout.Empty"}}},
	{"overflow bit set after the seal", "full_bucket_at", "G[23]", []edit{{
		"slot.go", "if x&layout.SealBit != 0 {", "if false {"}}},
	{"slots sealed before the bucket", "zero_key_move|insert_and_remove", "G3", []edit{{
		"move.go", "t.seal(b) // before any slot", "defer t.seal(b)"}}},
	{"empty slot not sealed", "insert_insert_move", "G3", []edit{{
		"move.go", "if t.casWord(b, i, w, layout.Sealed) {", "if true {"}}},
	{"inserter compares keys before words", "insert_insert$|insert_insert_move", "G[23]", []edit{
		{"insert.go", "for {\n\t\tw := t.word(b, i)", "for {\n\t\tother := !t.holds(b, i, ins.key, ins.hash)\n\t\tw := t.word(b, i)"},
		{"insert.go", "case !t.holds(b, i, ins.key, ins.hash): // key loaded after w", "case other:"}}},
	{"copy revives a dead key", "insert_and_remove|two_movers", "G[36]", []edit{{
		"insert.go", "case ins.policy == transfer:", "case ins.policy == transfer && !dead(w):"}}},
	{"SEALED taken for MOVED", "zero_key_behind", "G3", []edit{{
		"lookup_word.go", "case w == layout.Moved:", "case w == layout.Moved || w == layout.Sealed:"}, {
		"lookup_word.go", "case !published(w) || t.keyBits(b, i) != key:", "case !published(w) && w != layout.Sealed || t.keyBits(b, i) != key:"}}},
	{"small value not checked again", "remove_and_revive|revive_at_rest", "G3", []edit{{
		"slot.go", "return w2 == w || w2^w == layout.Lock && t.smallValues()", "return w2 == w || t.smallValues()"}}},
	{"small value not compared", "update_against_revive|compare|update_update", "G3", []edit{
		{"../internal/arch/layout/word.go", "return (seen+Version)&^", "return seen&^"},
		{slotGeneric, "if w.Expect != nil {", "if false {"}}},
	{"wide value with versions that wrap", "update_update|remove_and_revive|revive_at_rest", "G1", []edit{{
		"../internal/arch/layout/word.go", "return (seen+Version)&^", "return seen&^"}}},
	{"writer passes FROZEN", "insert_insert_move|two_movers|update_update", "G3", []edit{{
		"insert.go", "t.copySlot(b, i)\n\t\t\treturn closed", "return closed"}}},
	{"mover skips locked slots", "insert_insert_move|insert_and_remove", "G[23]", []edit{{
		"move.go", "case inside(w):\n\t\t\twait.Wait()", "case inside(w):\n\t\t\twait.Wait()\n\t\t\treturn"}}},
	{"root goes on early", "readers_of_moved|two_movers|grow", "G3", []edit{{
		"move.go", "for n := j * blockBuckets; n < end; n++ {\n\t\tt.moveBucket(t.bucket(n))\n\t}\n\tt.checkMoved(j)",
		"defer func() {\n\t\tfor n := j * blockBuckets; n < end; n++ {\n\t\t\tt.moveBucket(t.bucket(n))\n\t\t}\n\t}()\n\tt.allMoved()"}}},
	{"MOVED before the copy", "readers_of_moved|insert_insert_move", "G3", []edit{{
		"move.go", "for u := t.loadNext(); !ins.place(u); u = u.loadNext() {",
		"t.casWord(b, i, t.word(b, i), layout.Moved)\n\tfor u := t.loadNext(); !ins.place(u); u = u.loadNext() {"}}},
	{"range of the root only", "range$|range_and_removal", "G3", []edit{{
		"iter.go", "chain = append(chain, t)", "chain = append(chain, t)\n\t\tbreak"}}},
	{"count after the publish", "count$", "G6", []edit{
		{slotGeneric, "if c.Count != nil {\n", "if false {\n"},
		{slotGeneric, "\treturn used\n", "\tif c.Count != nil {\n\t\tAdd64(c.Count, 1)\n\t}\n\treturn used\n"}}},
	{"DEAD to MOVED without CAS", "remove_and_revive|nested_growth,_revive", "G3", []edit{{
		"move.go", "if t.casWord(b, i, w, layout.Moved) {", "if w = layout.Moved; t.geo.WordBytes == 4 {\n\t\t\t\tarch.Store32(t.wordAt(b, i), uint32(w))\n\t\t\t\treturn\n\t\t\t} else {\n\t\t\t\tarch.Store64(t.wordAt(b, i), w)"}}},
	{"wide value read under the lock", "insert_insert$|remove_and_revive|revive_at_rest", "G1", []edit{{
		"lookup.go", "case inside(w) && !t.smallValues():", "case false:"}}},
	{"writer goes on with its path not moved", "insert_insert_move|two_keys_of_one_slot_move|update", "G[23]", []edit{{
		"insert.go", "m.help(t, ins.hash)\n", ""}}},
	{"reader that went round stops", "full_table", "G3", []edit{{
		"lookup_word.go", "found = later\n\t\t\tn = t.after(n)", "found = absent\n\t\t\tn = t.after(n)"}}},
	{"root set without CAS", "clear_and_move|clear_insert", "G3", []edit{{
		"move.go", "m.casRoot(t, nx)", "arch.Step()\n\t\tm.root.Store(nx)"}}},
	{"copier passes CLAIMED", "insert_insert_move|nested|two_movers", "G[23]", []edit{{
		"insert.go", "case w == layout.Claimed: // may be the same key",
		"case w == layout.Claimed && ins.policy == transfer:\n\t\t\treturn otherKey\n\t\tcase w == layout.Claimed:"}}},
	{"zero key taken for found in an EMPTY slot", "zero_key$|zero_key_stored", "G[123]", []edit{{
		"ops.go", "if restful[K](w) && b.key(i) == k {", "if restful[K](w) {"}}},
	{"reader waits for a small value", "insert_insert$|remove_and_revive", "G4", []edit{{
		"lookup.go", "case inside(w) && !t.smallValues():", "case inside(w):"}}},
}

// TestMutants breaks the rules of the protocol one by one. Each time TestExplore, which passes
// with the shipped code (see TestExplorer), must fail and say why.
func TestMutants(t *testing.T) {
	tool := gotool.Explorer(t)
	tests := mutants
	if testing.Short() || raceBuild {
		tests = tests[:3]
	}
	parallel(len(tests), func(i int) {
		t.Run(tests[i].name, func(t *testing.T) { tests[i].mustBeCaught(t, tool) })
	})
}

func (m *mutant) mustBeCaught(t *testing.T, tool string) {
	var edits []gotool.Edit
	for _, e := range m.edits {
		edits = append(edits, gotool.Edit(e))
	}
	overlay, err := gotool.Overlay(t.TempDir(), explorerFiles, edits)
	if err != nil {
		t.Fatal(err)
	}
	out, failed := child(t, tool, "test", "-vet=off", "-count=1", "-failfast", "-tags=seqsched", "-overlay="+overlay,
		"-run=^TestExplore$/^("+m.scenarios+")", ".")
	if !failed {
		t.Fatalf("not caught by %s:\n%s", m.scenarios, out)
	}
	found := regexp.MustCompile(`(?m)^\s*(` + m.guarantee + `: .*)$`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("not caught by %s:\n%s", m.guarantee, out)
	}
	t.Log(found[1])
}
