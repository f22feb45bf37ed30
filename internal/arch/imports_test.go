package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module   = "github.com/seqmap/seqmap-go/"
	rootPath = "../.."
)

// A tree is one of the modules in the repository, and how its packages may import each other.
type tree struct {
	dir string // in the repository; empty for the root module
	// layers orders the packages: each may import those above it only. Packages of one layer
	// do not import each other.
	layers [][]string
	// uses are the packages of the root module that a nested one may import.
	uses []string
}

var trees = []tree{
	{layers: [][]string{
		{"internal/arch/layout"},
		{"internal/arch"},
		{"internal/arch/cell", "internal/arch/plain", "internal/arch/slab", "internal/arch/sched", "internal/arch/progress", "internal/arch/memmodel", "internal/arch/gotool", "internal/arch/testutil"},
		{"internal/arch/record"},
		{"seqcore"},
		{"seqarray", "seqvec", "seqmap"},
		{"asm"}, // imports nothing, and nothing imports it
	}},
	{dir: "asm/gen", uses: []string{"internal/arch/layout"}, layers: [][]string{
		{"asm/gen/sig", "asm/gen/a64"},
		{"asm/gen/x86", "asm/gen/arm"},
		{"asm/gen"},
	}},
	// What is measured and tortured is what users can import.
	{dir: "bench", uses: []string{"seqcore", "seqarray", "seqvec", "seqmap"}, layers: [][]string{
		{"bench/data", "bench/input", "bench/meter", "bench/internal/quick"},
		{"bench/fasta", "bench/words", "bench/rivals", "bench/torture"},
		{"bench/kmer", "bench/paired", "bench/outcome"},
		{"bench/paths"},
		{"bench/insncount", "bench/insncount/guest"},
		{"bench/count"},
		{"bench/seqbench"},
		{"bench"},
	}},
}

// nested says whether a directory is the root of a nested module.
func nested(dir string) bool {
	return slices.ContainsFunc(trees, func(m tree) bool { return m.dir != "" && m.dir == dir })
}

// sources calls f with each Go file, tests included or not, below a directory of the
// repository. Nested modules below it, testdata and hidden directories are left out.
func sources(t *testing.T, dir string, tests bool, f func(file string, syntax *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(rootPath, dir), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(rootPath, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			base := d.Name()
			if rel != dir && nested(rel) || base == "testdata" || base[0] == '.' && strings.Trim(base, ".") != "" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || !tests && strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		f(rel, syntax)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// importsOf returns the paths that a file imports.
func importsOf(f *ast.File) (paths []string) {
	for _, im := range f.Imports {
		p, _ := strconv.Unquote(im.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

func TestImportsRunOneWay(t *testing.T) {
	for _, m := range trees {
		m.check(t)
	}
}

// check fails the test for each import against the layers, and each package that is not in
// them or not there.
func (m *tree) check(t *testing.T) {
	level := map[string]int{}
	for i, l := range m.layers {
		for _, p := range l {
			level[p] = i
		}
	}
	seen := map[string]bool{}
	sources(t, m.dir, false, func(file string, f *ast.File) {
		pkg := path.Dir(file)
		mine, ok := level[pkg]
		if !ok {
			t.Errorf("package %s has no layer: add it to the table", pkg)
			return
		}
		seen[pkg] = true
		for _, p := range importsOf(f) {
			dep, local := strings.CutPrefix(p, module)
			if theirs, ok := level[dep]; local && !slices.Contains(m.uses, dep) && (!ok || theirs >= mine) {
				t.Errorf("%s imports %s, which is not below it", file, dep)
			}
			if pkg == "internal/arch/layout" && (local || strings.Contains(p, ".")) {
				t.Errorf("%s imports %s, but layout imports nothing of ours or others'", file, p)
			}
		}
	})
	for p := range level {
		if !seen[p] {
			t.Errorf("package %s of the table was not found", p)
		}
	}
}
