package memmodel

import (
	"go/ast"
	"slices"
)

// method calls a method of an object, or of one of the atomic types.
func (g *GoCPU) method(s *scope, sel *ast.SelectorExpr, args []any) []any {
	name := sel.Sel.Name
	switch r := g.expr(s, sel.X).(type) {
	case *Object:
		if out, ok := g.methodOf(r, name, args); ok {
			return out
		}
		g.fail(sel, "%s has no method %s", r.Type, name)
	case num:
		if r.x == 0 {
			g.Fault("method %s of nil", name)
		}
		if name == "Add" { // of an atomic.Int64
			old := g.atomicUpdate(Const(r.x), 8, func(old uint64) (uint64, bool) { return old + args[0].(num).x, true })
			return []any{num{old + args[0].(num).x, 8}}
		}
	case *AtomicPointer:
		if out, ok := g.atomicPointer(r, name, args); ok {
			return out
		}
	}
	g.fail(sel, "no method %s", name)
	return nil
}

// methodOf calls a method of an object, or of one that is embedded in it.
func (g *GoCPU) methodOf(o *Object, name string, args []any) (out []any, ok bool) {
	full := o.Type + "." + name
	if f := g.Methods[full]; f != nil {
		return f(g, o), true
	}
	if f := g.funcs[full]; f != nil {
		return g.call(f, nil, o, args), true
	}
	for _, in := range o.embedded() {
		if out, ok = g.methodOf(in, name, args); ok {
			return out, true
		}
	}
	return nil, false
}

// atomicPointer makes an operation of an atomic.Pointer.
func (g *GoCPU) atomicPointer(p *AtomicPointer, name string, args []any) ([]any, bool) {
	at := Const(p.Addr)
	switch name {
	case "Load":
		return []any{p.decode(g.atomicLoad(at, 8).Bits)}, true
	case "Store":
		g.atomicStore(at, 8, Const(g.encode(p, args[0])))
		return nil, true
	case "Swap":
		x := g.encode(p, args[0])
		return []any{p.decode(g.atomicUpdate(at, 8, func(uint64) (uint64, bool) { return x, true }))}, true
	case "CompareAndSwap":
		old, x := g.encode(p, args[0]), g.encode(p, args[1])
		was := g.atomicUpdate(at, 8, func(was uint64) (uint64, bool) { return x, was == old })
		return []any{was == old}, true
	}
	return nil, false
}

// encode returns the word for a pointer, 0 for nil.
func (g *GoCPU) encode(p *AtomicPointer, v any) uint64 {
	switch v := v.(type) {
	case *Object:
		i := slices.Index(p.Objects, v)
		if i < 0 && p.Make != nil {
			i = slices.Index(p.Objects, p.Make(g, v))
		}
		if i < 0 {
			g.Fault("an atomic.Pointer that cannot lead there")
		}
		return uint64(i + 1)
	case *pointer:
		return v.addr
	case num:
		return v.x
	}
	panic("memmodel: not a pointer")
}

// decode is the inverse of encode.
func (p *AtomicPointer) decode(x uint64) any {
	if x == 0 || p.Objects == nil {
		return num{x, 8}
	}
	return p.Objects[x-1]
}
