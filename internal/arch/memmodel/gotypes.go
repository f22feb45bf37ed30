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

// sizeof returns the size of *new(T), T being a type parameter, or of a variable of such a type.
func (g *GoCPU) sizeof(s *scope, e ast.Expr) (size uint64) {
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
