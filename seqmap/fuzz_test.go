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

// fuzzModel runs commands until the chooser has no more bytes, and compares the map with a
// built-in one after each of them.
func fuzzModel[K, V comparable](t *testing.T, mode hashMode, c *bytesChooser, key func(n uint64) K, add adder[K, V]) {
	x := newModel(t, newMap[K, V](mode), c, 1+c.IntN(300))
	if x.add = add; key != nil {
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
	for kind := range kinds {
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
		kind, mode := c.IntN(len(kinds)), hashMode(c.IntN(int(hashModes)))
		kinds[kind].fuzz(t, mode, c)
	})
}
