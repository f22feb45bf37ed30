package seqvec

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/gotool"
)

// TestReservationsAreNotSplit checks in what the compiler makes of them that the scheduler cannot
// stop a goroutine between a reservation and what belongs to it.
func TestReservationsAreNotSplit(t *testing.T) {
	for _, p := range gotool.Platforms() {
		listing := gotool.List(t, p, ".")
		for _, name := range []string{"pushCell", "popCell"} {
			for _, where := range listing.Stops("github.com/seqmap/seqmap-go/seqvec." + name) {
				t.Errorf("%s: %s can be stopped %s", p, name, where)
			}
		}
	}
}
