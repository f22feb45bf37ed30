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
		case "len":
			return one(uint64(len(g.expr(s, c.Args[0]).([]any))), 8)
		case "min":
			return one(min(arg(0), arg(1)), 8)
		case "max":
			return one(max(arg(0), arg(1)), 8)
		case "append":
			return []any{g.appended(s, c)}, true
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
		case "bits.Len":
			return one(uint64(bits.Len64(arg(0))), 8)
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
	return Const(g.CPU.Load(at, size, g.order(Acquire)).Bits)
}

func (g *GoCPU) atomicStore(at Value, size int, v Value) {
	switch o := g.order(Release); {
	case o != Plain && g.Atomics == Locked: // XCHG, of which nobody uses the old value
		g.CPU.Store(at, size, v, Plain)
		g.Fence(FenceFull)
	default:
		g.CPU.Store(at, size, v, o)
	}
}

// atomicUpdate is a read-modify-write. It returns the old value.
func (g *GoCPU) atomicUpdate(at Value, size int, f func(old uint64) (uint64, bool)) uint64 {
	o := g.order(AcqRel)
	if _, private := g.private.load(at.Bits, size); private || g.Atomics != Exclusive {
		old := g.CPU.Update(at, size, o, func(old Value) (Value, bool) {
			x, do := f(old.Bits)
			return Const(x), do
		})
		return old.Bits
	}
	old := g.LoadExclusive(at, size, o&Acquire)
	if x, do := f(old.Bits); do && !g.StoreExclusive(at, size, Const(x), o&Release) {
		g.Drop()
	}
	return old.Bits
}
