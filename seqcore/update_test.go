package seqcore_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/seqmap/seqmap-go/seqcore"
)

// The tests of G6 run for a small and a wide value.
func forSmallAndWide(t *testing.T, small func(*testing.T), wide func(*testing.T)) {
	t.Run("small", small)
	t.Run("wide", wide)
}

// TestUpdatePanics checks G6 and defects d1 and d27: the function panics, and the cell is
// as it was and works.
func TestUpdatePanics(t *testing.T) {
	forSmallAndWide(t, testUpdatePanics[uint32], testUpdatePanics[[3]uint64])
}

func testUpdatePanics[T any](t *testing.T) {
	var c seqcore.Cell[T]
	c.Store(value[T](1))
	func() {
		defer func() {
			if r := recover(); r != "no" {
				t.Errorf("recovered %v", r)
			}
		}()
		c.Update(func(T) T { panic("no") })
	}()
	wantUntouched(t, &c)
	func() {
		defer func() {
			if r := recover(); r != "seqcore: Update by a nil function" {
				t.Errorf("recovered %v", r)
			}
		}()
		c.Update(nil)
		t.Error("Update(nil) did not panic")
	}()
	wantUntouched(t, &c)
}

// wantUntouched checks that the one write of value(1) was the only one, and that the cell
// can be read and written.
func wantUntouched[T any](t *testing.T, c *seqcore.Cell[T]) {
	t.Helper()
	if v, version := c.LoadVersion(); version != 1 || !equal(v, value[T](1)) {
		t.Errorf("the cell holds %v, version %d", v, version)
	}
	if _, ok := c.TryLoad(); !ok {
		t.Error("the cell is locked")
	}
	if !c.StoreIf(1, value[T](1)) {
		t.Error("the cell cannot be written")
	}
	*wordOf(c) -= 1 << 3
}

// TestUpdateGoexit checks G6: the function ends its goroutine.
func TestUpdateGoexit(t *testing.T) {
	forSmallAndWide(t, testUpdateGoexit[uint32], testUpdateGoexit[[3]uint64])
}

func testUpdateGoexit[T any](t *testing.T) {
	var c seqcore.Cell[T]
	c.Store(value[T](1))
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		c.Update(func(T) T { runtime.Goexit(); return value[T](2) })
		t.Error("Goexit returned")
	}()
	wg.Wait()
	wantUntouched(t, &c)
}

// TestUpdateReenters checks G6 and defect d2: the function uses the same cell in every way,
// and Update runs it again for what it wrote.
func TestUpdateReenters(t *testing.T) {
	forSmallAndWide(t, testUpdateReenters[uint32], testUpdateReenters[[3]uint64])
}

func testUpdateReenters[T any](t *testing.T) {
	var c seqcore.Cell[T]
	c.Store(value[T](1))
	var given []T
	got := c.Update(func(old T) T {
		given = append(given, old)
		if v := c.Load(); !equal(v, old) {
			t.Errorf("inside Load = %v, want %v", v, old)
		}
		if len(given) == 1 {
			c.Store(value[T](2))
			c.Swap(value[T](3))
			c.Update(func(T) T { return value[T](4) })
		}
		return value[T](5)
	})
	if len(given) != 2 || !equal(given[0], value[T](1)) || !equal(given[1], value[T](4)) {
		t.Errorf("the function was given %v", given)
	}
	if v, version := c.LoadVersion(); !equal(v, got) || !equal(v, value[T](5)) || version != 5 {
		t.Errorf("the cell holds %v, version %d, and Update returned %v", v, version, got)
	}
}

// TestUpdateBlocks checks G6: while the function waits, everybody else goes on.
func TestUpdateBlocks(t *testing.T) {
	forSmallAndWide(t, testUpdateBlocks[uint32], testUpdateBlocks[[3]uint64])
}

func testUpdateBlocks[T any](t *testing.T) {
	var c seqcore.Cell[T]
	inside, leave, done := make(chan bool), make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		runs := 0
		c.Update(func(old T) T {
			if runs++; runs == 1 {
				inside <- true
				<-leave
			} else if !equal(old, value[T](8)) {
				t.Errorf("the second run was given %v", old)
			}
			return value[T](9)
		})
		if runs != 2 {
			t.Errorf("the function ran %d times", runs)
		}
	}()
	<-inside
	c.Store(value[T](7))
	if v, ok := c.TryLoad(); !ok || !equal(v, value[T](7)) {
		t.Errorf("TryLoad = %v, %v while the function waits", v, ok)
	}
	if !c.CompareAndSwap(value[T](7), value[T](8)) {
		t.Error("CompareAndSwap failed while the function waits")
	}
	close(leave)
	<-done
	if v := c.Load(); !equal(v, value[T](9)) {
		t.Errorf("Load = %v after Update", v)
	}
}
