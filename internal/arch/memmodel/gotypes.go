package memmodel

import "go/ast"

// Type parameters. Of a type, only its size in bytes is known.

// typeParams returns the names of the type parameters of a function, or of a method's receiver.
func (f *goFunc) typeParams() (names []string) {
	if f.decl.Recv != nil {
		t := f.decl.Recv.List[0].Type
		if p, ok := t.(*ast.StarExpr); ok {
			t = p.X
		}
		switch t := t.(type) {
		case *ast.IndexExpr:
			names = append(names, typeName(t.Index))
		case *ast.IndexListExpr:
			for _, e := range t.Indices {
				names = append(names, typeName(e))
			}
		}
		return names
	}
	if f.decl.Type.TypeParams != nil {
		for _, field := range f.decl.Type.TypeParams.List {
			for _, name := range field.Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

// inferred returns the size of a type parameter that is the type of one of the arguments, or what
// it points to.
func (g *GoCPU) inferred(f *goFunc, param string, args []any) (size uint64, ok bool) {
	i := 0
	for _, field := range f.decl.Type.Params.List {
		for range field.Names {
			arg := args[i]
			i++
			if typeName(field.Type) != param {
				continue
			}
			switch v := arg.(type) {
			case variableMemory:
				return v.size, true
			case num:
				if r, at, ok := g.private.find(v.x, 1); ok && at == 0 {
					return uint64(len(g.private.regions[r].data)), true
				}
			}
		}
	}
	return 0, false
}

// paramSize returns the size of the type parameter that is the type of a parameter of the function,
// or what it points to.
func (fn *activation) paramSize(name string) (size uint64, ok bool) {
	if fn.decl == nil {
		return 0, false
	}
	for _, field := range fn.decl.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				size, ok = fn.sizes[typeName(field.Type)]
				return size, ok
			}
		}
	}
	return 0, false
}

// variableAt returns what *p points to if that has the type of a type parameter: p is a parameter
// of the function, or a conversion.
func (g *GoCPU) variableAt(s *scope, e ast.Expr) (m variableMemory, ok bool) {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return m, false
	}
	switch x := star.X.(type) {
	case *ast.Ident:
		m.size, ok = s.fn.paramSize(x.Name)
	case *ast.CallExpr: // (*T)(p)
		m.size, ok = s.fn.sizes[typeName(unparen(x.Fun))]
	default:
		return m, false
	}
	if !ok {
		return m, false
	}
	p, ok := g.expr(s, star.X).(num)
	m.addr = p.x
	return m, ok
}

func unparen(e ast.Expr) ast.Expr {
	if p, ok := e.(*ast.ParenExpr); ok {
		return p.X
	}
	return e
}

func isVariable(s *scope, e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && s.find(id.Name) != nil
}

// wordOf returns the address of a copy of a variable that is an integer, for those who only read it
// there.
func (g *GoCPU) wordOf(n num) (addr uint64) {
	addr = g.Alloc(8)
	g.private.store(addr, 8, Const(n.x))
	return addr
}

// sizeof returns the size of *new(T), T being a type parameter, or of a variable or field of such a
// type.
func (g *GoCPU) sizeof(s *scope, e ast.Expr) (size uint64) {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		if m, ok := g.selector(s, sel).(variableMemory); ok {
			return m.size
		}
	}
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return true
		}
		if size, found = s.fn.sizes[id.Name]; found {
			return true
		}
		if v := s.find(id.Name); v != nil {
			if m, ok := (*v).(variableMemory); ok {
				size, found = m.size, true
				return true
			}
		}
		size, found = s.fn.paramSize(id.Name)
		return true
	})
	if !found {
		g.fail(e, "size is not known")
	}
	return size
}
