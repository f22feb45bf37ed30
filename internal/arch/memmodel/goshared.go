package memmodel

import (
	"go/ast"
	"maps"
	"slices"
)

// Structs that threads pass on to one another by an atomic.Pointer, and slices of them.

// AtomicPointer is a field of type atomic.Pointer: a word of shared memory, whose values are
// numbers of objects from 1, or addresses if there are no objects.
type AtomicPointer struct {
	Addr    uint64
	Objects []*Object
	// Make stores an object that the thread has made to shared memory, and returns the one of Objects
	// that it is from then on. It may be nil.
	Make func(g *GoCPU, o *Object) *Object
}

// loadField returns the value of a field.
func (g *GoCPU) loadField(v any) any {
	switch v := v.(type) {
	case *SharedField:
		return v.load(g)
	case SharedSlice:
		n := v.Len.load(g).x
		if n > uint64(len(v.Elems)) {
			g.Fault("a slice of %d elements", n)
		}
		return v.Elems[:n]
	}
	return v
}

// SharedField is a field of a struct that threads pass on to one another and do not change then: a
// word of shared memory, which a thread loads once, by a plain load. Each run of a thread has its own
// SharedField.
type SharedField struct {
	Addr  uint64
	known bool // the thread has loaded or stored it
	value num
}

// SharedSlice is a field that is a slice of structs: its length, and the structs that there may be.
type SharedSlice struct {
	Len   *SharedField
	Elems []any
}

func (f *SharedField) load(g *GoCPU) num {
	if !f.known {
		f.known, f.value = true, num{g.CPU.Load(Const(f.Addr), 8, Plain).Bits, 8}
	}
	return f.value
}

// Store stores a field of a struct that the thread makes.
func (f *SharedField) Store(g *GoCPU, v num) {
	f.known, f.value = true, v
	g.CPU.Store(Const(f.Addr), 8, Const(v.x), Plain)
}

// appended is append, to a slice of structs that nobody else has.
func (g *GoCPU) appended(s *scope, c *ast.CallExpr) []any {
	var list, more []any
	list, _ = g.expr(s, c.Args[0]).([]any) // or nil, which a field is that was left out
	list = list[:len(list):len(list)]
	if c.Ellipsis.IsValid() {
		more = g.expr(s, c.Args[1]).([]any)
	} else {
		more = []any{g.expr(s, c.Args[1])}
	}
	for _, v := range more {
		list = append(list, g.copied(v.(*Object)))
	}
	return list
}

// copied returns a copy of a struct that nobody else has.
func (g *GoCPU) copied(o *Object) *Object {
	own := &Object{Type: o.Type, Fields: map[string]any{}}
	for _, name := range slices.Sorted(maps.Keys(o.Fields)) { // in the same order in each run
		own.Fields[name] = g.loadField(o.Fields[name])
	}
	return own
}
