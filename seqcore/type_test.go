package seqcore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
	"github.com/seqmap/seqmap-go/seqcore"
)

type (
	Key   struct{ Name string }
	inner struct {
		N    int
		Name string
	}
	middle struct{ B [2]inner }
	outer  struct {
		X uint8
		A middle
	}
	embeds struct{ middle }
	grid   [2][3]*int
	fine   struct {
		A [0]*int
		B complex128
		C struct {
			D uintptr
			_ [3]bool
		}
	}
)

// TestCheckType checks G11: which types are refused, and what the error says.
func TestCheckType(t *testing.T) {
	tooLarge := fmt.Sprintf("seqcore: type [%d]uint8 is too large: it has %[1]d bytes, a cell takes %d",
		layout.MaxValueBytes+1, layout.MaxValueBytes)
	for _, test := range []struct {
		err  error
		want string // "" if the type is fine
		is   error
	}{
		{seqcore.CheckType[struct{}](), "", nil},
		{seqcore.CheckType[int](), "", nil},
		{seqcore.CheckType[fine](), "", nil},
		{seqcore.CheckType[[layout.MaxValueBytes]byte](), "", nil},
		{seqcore.CheckType[Key](), "seqcore: type seqcore_test.Key: field Name (string) contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[outer](), "seqcore: type seqcore_test.outer: field A.B[...].Name (string) contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[embeds](), "seqcore: type seqcore_test.embeds: field middle.B[...].Name (string) contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[grid](), "seqcore: type seqcore_test.grid: field [...][...] (*int) contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[[1]Key](), "seqcore: type [1]seqcore_test.Key: field [...].Name (string) contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[string](), "seqcore: type string contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[*int](), "seqcore: type *int contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[[]int](), "seqcore: type []int contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[map[int]int](), "seqcore: type map[int]int contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[chan int](), "seqcore: type chan int contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[func()](), "seqcore: type func() contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[any](), "seqcore: type interface {} contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[error](), "seqcore: type error contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[unsafe.Pointer](), "seqcore: type unsafe.Pointer contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[struct{ _ *int }](), "seqcore: type struct { _ *int }: field _ (*int) contains pointers", seqcore.ErrPointers},
		{seqcore.CheckType[[layout.MaxValueBytes + 1]byte](), tooLarge, seqcore.ErrTooLarge},
	} {
		switch {
		case test.want == "" && test.err != nil:
			t.Errorf("refused: %v", test.err)
		case test.want != "" && test.err == nil:
			t.Errorf("not refused: %s", test.want)
		case test.want != "" && (test.err.Error() != test.want || !errors.Is(test.err, test.is)):
			t.Errorf("error %q, want %q", test.err, test.want)
		}
	}
}

// TestFirstUsePanics checks G11: every method refuses a type with pointers, small or wide,
// and leaves the cell as it was.
func TestFirstUsePanics(t *testing.T) {
	testFirstUse(t, "(*int)", func(p *struct{ Next *int }) { p.Next = new(int) })
	testFirstUse(t, "Name (string)", func(k *Key) { k.Name = "x" })
	testFirstUse(t, "B[...].Name (string)", func(m *middle) { m.B[1].N = 1 })
	testFirstUse(t, "too large", func(b *[layout.MaxValueBytes + 8]byte) { b[0] = 1 })
}

func testFirstUse[T any](t *testing.T, message string, set func(*T)) {
	var v T
	set(&v)
	c := new(seqcore.Cell[T])
	for name, op := range map[string]func(){
		"Load":           func() { c.Load() },
		"TryLoad":        func() { c.TryLoad() },
		"LoadVersion":    func() { c.LoadVersion() },
		"Version":        func() { c.Version() },
		"Store":          func() { c.Store(v) },
		"StoreIf":        func() { c.StoreIf(0, v) },
		"Swap":           func() { c.Swap(v) },
		"CompareAndSwap": func() { c.CompareAndSwap(*new(T), v) },
		"Update":         func() { c.Update(func(T) T { t.Error("the function of Update was called"); return v }) },
	} {
		func() {
			defer func() {
				err, ok := recover().(error)
				if !ok || !strings.Contains(err.Error(), message) {
					t.Errorf("%s panicked with %v, want %q in it", name, err, message)
				}
			}()
			op()
		}()
		if !zero(bytesOf(c)) {
			t.Fatalf("%s changed the cell", name)
		}
	}
}
