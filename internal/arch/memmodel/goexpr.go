package memmodel

import (
	"go/ast"
	"go/token"
	"strconv"
)

var numberSizes = map[string]int{"uint64": 8, "uint": 8, "uint32": 4, "uint16": 2, "uint8": 1, "byte": 1, "uintptr": 8, "int": 8, "int64": 8}

func convert(v any, size int) any {
	if n, ok := v.(num); ok && size != 0 {
		return num{n.x & mask(size), size}
	}
	return v
}

func convertTo(typ string, v any) any { return convert(v, numberSizes[typ]) }

// truth returns a bool; a field that was left out of a struct is zero.
func truth(v any) bool { return v != false && v != num{0, 8} }

// expr evaluates an expression of one value.
func (g *GoCPU) expr(s *scope, e ast.Expr) any {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return g.expr(s, e.X)
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return e.Value // what a panic would say
		}
		n, err := strconv.ParseUint(e.Value, 0, 64)
		if err != nil {
			g.fail(e, "%v", err)
		}
		return num{n, 0}
	case *ast.Ident:
		return g.ident(s, e)
	case *ast.SelectorExpr:
		return g.selector(s, e)
	case *ast.BinaryExpr:
		return g.binaryExpr(s, e)
	case *ast.UnaryExpr:
		return g.unary(s, e)
	case *ast.CompositeLit:
		return g.composite(s, e)
	case *ast.StarExpr, *ast.IndexExpr:
		if f, ok := e.(*ast.IndexExpr); ok {
			if name, ok := g.function(s, f.X); ok {
				return funcValue{g.funcs[name], g.typeSizes(s, f.Index)}
			}
			if v, ok := g.element(s, f); ok {
				return v
			}
		}
		if m, ok := g.variableAt(s, e); ok {
			return m
		}
		p := g.lvalue(s, e)
		return num{g.CPU.Load(Const(p.addr), p.size, Plain).Bits, p.size}
	case *ast.CallExpr:
		if vs := g.values(s, e); len(vs) > 0 {
			return vs[0]
		}
		return nil
	}
	g.fail(e, "no meaning for %T", e)
	return nil
}

func (g *GoCPU) ident(s *scope, e *ast.Ident) any {
	switch e.Name {
	case "true", "false":
		return e.Name == "true"
	case "nil":
		return num{0, 8}
	}
	if v := s.find(e.Name); v != nil {
		return *v
	}
	if v, ok := g.constant(s.fn.pkg + "." + e.Name); ok {
		return v
	}
	if name, ok := g.function(s, e); ok {
		return funcValue{f: g.funcs[name]}
	}
	if v := g.vars[s.fn.pkg+"."+e.Name]; v != nil {
		return v
	}
	g.fail(e, "%s is not known", e.Name)
	return nil
}

// constant returns the value of a constant of a package.
func (g *GoCPU) constant(name string) (any, bool) {
	c := g.consts[name]
	if c == nil {
		return nil, false
	}
	v, ok := g.Source.values[c]
	if !ok {
		s := (&scope{fn: &activation{pkg: c.pkg}}).inner()
		s.declare("iota", num{uint64(c.iota), 0})
		v = g.expr(s, c.expr)
		g.Source.values[c] = v
	}
	return v, true
}

// function returns the full name of a function of the source that e names, or of a method that it
// names by its type.
func (g *GoCPU) function(s *scope, e ast.Expr) (name string, ok bool) {
	switch e := e.(type) {
	case *ast.Ident:
		name = s.fn.pkg + "." + e.Name
		if s.find(e.Name) != nil {
			return "", false
		}
	case *ast.SelectorExpr:
		if p, ok := e.X.(*ast.ParenExpr); ok { // (*Cell[T]).LoadTo
			if t, ok := p.X.(*ast.StarExpr); ok && s.find(typeName(t)) == nil {
				name = s.fn.pkg + "." + typeName(t) + "." + e.Sel.Name
			}
			break
		}
		id, isIdent := e.X.(*ast.Ident)
		if !isIdent || s.find(id.Name) != nil {
			return "", false
		}
		name = id.Name + "." + e.Sel.Name
	}
	return name, g.funcs[name] != nil || g.Replace[name] != nil
}

func (g *GoCPU) selector(s *scope, e *ast.SelectorExpr) any {
	if name, ok := g.function(s, e); ok {
		return funcValue{f: g.funcs[name]}
	}
	if id, ok := e.X.(*ast.Ident); ok && s.find(id.Name) == nil {
		if v, ok := g.constant(id.Name + "." + e.Sel.Name); ok {
			return v
		}
		g.fail(e, "%s.%s is not known", id.Name, e.Sel.Name)
	}
	o, ok := g.expr(s, e.X).(*Object)
	if !ok {
		g.fail(e, "not a struct")
	}
	if v, ok := o.field(e.Sel.Name); ok {
		return g.loadField(v)
	}
	return num{0, 8} // a field that was left out
}

// element returns an element of an array of atomics or of structs.
func (g *GoCPU) element(s *scope, e *ast.IndexExpr) (any, bool) {
	sel, ok := e.X.(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	a, ok := g.selector(s, sel).([]any)
	if !ok {
		return nil, false
	}
	i := g.expr(s, e.Index).(num).x
	if i >= uint64(len(a)) {
		g.Fault("index %d of %d elements", int64(i), len(a))
	}
	return a[i], true
}

func (g *GoCPU) composite(s *scope, e *ast.CompositeLit) any {
	o := &Object{Type: qualified(s.fn.pkg, e.Type), Fields: map[string]any{}}
	names := g.fields[o.Type]
	for i, elt := range e.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			o.Fields[names[i]] = g.expr(s, elt)
			continue
		}
		v := g.expr(s, kv.Value)
		if m, ok := v.(variableMemory); ok {
			return m // a value with room around it: only the value counts
		}
		o.Fields[kv.Key.(*ast.Ident).Name] = v
	}
	return o
}

func (g *GoCPU) unary(s *scope, e *ast.UnaryExpr) any {
	if ix, ok := e.X.(*ast.IndexExpr); ok && e.Op == token.AND {
		if v, ok := g.element(s, ix); ok {
			return v
		}
		return num{g.lvalue(s, ix).addr, 8}
	}
	v := g.expr(s, e.X)
	if n, ok := v.(num); ok && e.Op == token.AND && isVariable(s, e.X) {
		return num{g.wordOf(n), 8}
	}
	switch e.Op {
	case token.NOT:
		return !truth(v)
	case token.XOR, token.SUB:
		n := v.(num)
		if n.size == 0 {
			n.size = 8
		}
		if n.x = ^n.x; e.Op == token.SUB {
			n.x++
		}
		return num{n.x & mask(n.size), n.size}
	case token.AND:
		if m, ok := v.(variableMemory); ok {
			return num{m.addr, 8}
		}
		return v // of a struct: objects are kept by reference
	}
	g.fail(e, "no meaning for %s", e.Op)
	return nil
}

func (g *GoCPU) binaryExpr(s *scope, e *ast.BinaryExpr) any {
	x := g.expr(s, e.X)
	switch e.Op {
	case token.LAND:
		return truth(x) && truth(g.expr(s, e.Y))
	case token.LOR:
		return truth(x) || truth(g.expr(s, e.Y))
	}
	return g.binary(e, e.Op, x, g.expr(s, e.Y))
}

func (g *GoCPU) equal(x, y any) bool {
	switch x := x.(type) {
	case num:
		y, ok := y.(num)
		return ok && x.x == y.x
	case *Object:
		o, ok := y.(*Object)
		return ok && x == o
	}
	return x == y
}

// binary computes x op y for integers, and compares whatever can be compared.
func (g *GoCPU) binary(at ast.Node, op token.Token, x, y any) any {
	switch op {
	case token.EQL:
		return g.equal(x, y)
	case token.NEQ:
		return !g.equal(x, y)
	}
	a, aok := x.(num)
	b, bok := y.(num)
	if !aok || !bok {
		g.fail(at, "%s of %T and %T", op, x, y)
	}
	size := max(a.size, b.size)
	if op == token.SHL || op == token.SHR {
		size = a.size
	}
	var r uint64
	switch op {
	case token.LSS:
		if b == (num{}) { // nobody asks whether a number without a sign is below 0
			return int64(a.x) < 0
		}
		return a.x < b.x
	case token.LEQ:
		return a.x <= b.x
	case token.GTR:
		return a.x > b.x
	case token.GEQ:
		return a.x >= b.x
	case token.ADD:
		r = a.x + b.x
	case token.SUB:
		r = a.x - b.x
	case token.MUL:
		r = a.x * b.x
	case token.QUO:
		r = a.x / b.x
	case token.REM:
		r = a.x % b.x
	case token.AND:
		r = a.x & b.x
	case token.OR:
		r = a.x | b.x
	case token.XOR:
		r = a.x ^ b.x
	case token.AND_NOT:
		r = a.x &^ b.x
	case token.SHL:
		r = a.x << b.x
	case token.SHR:
		r = a.x >> b.x
	default:
		g.fail(at, "no meaning for %s", op)
	}
	if size != 0 {
		r &= mask(size)
	}
	return num{r, size}
}

// values evaluates an expression that may be a call of several results.
func (g *GoCPU) values(s *scope, e ast.Expr) []any {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return []any{g.expr(s, e)}
	}
	if g.Weaken != nil {
		g.calls = append(g.calls, c.Pos())
		defer func() { g.calls = g.calls[:len(g.calls)-1] }()
	}
	if v, ok := g.conversion(s, c); ok {
		return []any{v}
	}
	if vs, ok := g.builtin(s, c); ok {
		return vs
	}
	var args []any
	for _, a := range c.Args {
		args = append(args, g.expr(s, a))
	}
	fun, sizes := c.Fun, []uint64(nil)
	if ix, ok := fun.(*ast.IndexExpr); ok {
		fun, sizes = ix.X, g.typeSizes(s, ix.Index)
	}
	if name, ok := g.function(s, fun); ok {
		return g.invoke(name, sizes, args)
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		return g.method(s, sel, args)
	}
	if id, ok := fun.(*ast.Ident); ok && s.find(id.Name) != nil {
		if f, ok := (*s.find(id.Name)).(funcValue); ok {
			return g.callValue(f, args)
		}
	}
	g.fail(c, "call of what is not known")
	return nil
}

// callValue calls a function. If it is a method, its receiver is the first argument.
func (g *GoCPU) callValue(f funcValue, args []any) []any {
	if f.f.decl.Recv != nil {
		return g.call(f.f, nil, args[0], args[1:])
	}
	return g.call(f.f, f.sizes, nil, args)
}

func (g *GoCPU) invoke(name string, sizes []uint64, args []any) []any {
	if f := g.Replace[name]; f != nil {
		return f(g, args)
	}
	return g.call(g.funcs[name], sizes, nil, args)
}

// typeSizes returns the size of a type argument, which is a type parameter or of no interest.
func (g *GoCPU) typeSizes(s *scope, e ast.Expr) []uint64 {
	if id, ok := e.(*ast.Ident); ok {
		return []uint64{s.fn.sizes[id.Name]}
	}
	return nil
}

// conversion evaluates a conversion of a number or a pointer.
func (g *GoCPU) conversion(s *scope, c *ast.CallExpr) (any, bool) {
	fun := c.Fun
	if p, ok := fun.(*ast.ParenExpr); ok {
		fun = p.X
	}
	switch t := fun.(type) {
	case *ast.Ident:
		if size := numberSizes[t.Name]; size != 0 && s.find(t.Name) == nil {
			return convert(g.expr(s, c.Args[0]), size), true
		}
	case *ast.StarExpr: // (*uint64)(p), (*[4]uint64)(p)
		elem := t.X
		if a, ok := elem.(*ast.ArrayType); ok {
			elem = a.Elt
		}
		v := g.expr(s, c.Args[0])
		if n, ok := v.(num); ok && numberSizes[typeName(elem)] != 0 {
			return &pointer{n.x, numberSizes[typeName(elem)]}, true
		}
		return v, true
	case *ast.SelectorExpr:
		if id, ok := t.X.(*ast.Ident); ok && id.Name == "unsafe" && t.Sel.Name == "Pointer" {
			v := g.expr(s, c.Args[0])
			if p, ok := v.(*pointer); ok {
				v = num{p.addr, 8}
			}
			return v, true
		}
	}
	return nil, false
}

// order returns what is left of the order of the atomic operation that is being made.
func (g *GoCPU) order(o Order) Order {
	for _, p := range g.calls {
		at := g.fset.Position(p)
		o &^= g.Weaken[at.Filename+":"+strconv.Itoa(at.Line)]
	}
	return o
}
