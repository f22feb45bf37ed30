package memmodel

import (
	"go/ast"
	"math/bits"
)

// builtin evaluates a call of a function that is not in the source: of the language, of
// package unsafe, math/bits or sync/atomic, or of the hooks of the explorer of interleavings.
func (g *GoCPU) builtin(s *scope, c *ast.CallExpr) ([]any, bool) {
	arg := func(i int) uint64 {
		switch v := g.expr(s, c.Args[i]).(type) {
		case num:
			return v.x
		case *pointer:
			return v.addr
		}
		g.fail(c, "not a number")
		return 0
	}
	one := func(x uint64, size int) ([]any, bool) { return []any{num{x, size}}, true }
	switch f := c.Fun.(type) {
	case *ast.Ident:
		switch f.Name {
		case "Step":
			return nil, true
		case "min":
			return one(min(arg(0), arg(1)), 8)
		case "max":
			return one(max(arg(0), arg(1)), 8)
		case "copy", "clear":
			g.fill(s, f.Name, c.Args)
			return nil, true
		}
	case *ast.SelectorExpr:
		id, ok := f.X.(*ast.Ident)
		if !ok || s.find(id.Name) != nil {
			return nil, false
		}
		switch id.Name + "." + f.Sel.Name {
		case "arch.Step":
			return nil, true
		case "unsafe.Add":
			return one(arg(0)+arg(1), 8)
		case "unsafe.Slice":
			return []any{slice{arg(0), arg(1)}}, true
		case "unsafe.Sizeof":
			return one(g.sizeof(s, c.Args[0]), 8)
		case "bits.Mul64":
			hi, lo := bits.Mul64(arg(0), arg(1))
			return []any{num{hi, 8}, num{lo, 8}}, true
		case "bits.TrailingZeros64":
			return one(uint64(bits.TrailingZeros64(arg(0))), 8)
		}
		if id.Name == "atomic" {
			return g.atomic(c, f.Sel.Name, arg)
		}
	}
	return nil, false
}

// fill is copy or clear, of slices of bytes in private memory.
func (g *GoCPU) fill(s *scope, name string, args []ast.Expr) {
	to, from := g.expr(s, args[0]).(slice), slice{}
	if name == "copy" {
		from = g.expr(s, args[1]).(slice)
	}
	for i := range to.bytes {
		v := Const(0)
		if i < from.bytes {
			v = g.CPU.Load(Const(from.addr+i), 1, Plain)
		}
		g.CPU.Store(Const(to.addr+i), 1, v, Plain)
	}
}

// sizeof returns the size of *new(T), T being a type parameter.
func (g *GoCPU) sizeof(s *scope, e ast.Expr) (size uint64) {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found {
			if size, found = s.fn.sizes[id.Name]; !found {
				if v := s.find(id.Name); v != nil {
					if m, ok := (*v).(variableMemory); ok {
						size, found = m.size, true
					}
				}
			}
		}
		return true
	})
	if !found {
		g.fail(e, "size is not known")
	}
	return size
}

// atomic makes one operation of sync/atomic, by the instructions of the architecture.
func (g *GoCPU) atomic(c *ast.CallExpr, name string, arg func(int) uint64) ([]any, bool) {
	size := 8
	if name[len(name)-2:] == "32" {
		size = 4
	}
	at := Const(arg(0))
	result := func(v Value) ([]any, bool) { return []any{num{v.Bits & mask(size), size}}, true }
	switch name {
	case "LoadUint64", "LoadUint32":
		return result(g.atomicLoad(at, size))
	case "StoreUint64", "StoreUint32":
		g.atomicStore(at, size, Const(arg(1)))
		return nil, true
	}
	x := arg(1)
	switch name {
	case "AddUint64":
		old := g.atomicUpdate(at, size, func(old uint64) (uint64, bool) { return old + x, true })
		return result(Const(old + x))
	case "OrUint64", "OrUint32":
		return result(Const(g.atomicUpdate(at, size, func(old uint64) (uint64, bool) { return old | x, true })))
	case "CompareAndSwapUint64", "CompareAndSwapUint32":
		to := arg(2)
		old := g.atomicUpdate(at, size, func(old uint64) (uint64, bool) { return to, old == x })
		return []any{old == x}, true
	}
	return nil, false
}

func (g *GoCPU) atomicLoad(at Value, size int) Value {
	o := Acquire
	if g.Weaken[g.site] {
		o = Plain
	}
	return Const(g.CPU.Load(at, size, o).Bits)
}

func (g *GoCPU) atomicStore(at Value, size int, v Value) {
	switch {
	case g.Weaken[g.site]:
		g.CPU.Store(at, size, v, Plain)
	case g.Atomics == Locked: // XCHG, of which nobody uses the old value
		g.CPU.Store(at, size, v, Plain)
		g.Fence(FenceFull)
	default:
		g.CPU.Store(at, size, v, Release)
	}
}

// atomicUpdate is a read-modify-write. It returns the old value.
func (g *GoCPU) atomicUpdate(at Value, size int, f func(old uint64) (uint64, bool)) uint64 {
	if _, private := g.private.load(at.Bits, size); private || g.Atomics != Exclusive {
		old := g.CPU.Update(at, size, AcqRel, func(old Value) (Value, bool) {
			x, do := f(old.Bits)
			return Const(x), do
		})
		return old.Bits
	}
	old := g.LoadExclusive(at, size, Acquire)
	if x, do := f(old.Bits); do && !g.StoreExclusive(at, size, Const(x), Release) {
		g.Drop()
	}
	return old.Bits
}

// method calls a method of an object, or of one of the atomic types.
func (g *GoCPU) method(s *scope, sel *ast.SelectorExpr, args []any) []any {
	recv := g.expr(s, sel.X)
	switch r := recv.(type) {
	case *Object:
		if out, ok := g.methodOf(r, sel.Sel.Name, args); ok {
			return out
		}
		g.fail(sel, "%s has no method %s", r.Type, sel.Sel.Name)
	case *AtomicPointer:
		if sel.Sel.Name == "Load" {
			i := g.atomicLoad(Const(r.Addr), 8).Bits
			if i == 0 {
				return []any{num{0, 8}}
			}
			return []any{r.Objects[i-1]}
		}
	}
	g.fail(sel, "no method %s", sel.Sel.Name)
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
