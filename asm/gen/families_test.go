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
	"slices"
	"strings"
	"testing"
)

// ofAllFamilies are the benchmarks that are not about what kernels gain.
var ofAllFamilies = []string{"BenchmarkLongestCall"}

// TestFamiliesNameTheirBenchmarks checks that each function that builds a family says by which
// benchmarks one can see what its kernels gain, that there are all of these, and that the families
// of each GOARCH together name every benchmark that there is.
func TestFamiliesNameTheirBenchmarks(t *testing.T) {
	names := regexp.MustCompile(`\bBenchmark\w+`)
	there := functions(t, filepath.Join(committed, "*_test.go"))
	named := map[string]bool{} // by GOARCH and name
	for _, u := range units {
		// The name is that of a package of this module, and that of a function in it.
		full := runtime.FuncForPC(reflect.ValueOf(u.build).Pointer()).Name()
		pkg, function, _ := strings.Cut(path.Base(full), ".")
		f, known := functions(t, filepath.Join(pkg, "*.go"))[function]
		if !known {
			t.Fatalf("%s is not in %s", full, pkg)
		}
		benchmarks := names.FindAllString(f.Doc.Text(), -1)
		if len(benchmarks) == 0 {
			t.Errorf("%s names no benchmark", full)
		}
		for _, b := range benchmarks {
			named[u.goarch+b] = true
			if there[b] == nil {
				t.Errorf("%s names %s, which does not exist", full, b)
			}
		}
	}
	for b := range there {
		for goarch := range compilers {
			if names.MatchString(b) && !named[goarch+b] && !slices.Contains(ofAllFamilies, b) {
				t.Errorf("no family for %s names %s", goarch, b)
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
