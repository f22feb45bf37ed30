package testutil

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// EveryExportHasAnExample fails the test unless example_test.go, of the package in whose directory the
// test runs, has an example of each exported symbol but fields: one of its own, or one that uses
// it by name. It must find the symbols among, a method as T.M, which shows that it looks.
func EveryExportHasAnExample(t *testing.T, among ...string) {
	t.Helper()
	exports, shown := exportsAndExamples(t)
	for _, symbol := range among {
		if !slices.Contains(exports, symbol) {
			t.Errorf("%s is not among the exported symbols: %v", symbol, exports)
		}
	}
	for _, symbol := range exports {
		own := "Example" + strings.ReplaceAll(symbol, ".", "_")
		if !shown[own] && !shown[symbol] {
			t.Errorf("%s has no example", symbol)
		}
	}
}

// exportsAndExamples returns the exported symbols of the package in the working directory, and the
// set of the examples' names and of the symbols that they use with the package's name.
func exportsAndExamples(t *testing.T) (exports []string, shown map[string]bool) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	shown = make(map[string]bool)
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		switch {
		case err != nil:
			t.Fatal(err)
		case name == "example_test.go":
			collectExamples(f, shown)
		case !strings.HasSuffix(name, "_test.go"):
			exports = append(exports, exportsOf(f)...)
		}
	}
	return exports, shown
}

func collectExamples(file *ast.File, shown map[string]bool) {
	pkg := strings.TrimSuffix(file.Name.Name, "_test")
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Example") {
			continue
		}
		shown[f.Name.Name] = true
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == pkg {
					shown[s.Sel.Name] = true
				}
			}
			return true
		})
	}
}

func exportsOf(f *ast.File) (exports []string) {
	add := func(id *ast.Ident, receiver string) {
		if id.IsExported() {
			exports = append(exports, receiver+id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name, "")
			} else if r := receiverOf(d); ast.IsExported(r) {
				add(d.Name, r+".")
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name, "")
				case *ast.ValueSpec:
					for _, id := range s.Names {
						add(id, "")
					}
				}
			}
		}
	}
	return exports
}

// receiverOf returns the name of the type that the method d belongs to.
func receiverOf(d *ast.FuncDecl) (name string) {
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return name
}
