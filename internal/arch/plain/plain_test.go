package plain

import (
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// TestTailIsClear checks that the bytes behind a value, up to its packed size, are zero in
// the words that go into a slab, whatever the compiler does with padding.
func TestTailIsClear(t *testing.T) {
	testTail[bool](t, true)
	testTail[uint8](t, 5)
	testTail[uint16](t, 0xffff)
	testTail(t, [1]byte{1})
	testTail(t, [3]byte{1, 2, 3})
	testTail(t, struct{ a, b uint8 }{1, 2})
	testTail(t, struct{ a, b, c uint16 }{1, 2, 3})
	testTail(t, [5]byte{1, 2, 3, 4, 5})
	testTail(t, struct{ a, b, c uint32 }{1, 2, 3})
	testTail(t, [13]byte{12: 1})
	testTail(t, [255]byte{254: 1})
}

func testTail[T comparable](t *testing.T, v T) {
	size := unsafe.Sizeof(v)
	for range 3 {
		var b Buffer[T]
		b.Set(v)
		words := unsafe.Slice((*byte)(see(b.Pointer())), layout.Packed(size))
		for i := size; i < uintptr(len(words)); i++ {
			if words[i] != 0 {
				t.Errorf("%T: byte %d behind the value is %#x", v, i-size, words[i])
			}
		}
		if b.Value() != v {
			t.Errorf("%T: value %v is now %v", v, v, b.Value())
		}
		scribble(64)
	}
	if !Small[T]() {
		return
	}
	want := [8]byte{}
	copy(want[:], unsafe.Slice((*byte)(unsafe.Pointer(&v)), size))
	word := *(*uint64)(unsafe.Pointer(&want))
	if size <= 4 {
		word = uint64(*(*uint32)(unsafe.Pointer(&want)))
	}
	if got := Bits(v); got != word || FromBits[T](got) != v {
		t.Errorf("%T: Bits(%v) = %#x, want %#x", v, v, got, word)
	}
}

// see hides where p comes from.
//
//go:noinline
func see(p unsafe.Pointer) unsafe.Pointer { return p }

// scribble leaves something in the part of the stack that the next calls use.
//
//go:noinline
func scribble(n int) (sum uint64) {
	var x [64]uint64
	for i := range n {
		x[i] = ^uint64(i)
		sum += x[(i*7)%64]
	}
	return sum
}
