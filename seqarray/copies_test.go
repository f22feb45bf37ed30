package seqarray

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
	"github.com/seqmap/seqmap-go/internal/arch/testutil"
)

// copies copies an array in the ways that go vet must find.
const copies = `package copies

import "github.com/seqmap/seqmap-go/seqarray"

type holder struct{ a seqarray.SeqArray[uint32] }

func assign(a *seqarray.SeqArray[uint32]) int {
	copied := *a // want
	return copied.Len()
}

func pass(a seqarray.SeqArray[[3]uint64]) int { // want
	return a.Len()
}

func inside(h holder) int { // want
	return h.a.Len()
}

func elements(all []seqarray.SeqArray[uint32]) {
	for _, a := range all { // want
		a.Len()
	}
}

func pointers(a *seqarray.SeqArray[uint64]) int {
	n := a
	return n.Len()
}

var _ = []any{assign, pass, inside, elements, pointers}
`

// TestCopiesAreFound: go vet reports each copy of an array, and nothing else. It is skipped without
// a go command, unless SEQMAP_REQUIRE has the word tools.
func TestCopiesAreFound(t *testing.T) { gotool.FindsCopies(t, copies, "seqarray.SeqArray") }

// TestEveryExportHasAnExample is about the examples in example_test.go.
func TestEveryExportHasAnExample(t *testing.T) {
	testutil.EveryExportHasAnExample(t, "New", "SeqArray.CopyTo", "ErrOutOfBounds")
}
