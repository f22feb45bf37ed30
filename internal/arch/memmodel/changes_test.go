package memmodel

import (
	"maps"
	"os"
	"strings"
	"testing"
)

// A goChange is a part of a Go file and what to put there.
type goChange struct{ file, from, to string }

// changedBy returns the code with the file changed.
func (s *Source) changedBy(t *testing.T, c goChange) *Source {
	t.Helper()
	text, err := os.ReadFile(c.file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), c.from); n != 1 {
		t.Fatalf("%s has %d times %s", c.file, n, c.from)
	}
	d := s.derived()
	d.funcs, d.consts, d.fields, d.vars = maps.Clone(s.funcs), maps.Clone(s.consts), maps.Clone(s.fields), maps.Clone(s.vars)
	if err := d.readText(c.file, strings.Replace(string(text), c.from, c.to, 1)); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestGoChanges leaves out looks at a slot, a cell or the count, or makes them too late. Some check
// must complain.
func TestGoChanges(t *testing.T) {
	const (
		clears  = `if arch.CAS64(p, seen, layout.Next(seen, layout.Empty)) {`
		counted = "a.addCount(1) // before the cell can be seen, so that the count is never too low\n\t\t\tcounted = true\n\t\t}\n" +
			"\t\tif cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), &v) {"
		late = "}\n\t\tif cell.CommitFrom(p, seen, layout.Next(seen, layout.Live), &v) {\n\t\t\tif !wasLive {\n\t\t\t\ta.addCount(1)\n\t\t\t}\n"
	)
	array := func(w *world, f form) string { return arrayComplaint(w, f, 1) }
	for _, m := range []struct {
		routine   string
		complaint func(w *world, f form) string
		change    goChange
	}{
		{"mapGetLine", (*world).complaint, goChange{opsFile, `restful[K](w) && b.key(i) == k`, `restful[K](w)`}},
		{"mapGetLine", (*world).complaint, goChange{opsFile, `restful[K](w) && b.key(i) == k`, `b.key(i) == k`}},
		{"mapGetLine", (*world).complaint, goChange{opsFile, `if b.ends(h) {`, `if true {`}},
		{"cellLoad", (*world).complaint, goChange{loadFile, `case word&layout.Lock == 0: // R1`, `case true:`}},
		{"cellLoad", (*world).complaint, goChange{loadFile, `if cell.Word(p) == word {`, `if true {`}},
		{"commitCell", array, goChange{growFile, `if n <= capacity {`, `if old != nil {`}},
		{"commitCell", array, goChange{growFile, `segments, old.segments...)`, `segments, old.segments[0])`}},
		{"commitCell", array, goChange{arrayFile, `if wasLive && onlyUnset {`, `if false {`}},
		{"commitCell", array, goChange{arrayFile, `if counted { //`, `if false { //`}},
		{"commitCell", array, goChange{arrayFile, clears, "a.addCount(-1)\n" + clears + "a.addCount(1)\n"}},
		{"commitCell", array, goChange{arrayFile, counted, late}},
	} {
		t.Run(m.routine+" "+m.change.to, func(t *testing.T) {
			t.Parallel()
			f := goForm(t, m.routine, Exclusive)
			w := newWorld(t, f)
			w.src, f.src = w.src.changedBy(t, m.change), f.src.changedBy(t, m.change)
			if m.complaint(w, f) == "" {
				t.Error("nobody minds")
			}
		})
	}
}
