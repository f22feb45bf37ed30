package seqvec

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
	"github.com/seqmap/seqmap-go/internal/arch/testutil"
)

// copies copies a vector in the ways that go vet must find.
const copies = `package copies

import "github.com/seqmap/seqmap-go/seqvec"

type holder struct{ v seqvec.SeqVec[uint32] }

func assign(v *seqvec.SeqVec[uint32]) int {
	copied := *v // want
	return copied.Len()
}

func pass(v seqvec.SeqVec[[3]uint64]) int { // want
	return v.Len()
}

func inside(h holder) int { // want
	return h.v.Len()
}

func elements(all []seqvec.SeqVec[uint32]) {
	for _, v := range all { // want
		v.Len()
	}
}

func pointers(v *seqvec.SeqVec[uint64]) int {
	n := v
	return n.Len()
}

var _ = []any{assign, pass, inside, elements, pointers}
`

// TestCopiesAreFound: go vet reports each copy of a vector, and nothing else. It is skipped without
// a go command, unless SEQMAP_REQUIRE has the word tools.
func TestCopiesAreFound(t *testing.T) { gotool.FindsCopies(t, copies, "seqvec.SeqVec") }

// TestEveryExportHasAnExample is about the examples in example_test.go.
func TestEveryExportHasAnExample(t *testing.T) {
	testutil.EveryExportHasAnExample(t, "Option", "SeqVec.PushSlice")
}
