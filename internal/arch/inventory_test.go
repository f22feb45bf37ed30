package arch_test

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rows returns the cells of the lines of Markdown tables that have as many of them and begin
// with something in backquotes, which are taken away.
func rows(text string, cells int) (rows [][]string) {
	for _, line := range strings.Split(text, "\n") {
		row, table := strings.CutPrefix(line, "| `")
		if !table {
			continue
		}
		parts := strings.Split(strings.TrimSuffix(row, " |"), " | ")
		for i := range parts {
			parts[i] = strings.Trim(parts[i], "` ")
		}
		if len(parts) == cells {
			rows = append(rows, parts)
		}
	}
	return rows
}

// read returns the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(rootPath, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// compareLists returns what is wrong with a list of reasons by name: a name that is missing or
// stands for nothing, listed twice or without a reason.
func compareLists(listed [][]string, found map[string]bool) (wrong []string) {
	reasons := map[string]bool{}
	for _, row := range listed {
		name, reason := row[0], row[len(row)-1]
		if reasons[name] {
			wrong = append(wrong, name+" is listed twice")
		}
		reasons[name] = true
		if reason == "" {
			wrong = append(wrong, name+" is listed without a reason")
		}
		if !found[name] {
			wrong = append(wrong, name+" is listed for nothing")
		}
	}
	for name := range found {
		if !reasons[name] {
			wrong = append(wrong, name+" is not listed")
		}
	}
	slices.Sort(wrong)
	return wrong
}

// TestUnsafeInventory compares UNSAFE.md with the files that import unsafe.
func TestUnsafeInventory(t *testing.T) {
	found := map[string]bool{}
	for _, m := range trees {
		sources(t, m.dir, false, func(file string, f *ast.File) {
			paths := importsOf(f)
			if slices.Contains(paths, "unsafe") {
				found[file] = true
			}
			if slices.Contains(paths, "C") {
				t.Errorf("%s uses cgo", file)
			}
			for _, group := range f.Comments {
				for _, c := range group.List {
					if strings.HasPrefix(c.Text, "//go:linkname") {
						t.Errorf("%s: %s", file, c.Text)
					}
				}
			}
		})
	}
	for _, wrong := range compareLists(rows(read(t, "UNSAFE.md"), 2), found) {
		t.Errorf("UNSAFE.md: %s", wrong)
	}
}

// requirement matches a line of a go.mod that requires a module from elsewhere.
var requirement = regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+) (v\S+)`)

// TestDependencyInventory compares the tables in SECURITY.md, in their order, with go.mod of
// the root module, of bench and of asm/gen. Versions in go.mod are exact, so all is pinned.
func TestDependencyInventory(t *testing.T) {
	_, text, ok := strings.Cut(read(t, "SECURITY.md"), "\n## Dependencies\n")
	if !ok {
		t.Fatal("SECURITY.md has no section on dependencies")
	}
	tables := strings.Split(text, "|---|---|---|\n")[1:]
	modules := []string{"go.mod", "bench/go.mod", "asm/gen/go.mod"}
	if len(tables) != len(modules) {
		t.Fatalf("%d tables for %d modules", len(tables), len(modules))
	}
	for i, name := range modules {
		required := map[string]bool{}
		mod := read(t, name)
		for _, m := range requirement.FindAllStringSubmatch(mod, -1) {
			if !strings.HasPrefix(m[1]+"/", module) {
				required[m[1]+" "+m[2]] = true
			}
		}
		if len(required) == 0 || strings.Contains(mod, "toolchain") {
			t.Errorf("%s requires nothing, or a toolchain", name)
		}
		var listed [][]string
		for _, row := range rows(tables[i], 3) {
			listed = append(listed, []string{row[0] + " " + row[1], row[2]})
		}
		for _, wrong := range compareLists(listed, required) {
			t.Errorf("SECURITY.md, table %d, against %s: %s", i+1, name, wrong)
		}
		checkSums(t, filepath.Join(filepath.Dir(name), "go.sum"), required)
	}
}

// checkSums fails the test unless go.sum pins the contents of every module that is required.
func checkSums(t *testing.T, name string, required map[string]bool) {
	t.Helper()
	sums := "\n" + read(t, name)
	for module := range required {
		if !strings.Contains(sums, "\n"+module+" h1:") {
			t.Errorf("%s has no checksum of %s", name, module)
		}
	}
}

// TestInventoriesFind checks that the comparison sees each kind of difference.
func TestInventoriesFind(t *testing.T) {
	listed := rows("| file | why |\n|---|---|\n| `a.go` | because |\n| `b.go` |  |\n| `a.go` | again |\n| `c.go` | once |\ntext | `d.go` | x |", 2)
	found := map[string]bool{"a.go": true, "b.go": true, "e.go": true}
	want := []string{"a.go is listed twice", "b.go is listed without a reason", "c.go is listed for nothing", "e.go is not listed"}
	if got := compareLists(listed, found); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	got := map[string]string{}
	for _, m := range requirement.FindAllStringSubmatch("module x.y/z\n\ngo 1.24.0\n\nrequire a.b/c v1.0.0\nrequire (\n\td.e/f v1.2.3 // indirect\n)\nreplace x.y => ..\n", -1) {
		got[m[1]] = m[2]
	}
	if want := map[string]string{"a.b/c": "v1.0.0", "d.e/f": "v1.2.3"}; !maps.Equal(got, want) {
		t.Error(fmt.Sprint(got), "want", want)
	}
}
