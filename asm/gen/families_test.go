package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestFamiliesNameTheirBenchmarks checks that each function that builds a family says by which
// benchmarks one can see what its kernels gain, and that there are such benchmarks.
func TestFamiliesNameTheirBenchmarks(t *testing.T) {
	names := regexp.MustCompile(`\bBenchmark\w+`)
	there := functions(t, filepath.Join(committed, "*_test.go"))
	for _, u := range units {
		// The name is that of a package of this module, and that of a function in it.
		full := runtime.FuncForPC(reflect.ValueOf(u.build).Pointer()).Name()
		pkg, function, _ := strings.Cut(path.Base(full), ".")
		f, known := functions(t, filepath.Join(pkg, "*.go"))[function]
		if !known {
			t.Fatalf("%s is not in %s", full, pkg)
		}
		named := names.FindAllString(f.Doc.Text(), -1)
		if len(named) == 0 {
			t.Errorf("%s names no benchmark", full)
		}
		for _, b := range named {
			if there[b] == nil {
				t.Errorf("%s names %s, which does not exist", full, b)
			}
		}
	}
}

// functions returns the functions, without methods, of the Go files that match.
func functions(t *testing.T, pattern string) map[string]*ast.FuncDecl {
	t.Helper()
	all := map[string]*ast.FuncDecl{}
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				all[d.Name.Name] = d
			}
		}
	}
	return all
}
