package memmodel

import (
	"fmt"
	"testing"
)

// TestStoreBuffering finds out where two threads that each store to an entry of their own and
// then read the other's can both miss the other's store, if values are small and their readers
// wait for nobody. No package promises that they cannot: there is no order between different
// entries beyond happens-before. They can with the kernels of amd64, whose last store is a plain
// one; this test is there so that a change in either direction is noticed. With wide values they
// cannot on any architecture, which "store, then load another" among the checks is about.
func TestStoreBuffering(t *testing.T) {
	for routine, both := range map[string]func(w *world, f form) (missed bool, complaint string){
		"storeCell": cellsBuffered, "commitCell": cellsBuffered,
		"claimSlot": slotsBuffered, "writeSlot": slotsBuffered, "swapWord": slotsBuffered,
	} {
		for _, f := range append(kernelForms(t, routine), goForms(t, routine)...) {
			missed, complaint := both(newWorld(t, f), f)
			want := f.model == TSO && f.code != nil
			if missed != want || complaint != "" {
				t.Errorf("%s: stores missed by both: %v, not %v. %s", f.name, missed, want, complaint)
			}
		}
	}
}

func cellsBuffered(w *world, f form) (missed bool, complaint string) {
	p := New(f.model)
	cells := []uint64{newCell(p, "x", 1), newCell(p, "y", 1)}
	for i := range 2 {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			f.writeCell(c, cells[i], 1, 1, wordV0)
			cellPair{w: w}.readCell(c, cells[1-i], 1, "")
		})
	}
	a := p.Explore(func(s *State) bool { return s.Result(0, "d0") == 0 && s.Result(1, "d0") == 0 })
	return a.Possible[0], a.Fault
}

func slotsBuffered(w *world, f form) (missed bool, complaint string) {
	p := New(f.model)
	key := oneWord.home(1)[0]
	var tables []*testTable
	for range 2 {
		if f.routine == "swapWord" {
			tables = append(tables, oneWord.keyed(p, []uint64{key}))
		} else {
			tables = append(tables, oneWord.table(p, f))
			key = slotKey
		}
	}
	for i := range 2 {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			if f.routine == "swapWord" {
				f.swapWord(c, tables[i], key, 7)
			} else {
				f.put(c, tables[i], 0, 7)
			}
			tables[1-i].read(w, c, 0, 0, key, "")
		})
	}
	a := p.Explore(func(s *State) bool { return s.Result(0, "d0") != 7 && s.Result(1, "d0") != 7 })
	return a.Possible[0], a.Fault
}
