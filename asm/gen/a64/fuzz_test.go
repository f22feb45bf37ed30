package a64

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/reg"
)

// writer makes the instructions of a kernel out of bytes: sensible ones and others.
type writer struct {
	c       *Context
	left    []byte
	virtual []reg.Register
}

func (w *writer) byte(n int) int {
	if len(w.left) == 0 {
		return 0
	}
	b := w.left[0]
	w.left = w.left[1:]
	return int(b) % n
}

// reg returns a register, in most cases one that belongs where it is used.
func (w *writer) reg() reg.Register {
	switch n := w.byte(64); {
	case n < 24:
		return w.virtual[n%len(w.virtual)]
	case n < 54:
		return physicalGP(n - 24)
	case n == 54:
		return ZR
	case n == 55:
		return w.c.Vec()
	case n == 56:
		return nil
	case n == 57:
		return reg.RAX
	default:
		return w.c.GP() // most often read before it is written
	}
}

// op returns an operand.
func (w *writer) op() op {
	switch w.byte(12) {
	case 0:
		return Imm(w.byte(256) - 8)
	case 1:
		return Hex(w.byte(256) << 4)
	case 2:
		return Shifted{R: w.reg(), N: uint(w.byte(70))}
	case 3:
		return nil
	default:
		return w.reg()
	}
}

// mem returns memory.
func (w *writer) mem() op {
	if w.byte(4) == 0 {
		return Indexed{Base: w.reg(), Index: w.reg(), Shift: uint(w.byte(6))}
	}
	return Mem(w.reg(), w.byte(64)*8-64)
}

func (w *writer) label() string { return []string{"one", "two", "three", ""}[w.byte(16)%4] }

// instruction emits one instruction.
func (w *writer) instruction() {
	c := w.c
	switch w.byte(20) {
	case 0:
		c.MOVD(w.op(), w.op())
	case 1:
		c.MOVD(w.mem(), w.reg())
	case 2:
		c.MOVWU(w.mem(), w.reg())
	case 3:
		c.MOVD(w.reg(), w.mem())
	case 4:
		c.ADD(w.op(), w.op(), w.op())
	case 5:
		c.AND(w.reg(), w.reg(), w.reg())
	case 6:
		c.LDP(w.mem(), w.reg(), w.reg())
	case 7:
		c.STP(w.reg(), w.reg(), w.mem())
	case 8:
		c.FLDPQ(w.mem(), w.c.Vec(), w.c.Vec())
	case 9:
		c.LDAR(w.byte(2) == 0, w.reg(), w.reg())
	case 10:
		c.STLR(w.byte(2) == 0, w.reg(), w.reg())
	case 11:
		c.STLXR(w.byte(2) == 0, w.reg(), w.reg(), w.reg())
	case 12:
		c.CASAL(w.byte(2) == 0, w.reg(), w.reg(), w.reg())
	case 13:
		c.CMP(w.op(), w.reg())
	case 14:
		c.CSEL([]string{"EQ", "NE", "HS", ""}[w.byte(4)], w.reg(), w.reg(), w.reg())
	case 15:
		c.BNE(w.label())
	case 16:
		c.CBZ(w.reg(), w.label())
	case 17:
		c.TBZ(Imm(w.byte(64)), w.reg(), w.label())
	case 18:
		c.Label(w.label())
	case 19:
		c.RET()
	}
}

// kernel compiles what the bytes say. A panic with a text of ours is an error too; one of the
// runtime's is a fault of this package.
func kernel(input []byte) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(runtime.Error); fault {
				panic(r)
			}
			err = fmt.Errorf("%v", r)
		}
	}()
	return compileLines(func(c *Context) {
		w := &writer{c: c, left: input}
		for range 6 {
			w.virtual = append(w.virtual, c.GP())
		}
		for _, r := range w.virtual[:3] {
			c.MOVD(Imm(1), r)
		}
		for len(w.left) > 0 {
			w.instruction()
		}
		c.RET()
	})
}

var (
	// nonsense is what must not be in the text of a kernel: virtual registers, things that are
	// not there, x86 registers.
	nonsense = regexp.MustCompile(`<nil>|%!|<virtual|\bAX\b|, ,|\(, |, \)|\(\)`)
	branch   = regexp.MustCompile(`\b(?:B|BNE|CBZ|TBZ)\s+(?:[^\n]*, )?([a-z]+)$`)
	status   = regexp.MustCompile(`STLXRW?\s+(\S+), \((\S+)\), (\S+)`)
)

// check returns what is wrong with the text of a kernel that has compiled.
func check(text string) error {
	if s := nonsense.FindString(text); s != "" {
		return fmt.Errorf("%q", s)
	}
	for _, line := range strings.Split(text, "\n") {
		if m := branch.FindStringSubmatch(line); m != nil && !strings.Contains(text, "\n"+m[1]+":\n") {
			return fmt.Errorf("a branch to %s, which is nowhere", m[1])
		}
		if m := status.FindStringSubmatch(line); m != nil && (m[3] == m[1] && m[1] != "ZR" || m[3] == m[2]) {
			return fmt.Errorf("the status has a register of the operands: %s", line)
		}
	}
	return nil
}

// FuzzKernel: whatever is asked for, it is refused with a text that says why, or becomes
// assembly without nonsense in it.
func FuzzKernel(f *testing.F) {
	f.Add([]byte{0, 4, 0, 1, 4, 4, 4, 4, 19})
	f.Add([]byte("a kernel as it may be"))
	f.Fuzz(func(t *testing.T, input []byte) {
		text, err := kernel(input[:min(len(input), 120)])
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a word")
			}
			return
		}
		if err := check(text); err != nil {
			t.Errorf("%v in:\n%s", err, text)
		}
	})
}
