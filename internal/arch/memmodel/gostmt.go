package memmodel

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// The values of the Go subset are num, bool, *Object, *AtomicPointer, funcValue,
// *pointer, slice and variableMemory.

// num is an integer, an address included. size is in bytes; 0 is an untyped constant.
type num struct {
	x    uint64
	size int
}

// Object is a struct. Its type is package.type.
type Object struct {
	Type     string
	Fields   map[string]any // an []any is an array
	Sizes    []uint64       // of the type arguments
	Embedded *Object        // whose fields and methods it has as well, or nil
}

// embedded returns the structs that are embedded in o: Embedded, and the fields that are named as
// their types.
func (o *Object) embedded() (os []*Object) {
	if o.Embedded != nil {
		os = append(os, o.Embedded)
	}
	for name, v := range o.Fields {
		if in, ok := v.(*Object); ok && strings.HasSuffix(in.Type, "."+name) {
			os = append(os, in)
		}
	}
	return os
}

// field returns a field of the struct, or of one that is embedded in it.
func (o *Object) field(name string) (v any, ok bool) {
	if v, ok = o.Fields[name]; ok {
		return v, true
	}
	for _, in := range o.embedded() {
		if v, ok = in.field(name); ok {
			return v, true
		}
	}
	return nil, false
}

// pointer is a typed pointer into memory, to elements of size bytes.
type pointer struct {
	addr uint64
	size int
}

// variableMemory is a variable of a type of which only the size is known.
type variableMemory struct {
	addr, size uint64
}

// slice is a slice of bytes.
type slice struct {
	addr, bytes uint64
}

type funcValue struct {
	f     *goFunc
	sizes []uint64
}

// scope is the variables of a block.
type scope struct {
	vars  []goVariable
	outer *scope
	fn    *activation
}

type goVariable struct {
	name  string
	value any
}

// activation is a call of a function.
type activation struct {
	pkg   string
	decl  *ast.FuncDecl
	sizes map[string]uint64 // of the type parameters
	named []string          // results
	out   []any
}

func (s *scope) inner() *scope { return &scope{outer: s, fn: s.fn} }

// own returns the variable if it is one of this block.
func (s *scope) own(name string) *any {
	for i := range s.vars {
		if s.vars[i].name == name {
			return &s.vars[i].value
		}
	}
	return nil
}

func (s *scope) find(name string) *any {
	for ; s != nil; s = s.outer {
		if v := s.own(name); v != nil {
			return v
		}
	}
	return nil
}

func (s *scope) declare(name string, v any) {
	if name != "_" {
		s.vars = append(s.vars, goVariable{name, v})
	}
}

// control is how a statement ended.
type control uint8

const (
	next control = iota
	broken
	continued
	returned
)

func (g *GoCPU) fail(n ast.Node, format string, args ...any) {
	panic(fmt.Sprintf("memmodel: %s: %s", g.fset.Position(n.Pos()), fmt.Sprintf(format, args...)))
}

// call runs f. recv is the receiver of a method, or nil.
func (g *GoCPU) call(f *goFunc, sizes []uint64, recv any, args []any) []any {
	if g.depth++; g.depth > 40 {
		g.fail(f.decl, "calls too deep")
	}
	defer func() { g.depth-- }()
	fn := &activation{pkg: f.pkg, decl: f.decl, sizes: map[string]uint64{}}
	s := (&scope{fn: fn}).inner()
	for i, name := range f.typeParams() {
		if o, ok := recv.(*Object); ok {
			sizes = o.Sizes
		}
		if i < len(sizes) {
			fn.sizes[name] = sizes[i]
		} else if size, ok := g.inferred(f, name, args); ok {
			fn.sizes[name] = size
		}
	}
	if f.decl.Recv != nil && len(f.decl.Recv.List[0].Names) > 0 {
		s.declare(f.decl.Recv.List[0].Names[0].Name, recv)
	}
	i := 0
	for _, field := range f.decl.Type.Params.List {
		for _, name := range field.Names {
			s.declare(name.Name, convertTo(typeName(field.Type), args[i]))
			i++
		}
	}
	if r := f.decl.Type.Results; r != nil {
		for _, field := range r.List {
			for _, name := range field.Names {
				s.declare(name.Name, g.zero(s, field.Type))
				fn.named = append(fn.named, name.Name)
			}
		}
	}
	g.block(s, f.decl.Body.List)
	return fn.out
}

func (g *GoCPU) block(s *scope, list []ast.Stmt) control {
	s = s.inner()
	for _, st := range list {
		if c := g.stmt(s, st); c != next {
			return c
		}
	}
	return next
}

func (g *GoCPU) stmt(s *scope, st ast.Stmt) control {
	g.Step()
	switch st := st.(type) {
	case *ast.BlockStmt:
		return g.block(s, st.List)
	case *ast.ExprStmt:
		g.values(s, st.X)
	case *ast.DeclStmt:
		g.declaration(s, st.Decl.(*ast.GenDecl))
	case *ast.AssignStmt:
		g.assign(s, st)
	case *ast.IncDecStmt:
		op := map[token.Token]token.Token{token.INC: token.ADD, token.DEC: token.SUB}[st.Tok]
		g.store(s, st.X, g.binary(st, op, g.expr(s, st.X), num{1, 0}))
	case *ast.IfStmt:
		return g.ifStmt(s.inner(), st)
	case *ast.ForStmt:
		return g.forStmt(s.inner(), st)
	case *ast.RangeStmt:
		return g.rangeStmt(s, st)
	case *ast.SwitchStmt:
		return g.switchStmt(s.inner(), st)
	case *ast.ReturnStmt:
		return g.returnStmt(s, st)
	case *ast.BranchStmt:
		return map[token.Token]control{token.BREAK: broken, token.CONTINUE: continued}[st.Tok]
	default:
		g.fail(st, "no meaning for %T", st)
	}
	return next
}

func (g *GoCPU) declaration(s *scope, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		for i, name := range v.Names {
			if v.Values != nil {
				s.declare(name.Name, g.expr(s, v.Values[i]))
			} else {
				s.declare(name.Name, g.zero(s, v.Type))
			}
		}
	}
}

// zero returns the zero value of a type.
func (g *GoCPU) zero(s *scope, t ast.Expr) any {
	if id, ok := t.(*ast.Ident); ok {
		if size, ok := s.fn.sizes[id.Name]; ok {
			return variableMemory{g.Alloc(size), size}
		}
		switch {
		case id.Name == "bool":
			return false
		case numberSizes[id.Name] != 0:
			return num{0, numberSizes[id.Name]}
		}
	}
	if _, ok := t.(*ast.StarExpr); ok {
		return num{0, 8}
	}
	if a, ok := t.(*ast.ArrayType); ok {
		n := g.expr(s, a.Len).(num).x
		return variableMemory{g.Alloc(8 * n), 8 * n}
	}
	if typeName(t) == "Pointer" {
		return num{0, 8}
	}
	return &Object{Type: qualified(s.fn.pkg, t), Fields: map[string]any{}}
}

func (g *GoCPU) assign(s *scope, st *ast.AssignStmt) {
	if st.Tok != token.ASSIGN && st.Tok != token.DEFINE {
		op := st.Tok - token.ADD_ASSIGN + token.ADD
		g.store(s, st.Lhs[0], g.binary(st, op, g.expr(s, st.Lhs[0]), g.expr(s, st.Rhs[0])))
		return
	}
	var vs []any
	if len(st.Rhs) == 1 {
		vs = g.values(s, st.Rhs[0])
	} else {
		for _, e := range st.Rhs {
			vs = append(vs, g.expr(s, e))
		}
	}
	for i, lhs := range st.Lhs {
		if id, ok := lhs.(*ast.Ident); ok {
			if id.Name == "_" {
				continue
			}
			if st.Tok == token.DEFINE && s.own(id.Name) == nil {
				v := vs[i]
				if n, ok := v.(num); ok && n.size == 0 {
					v = num{n.x, 8}
				}
				s.declare(id.Name, v)
				continue
			}
		}
		g.store(s, lhs, vs[i])
	}
}

// store assigns to a variable, a field or memory.
func (g *GoCPU) store(s *scope, lhs ast.Expr, v any) {
	switch e := lhs.(type) {
	case *ast.Ident:
		at := s.find(e.Name)
		if at == nil {
			g.fail(e, "no variable %s", e.Name)
		}
		if old, ok := (*at).(num); ok {
			v = convert(v, old.size)
		}
		if m, ok := (*at).(variableMemory); ok {
			g.copyMemory(m, v.(variableMemory))
			return
		}
		*at = v
	case *ast.SelectorExpr:
		g.expr(s, e.X).(*Object).Fields[e.Sel.Name] = v
	case *ast.StarExpr, *ast.IndexExpr, *ast.ParenExpr:
		if m, ok := g.variableAt(s, e); ok {
			g.copyMemory(m, v.(variableMemory))
			return
		}
		p := g.lvalue(s, lhs)
		g.CPU.Store(Const(p.addr), p.size, Const(v.(num).x), Plain)
	default:
		g.fail(lhs, "cannot assign to %T", lhs)
	}
}

func (g *GoCPU) copyMemory(to, from variableMemory) {
	for i := uint64(0); i < to.size; i += 8 {
		v, _ := g.private.load(from.addr+i, 8)
		g.private.store(to.addr+i, 8, v)
	}
}

// lvalue returns the address of *p or p[i].
func (g *GoCPU) lvalue(s *scope, e ast.Expr) *pointer {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return g.lvalue(s, e.X)
	case *ast.StarExpr:
		if p, ok := g.expr(s, e.X).(*pointer); ok {
			return p
		}
	case *ast.IndexExpr:
		i := g.expr(s, e.Index).(num).x
		switch p := g.expr(s, e.X).(type) {
		case *pointer:
			return &pointer{p.addr + i*uint64(p.size), p.size}
		case variableMemory:
			return &pointer{p.addr + 8*i, 8}
		}
	}
	g.fail(e, "no address")
	return nil
}

func (g *GoCPU) ifStmt(s *scope, st *ast.IfStmt) control {
	if st.Init != nil {
		g.stmt(s, st.Init)
	}
	switch {
	case truth(g.expr(s, st.Cond)):
		return g.block(s, st.Body.List)
	case st.Else != nil:
		return g.stmt(s, st.Else)
	}
	return next
}

func (g *GoCPU) forStmt(s *scope, st *ast.ForStmt) control {
	if st.Init != nil {
		g.stmt(s, st.Init)
	}
	for st.Cond == nil || truth(g.expr(s, st.Cond)) {
		begin := len(g.events)
		switch c := g.block(s, st.Body.List); c {
		case broken:
			return next
		case returned:
			return c
		}
		if st.Post != nil {
			g.stmt(s, st.Post)
		} else if st.Cond == nil && !g.stored(begin) {
			g.Drop()
		}
	}
	return next
}

// stored says whether the thread has stored to shared memory since its event i.
func (g *GoCPU) stored(i int) bool {
	return slices.ContainsFunc(g.events[i:], func(e event) bool { return e.kind == write })
}

// rangeStmt is a range over an integer.
func (g *GoCPU) rangeStmt(s *scope, st *ast.RangeStmt) control {
	x := g.expr(s, st.X)
	n, isNumber := x.(num)
	var list []any
	if !isNumber {
		list = x.([]any)
		n = num{uint64(len(list)), 8}
	}
	for i := range n.x {
		inner := s.inner()
		if id, ok := st.Key.(*ast.Ident); ok {
			inner.declare(id.Name, num{i, max(n.size, 4)})
		}
		if id, ok := st.Value.(*ast.Ident); ok {
			inner.declare(id.Name, list[i])
		}
		switch c := g.block(inner, st.Body.List); c {
		case broken:
			return next
		case returned:
			return c
		}
	}
	return next
}

func (g *GoCPU) switchStmt(s *scope, st *ast.SwitchStmt) control {
	if st.Init != nil {
		g.stmt(s, st.Init)
	}
	var tag any = true
	if st.Tag != nil {
		tag = g.expr(s, st.Tag)
	}
	var chosen *ast.CaseClause
search:
	for _, clause := range st.Body.List {
		c := clause.(*ast.CaseClause)
		if c.List == nil && chosen == nil {
			chosen = c // default, unless a case matches
		}
		for _, e := range c.List {
			if g.equal(tag, g.expr(s, e)) {
				chosen = c
				break search
			}
		}
	}
	if chosen == nil {
		return next
	}
	if c := g.block(s, chosen.Body); c != broken {
		return c
	}
	return next
}

func (g *GoCPU) returnStmt(s *scope, st *ast.ReturnStmt) control {
	var out []any
	switch len(st.Results) {
	case 0:
		for _, name := range s.fn.named {
			out = append(out, *s.find(name))
		}
	case 1:
		out = g.values(s, st.Results[0])
	default:
		for _, e := range st.Results {
			out = append(out, g.expr(s, e))
		}
	}
	s.fn.out = out
	return returned
}
