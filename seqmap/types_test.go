package seqmap

import (
	"math"
	"testing"
	"unsafe"
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

// TestModelKeys is G11, and the meaning of every operation, for each kind of key; d19.
func TestModelKeys(t *testing.T) {
	t.Run("uint8", func(t *testing.T) { testModel[uint8, uint64](t, nil) })
	t.Run("uint16", func(t *testing.T) { testModel[uint16, uint16](t, nil) })
	t.Run("uint32", func(t *testing.T) { testModel[uint32, uint32](t, nil) })
	t.Run("uint64", func(t *testing.T) { testModel[uint64, uint64](t, nil) })
	t.Run("int", func(t *testing.T) {
		testModel[int, int](t, func(n uint64) int { return int(n) - 250 })
	})
	t.Run("bool", func(t *testing.T) { testModel[bool, int](t, func(n uint64) bool { return n%2 != 0 }) })
	t.Run("empty", func(t *testing.T) { testModel[struct{}, uint64](t, nil) })
	t.Run("float32", func(t *testing.T) {
		testModel[float32, uint64](t, func(n uint64) float32 { return float32(float(n)) })
	})
	t.Run("float64", func(t *testing.T) { testModel[float64, uint64](t, float) })
	t.Run("complex128", func(t *testing.T) {
		testModel[complex128, uint32](t, func(n uint64) complex128 { return complex(float(n), float(n/100)) })
	})
	t.Run("padded", func(t *testing.T) { testModel[padded, uint64](t, paddedKey) })
	t.Run("blank", func(t *testing.T) { testModel[blank, [3]uint64](t, blankKey) })
	t.Run("floats", func(t *testing.T) { testModel[floats, uint64](t, floatsKey) })
	t.Run("nested", func(t *testing.T) { testModel[nested, [2]uint64](t, nestedKey) })
	t.Run("bits", func(t *testing.T) {
		// Among them keys of all zeros and all ones, and keys that differ in one bit.
		testModel[uint64, uint64](t, func(n uint64) uint64 { return 1<<(n%65) - 1 })
	})
}

// TestModelKeySizes covers tagged and untagged buckets, one word and several, and all lengths
// of the last word.
func TestModelKeySizes(t *testing.T) {
	t.Run("bytes=1", func(t *testing.T) { testModel[[1]byte, uint64](t, nil) })
	t.Run("bytes=2", func(t *testing.T) { testModel[[2]byte, uint64](t, nil) })
	t.Run("bytes=3", func(t *testing.T) { testModel[[3]byte, uint64](t, nil) })
	t.Run("bytes=4", func(t *testing.T) { testModel[[4]byte, uint64](t, nil) })
	t.Run("bytes=5", func(t *testing.T) { testModel[[5]byte, uint64](t, nil) })
	t.Run("bytes=7", func(t *testing.T) { testModel[[7]byte, uint64](t, nil) })
	t.Run("bytes=9", func(t *testing.T) { testModel[[9]byte, uint64](t, nil) })
	t.Run("bytes=12", func(t *testing.T) { testModel[[12]byte, uint64](t, nil) })
	t.Run("bytes=15", func(t *testing.T) { testModel[[15]byte, uint64](t, nil) })
	t.Run("bytes=16", func(t *testing.T) { testModel[[16]byte, uint64](t, nil) })
	t.Run("bytes=17", func(t *testing.T) { testModel[[17]byte, uint64](t, nil) })
	t.Run("bytes=24", func(t *testing.T) { testModel[[24]byte, uint64](t, nil) })
	t.Run("bytes=33", func(t *testing.T) { testModel[[33]byte, uint64](t, nil) })
	t.Run("bytes=40", func(t *testing.T) { testModel[[40]byte, uint64](t, nil) })
	t.Run("bytes=63", func(t *testing.T) { testModel[[63]byte, uint64](t, nil) })
	t.Run("bytes=64", func(t *testing.T) { testModel[[64]byte, uint64](t, nil) })
}

// TestModelValueSizes covers slot words of 32 and 64 bits, and values of all lengths.
func TestModelValueSizes(t *testing.T) {
	t.Run("bytes=0", func(t *testing.T) { testModel[uint64, struct{}](t, nil) })
	t.Run("bytes=1", func(t *testing.T) { testModel[uint64, uint8](t, nil) })
	t.Run("bytes=3", func(t *testing.T) { testModel[uint64, [3]byte](t, nil) })
	t.Run("bytes=4", func(t *testing.T) { testModel[uint64, uint32](t, nil) })
	t.Run("bytes=5", func(t *testing.T) { testModel[uint64, [5]byte](t, nil) })
	t.Run("bytes=12", func(t *testing.T) { testModel[uint64, [12]byte](t, nil) })
	t.Run("bytes=16", func(t *testing.T) { testModel[uint64, [16]byte](t, nil) })
	t.Run("bytes=24", func(t *testing.T) { testModel[uint64, [24]byte](t, nil) })
	t.Run("bytes=40", func(t *testing.T) { testModel[[16]byte, [40]byte](t, nil) })
	t.Run("bytes=64", func(t *testing.T) { testModel[[12]byte, [64]byte](t, nil) })
	t.Run("bytes=255", func(t *testing.T) { testModel[uint64, [255]byte](t, nil) })
	t.Run("bytes=4096", func(t *testing.T) { testModel[uint32, [4096]byte](t, nil) })
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
	mustPanic(t, func() { New[key, int]() }, "Name", "pointers")
	mustPanic(t, func() { New[int, []int]() }, "pointers")
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
	mustPanic(t, func() { New[int, [9000]byte]() }, "seqcore")
}
