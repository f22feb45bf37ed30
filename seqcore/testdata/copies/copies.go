// Package copies copies a Cell in the ways that go vet must find.
package copies

import "github.com/seqmap/seqmap-go/seqcore"

type holder struct{ cell seqcore.Cell[uint32] }

func assign(c *seqcore.Cell[uint32]) {
	copied := *c // want
	copied.Store(1)
}

func pass(c seqcore.Cell[[3]uint64]) uint64 { // want
	return c.Version()
}

func inside(h holder) uint32 { // want
	return h.cell.Load()
}

func elements(cells []seqcore.Cell[uint32]) {
	for _, c := range cells { // want
		c.Load()
	}
}

var _ = []any{assign, pass, inside, elements}
