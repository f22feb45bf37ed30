package memmodel

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The checks of the movers, which are Go code of package seqmap. As shipped, they claim the slot
// in the next table by a kernel, and meet kernels that write.

// migration is a table of one bucket, of which slot 0 has a key, and its next table, which is
// empty.
type migration struct {
	w        *world
	p        *Program
	from, to *testTable
}

const oldValue = 3

func newMigration(w *world, m Model, sh shape) migration {
	p := New(m)
	g := migration{w, p, nil, newTable(p, "to", sh, 1, nil)}
	g.from = newTable(p, "from", sh, 1, map[[2]int]slotEntry{{0, 0}: {liveV1, slotKey, oldValue}})
	p.locs[p.byAddr[g.from.next]].init = 1 // the first of the tables that follow
	return g
}

func (g migration) object() *Object { return g.from.object(g.to.object()) }

// mover adds a thread that moves the bucket, or only its first slot. claims says how it claims.
func (g migration) mover(whole bool, claims form) {
	src := g.w.claimsBy(claims)
	g.p.Thread("mover", func(c *CPU) {
		if whole {
			src.On(c).Call("seqmap.table.moveBucket", nil, g.object(), g.from.bucket(0))
		} else {
			src.On(c).Call("seqmap.table.moveSlot", nil, g.object(), g.from.bucket(0), uint64(0))
		}
	})
}

// claimsBy returns Go code that claims slots by the form.
func (w *world) claimsBy(claims form) *Source {
	src := sourceOf(w.t, w.src.Atomics)
	src.Weaken = w.src.Weaken
	if claims.code != nil {
		src.Replace["arch.ClaimSlot"] = func(cpu *GoCPU, args []any) []any {
			return []any{num{claims.call(cpu.CPU, args...)[0].Bits, 8}}
		}
	}
	return src
}

// get looks the key up from the first table on.
func (g migration) get(c *CPU) {
	src := g.w.src.On(c)
	if g.from.geo.IsWord() {
		out := src.Call("seqmap.table.searchWord", nil, g.object(), uint64(slotKey), uint64(0))
		c.Result("d0", value(out[0]))
		c.Result("ok", value(out[1]))
		return
	}
	dst := c.Alloc(uint64(g.from.geo.ValueBytes))
	out := src.Call("seqmap.table.get", nil, g.object(), buffer(c, g.from.claim(0, 0, slotKey, 0).key), uint64(0), dst)
	c.Result("ok", value(out[0]))
	g.from.recordValue(c, dst)
}

// moveChecks are about a mover; the form is what it claims by.
var moveChecks = []check{
	{"a reader finds the key throughout", func(w *world, f form) string {
		return first(readMoved(w, f, oneWord), readMoved(w, f, twoWords))
	}},
	{"a store is not lost", func(w *world, f form) string {
		return first(storeMoved(w, f, oneWord), storeMoved(w, f, twoWords))
	}},
	{"two movers make one copy", func(w *world, f form) string {
		return first(moveTwice(w, f, oneWord))
	}},
}

func readMoved(w *world, f form, sh shape) string {
	g := newMigration(w, f.model, sh)
	g.mover(true, f)
	g.p.Thread("reader", g.get)
	bad := func(s *State) bool {
		x, whole := g.from.readValue(s, 1, "")
		return s.Result(1, "ok") != 1 || x != oldValue || !whole
	}
	return judge(g.p, bad, func(s *State) bool { return !bad(s) && s.Final(g.from.slot(0, 0).word) == layout.Moved })
}

func storeMoved(w *world, f form, sh shape) string {
	g := newMigration(w, f.model, sh)
	g.mover(false, f)
	writer := w.others("writeSlot", f)[0]
	g.p.Thread("writer", func(c *CPU) {
		c.Result("ok", writer.writeSlot(c, g.from.slot(0, 0), liveV1, writeOp{value: g.from.valueWords(7), count: g.from.count}))
	})
	bad := func(s *State) bool {
		want := map[uint64]uint64{0: oldValue, 1: 7}[s.Result(1, "ok")]
		x, whole := g.to.finalValue(s, 0)
		return x != want || !whole || s.Final(g.to.slot(0, 0).word) != liveV1 || s.Final(g.from.slot(0, 0).word) != layout.Moved
	}
	return judge(g.p, bad, func(s *State) bool { return s.Result(1, "ok") == 1 })
}

func moveTwice(w *world, f form, sh shape) string {
	g := newMigration(w, f.model, sh)
	g.mover(false, f)
	g.mover(false, f)
	bad := func(s *State) bool {
		x, whole := g.to.finalValue(s, 0)
		return x != oldValue || !whole || s.Final(g.to.slot(0, 0).word) != liveV1 || s.Final(g.to.slot(0, 1).word) != layout.Empty ||
			s.Final(g.from.slot(0, 0).word) != layout.Moved
	}
	return judge(g.p, bad, func(s *State) bool { return !bad(s) })
}

// TestMove runs the checks of movers with every form of claimSlot.
func TestMove(t *testing.T) {
	for _, f := range append(kernelForms(t, "claimSlot"), goForms(t, "claimSlot")...) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, f)
			for _, c := range moveChecks {
				if complaint := c.run(w, f); complaint != "" {
					t.Errorf("%s: %s", c.name, complaint)
				}
			}
		})
	}
}

// linesOf returns the lines, as dir/file.go:line, of a file that match the pattern, each with orders to
// lose.
func linesOf(t *testing.T, file, pattern string, loses Order) map[string]Order {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	re, out := regexp.MustCompile(pattern), map[string]Order{}
	for i, line := range strings.Split(string(text), "\n") {
		if re.MatchString(line) {
			out[fmt.Sprintf("%s:%d", filepath.Clean(file), i+1)] = loses
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no %s", file, pattern)
	}
	return out
}

// TestGoMutants makes atomic accesses of the Go code plain ones, as the architecture and not the
// compiler understands that. Some check must complain.
func TestGoMutants(t *testing.T) {
	for _, m := range []struct{ routine, file, pattern string }{
		{"storeCell", "../cell_generic.go", `Store64\(unsafe\.Add\(p, i\*8\)`}, // W3
		{"storeCell", "../cell_generic.go", `// W4`},
		{"storeCell", "../cell/cell.go", `return arch\.Load64\(p\)`},       // R1, R4
		{"storeCell", "../cell/copy.go", `= arch\.Load64\(unsafe\.Add\(p`}, // R2
		{"writeSlot", "../packed.go", `Store(32|64)\(`},                    // W3
		{"claimSlot", "../../../seqmap/slot.go", `arch\.Load(32|64)\(t\.wordAt`},
		{"loadCell", "../cell_generic.go", `// R1`},
		{"loadCell", "../word.go", `= Load64\(src\)`}, // R2
		{"getBatchLine", "../probe_generic.go", `// R1`},
		{"getBatchLine", "../probe_generic.go", `// R2`},
		{"getBatchWord", "../table.go", `return .*Load(32|64)\(word`},  // R1, R4
		{"getBatchWord", "../packed.go", `= Load64\(unsafe\.Add\(src`}, // R2
		{"swapWord", "../table.go", `return .*Load(32|64)\(word`},      // R1
	} {
		t.Run(m.routine+" "+m.pattern, func(t *testing.T) {
			t.Parallel()
			weaken := linesOf(t, m.file, m.pattern, AcqRel)
			for _, f := range goForms(t, m.routine) {
				if !strings.HasSuffix(f.name, ".LLSC") {
					continue // amd64 keeps the edges in any case, CASAL many of them
				}
				w := newWorld(t, f)
				f.src.Weaken, w.src.Weaken = weaken, weaken
				if w.complaint(f) == "" {
					t.Errorf("%s: nobody minds", f.name)
				}
			}
		})
	}
}
