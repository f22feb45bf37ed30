//go:build seqsched

package seqmap

import (
	"fmt"
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/record"
)

// TestLinearizableComesBack checks that the seed of a walk brings back the whole history, so that what
// a failure prints suffices to look into it.
func TestLinearizableComesBack(t *testing.T) {
	x := linPatterns[[16]byte, [64]byte]()
	forEachMode(t, func(t *testing.T, mode hashMode) {
		for seed := range 5 {
			t.Setenv("SEQMAP_SEED", fmt.Sprint(seed))
			var histories []string
			for range 2 {
				record.Rounds(t, 1, func(r *record.Round) error {
					if !r.Exact() {
						return nil
					}
					m := newLinMap[[16]byte, [64]byte](mode, r.Seed)
					history, err := linHistory(r, x.over(m), linShape{goroutines: 4, calls: 12, clears: 8})
					histories = append(histories, fmt.Sprint(history))
					return err
				})
			}
			if len(histories) != 2 || histories[0] != histories[1] {
				t.Errorf("seed %d leads to %d histories, which are not the same: %v", seed, len(histories), histories)
			}
		}
	})
}
