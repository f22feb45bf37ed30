package memmodel

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Source is Go code to be run by a CPU: functions, methods and constants of some packages.
type Source struct {
	funcs  map[string]*goFunc  // by package.name or package.type.name
	consts map[string]*goConst // by package.name
	fields map[string][]string // of structs, by package.name
	vars   map[string]*Object  // variables of packages, of which only the name counts
	fset   *token.FileSet
	values map[*goConst]any // of the constants that have been asked for

	// Replace has functions to be called in place of those of the source, by the names above.
	Replace map[string]func(g *GoCPU, args []any) []any
	// Methods is Replace for methods, which are given their receiver only.
	Methods map[string]func(g *GoCPU, recv any) []any
	// Atomics is what the operations of sync/atomic become.
	Atomics Atomics
	// Weaken has lines, as dir/file.go:line, with the orders that the atomic operations lose that are
	// made by calls there, or by what is called there.
	Weaken map[string]Order
}

// Atomics says how an architecture's Go compiler implements sync/atomic.
type Atomics uint8

const (
	Locked    Atomics = iota // amd64: loads by MOV, stores by XCHG, the rest with LOCK
	OneInstr                 // arm64 with LSE: LDAR, STLR, CASAL and their like
	Exclusive                // arm64 without: LDAR, STLR, LDAXR with STLXR
)

type goFunc struct {
	pkg  string
	decl *ast.FuncDecl
}

type goConst struct {
	pkg  string
	expr ast.Expr
	iota int
}

// ReadSource reads the packages in the given directories, as they are built for a GOARCH with
// words of 64 bits and without assembly.
func ReadSource(dirs ...string) (*Source, error) {
	s := (&Source{funcs: map[string]*goFunc{}, consts: map[string]*goConst{}, fields: map[string][]string{}, vars: map[string]*Object{}, fset: token.NewFileSet()}).Clone()
	target := build.Context{GOOS: "linux", GOARCH: "riscv64", Compiler: "gc"}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err == nil && len(files) == 0 {
			err = fmt.Errorf("%s: no Go files", dir)
		}
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			ok, err := target.MatchFile(dir, filepath.Base(file))
			if err == nil && ok {
				err = s.readFile(file)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// Clone returns the same code with nothing replaced or weakened. Several clones can be used at
// the same time, but not one of them.
func (s *Source) Clone() *Source {
	return &Source{
		funcs:   s.funcs,
		consts:  s.consts,
		fields:  s.fields,
		vars:    s.vars,
		fset:    s.fset,
		values:  map[*goConst]any{},
		Replace: map[string]func(*GoCPU, []any) []any{},
		Methods: map[string]func(*GoCPU, any) []any{},
		Atomics: s.Atomics,
	}
}

// SetConst gives a constant, by package.name, another value.
func (s *Source) SetConst(name string, x uint64) { s.values[s.consts[name]] = num{x, 0} }

func (s *Source) readFile(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return s.readText(file, string(text))
}

func (s *Source) readText(file, text string) error {
	f, err := parser.ParseFile(s.fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	pkg := f.Name.Name
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := pkg + "." + d.Name.Name
			if d.Recv != nil {
				name = pkg + "." + typeName(d.Recv.List[0].Type) + "." + d.Name.Name
			}
			s.funcs[name] = &goFunc{pkg, d}
		case *ast.GenDecl:
			switch d.Tok {
			case token.CONST:
				s.readConsts(pkg, d)
			case token.TYPE:
				s.readStructs(pkg, d)
			case token.VAR:
				s.readVars(pkg, d)
			}
		}
	}
	return nil
}

func (s *Source) readConsts(pkg string, d *ast.GenDecl) {
	var last []ast.Expr
	for n, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		if v.Values != nil {
			last = v.Values
		}
		for i, name := range v.Names {
			s.consts[pkg+"."+name.Name] = &goConst{pkg: pkg, expr: last[i], iota: n}
		}
	}
}

func (s *Source) readVars(pkg string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		for _, name := range spec.(*ast.ValueSpec).Names {
			s.vars[pkg+"."+name.Name] = &Object{Type: pkg + "." + name.Name}
		}
	}
}

// readStructs reads the names of the fields of structs, for literals that leave them out.
func (s *Source) readStructs(pkg string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		t := spec.(*ast.TypeSpec)
		st, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		names := []string{}
		for _, f := range st.Fields.List {
			if f.Names == nil {
				names = append(names, typeName(f.Type))
			}
			for _, name := range f.Names {
				names = append(names, name.Name)
			}
		}
		s.fields[pkg+"."+t.Name.Name] = names
	}
}

// typeName returns the name of a type without pointer and type parameters.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// qualified returns package.type for a type that is named in a package.
func qualified(pkg string, e ast.Expr) string {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		return typeName(sel.X) + "." + sel.Sel.Name
	}
	return pkg + "." + typeName(e)
}

// GoCPU runs functions of a source on a CPU. No value depends on a read, because Go promises
// no order on account of that.
//
// A loop without a condition tries until it succeeds, and must do so at once: a run with a round
// that stored nothing, and yet needs another, is dropped. There is one that does the same and only
// comes later.
type GoCPU struct {
	*CPU
	*Source
	depth int
	calls []token.Pos // that are under way, if something is weakened
}

// On returns what runs the source on the CPU.
func (s *Source) On(c *CPU) *GoCPU { return &GoCPU{CPU: c, Source: s} }

// Call calls a function, by package.name, with a size in bytes for each of its type parameters;
// or a method, by package.type.name, whose receiver is the first argument. Numbers and addresses are given and returned as uint64.
func (g *GoCPU) Call(name string, sizes []uint64, args ...any) []any {
	f := g.funcs[name]
	if f == nil {
		panic("memmodel: no function " + name)
	}
	in := make([]any, len(args))
	for i, a := range args {
		in[i] = a
		if x, ok := a.(uint64); ok {
			in[i] = num{x, 8}
		}
	}
	var recv any
	if f.decl.Recv != nil {
		recv, in = in[0], in[1:]
	}
	out := g.call(f, sizes, recv, in)
	for i, v := range out {
		if n, ok := v.(num); ok {
			out[i] = n.x
		}
	}
	return out
}

// value returns what a Go function has returned as a number.
func value(v any) Value {
	switch v := v.(type) {
	case uint64:
		return Const(v)
	case bool:
		if v {
			return Const(1)
		}
	}
	return Const(0)
}
