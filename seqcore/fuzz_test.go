package seqcore_test

import (
	"testing"

	"github.com/seqmap/seqmap-go/seqcore"
)

// fuzzed are the types that FuzzCommands chooses from: of 1 to 64 bytes and more, with padding and
// floats among them.
var fuzzed = []func(t *testing.T, stream []byte){
	fuzzOf[uint8], fuzzOf[[2]byte], fuzzOf[[3]byte], fuzzOf[uint32], fuzzOf[[5]byte], fuzzOf[[7]byte], fuzzOf[uint64],
	fuzzOf[[9]byte], fuzzOf[[3]uint32], fuzzOf[[2]uint64], fuzzOf[[17]byte], fuzzOf[[3]uint64], fuzzOf[[31]byte],
	fuzzOf[[33]byte], fuzzOf[[5]uint64], fuzzOf[[63]byte], fuzzOf[[8]uint64], fuzzOf[[65]byte], fuzzOf[[255]byte],
	fuzzOf[gaps], fuzzOf[[2]gaps], fuzzOf[float32], fuzzOf[float64], fuzzOf[complex64], fuzzOf[measure],
}

// measure has floats, which like those above are numbers, and no NaN, for what the tests make of
// bytes below 50.
type measure struct {
	N uint16
	F float32
	D float64
}

// fuzzOf runs a stream of calls, four bytes each, on a cell of T and on its specification.
func fuzzOf[T any](t *testing.T, stream []byte) {
	var c seqcore.Cell[T]
	c.Store(value[T](0))
	s := state{0, 1}
	for ; len(stream) >= 4; stream = stream[4:] {
		o := op{
			method:  methods[int(stream[0])%len(methods)],
			new:     stream[1] % 5,
			old:     stream[2] % 5,
			version: s.version + uint64(stream[3]%3) - 1,
		}
		next, want := o.apply(s)
		if o.method == "Update" && next.value >= 50 {
			continue
		}
		if got := run(o, &c); got != want {
			t.Fatalf("%+v on %+v gave %+v, want %+v", o, s, got, want)
		}
		s = next
	}
	if v, version := c.LoadVersion(); !equal(v, value[T](s.value)) || version != s.version {
		t.Fatalf("the cell holds %v, version %d; want %+v", v, version, s)
	}
}

// FuzzCommands reads its input as a type and a stream of calls.
func FuzzCommands(f *testing.F) {
	for kind := range fuzzed {
		f.Add(uint8(kind), []byte("\x04\x01\x02\x03\x05\x02\x00\x01\x06\x03\x00\x00\x07\x01\x03\x00\x08\x02\x00\x00\x00\x00\x00\x00"))
	}
	f.Fuzz(func(t *testing.T, kind uint8, stream []byte) {
		const most = 1 << 12
		fuzzed[int(kind)%len(fuzzed)](t, stream[:min(len(stream), most)])
	})
}
