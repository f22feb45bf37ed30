package memmodel

import (
	"fmt"
	"testing"
)

// TestStoreBuffering has two threads that each store to an entry of their own and then read the
// other's. With slots of the map, they must never both miss the other's store. With
// cells of small values, whose readers wait for nobody, they can by the kernels of amd64: their last
// store is a plain one, for there is no order between different cells beyond happens-before.
// This test is there so that a change in either direction is noticed. With wide values cells
// have that order too, which "store, then load another" among their checks is about.
func TestStoreBuffering(t *testing.T) {
	for _, routine := range []string{"storeCell", "commitCell"} {
		for _, f := range append(kernelForms(t, routine), goForms(t, routine)...) {
			missed, complaint := cellsBuffered(newWorld(t, f), f)
			want := f.model == TSO && f.code != nil
			if missed != want || complaint != "" {
				t.Errorf("%s: stores missed by both: %v, not %v. %s", f.name, missed, want, complaint)
			}
		}
	}
	for _, routine := range []string{"claimSlot", "writeSlot", "swapLine", "addLine"} {
		for _, f := range append(kernelForms(t, routine), goForms(t, routine)...) {
			if complaint := newWorld(t, f).slotsBuffered(f); complaint != "" {
				t.Errorf("%s: %s", f.name, complaint)
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

// slotsBuffered is the store buffering of a routine that writes slots, by all ways in which it
// does that.
func (w *world) slotsBuffered(f form) string {
	if f.updates() {
		return eachShape(func(w *world, f form, sh shape) string {
			key := sh.home(1)[0]
			table := func(p *Program) *testTable { return sh.keyed(p, []uint64{key}) }
			return w.buffered(f, table, key, true, func(c *CPU, t *testTable) { f.update(c, t, key, 7) })
		})(w, f)
	}
	for _, sh := range []shape{oneWord, twoWords, tagged} {
		table := func(p *Program) *testTable { return sh.table(p, f) }
		c := w.buffered(f, table, slotKey, true, func(c *CPU, t *testTable) { f.put(c, t, 0, 7) })
		if c == "" && f.routine == "writeSlot" {
			c = first(w.buffered(f, table, slotKey, false, f.remove), w.buffered(f, sh.deadTable, slotKey, true, f.revive))
		}
		if c != "" {
			return fmt.Sprintf("%d-byte keys, %d-byte values: %s", sh.key, sh.value, c)
		}
	}
	return ""
}

// remove removes the key of slot 0, which has the first version.
func (f form) remove(c *CPU, t *testTable) {
	f.writeSlot(c, t.slot(0, 0), liveV1, writeOp{count: t.count, remove: true})
}

// revive puts the key of slot 0, which is DEAD with the second version, back with the value 7.
func (f form) revive(c *CPU, t *testTable) {
	f.writeSlot(c, t.slot(0, 0), deadV2, writeOp{value: t.valueWords(7), count: t.count})
}

// deadTable makes a table whose slot 0 is DEAD.
func (s shape) deadTable(p *Program) *testTable {
	return newTable(p, "t", s, 1, map[[2]int]slotEntry{{0, 0}: {deadV2, slotKey, 0}})
}

// buffered has two threads that each write to slot 0 of a table of their own and then read that of the
// other. They must not both miss the other's write, by which the key gets the value 7, or is
// removed unless there is set.
func (w *world) buffered(f form, table func(p *Program) *testTable, key uint64, there bool, write func(c *CPU, t *testTable)) string {
	p := New(f.model)
	tables := []*testTable{table(p), table(p)}
	for i := range 2 {
		p.Thread(fmt.Sprint("t", i), func(c *CPU) {
			write(c, tables[i])
			tables[1-i].read(w, c, 0, 0, key, "")
		})
	}
	missed := func(s *State, i int) bool {
		ok := s.Result(i, "ok") == 1
		return ok != there || ok && s.Result(i, "d0") != 7
	}
	return judge(p, func(s *State) bool { return missed(s, 0) && missed(s, 1) },
		func(s *State) bool { return missed(s, 0) && !missed(s, 1) })
}

// countsBuffered is the store buffering of the count of a routine that writes slots.
func (w *world) countsBuffered(f form) string {
	for _, sh := range []shape{oneWord, twoWords} {
		table := func(p *Program) *testTable { return sh.table(p, f) }
		var c string
		if f.routine == "claimSlot" {
			c = w.countBuffered(f, table, table, func(c *CPU, t *testTable) { f.put(c, t, 0, 7) })
		} else {
			c = first(w.countBuffered(f, table, table, f.remove), w.countBuffered(f, sh.deadTable, table, f.revive))
		}
		if c != "" {
			return fmt.Sprintf("%d-byte values: %s", sh.value, c)
		}
	}
	return ""
}

// countBuffered has one that changes the count of a table and then reads another table, and one
// that writes there and then asks for the count. If the read missed that write, the change was
// over before it, and so nobody was at work any more when the count was asked for: it must
// be exact.
func (w *world) countBuffered(f form, table, other func(p *Program) *testTable, change func(c *CPU, t *testTable)) string {
	p := New(f.model)
	x, y := table(p), other(p)
	p.Thread("changes", func(c *CPU) {
		change(c, x)
		y.read(w, c, 0, 0, slotKey, "")
	})
	p.Thread("counts", func(c *CPU) {
		f.put(c, y, 0, 7)
		c.Result("n", c.Load(Const(x.count), 8, Acquire))
	})
	missed := func(s *State) bool { return s.Result(0, "ok") == 0 || s.Result(0, "d0") != 7 }
	return judge(p, func(s *State) bool { return missed(s) && s.Result(1, "n") == 0 },
		func(s *State) bool { return missed(s) && s.Result(1, "n") != 0 })
}
