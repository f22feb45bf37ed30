package seqmap

import (
	"math/rand/v2"
	"testing"
)

// bytesChooser makes choices of the bytes that a fuzzer gives, and always the first when there
// are no more.
type bytesChooser struct{ left []byte }

func (c *bytesChooser) IntN(n int) (choice int) {
	for of := 1; of < n && len(c.left) > 0; of *= 256 {
		choice = choice*256 + int(c.left[0])
		c.left = c.left[1:]
	}
	return choice % n
}

// fuzzed are the kinds of maps that FuzzMap chooses from: keys of 0 to 64 bytes, with padding,
// blank fields and floats among them, and values of as many.
var fuzzed = []func(t *testing.T, mode hashMode, c *bytesChooser){
	kindOf[uint64, uint64](nil),
	kindOf[uint32, uint32](nil),
	kindOf[uint64, [3]uint64](nil),
	kindOf[float64, uint8](float),
	kindOf[padded, uint64](paddedKey),
	kindOf[nested, [12]byte](nestedKey),
	kindOf[[16]byte, uint64](nil),
	kindOf[[33]byte, [40]byte](nil),
	kindOf[struct{}, uint16](nil),
	kindOf[uint8, struct{}](nil),
	kindOf[blank, [3]uint64](blankKey),
	kindOf[floats, [44]byte](floatsKey),
	kindOf[float32, uint64](func(n uint64) float32 { return float32(float(n)) }),
	kindOf[[1]byte, [2]byte](nil),
	kindOf[[2]byte, uint64](nil),
	kindOf[[3]byte, uint32](nil),
	kindOf[[5]byte, [7]byte](nil),
	kindOf[[7]byte, [8]byte](nil),
	kindOf[[9]byte, [9]byte](nil),
	kindOf[[12]byte, uint8](nil),
	kindOf[[15]byte, [64]byte](nil),
	kindOf[[17]byte, uint32](nil),
	kindOf[[20]byte, [11]byte](nil),
	kindOf[[24]byte, [24]byte](nil),
	kindOf[[31]byte, uint16](nil),
	kindOf[[40]byte, [13]byte](nil),
	kindOf[[48]byte, uint64](nil),
	kindOf[[63]byte, padded](nil),
	kindOf[[64]byte, [64]byte](nil),
}

// kindOf is one of them. key makes the keys if patterns will not do.
func kindOf[K, V comparable](key func(n uint64) K) func(t *testing.T, mode hashMode, c *bytesChooser) {
	return func(t *testing.T, mode hashMode, c *bytesChooser) { fuzzModel[K, V](t, mode, c, key) }
}

// fuzzModel runs commands until the chooser has no more bytes, and compares the map with a
// built-in one after each of them.
func fuzzModel[K, V comparable](t *testing.T, mode hashMode, c *bytesChooser, key func(n uint64) K) {
	x := newModel(t, newMap[K, V](mode), c, 1+c.IntN(300))
	if key != nil {
		x.key = key
	}
	for len(c.left) > 0 {
		if c.IntN(64) == 0 {
			x.upheaval()
		} else {
			x.step()
		}
	}
	x.check()
}

// FuzzMap reads its input as the types of a map, a hash function, and a stream of commands.
func FuzzMap(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for kind := range fuzzed {
		for mode := range hashModes {
			input := []byte{byte(kind), byte(mode)}
			for range 1500 {
				input = append(input, byte(r.Uint32()))
			}
			f.Add(input)
		}
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, input []byte) {
		const most = 1 << 13
		c := &bytesChooser{input[:min(len(input), most)]}
		kind, mode := c.IntN(len(fuzzed)), hashMode(c.IntN(int(hashModes)))
		fuzzed[kind](t, mode, c)
	})
}
