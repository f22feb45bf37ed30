package arch

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// BenchmarkSlot compares the implementations of the routines that write a slot.
func BenchmarkSlot(b *testing.B) {
	for name, r := range slotRoutines {
		for _, bytes := range []uintptr{8, 64} {
			var value, prev [8]uint64
			s := new(struct {
				word, used, count uint64
				key, value        [8]uint64
			})
			slot := Slot{
				Word: unsafe.Pointer(&s.word), Key: unsafe.Pointer(&s.key), Value: unsafe.Pointer(&s.value),
				KeyBytes: 8, ValueBytes: bytes, Wide: bytes > 8,
			}
			b.Run(fmt.Sprintf("op=write/bytes=%d/of=%s", bytes, name), func(b *testing.B) {
				s.word = layout.Live
				w := Write{Value: unsafe.Pointer(&value), Prev: unsafe.Pointer(&prev), Count: unsafe.Pointer(&s.count)}
				for range b.N {
					r.write(&slot, s.word, &w)
				}
			})
			b.Run(fmt.Sprintf("op=claim/bytes=%d/of=%s", bytes, name), func(b *testing.B) {
				c := Claim{Key: unsafe.Pointer(&value), Value: unsafe.Pointer(&value), Used: unsafe.Pointer(&s.used), Count: unsafe.Pointer(&s.count)}
				for range b.N {
					s.word = layout.Empty
					r.claim(&slot, &c)
				}
			})
		}
	}
}
