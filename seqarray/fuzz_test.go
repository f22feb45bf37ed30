package seqarray

import (
	"testing"

	"github.com/seqmap/seqmap-go/internal/arch/testutil"
)

// fuzzed are the types that FuzzCommands chooses from: of 0 to 64 bytes and more, with padding
// and floats among them.
var fuzzed = []func(t *testing.T, n int, stream []byte){
	fuzzOf[uint64], fuzzOf[[3]uint32], fuzzOf[struct{}], fuzzOf[uint8], fuzzOf[[2]byte], fuzzOf[[3]byte], fuzzOf[float32],
	fuzzOf[[5]byte], fuzzOf[[7]byte], fuzzOf[float64], fuzzOf[[9]byte], fuzzOf[[13]byte], fuzzOf[complex128], fuzzOf[[17]byte],
	fuzzOf[[3]uint64], fuzzOf[[31]byte], fuzzOf[[4]float64], fuzzOf[[33]byte], fuzzOf[[6]uint64], fuzzOf[[63]byte],
	fuzzOf[[64]byte], fuzzOf[[65]byte], fuzzOf[mixed], fuzzOf[[2]mixed], fuzzOf[[255]byte],
}

// fuzzOf runs a stream of commands on an array of T, of capacity n, and on its model.
func fuzzOf[T comparable](t *testing.T, n int, stream []byte) {
	for _, opts := range [][]Option{nil, {WithPadding()}} {
		commands(t, New[T](n, opts...), len(stream)/5, testutil.Choices(stream))
	}
}

// FuzzCommands reads its input as a type, a capacity, and a stream of commands of five bytes or so
// each.
func FuzzCommands(f *testing.F) {
	for kind := range fuzzed {
		f.Add(uint8(kind), uint8(kind%5*7), []byte("a stream of commands, five bytes or so each\x09\x00\x1e\x01\x02\x03"))
	}
	f.Fuzz(func(t *testing.T, kind, n uint8, stream []byte) {
		const most = 1 << 13
		fuzzed[int(kind)%len(fuzzed)](t, int(n), stream[:min(len(stream), most)])
	})
}
