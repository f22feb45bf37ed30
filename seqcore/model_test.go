package seqcore_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/seqmap/seqmap-go/seqcore"
)

// TestModel runs random calls on cells and compares each result with op.apply.
func TestModel(t *testing.T) {
	rapid.Check(t, modelSmall)
	rapid.Check(t, modelOdd)
	rapid.Check(t, modelWide)
}

func FuzzModelSmall(f *testing.F) { f.Fuzz(rapid.MakeFuzz(modelSmall)) }
func FuzzModelOdd(f *testing.F)   { f.Fuzz(rapid.MakeFuzz(modelOdd)) }
func FuzzModelWide(f *testing.F)  { f.Fuzz(rapid.MakeFuzz(modelWide)) }

func modelSmall(t *rapid.T) { model[uint16](t) }
func modelOdd(t *rapid.T)   { model[[3]uint32](t) }
func modelWide(t *rapid.T)  { model[[8]uint64](t) }

func model[T any](t *rapid.T) {
	var c seqcore.Cell[T]
	s := state{0, 1}
	c.Store(value[T](0))
	few := rapid.ByteRange(0, 5)
	for range rapid.IntRange(1, 40).Draw(t, "calls") {
		o := op{
			method:  rapid.SampledFrom(methods).Draw(t, "method"),
			new:     few.Draw(t, "new"),
			old:     few.Draw(t, "old"),
			version: s.version + uint64(few.Draw(t, "ahead"))/5,
		}
		next, want := o.apply(s)
		if got := run(o, &c); got != want {
			t.Fatalf("%+v on %+v gave %+v, want %+v", o, s, got, want)
		}
		s = next
	}
}
