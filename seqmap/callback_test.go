package seqmap

import (
	"fmt"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// comesBack runs f and fails unless it ends. The time is a patience with a test that hangs: what is
// tested here ends at once or never.
func comesBack(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s does not come back", what)
	}
}

// caller is an operation that calls a user's function, which is given as inside. The map has
// the keys 0 to 9; the operation is on key 3, which is present, or on key 33, which is absent,
// or on all keys.
type caller struct {
	name string
	call func(m *SeqMap[uint64, [2]uint64], inside func())
}

type pairMap = SeqMap[uint64, [2]uint64]

var callers = []caller{
	{"Compute/present", func(m *pairMap, inside func()) {
		m.Compute(3, func([2]uint64, bool) ([2]uint64, Op) { inside(); return [2]uint64{7, 7}, UpdateOp })
	}},
	{"Compute/absent", func(m *pairMap, inside func()) {
		m.Compute(33, func([2]uint64, bool) ([2]uint64, Op) { inside(); return [2]uint64{7, 7}, UpdateOp })
	}},
	{"Compute/delete", func(m *pairMap, inside func()) {
		m.Compute(3, func([2]uint64, bool) ([2]uint64, Op) { inside(); return [2]uint64{}, DeleteOp })
	}},
	{"Compute/cancel", func(m *pairMap, inside func()) {
		m.Compute(3, func([2]uint64, bool) ([2]uint64, Op) { inside(); return [2]uint64{}, CancelOp })
	}},
	{"Update/present", func(m *pairMap, inside func()) {
		m.Update(3, func([2]uint64, bool) [2]uint64 { inside(); return [2]uint64{7, 7} })
	}},
	{"Update/absent", func(m *pairMap, inside func()) {
		m.Update(33, func([2]uint64, bool) [2]uint64 { inside(); return [2]uint64{7, 7} })
	}},
	{"LoadOrCompute", func(m *pairMap, inside func()) {
		m.LoadOrCompute(33, func() [2]uint64 { inside(); return [2]uint64{7, 7} })
	}},
	{"Range", func(m *pairMap, inside func()) {
		m.Range(func(uint64, [2]uint64) bool { inside(); return true })
	}},
	{"All", func(m *pairMap, inside func()) {
		for range m.All() {
			inside()
		}
	}},
	{"Keys", func(m *pairMap, inside func()) {
		for range m.Keys() {
			inside()
		}
	}},
	{"Values", func(m *pairMap, inside func()) {
		for range m.Values() {
			inside()
		}
	}},
	{"DeleteFunc", func(m *pairMap, inside func()) {
		m.DeleteFunc(func(uint64, [2]uint64) bool { inside(); return true })
	}},
}

// forEachCaller runs f for each caller, with a map of its own that has one table or is
// being moved, and then checks that the map is whole and everything in it works.
func forEachCaller(t *testing.T, f func(t *testing.T, m *pairMap, c caller)) {
	for _, c := range callers {
		for _, moving := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/moving=%v", c.name, moving), func(t *testing.T) {
				m := New[uint64, [2]uint64]()
				for key := range uint64(10) {
					m.Insert(key, [2]uint64{key, key})
				}
				if moving {
					attach(m)
				}
				comesBack(t, c.name, func() { f(t, m, c) })
				comesBack(t, "the map afterwards", func() { checkWorks(t, m) })
			})
		}
	}
}

// checkWorks fails unless every operation works in m as always.
func checkWorks(t *testing.T, m *pairMap) {
	t.Helper()
	checkQuiet(t, m)
	for key := range uint64(40) {
		v := [2]uint64{key, 1}
		m.Insert(key, v)
		if !m.CompareAndSwap(key, v, [2]uint64{key, 2}) {
			t.Errorf("CompareAndSwap of key %d fails", key)
		}
		if got := m.Update(key, func(v [2]uint64, _ bool) [2]uint64 { return [2]uint64{key, v[1] + 1} }); got[1] != 3 {
			t.Errorf("Update of key %d = %v", key, got)
		}
	}
	m.Grow(1000)
	m.Shrink()
	for key := range uint64(40) {
		if v, ok := m.Remove(key); !ok || v != [2]uint64{key, 3} {
			t.Errorf("Remove(%d) = %v, %v", key, v, ok)
		}
	}
	checkQuiet(t, m)
}

// TestCallbackPanics: nothing is locked or half written after a user's function has panicked, at
// its first call or a later one; and nothing has changed but what earlier calls did. G5, d1, d27
func TestCallbackPanics(t *testing.T) {
	forEachCaller(t, func(t *testing.T, m *pairMap, c caller) {
		for n := range 3 {
			calls := 0
			func() {
				defer func() {
					if r := recover(); calls > n && r != "user" {
						t.Errorf("recovered %v", r)
					}
				}()
				c.call(m, func() {
					if calls++; calls > n {
						panic("user")
					}
				})
			}()
			if n == 0 && (m.Len() != 10 || m.Contains(33)) {
				t.Errorf("a function that panicked at once has changed the map: %d entries", m.Len())
			}
			if v, ok := m.Get(3); n == 0 && (!ok || v != [2]uint64{3, 3}) {
				t.Errorf("a function that panicked at once has changed key 3 to %v, %v", v, ok)
			}
			checkQuiet(t, m)
		}
	})
}

// TestCallbackGoexit: the same with runtime.Goexit. G5, d1
func TestCallbackGoexit(t *testing.T) {
	forEachCaller(t, func(t *testing.T, m *pairMap, c caller) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.call(m, runtime.Goexit)
		}()
		<-done
		if v, ok := m.Get(3); !ok || v != [2]uint64{3, 3} || m.Len() != 10 {
			t.Errorf("Goexit has changed key 3 to %v, %v; %d entries", v, ok, m.Len())
		}
	})
}

// reentries are what a function does to the map that called it.
var reentries = map[string]func(m *pairMap){
	"sameKey": func(m *pairMap) {
		m.Insert(3, [2]uint64{8, 8})
		m.Remove(33)
		m.Insert(33, [2]uint64{8, 8})
	},
	"otherKeys": func(m *pairMap) {
		for key := range uint64(20) {
			m.Insert(100+key, [2]uint64{})
		}
		m.Remove(4)
	},
	"Clear":   func(m *pairMap) { m.Clear() },
	"Grow":    func(m *pairMap) { m.Grow(2000) },
	"Shrink":  func(m *pairMap) { m.Grow(2000); m.Shrink() },
	"Range":   func(m *pairMap) { m.DeleteFunc(func(key uint64, _ [2]uint64) bool { return key == 3 }) },
	"Compute": func(m *pairMap) { m.Compute(3, func([2]uint64, bool) ([2]uint64, Op) { return [2]uint64{}, DeleteOp }) },
}

// TestCallbackReenters: a function may use the map and the same key. The operation then acts on
// what it left. G5, d2
func TestCallbackReenters(t *testing.T) {
	for name, again := range reentries {
		t.Run(name, func(t *testing.T) {
			forEachCaller(t, func(t *testing.T, m *pairMap, c caller) {
				calls := 0
				c.call(m, func() {
					if calls++; calls == 1 {
						again(m)
					}
				})
				if calls == 0 || calls > 300 {
					t.Errorf("%d calls", calls)
				}
			})
		})
	}
}

// TestCallbackBlocks: a function may wait for another goroutine that changes the same key, and all
// others. It is called again then. G5, d2
func TestCallbackBlocks(t *testing.T) {
	forEachCaller(t, func(t *testing.T, m *pairMap, c caller) {
		calls := 0
		c.call(m, func() {
			if calls++; calls > 1 {
				return
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				for key := range uint64(40) {
					m.Insert(key, [2]uint64{9, 9})
				}
				m.Remove(3)
				m.Insert(3, [2]uint64{5, 5})
				m.Shrink()
			}()
			<-done
		})
	})
}

// TestComputeSeesTheChange: an entry that changes while fn runs is shown to fn again, as it is now,
// and its result is what is stored. G3, G5
func TestComputeSeesTheChange(t *testing.T) {
	m := New[uint64, [2]uint64]()
	m.Insert(3, [2]uint64{})
	change := []func(){
		func() { m.Insert(3, [2]uint64{10, 0}) },
		func() { m.Remove(3) },
		func() { m.Insert(3, [2]uint64{20, 0}) },
		func() { m.Grow(500) },
		func() { m.Compute(3, func([2]uint64, bool) ([2]uint64, Op) { return [2]uint64{30, 0}, UpdateOp }) },
		func() {},
	}
	var shown []uint64
	v := m.Update(3, func(old [2]uint64, loaded bool) [2]uint64 {
		if !loaded {
			old[0] = 99
		}
		shown = append(shown, old[0])
		change[len(shown)-1]()
		return [2]uint64{old[0] + 1, 0}
	})
	// Growing moves the entry, which is a change as far as the table is concerned.
	if got := fmt.Sprint(shown); got != "[0 10 99 20 20 30]" || v[0] != 31 {
		t.Errorf("shown %s, result %d", got, v[0])
	}
	if now, ok := m.Get(3); !ok || now != v {
		t.Errorf("Get = %v, %v; want %v", now, ok, v)
	}
}

// TestInvalidOp: an Op that does not exist is refused by a panic, and nothing changes. d1
func TestInvalidOp(t *testing.T) {
	m := New[uint64, [2]uint64]()
	m.Insert(3, [2]uint64{3, 3})
	for _, op := range []Op{-1, DeleteOp + 1, 77} {
		for _, key := range []uint64{3, 33} {
			mustPanic(t, func() {
				m.Compute(key, func([2]uint64, bool) ([2]uint64, Op) { return [2]uint64{1, 1}, op })
			}, "seqmap", "Compute", fmt.Sprint(int(op)), "not an Op")
		}
	}
	if v, ok := m.Get(3); !ok || v != [2]uint64{3, 3} || m.Len() != 1 {
		t.Errorf("Get(3) = %v, %v; Len() = %d", v, ok, m.Len())
	}
	checkWorks(t, m)
}

// TestHasherPanics: a hash function that panics, in whatever call, leaves nothing locked and loses
// nothing. When it is well again, so is the map. G5, d1
func TestHasherPanics(t *testing.T) {
	for fail := 1; fail <= 200; fail++ {
		var fuse atomic.Int64
		m := NewWithHasher[uint64, [2]uint64](func(key, _ uint64) uint64 {
			if fuse.Add(-1) == 0 {
				panic("hash")
			}
			return key * 0x9e3779b97f4a7c15
		})
		for key := range uint64(20) {
			m.Insert(key, [2]uint64{key, key})
		}
		fuse.Store(int64(fail))
		func() {
			defer func() {
				if r := recover(); r != nil && r != "hash" {
					t.Errorf("recovered %v", r)
				}
			}()
			m.Insert(20, [2]uint64{20, 20})
			m.Grow(100)
			m.Update(3, func(v [2]uint64, _ bool) [2]uint64 { return v })
			for range m.All() {
			}
			m.GetBatch([]uint64{1, 2}, make([][2]uint64, 2), make([]bool, 2))
			m.Shrink()
		}()
		fuse.Store(0)
		comesBack(t, "the map afterwards", func() {
			for key := range uint64(20) {
				if v, ok := m.Get(key); !ok || v != [2]uint64{key, key} {
					t.Errorf("fail %d: Get(%d) = %v, %v", fail, key, v, ok)
				}
			}
			checkWorks(t, m)
		})
	}
}

// TestHasherUsesMap: the hash function runs with nothing locked: it may read, and even write, the
// map whose keys it hashes, as long as it does not call itself without end. G5, d2
func TestHasherUsesMap(t *testing.T) {
	var m *pairMap
	deep := 1
	m = NewWithHasher[uint64, [2]uint64](func(key, _ uint64) uint64 {
		if deep++; deep == 1 {
			m.Remove(key)
			Collect(m.All())
			m.Insert(key+1000, [2]uint64{1, 1})
		}
		deep--
		return key & 3
	})
	comesBack(t, "the map", func() {
		deep = 0
		for key := range uint64(100) {
			m.Insert(key, [2]uint64{key, key})
		}
		m.Grow(500)
		m.Remove(50)
		deep = 1
		checkWorks(t, m)
	})
}

// TestIteratorsAreAbandoned: an iterator that is pulled from and then dropped, or stopped, holds
// nothing. d15
func TestIteratorsAreAbandoned(t *testing.T) {
	m := New[uint64, [2]uint64]()
	for key := range uint64(10) {
		m.Insert(key, [2]uint64{key, key})
	}
	next, stop := iter.Pull2(m.All())
	key, v, ok := next()
	if !ok || v[0] != key {
		t.Errorf("next() = %d, %v, %v", key, v, ok)
	}
	checkWorks(t, m) // while the iterator stands in the middle
	stop()
	if _, _, ok := next(); ok {
		t.Error("a stopped iterator goes on")
	}
	checkWorks(t, m)
}
