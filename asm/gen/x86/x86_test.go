package x86

import (
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
)

// compiled returns the assembly of a kernel with two parameters and a bool.
func compiled(t *testing.T, body func(c *build.Context)) string {
	t.Helper()
	c := build.NewContext()
	sig.Kernel{Name: "f", Signature: "func(p unsafe.Pointer, x uint64) (ok bool)", Doc: "f."}.Begin(c, "")
	body(c)
	f, err := c.Result()
	if err == nil {
		err = pass.Compile.Execute(f)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := printer.NewGoAsm(printer.Config{Pkg: "x"}).Print(f)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// TestCmpxchg checks that LOCK stands before CMPXCHG, and that neither the new value nor
// anything that is needed later is put into RAX, although RAX is no operand.
func TestCmpxchg(t *testing.T) {
	text := compiled(t, func(c *build.Context) {
		p, x, later := param(c, "p"), c.GP64(), c.GP64()
		c.MOVQ(at(p, 8), later)
		paramTo(c, "x", reg.RAX)
		c.LEAQ(at(reg.RAX, 1), x)
		cmpxchg(c, true, x, at(p, 0))
		c.MOVQ(later, at(p, 8))
		cmpxchg(c, false, x, at(p, 0))
		returnOK(c, true)
	})
	if !strings.Contains(text, "LOCK CMPXCHGQ") || !strings.Contains(text, "LOCK CMPXCHGL") {
		t.Errorf("no LOCK:\n%s", text)
	}
	for _, bad := range []string{"CMPXCHGQ AX", "CMPXCHGL AX", "MOVQ AX, 8(", "MOVQ 8(CX), AX", "LEAQ 1(AX), AX"} {
		if strings.Contains(text, bad) {
			t.Errorf("RAX is given away by %s:\n%s", bad, text)
		}
	}
}

// TestParam checks that a parameter of type unsafe.Pointer is loaded in full.
func TestParam(t *testing.T) {
	text := compiled(t, func(c *build.Context) {
		c.MOVQ(param(c, "p"), at(param(c, "p"), 0))
		returnOK(c, false)
	})
	if strings.Count(text, "MOVQ p+0(FP), ") != 2 || !strings.Contains(text, "MOVB $0x00, ok+16(FP) RET") {
		t.Error(text)
	}
}
