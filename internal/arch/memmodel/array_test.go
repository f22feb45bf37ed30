package memmodel

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Arrays, for the checks of SeqArray. Its operations are Go code of package seqarray, which as
// shipped fills cells by a kernel.

// testArray is an array whose first segment has one cell. Whoever makes it grow gets memory that
// others had before: the words of a directory, and a segment.
type testArray struct {
	w     *world
	p     *Program
	src   *Source
	words int // of a value
	first uint64
	dir   uint64 // the word of the pointer to the directory
	count uint64
	rows  []arrayRows // that there may be, by the numbers of their directories less 1
	clean bool        // nobody had the memory of segments before, so that it need not be cleared
}

// arrayRows is the memory for a directory and for the segment that it adds.
type arrayRows struct{ directory, segment uint64 }

// Where the fields of a directory are, in words; those of the segments follow.
const (
	dirCapacity = iota
	dirStride
	dirLen
	dirSegments
)

const (
	arraySegments = 3 // that a directory can list
	arrayCells    = 2 // of a segment that is allocated, which no check uses more of
)

// newArray makes an array of values of n words, whose cell is live with the value 3, or unset.
func newArray(w *world, f form, n int, live bool) *testArray {
	p := New(f.model)
	p.Waits = true
	a := &testArray{w: w, p: p, src: w.filledBy(f), words: n, first: p.Reserve(), dir: p.Words("dir", 0)}
	if live {
		a.place(a.first, 0, liveV1, 3)
		a.count = p.Words("count", 1)
	} else {
		a.place(a.first, 0, layout.Empty, 0)
		a.count = p.Words("count", 0)
	}
	return a
}

func (a *testArray) stride() uint64 { return 8 * uint64(1+a.words) }

// place makes cell i of a segment.
func (a *testArray) place(segment uint64, i int, word, x uint64) {
	at := segment + uint64(i)*a.stride()
	a.p.At(at, fmt.Sprintf("cell%d.word", i), 8, word)
	for k := range a.words {
		a.p.At(at+8*uint64(k+1), fmt.Sprintf("cell%d.%d", i, k), 8, x)
	}
}

// arrayThread is what a thread has of the array.
type arrayThread struct {
	*testArray
	c   *CPU
	g   *GoCPU
	arr *Object
}

// thread adds a thread that uses the array, and can make it grow that many times. Segments are
// cleared by plain stores. Where the array grows, Get makes its first attempt only: the others look
// for the cell again, and do what that does.
func (a *testArray) thread(name string, growths int, run func(x arrayThread)) {
	begin := len(a.rows)
	for range growths {
		r := arrayRows{a.p.Words("directory", make([]uint64, dirSegments+2*arraySegments)...), a.p.Reserve()}
		word, x := uint64(liveV2), uint64(99)
		if a.clean {
			word, x = layout.Empty, 0
		}
		for i := range arrayCells {
			a.place(r.segment, i, word, x)
		}
		a.rows = append(a.rows, r)
	}
	src := a.src.derived()
	src.Methods["seqarray.SeqArray.fail"] = func(*GoCPU, any) []any { return []any{&Object{Type: "seqarray.indexError"}} }
	allocated, made := 0, 0
	src.Replace["seqarray.allocate"] = func(g *GoCPU, args []any) []any {
		n := args[0].(num).x
		if allocated == growths {
			g.Drop() // it has lost, and found too little: it does the same as one that begins later
		}
		if n > arrayCells {
			g.Fault("a segment of %d cells", n)
		}
		segment := a.rows[begin+allocated].segment
		allocated++
		for at := segment; !a.clean && at < segment+n*a.stride(); at += 8 {
			g.CPU.Store(Const(at), 8, Const(0), Plain)
		}
		return []any{num{segment, 8}}
	}
	a.p.Thread(name, func(c *CPU) {
		allocated, made = 0, 0
		if len(a.rows) > 0 {
			src.Methods["seqarray.SeqArray.getSlow"] = func(g *GoCPU, _ any) []any {
				return []any{variableMemory{}, &Object{Type: "seqarray.indexError"}}
			}
		}
		dir := &AtomicPointer{Addr: a.dir}
		for _, r := range a.rows {
			dir.Objects = append(dir.Objects, r.object())
		}
		dir.Make = func(g *GoCPU, d *Object) *Object {
			shared := dir.Objects[begin+made]
			made++
			storeDirectory(g, shared, d)
			return shared
		}
		run(arrayThread{a, c, src.On(c), &Object{Type: "seqarray.SeqArray", Sizes: []uint64{8 * uint64(a.words)}, Fields: map[string]any{
			"count": num{a.count, 8},
			"cells": &Object{Type: "seqarray.rows", Fields: map[string]any{
				"first": num{a.first, 8}, "firstCells": num{1, 8}, "stride": num{a.stride(), 8}, "dir": dir,
			}},
		}}})
	})
}

// object returns the directory as those see it who have a pointer to it.
func (r arrayRows) object() *Object {
	at := func(i int) *SharedField { return &SharedField{Addr: r.directory + 8*uint64(i)} }
	segments := SharedSlice{Len: at(dirLen)}
	for k := range arraySegments {
		segments.Elems = append(segments.Elems, &Object{Type: "seqarray.segment", Fields: map[string]any{
			"cells": at(dirSegments + 2*k), "start": at(dirSegments + 2*k + 1),
		}})
	}
	return &Object{Type: "seqarray.directory", Fields: map[string]any{
		"capacity": at(dirCapacity), "stride": at(dirStride), "segments": segments,
	}}
}

// storeDirectory stores a directory that the thread has made to where it is to be shared.
func storeDirectory(g *GoCPU, to, from *Object) {
	list := from.Fields["segments"].([]any)
	segments := to.Fields["segments"].(SharedSlice)
	if len(list) > len(segments.Elems) {
		g.Fault("a directory of %d segments", len(list))
	}
	segments.Len.Store(g, num{uint64(len(list)), 8})
	storeFields(g, to, from, "capacity", "stride")
	for k, s := range list {
		storeFields(g, segments.Elems[k].(*Object), s.(*Object), "cells", "start")
	}
}

// storeFields stores fields of a struct to shared ones. Those that were left out are 0.
func storeFields(g *GoCPU, to, from *Object, names ...string) {
	for _, name := range names {
		x, _ := from.Fields[name].(num)
		to.Fields[name].(*SharedField).Store(g, x)
	}
}

// call calls a method and returns its results.
func (x arrayThread) call(method string, args ...any) []any {
	return x.g.Call("seqarray.SeqArray."+method, nil, append([]any{x.arr}, args...)...)
}

// done says whether an operation that has a value to write, Set or Init, returned no error.
func (x arrayThread) done(method string, i, v uint64) bool {
	return isNil(x.call(method, i, x.value(v))[0])
}

// value returns a value of which all words are v.
func (x arrayThread) value(v uint64) variableMemory {
	return variableMemory{buffer(x.c, words(x.words, v)), 8 * uint64(x.words)}
}

func (x arrayThread) grow(n uint64) { x.call("Grow", n) }

func (x arrayThread) len() uint64 { return x.call("Len")[0].(uint64) }

// get gets cell i and records ok, and the value as x with whole if all its words are the same.
func (x arrayThread) get(i uint64) (ok bool) {
	out := x.call("Get", i)
	ok = isNil(out[1])
	if x.c.Result("ok", number(ok)); !ok {
		return false
	}
	at, whole := out[0].(variableMemory).addr, true
	v := x.c.Load(Const(at), 8, Plain)
	for k := range x.words {
		whole = whole && x.c.Load(Const(at+8*uint64(k)), 8, Plain).Bits == v.Bits
	}
	x.c.Result("x", v)
	x.c.Result("whole", number(whole))
	return true
}

func isNil(err any) bool { return err == uint64(0) }

// has says whether a thread got the value.
func (a *testArray) has(s *State, thread int, x uint64) bool {
	return s.Result(thread, "ok") == 1 && s.Result(thread, "whole") == 1 && s.Result(thread, "x") == x
}

// finalCap returns the capacity at the end.
func (a *testArray) finalCap(s *State) uint64 {
	if n := s.Final(a.dir); n != 0 {
		return s.Final(a.rows[n-1].directory + 8*dirCapacity)
	}
	return 1
}

// finalCell returns the address of cell i at the end, or 0.
func (a *testArray) finalCell(s *State, i uint64) uint64 {
	if i == 0 {
		return a.first
	}
	if i >= a.finalCap(s) {
		return 0
	}
	d := a.rows[s.Final(a.dir)-1].directory
	for k := s.Final(d+8*dirLen) - 1; ; k-- {
		at := d + 8*(dirSegments+2*k)
		if start := s.Final(at + 8); start <= i {
			return s.Final(at) + (i-start)*a.stride()
		}
	}
}

// finalLive says whether cell i is set at the end, and has the value.
func (a *testArray) finalLive(s *State, i, x uint64) bool {
	at := a.finalCell(s, i)
	return at != 0 && s.Final(at)&(layout.StateMask|layout.Lock) == layout.Live && s.Final(at+8) == x
}

// finalUnset says whether cell i is unset at the end.
func (a *testArray) finalUnset(s *State, i uint64) bool {
	return s.Final(a.finalCell(s, i))&(layout.StateMask|layout.Lock) == layout.Empty
}
