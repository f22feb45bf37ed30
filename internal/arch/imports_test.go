package arch_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/seqmap/seqmap-go/"

// layers orders the packages of the module: each may import those above it only. Packages
// of one layer do not import each other.
var layers = [][]string{
	{"internal/arch/layout"},
	{"internal/arch"},
	{"internal/arch/cell", "internal/arch/plain", "internal/arch/slab", "internal/arch/sched"},
	{"internal/arch/record"},
	{"seqcore"},
	{"seqarray", "seqvec", "seqmap"},
	{"asm"}, // imports nothing, and nothing imports it
}

func TestImportsRunOneWay(t *testing.T) {
	level := map[string]int{}
	for i, l := range layers {
		for _, p := range l {
			level[p] = i
		}
	}
	seen := map[string]bool{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "bench" || name == "gen" || name == "testdata" || strings.HasPrefix(name, ".") && len(name) > 2) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(filepath.Join("..", ".."), filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		mine, ok := level[pkg]
		if !ok {
			t.Errorf("package %s has no layer: add it to the table", pkg)
			return nil
		}
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, im := range f.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			dep, local := strings.CutPrefix(p, module)
			if theirs, ok := level[dep]; local && (!ok || theirs >= mine) {
				t.Errorf("%s imports %s, which is not below it", path, dep)
			}
			if local && mine == 0 || mine == 0 && strings.Contains(p, ".") {
				t.Errorf("%s imports %s, but layout imports nothing of ours or others'", path, p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range level {
		if !seen[p] {
			t.Errorf("package %s of the table was not found", p)
		}
	}
}
