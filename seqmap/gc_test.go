package seqmap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"
)

// scannable returns how many bytes of the heap the garbage collector looked at last.
func scannable() uint64 {
	runtime.GC()
	s := []metrics.Sample{{Name: "/gc/scan/heap:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// TestTableIsNotScanned: a map of any size costs the garbage collector next to nothing.
func TestTableIsNotScanned(t *testing.T) {
	const entries = 200_000
	before := scannable()
	m := New[uint64, [2]uint64](WithCapacity(entries))
	for i := range uint64(entries) {
		m.Insert(i, [2]uint64{i, i})
	}
	if n, bytes := int(scannable()-before), m.Stats().Bytes; n > bytes/20 {
		t.Errorf("%d bytes of %d are scanned", n, bytes)
	}
	// The same look at a table with pointers in it shows that the test can fail.
	with := make([]*uint64, entries)
	if n := int(scannable() - before); n < entries*4 {
		t.Errorf("%d bytes of a slice of %d pointers are scanned", n, entries)
	}
	runtime.KeepAlive(with)
	runtime.KeepAlive(m)
}

// TestOldTableIsReleased is a part of G8: nothing keeps a table, nor its slab, once it has
// been replaced. d16
func TestOldTableIsReleased(t *testing.T) {
	for name, replace := range map[string]func(m *SeqMap[uint64, uint64]){
		"Shrink": func(m *SeqMap[uint64, uint64]) {
			m.DeleteFunc(func(key, _ uint64) bool { return key%8 != 0 })
			m.Shrink()
		},
		"Grow":  func(m *SeqMap[uint64, uint64]) { m.Grow(100_000) },
		"Clear": func(m *SeqMap[uint64, uint64]) { m.Clear() },
		"Insert": func(m *SeqMap[uint64, uint64]) {
			for i := range uint64(50_000) {
				m.Insert(i, i)
			}
		},
	} {
		m := New[uint64, uint64](WithSeed(1))
		for i := range uint64(10_000) {
			m.Insert(i, i)
		}
		m.Shrink()
		var released atomic.Int32
		watch(m, &released)
		runtime.GC()
		runtime.GC()
		if n := released.Load(); n != 0 {
			t.Errorf("%s: %d parts of the table are released before they are replaced", name, n)
		}
		replace(m)
		for try := 0; released.Load() < 2; try++ {
			if try == 1000 {
				t.Errorf("%s: %d of the 2 parts of the old table are released", name, released.Load())
				break
			}
			runtime.GC()
			time.Sleep(time.Millisecond) // cleanups run in a goroutine of their own
		}
		runtime.KeepAlive(m)
	}
}

// watch counts in released when the root table of m, and its slab, are garbage.
func watch(m *SeqMap[uint64, uint64], released *atomic.Int32) {
	table := m.root.Load()
	runtime.AddCleanup(table, func(n *atomic.Int32) { n.Add(1) }, released)
	runtime.AddCleanup((*byte)(table.base), func(n *atomic.Int32) { n.Add(1) }, released)
}

// TestCollectorAndMovingStacks uses a map while the garbage collector runs without a pause, the
// goroutines' stacks grow and move, and the table is replaced again and again.
func TestCollectorAndMovingStacks(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	t.Run("small", func(t *testing.T) { testMovingStacks[uint64, uint64](t, defaultHash) })
	t.Run("wide", func(t *testing.T) { testMovingStacks[[24]byte, [24]byte](t, defaultHash) })
	t.Run("hasher", func(t *testing.T) { testMovingStacks[[24]byte, [24]byte](t, fourBitHash) })
}

func testMovingStacks[K, V comparable](t *testing.T, mode hashMode) {
	m := newMap[K, V](mode)
	rounds := count(600)
	collections := 0
	during(func() {
		if runtime.GC(); collections%16 == 0 {
			debug.FreeOSMemory()
		}
		collections++
	}, func() {
		storm(m, func() {
			together(4, func(g int) {
				for round := range rounds {
					// Each round has a fresh stack, which grows at another depth.
					done := make(chan bool)
					go func() {
						defer close(done)
						deep(round%40, func() { useAll(t, m, uint64(g+round%5*4)) })
					}()
					<-done
				}
			})
		})
	})
	checkQuiet(t, m)
}

// deep calls f with a stack that is deep by some hundreds of bytes more for each n.
//
//go:noinline
func deep(n int, f func()) byte {
	var room [256]byte
	if n == 0 {
		f()
	} else {
		room[n] = deep(n-1, f)
	}
	return room[n]
}

// useAll does a few operations on the key of n, which no other goroutine changes.
func useAll[K, V comparable](t *testing.T, m *SeqMap[K, V], n uint64) {
	key, a, b := pattern[K](n), pattern[V](n*3+1), pattern[V](n*3+2)
	m.Insert(key, a)
	old, ok := m.Get(key)
	m.Update(key, func(v V, loaded bool) V {
		deep(20, func() { ok = ok && loaded && v == a })
		return b
	})
	swapped := m.CompareAndSwap(key, b, a)
	values, found := make([]V, 3), make([]bool, 3)
	hits := m.GetBatch([]K{key, key, key}, values, found)
	v, removed := m.Remove(key)
	if !ok || old != a || !swapped || hits != 3 || values[1] != a || !removed || v != a {
		t.Errorf("key %d: %v %v %v %v %v %v %v", n, ok, old, swapped, hits, values, removed, v)
	}
	for _, v := range m.All() {
		if !whole(v) {
			t.Errorf("All yields the torn value %v", v)
		}
	}
}

// TestFinalizersUseMap: finalizers and cleanups, in the goroutines that the runtime has for them,
// use a map while everybody else does, and while the memory of its own old tables is collected.
func TestFinalizersUseMap(t *testing.T) {
	var m SeqMap[uint64, uint64]
	objects := uint64(count(20_000))
	const finalized, cleanedUp, inserted = 0, 1, 2
	storm(&m, func() {
		together(4, func(g int) {
			for n := range objects / 4 {
				runtime.SetFinalizer(&[4]uint64{n}, func(o *[4]uint64) {
					m.Insert(1<<32|o[0]%97, o[0])
					Add(&m, finalized, 1)
				})
				runtime.AddCleanup(&[5]uint64{n}, func(n uint64) { Add(&m, cleanedUp, 1) }, n)
				if Add(&m, inserted, 1); n%512 == 0 {
					runtime.GC()
				}
			}
		})
	})
	counted := func(key uint64) uint64 { v, _ := m.Get(key); return v }
	want := objects / 4 * 4
	for try := 0; counted(finalized) < want || counted(cleanedUp) < want; try++ {
		if try == 2000 {
			break
		}
		runtime.GC()
		time.Sleep(time.Millisecond) // they run in goroutines of their own
	}
	if counted(finalized) != want || counted(cleanedUp) != want || counted(inserted) != want {
		t.Errorf("%d finalizers, %d cleanups, %d insertions counted; want %d", counted(finalized), counted(cleanedUp), counted(inserted), want)
	}
	checkQuiet(t, &m)
}
