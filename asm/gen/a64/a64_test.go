package a64

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
)

// compile returns the assembly of a kernel with two parameters in one line, or the error.
func compile(body func(c *Context)) (string, error) {
	text, err := compileLines(body)
	return strings.Join(strings.Fields(text), " "), err
}

// compileLines returns the assembly as it is printed.
func compileLines(body func(c *Context)) (string, error) {
	c := NewContext()
	sig.Kernel{Name: "f", Signature: "func(p unsafe.Pointer, x int8) (y uint32)", Doc: "f."}.Begin(c.Avo(), "")
	body(c)
	f, err := c.Avo().Result()
	if err != nil {
		return "", err
	}
	if err := Compile.Execute(f); err != nil {
		return "", err
	}
	text, err := printer.NewGoAsm(printer.Config{Pkg: "x"}).Print(f)
	return string(text), err
}

// physicalGP returns general register n.
func physicalGP(n int) reg.Register { return families[kindGP][n] }

func TestCompileRefuses(t *testing.T) {
	for want, body := range map[string]func(c *Context){
		"read before it is written": func(c *Context) {
			x := c.GP()
			c.CBZ(physicalGP(1), "skip")
			c.MOVD(Imm(1), x)
			c.Label("skip")
			c.MOVD(x, physicalGP(0))
			c.RET()
		},
		"falls off the end":   func(c *Context) { c.MOVD(Imm(1), c.GP()) },
		"unknown label":       func(c *Context) { c.B("nowhere"); c.RET() },
		"x86 register AX":     func(c *Context) { c.MOVD(reg.RAX, c.GP()); c.RET() },
		"MOVD: no register":   func(c *Context) { c.MOVD(Mem(nil, 8), physicalGP(0)); c.RET() },
		"ADD: no operand":     func(c *Context) { c.ADD(nil, physicalGP(0), physicalGP(0)); c.RET() },
		"B: a branch to now":  func(c *Context) { c.B(""); c.RET() },
		"CSET: an empty":      func(c *Context) { c.CSET("", physicalGP(0)); c.RET() },
		"LDP: it loads R1 t":  func(c *Context) { c.LDP(Mem(physicalGP(0), 0), physicalGP(1), physicalGP(1)); c.RET() },
		"shifted by 64":       func(c *Context) { c.ADD(Shifted{R: physicalGP(0), N: 64}, physicalGP(0), physicalGP(0)); c.RET() },
		"register of its own": func(c *Context) { c.STLXR(true, physicalGP(1), physicalGP(0), physicalGP(0)); c.RET() },
		"memory at ZR":        func(c *Context) { c.MOVD(Mem(ZR, 0), physicalGP(0)); c.RET() },
		"index is shifted": func(c *Context) {
			c.MOVD(Indexed{Base: physicalGP(0), Index: physicalGP(1), Shift: 5}, physicalGP(0))
			c.RET()
		},
		"where a general on": func(c *Context) { c.ADD(families[kindVec][3], physicalGP(0), physicalGP(0)); c.RET() },
		"where a vector reg": func(c *Context) { c.FLDPQ(Mem(physicalGP(0), 0), physicalGP(1), physicalGP(2)); c.RET() },
		"failed to allocate": func(c *Context) { manyLive(c, 24); c.RET() },
	} {
		if _, err := compile(body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// manyLive needs n general registers at once.
func manyLive(c *Context, n int) {
	var rs []reg.Register
	for range n {
		r := c.GP()
		c.MOVD(Imm(1), r)
		rs = append(rs, r)
	}
	for _, r := range rs {
		c.CMP(r, r)
	}
}

// TestReservedRegisters checks that a kernel gets every register but those of the linker, the
// platform and Go.
func TestReservedRegisters(t *testing.T) {
	text, err := compile(func(c *Context) { manyLive(c, 23); c.RET() })
	if err != nil {
		t.Fatal(err)
	}
	for n := range 31 {
		if used := strings.Contains(text, fmt.Sprintf("$1, R%d ", n)); used == reserved[n] {
			t.Errorf("R%d: used %v, reserved %v", n, used, reserved[n])
		}
	}
}

// TestStatusDiffers checks that the status of a store-exclusive gets a register that is none
// of its others, though these are dead after it. The CPU may do anything otherwise.
func TestStatusDiffers(t *testing.T) {
	text, err := compile(func(c *Context) {
		p, x, status := c.Load("p"), c.Load("x"), c.GP()
		c.Label("again")
		c.STLXR(true, x, p, status)
		c.CBNZW(status, "done")
		c.Label("done")
		c.RET()
	})
	if err != nil || !strings.Contains(text, "STLXR R1, (R0), R2 CBNZW R2, done") {
		t.Errorf("%v: %s", err, text)
	}
}

// TestSelfMoves checks that a move of a register to itself stays: it may extend the sign.
func TestSelfMoves(t *testing.T) {
	text, err := compile(func(c *Context) {
		c.MOVW(physicalGP(1), physicalGP(1))
		c.RET()
	})
	if err != nil || !strings.Contains(text, "MOVW R1, R1") {
		t.Errorf("%v: %s", err, text)
	}
}

// TestDeadOutputsDiffer checks that the two outputs of a load of a pair differ, though
// neither is used.
func TestDeadOutputsDiffer(t *testing.T) {
	text, err := compile(func(c *Context) {
		c.LDP(Mem(c.Load("p"), 16), c.GP(), c.GP())
		c.RET()
	})
	if err != nil || !strings.Contains(text, "LDP 16(R0), (R0, R1)") && !strings.Contains(text, "LDP 16(R0), (R1, R0)") {
		t.Errorf("%v: %s", err, text)
	}
}

// TestParameters checks that parameters and results are moved by their width and sign.
func TestParameters(t *testing.T) {
	text, err := compile(func(c *Context) {
		c.MOVD(c.Load("p"), c.GP())
		c.Return(c.Load("x"), "y")
		c.RET()
	})
	for _, want := range []string{"MOVD p+0(FP), R", "MOVB x+8(FP), R", "MOVW R0, y+16(FP)"} {
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%v: no %s in %s", err, want, text)
		}
	}
}

// TestOperands checks how operands are printed once they have registers.
func TestOperands(t *testing.T) {
	text, err := compile(func(c *Context) {
		p, x := c.Load("p"), c.Load("x")
		a, b := c.Vec(), c.Vec()
		c.FLDPQ(Mem(p, 32), a, b)
		c.FSTPQ(a, b, Mem(p, 0))
		c.MOVWU(Indexed{Base: p, Index: x, Shift: 2}, x)
		c.ADD(Shifted{R: x, N: 6}, p, p)
		c.MOVD(Hex(0xabc), x)
		c.CASAL(false, x, p, ZR)
		c.PRFM(Mem(p, 0), "PLDL1KEEP")
		c.TBZ(3, x, "end")
		c.DMB(ISHLD)
		c.VDUP(x, b, "S4")
		c.VCMEQ(a, b, b, "S4")
		c.VUZP1(a, b, b, "H8")
		c.VMOV(b, x)
		c.CCMP("EQ", x, p)
		c.Label("end")
		c.RET()
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Requires: LSE", "FLDPQ 32(R0), (F0, F1)", "FSTPQ (F0, F1), (R0)", "MOVWU (R0)(R1<<2), R1",
		"ADD R1<<6, R0, R0", "MOVD $0xabc, R1", "CASALW R1, (R0), ZR", "PRFM (R0), PLDL1KEEP", "TBZ $3, R1, end", "DMB $9",
		"VDUP R1, V1.S4", "VCMEQ V0.S4, V1.S4, V1.S4", "VUZP1 V0.H8, V1.H8, V1.H8", "VMOV V1.D[0], R1", "CCMP EQ, R1, R0, $0",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}
