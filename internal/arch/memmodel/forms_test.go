package memmodel

import (
	"fmt"
	"maps"
	"math"
	"sync"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A form is one implementation of a routine: an assembly kernel, or the Go code as it is
// compiled for an architecture.
type form struct {
	routine string // storeCell
	name    string // storeCellLSE, StoreCellGeneric.LSE
	model   Model
	generic string  // StoreCellGeneric
	code    *Code   // of a kernel
	src     *Source // of Go code
}

var shippedSource = sync.OnceValues(func() (*Source, error) {
	return ReadSource("..", "../layout", "../cell", "../../../seqarray", "../../../seqcore", "../../../seqmap", "../../../seqvec")
})

// sourceOf returns the shipped Go code of the packages that the forms need. Each caller has one
// of its own, because it is changed by Replace and Weaken.
func sourceOf(t testing.TB, a Atomics) *Source {
	t.Helper()
	shipped, err := shippedSource()
	if err != nil {
		t.Fatal(err)
	}
	s := shipped.Clone()
	s.Atomics = a
	s.Replace["seqmap.mostBuckets"] = func(*GoCPU, []any) []any { return []any{num{math.MaxInt64, 8}} } // made from a variable
	s.Methods["arch.Backoff.Wait"] = func(g *GoCPU, _ any) []any { g.Drop(); return nil }
	s.Replace["arch.Touch"] = func(*GoCPU, []any) []any { return nil }
	return mapSource(s)
}

// derived returns the same code, with the same replaced and weakened, to replace more.
func (s *Source) derived() *Source {
	d := s.Clone()
	maps.Copy(d.Replace, s.Replace)
	maps.Copy(d.Methods, s.Methods)
	d.Weaken = s.Weaken
	return d
}

// modelOf is the model under which Go code with such atomics runs.
func modelOf(a Atomics) Model {
	if a == Locked {
		return TSO
	}
	return ARM
}

// goForms returns the Go implementations of a routine, for each architecture. That for arm64 with
// LSE is left out if the routine only loads, because that does not change loads; and if time is
// short, because without it less is ordered.
func goForms(t testing.TB, routine string) (fs []form) {
	for _, a := range []Atomics{Locked, OneInstr, Exclusive} {
		if !testing.Short() && !routines[routine].loads || a != OneInstr {
			fs = append(fs, goForm(t, routine, a))
		}
	}
	return fs
}

// goForm returns the Go implementation of a routine for such atomics.
func goForm(t testing.TB, routine string, a Atomics) form {
	t.Helper()
	generic := routines[routine].generic
	name := generic + map[Atomics]string{Locked: ".amd64", OneInstr: ".LSE", Exclusive: ".LLSC"}[a]
	return form{routine: routine, name: name, model: modelOf(a), generic: generic, src: sourceOf(t, a)}
}

// kernelForms returns the kernels of a routine.
func kernelForms(t testing.TB, routine string) (fs []form) {
	for _, r := range shippedRoutines(t) {
		if routineOf(r.Name) == routine {
			fs = append(fs, formOf(t, r))
		}
	}
	return fs
}

func formOf(t testing.TB, r Routine) form {
	t.Helper()
	code, err := r.Decode()
	if err != nil {
		t.Fatal(err)
	}
	code.Go = sourceOf(t, r.Atomics())
	return form{routine: routineOf(r.Name), name: r.Name, model: r.Model(), code: code}
}

var shippedAssembly = sync.OnceValues(func() ([]Routine, error) { return ReadRoutines("../*.s") })

func shippedRoutines(t testing.TB) []Routine {
	t.Helper()
	rs, err := shippedAssembly()
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// call runs the form. Its arguments are uint64 or *Object, which a kernel gets as the address of a
// struct.
func (f form) call(c *CPU, args ...any) (out []Value) {
	if f.code == nil {
		for _, v := range f.src.On(c).Call("arch."+f.generic, nil, args...) {
			out = append(out, value(v))
		}
		return out
	}
	var in []Value
	for _, a := range args {
		if o, ok := a.(*Object); ok {
			a = o.operand(c)
		}
		in = append(in, Const(a.(uint64)))
	}
	return f.code.Call(c, in...)
}

// operandFields has the offsets of the fields of the structs that kernels know.
var operandFields = map[string]map[string]uint64{
	"arch.Slot": {
		"Word": layout.SlotWordAt, "Key": layout.SlotKeyAt, "Value": layout.SlotValueAt,
		"KeyBytes": layout.SlotKeyBytesAt, "ValueBytes": layout.SlotValueBytesAt, "Wide": layout.SlotWideAt,
	},
	"arch.Claim": {
		"Key": layout.ClaimKeyAt, "Value": layout.ClaimValueAt, "Control": layout.ClaimControlAt, "Tag": layout.ClaimTagAt,
		"TagWide": layout.ClaimTagWideAt, "Used": layout.ClaimUsedAt, "Count": layout.ClaimCountAt,
	},
	"arch.Write": {
		"Value": layout.WriteValueAt, "Prev": layout.WritePrevAt, "Expect": layout.WriteExpectAt, "Count": layout.WriteCountAt,
		"Remove": layout.WriteRemoveAt,
	},
	"arch.Table": {
		"Base": layout.TableBaseAt, "Buckets": layout.TableBucketsAt, "Seed": layout.TableSeedAt, "slots": layout.TableSlotsAt,
		"bytes": layout.TableBytesAt, "wordBytes": layout.TableWordBytesAt, "controlAt": layout.TableControlAtAt,
		"keyAt": layout.TableKeyAtAt, "valueAt": layout.TableValueAtAt, "valueBytes": layout.TableValueBytesAt,
	},
}

// operand makes the struct in private memory, with room for the arrays of a batch behind its
// fields. What kernels do not know of it is left out.
func (o *Object) operand(c *CPU) uint64 {
	p := c.Alloc(layout.BatchRingAt + 16*layout.BatchRing)
	o.putFields(c, p)
	return p
}

// putFields stores the fields at p, where an embedded struct begins too.
func (o *Object) putFields(c *CPU, p uint64) {
	for name, v := range o.Fields {
		if at, ok := operandFields[o.Type][name]; ok {
			c.Store(Const(p+at), 8, number(v), Plain)
		}
	}
	for _, in := range o.embedded() {
		in.putFields(c, p)
	}
}

// number returns the value of a field.
func number(v any) Value {
	if n, ok := v.(num); ok {
		return Const(n.x)
	}
	return value(v)
}

// slot is the operand of the slot routines, arch.Slot.
type slot struct {
	word, key, value     uint64
	keyBytes, valueBytes uint64
	wide                 bool
}

// claim is arch.Claim, with the key and value themselves.
type claim struct {
	key, value   []uint64
	control, tag uint64
	tagWide      bool
	used, count  uint64
}

// writeOp is arch.Write, with the values themselves. Prev receives the old value in a buffer.
type writeOp struct {
	value, expect []uint64
	prev          uint64
	count         uint64
	remove        bool
}

// buffer makes private memory with the given words, or returns nil for none.
func buffer(c *CPU, words []uint64) uint64 {
	if words == nil {
		return 0
	}
	p := c.Alloc(8 * uint64(len(words)))
	for i, x := range words {
		c.Store(Const(p+8*uint64(i)), 8, Const(x), Plain)
	}
	return p
}

// claimSlot calls a form of claimSlot and returns the count of used slots, or 0.
func (f form) claimSlot(c *CPU, s slot, cl claim) Value {
	key, val := buffer(c, cl.key), buffer(c, cl.value)
	return f.call(c, s.object(), &Object{Type: "arch.Claim", Fields: map[string]any{
		"Key": num{key, 8}, "Value": num{val, 8}, "Control": num{cl.control, 8}, "Tag": num{cl.tag, 8},
		"TagWide": cl.tagWide, "Used": num{cl.used, 8}, "Count": num{cl.count, 8},
	}})[0]
}

// writeSlot calls a form of writeSlot and says whether it did.
func (f form) writeSlot(c *CPU, s slot, seen uint64, w writeOp) Value {
	val, expect := buffer(c, w.value), buffer(c, w.expect)
	return f.call(c, s.object(), seen, &Object{Type: "arch.Write", Fields: map[string]any{
		"Value": num{val, 8}, "Prev": num{w.prev, 8}, "Expect": num{expect, 8}, "Count": num{w.count, 8}, "Remove": w.remove,
	}})[0]
}

func (s slot) object() *Object {
	return &Object{Type: "arch.Slot", Fields: map[string]any{
		"Word": num{s.word, 8}, "Key": num{s.key, 8}, "Value": num{s.value, 8},
		"KeyBytes": num{s.keyBytes, 8}, "ValueBytes": num{s.valueBytes, 8}, "Wide": s.wide,
	}}
}

// A check is something that must hold for every form of a routine.
type check struct {
	name string
	run  func(w *world, f form) (complaint string)
}

// world is what a form is checked with: the forms of other routines, unchanged, under the same
// model.
type world struct {
	t   testing.TB
	src *Source // Go code of that architecture, for readers
	now map[string][]form
}

// newWorld returns the world of a form. Code for arm64 without LSE differs only in what writes,
// so the world has the Go code with it.
func newWorld(t testing.TB, f form) *world {
	a := OneInstr
	if f.model == TSO {
		a = Locked
	}
	return &world{t: t, src: sourceOf(t, a), now: map[string][]form{}}
}

// others returns the kernels of a routine that run under the model of f, or all of them that are
// f itself if it is that routine.
func (w *world) others(routine string, f form) (fs []form) {
	if f.routine == routine {
		return []form{f}
	}
	if w.now[routine] == nil {
		w.now[routine] = kernelForms(w.t, routine)
	}
	for _, o := range w.now[routine] {
		if o.model == f.model {
			fs = append(fs, o)
		}
	}
	return fs
}

// everyForm is others with the Go code.
func (w *world) everyForm(routine string, f form) []form {
	fs := w.others(routine, f)
	if f.routine == routine {
		return fs
	}
	return append(fs, w.goForm(routine, f))
}

// goForm is the Go code of a routine, for the processors that the world's readers run on.
func (w *world) goForm(routine string, f form) form {
	generic := routines[routine].generic
	return form{routine: routine, name: generic, model: f.model, generic: generic, src: w.src}
}

// judge explores the program and complains if bad can be, or good cannot, or a thread faults.
func judge(p *Program, bad, good Condition) string {
	a := p.Explore(bad, good)
	switch {
	case a.Fault != "":
		return a.Fault
	case a.Possible[0]:
		return "possible: " + a.Witness[0]
	case !a.Possible[1]:
		return "nothing happens"
	}
	return ""
}

// first returns the first complaint of several, with what it is about.
func first(complaints ...string) string {
	for i, c := range complaints {
		if c != "" {
			return fmt.Sprintf("case %d: %s", i, c)
		}
	}
	return ""
}
