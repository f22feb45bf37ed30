package seqcore_test

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/testutil"
	"github.com/seqmap/seqmap-go/seqcore"
)

// A kind is a type of value under test. The tests that hold for every type are methods of
// typed, which is the kind of T.
type kind interface {
	name() string
	testSemantics(t *testing.T)
	testNeighbours(t *testing.T)
	testAllocs(t *testing.T)
	testNoAddress(t *testing.T)
	testTorn(t *testing.T, writes int)
}

// kinds are values of the sizes and alignments at which copying by words could go wrong.
var kinds = []kind{
	typed[struct{}]{},
	typed[uint8]{}, typed[[1]byte]{},
	typed[uint16]{}, typed[[2]byte]{},
	typed[[3]byte]{},
	typed[uint32]{}, typed[[2]uint16]{}, typed[[4]byte]{},
	typed[[5]byte]{}, typed[[7]byte]{},
	typed[uint64]{}, typed[[2]uint32]{}, typed[[4]uint16]{}, typed[[8]byte]{},
	typed[[3]uint32]{}, typed[[6]uint16]{}, typed[[12]byte]{},
	typed[[2]uint64]{}, typed[[4]uint32]{}, typed[[8]uint16]{}, typed[[16]byte]{},
	typed[[5]uint32]{}, typed[[10]uint16]{}, typed[[20]byte]{},
	typed[[3]uint64]{}, typed[[6]uint32]{}, typed[[12]uint16]{}, typed[[24]byte]{},
	typed[[4]uint64]{},
	typed[[5]uint64]{}, typed[[10]uint32]{}, typed[[20]uint16]{}, typed[[40]byte]{},
	typed[[8]uint64]{}, typed[[16]uint32]{}, typed[[32]uint16]{}, typed[[64]byte]{},
	typed[[16]uint64]{}, typed[[32]uint32]{}, typed[[64]uint16]{}, typed[[128]byte]{},
	typed[[255]byte]{},
	typed[[512]uint64]{}, typed[[1024]uint32]{}, typed[[2048]uint16]{}, typed[[4096]byte]{},
	typed[gaps]{},
}

// gaps has padding between its fields and behind them.
type gaps struct {
	A uint8
	B uint32
	C uint16
	D uint64
	E uint8
}

type typed[T any] struct{}

func (typed[T]) name() string {
	t := reflect.TypeFor[T]()
	return fmt.Sprintf("type=%v/bytes=%d/align=%d", t, t.Size(), t.Align())
}

// value returns the T all of whose bytes follow from b.
func value[T any](b byte) (v T) {
	for i := range bytesOf(&v) {
		bytesOf(&v)[i] = b + 13*byte(i)
	}
	return v
}

// intact says whether v is value(b) of some b.
func intact[T any](v T) bool {
	for _, b := range bytesOf(&v)[:min(1, unsafe.Sizeof(v))] {
		return equal(v, value[T](b))
	}
	return true
}

func bytesOf[T any](v *T) []byte { return testutil.Bytes(v) }

// wordOf returns the sequence word of a cell, for tests that stand in for a writer.
func wordOf[T any](c *seqcore.Cell[T]) *uint64 {
	return (*uint64)(unsafe.Pointer(c))
}

func equal[T any](a, b T) bool { return any(a) == any(b) }

func forEachKind(t *testing.T, f func(kind, *testing.T)) {
	t.Helper()
	for _, k := range kinds {
		t.Run(k.name(), func(t *testing.T) { f(k, t) })
	}
}
