package arch

import (
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// packedSizes are the sizes that a packed key or value may have, up to some.
var packedSizes = []uintptr{0, 4, 8, 16, 24, 40, 64}

// A piece has room for a packed value of any of packedSizes between two guards.
type piece struct {
	before uint64
	bytes  [64]byte
	after  uint64
}

func newPiece() *piece {
	p := &piece{before: guard, after: guard}
	for i := range p.bytes {
		p.bytes[i] = 0xa5
	}
	return p
}

// pieceOf returns a piece that begins with the given number of bytes, no two alike.
func pieceOf(bytes uintptr) *piece {
	p := newPiece()
	for i := range bytes {
		p.bytes[i] = byte(i) + 1
	}
	return p
}

func (p *piece) pointer() unsafe.Pointer { return unsafe.Pointer(&p.bytes) }

func TestLoadPacked(t *testing.T) {
	for _, bytes := range packedSizes {
		src, dst, want := pieceOf(bytes), newPiece(), pieceOf(bytes)
		LoadPacked(dst.pointer(), src.pointer(), bytes)
		if *dst != *want || *src != *want {
			t.Errorf("%d bytes: got %v from %v, want %v", bytes, *dst, *src, *want)
		}
	}
}

func TestStoreWords(t *testing.T) {
	for _, bytes := range packedSizes {
		if bytes%8 != 0 {
			continue
		}
		src, dst, want := pieceOf(bytes), newPiece(), pieceOf(bytes)
		storeWords(dst.pointer(), src.pointer(), bytes)
		if *dst != *want || *src != *want {
			t.Errorf("%d bytes: got %v from %v, want %v", bytes, *dst, *src, *want)
		}
	}
}

// TestEqualPacked changes each bit of two equal values, and bits behind them.
func TestEqualPacked(t *testing.T) {
	for _, bytes := range packedSizes {
		a, b := pieceOf(bytes), pieceOf(bytes)
		for bit := range uintptr(len(b.bytes) * 8) {
			b.bytes[bit/8] ^= 1 << (bit % 8)
			if got, want := EqualPacked(a.pointer(), b.pointer(), bytes), bit >= bytes*8; got != want {
				t.Errorf("%d bytes, bit %d differs: EqualPacked = %v", bytes, bit, got)
			}
			b.bytes[bit/8] ^= 1 << (bit % 8)
		}
	}
}

func TestLoadBits(t *testing.T) {
	p := pieceOf(64).pointer()
	for bytes, want := range map[uintptr]uint64{
		0:                0,
		4:                uint64(*(*uint32)(p)),
		layout.WordBytes: *(*uint64)(p),
	} {
		if got := LoadBits(p, bytes); got != want {
			t.Errorf("LoadBits of %d bytes = %#x, want %#x", bytes, got, want)
		}
	}
}
