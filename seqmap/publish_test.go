package seqmap

import (
	"runtime"
	"testing"
)

// parcel is plain data that one goroutine writes and another one reads. All that orders the
// two is that the reader has found the parcel's number in the map, so a build with the race
// detector reports it if the map does not order them. G10, d12
type parcel struct {
	a, b int
	next *parcel
}

// TestPublication sends parcels through a map, by every way to write a value and every way to
// read one, while the map grows from nothing and while its table is replaced without end.
func TestPublication(t *testing.T) {
	t.Run("small", func(t *testing.T) { testPublication[uint64, uint64](t) })
	t.Run("half", func(t *testing.T) { testPublication[uint32, uint32](t) })
	t.Run("wide", func(t *testing.T) { testPublication[uint64, [3]uint64](t) })
	t.Run("tagged", func(t *testing.T) { testPublication[[24]byte, [24]byte](t) })
}

func testPublication[K, V comparable](t *testing.T) {
	ways := []func(m *SeqMap[K, V], key K, value V){
		func(m *SeqMap[K, V], key K, value V) { m.Insert(key, value) },
		func(m *SeqMap[K, V], key K, value V) { m.LoadOrStore(key, value) },
		func(m *SeqMap[K, V], key K, value V) { m.Update(key, func(V, bool) V { return value }) },
		func(m *SeqMap[K, V], key K, value V) { m.InsertBatch([]K{key}, []V{value}) },
		func(m *SeqMap[K, V], key K, value V) { // over a value that was there
			var before V
			m.Insert(key, before)
			m.CompareAndSwap(key, before, value)
		},
		func(m *SeqMap[K, V], key K, value V) { // where a key was removed
			m.Insert(key, value)
			m.Remove(key)
			m.Insert(key, value)
		},
	}
	for _, replaced := range []bool{false, true} {
		m := new(SeqMap[K, V])
		parcels := make([]parcel, count(4000))
		work := func() {
			together(5, func(g int) {
				if g == 0 {
					for i := range parcels {
						parcels[i] = parcel{a: i, b: -i, next: &parcels[(i+1)%len(parcels)]}
						ways[i%len(ways)](m, pattern[K](uint64(i)), pattern[V](uint64(i)+1))
					}
					return
				}
				receive(t, m, g, parcels)
			})
		}
		if replaced {
			storm(m, work)
		} else {
			work()
		}
	}
}

// receive reads each of the parcels as soon as reader g finds its number.
func receive[K, V comparable](t *testing.T, m *SeqMap[K, V], g int, parcels []parcel) {
	open := func(key K, value V) {
		if i := seed(value); i != 0 {
			if p := &parcels[i-1]; p.a != -p.b || p.next == nil || pattern[K](uint64(p.a)) != key {
				t.Errorf("parcel %d: %+v under key %v", i-1, *p, key)
			}
		}
	}
	if g == 4 {
		for seen := 0; seen < len(parcels); runtime.Gosched() {
			seen = 0
			for key, value := range m.All() {
				if open(key, value); seed(value) != 0 {
					seen++
				}
			}
		}
		return
	}
	for i := range parcels {
		key := pattern[K](uint64(i))
		value := look(m, key, g)
		for seed(value) == 0 {
			runtime.Gosched()
			value = look(m, key, g)
		}
		open(key, value)
	}
}

// look reads the value of key in the way of reader g, or returns zero if there is none.
func look[K, V comparable](m *SeqMap[K, V], key K, g int) (value V) {
	switch g {
	case 1:
		value, _ = m.Get(key)
	case 2:
		values, found := make([]V, 1), make([]bool, 1)
		m.GetBatch([]K{key}, values, found)
		value = values[0]
	default:
		value, _ = m.Compute(key, func(old V, _ bool) (V, Op) { return old, CancelOp })
	}
	return value
}
