package seqmap

import (
	"math"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The key types that need more than a comparison of all their bytes.
type (
	padded struct {
		a uint8
		b uint32
		c uint16
	}
	blank struct {
		a uint16
		_ uint16
		b uint64
		_ [3]byte
	}
	floats struct {
		f float64
		n uint32
		g [3]float32
	}
	nested struct {
		p [2]padded
		c complex64
	}
	name string
	// tooMuch is larger than a key or value may be.
	tooMuch [layout.MaxValueBytes + 1]byte
)

// garble writes into the bytes of p that == does not look at.
func garble[T any](p *T, from, to uintptr, n uint64) {
	for i := from; i < to; i++ {
		bytesOf(p)[i] = byte(n>>8) ^ byte(i)
	}
}

func paddedKey(n uint64) (k padded) {
	k.a, k.b, k.c = uint8(n), uint32(n/3), uint16(n)
	garble(&k, 1, unsafe.Offsetof(k.b), n*77)
	garble(&k, unsafe.Offsetof(k.c)+2, unsafe.Sizeof(k), n*99)
	return k
}

func blankKey(n uint64) (k blank) {
	k.a, k.b = uint16(n), n%300
	garble(&k, 2, unsafe.Offsetof(k.b), n*77)
	garble(&k, unsafe.Offsetof(k.b)+8, unsafe.Sizeof(k), n*99)
	return k
}

// float returns a number of which some have two forms.
func float(n uint64) float64 {
	switch n % 100 {
	case 0:
		return 0
	case 1:
		return math.Copysign(0, -1)
	case 2:
		return math.Inf(1)
	case 3:
		return math.SmallestNonzeroFloat64
	default:
		return float64(int64(n)-200) / 3
	}
}

func floatsKey(n uint64) floats {
	return floats{float(n), uint32(n % 7), [3]float32{float32(float(n / 2)), float32(float(n / 3)), 1}}
}

func nestedKey(n uint64) nested {
	return nested{[2]padded{paddedKey(n), paddedKey(n + 1)}, complex(float32(float(n)), float32(float(n+1)))}
}

// TestZeroValueReads covers every operation on a map that nothing was ever stored in.
func TestZeroValueReads(t *testing.T) {
	var m SeqMap[uint64, uint64]
	m.Clear()
	m.Shrink()
	for range m.All() {
		t.Error("All yields from an empty map")
	}
	if v, ok := m.Get(1); v != 0 || ok || m.Contains(1) || m.Len() != 0 || !m.IsEmpty() || m.Cap() != 0 {
		t.Error("the zero map is not empty")
	}
	values, found := []uint64{9, 9}, []bool{true, true}
	if n := m.GetBatch([]uint64{1, 2}, values, found); n != 0 || values[1] != 0 || found[0] {
		t.Errorf("GetBatch = %d, %v, %v", n, values, found)
	}
	if m.Clone().Len() != 0 || m.DeleteFunc(func(uint64, uint64) bool { return true }) != 0 {
		t.Error("the zero map has something to clone or to delete")
	}
	if s := m.Stats(); s.Len != 0 || s.Tables > 1 || s.Used != 0 {
		t.Errorf("Stats() = %v", s)
	}
}

// TestWrongTypes: a type with pointers is refused at first use, by name.
func TestWrongTypes(t *testing.T) {
	type key struct {
		id   uint64
		Name name
	}
	mustPanic(t, func() { New[key, int]() }, "seqcore", "Name", "pointers")
	mustPanic(t, func() { New[tooMuch, []int]() }, "tooMuch", "too large", "[]int", "pointers")
	var m SeqMap[key, int]
	for _, use := range []func(){
		func() { m.Get(key{}) },
		func() { m.Insert(key{}, 1) },
		func() { m.Remove(key{}) },
		func() { m.Range(func(key, int) bool { return true }) },
		func() { m.GetBatch([]key{{}}, []int{0}, []bool{false}) },
		func() { m.Grow(1) },
		func() { m.Shrink() },
		func() { m.Clear() },
		func() { Add(&m, key{}, 1) },
	} {
		mustPanic(t, use, "Name", "pointers")
	}
}
