package a64

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The instructions, by the names and with the operand order of Go's assembler: sources
// first. W stands for 32 bits, D for 64.

type (
	op = operand.Op
	r  = reg.Register
)

// Barriers of the inner shareable domain, which the assembler knows by number only.
const (
	ISHLD Imm = 0x9 // loads before it come before all accesses after it
	ISHST Imm = 0xa // stores before it come before stores after it
	ISH   Imm = 0xb // everything before it comes before everything after it
)

// DMB is a memory barrier.
func (c *Context) DMB(kind Imm) { c.emit("DMB", "-", kind) }

// Moves between registers and memory.

func (c *Context) MOVD(from, to op)       { c.emit("MOVD", "rw", from, to) }
func (c *Context) MOVW(from, to op)       { c.emit("MOVW", "rw", from, to) }
func (c *Context) MOVWU(from, to op)      { c.emit("MOVWU", "rw", from, to) }
func (c *Context) MOVB(from, to op)       { c.emit("MOVB", "rw", from, to) }
func (c *Context) MOVBU(from, to op)      { c.emit("MOVBU", "rw", from, to) }
func (c *Context) LDP(from op, a, b r)    { c.emit("LDP", "rw", from, Pair{a: a, b: b}) }
func (c *Context) STP(a, b r, to op)      { c.emit("STP", "rw", Pair{a: a, b: b}, to) }
func (c *Context) FLDPQ(from op, a, b r)  { c.emit("FLDPQ", "rw", from, scalars(a, b)) }
func (c *Context) FSTPQ(a, b r, to op)    { c.emit("FSTPQ", "rw", scalars(a, b), to) }
func (c *Context) PRFM(m op, hint string) { c.emit("PRFM", "r-", m, word(hint)) }
func scalars(a, b r) Pair                 { return Pair{a: Scalar{r: a}, b: Scalar{r: b}} }
func sized(opcode string, wide bool) string {
	return map[bool]string{true: opcode, false: opcode + "W"}[wide]
}

// Ordered accesses of 64 bits, or of 32 if not wide.

// LDAR is an acquire load.
func (c *Context) LDAR(wide bool, base, to r) { c.emit(sized("LDAR", wide), "rw", Mem(base, 0), to) }

// STLR is a release store.
func (c *Context) STLR(wide bool, from, base r) {
	c.emit(sized("STLR", wide), "rw", from, Mem(base, 0))
}

// LDAXR is an acquire load that begins an exclusive access.
func (c *Context) LDAXR(wide bool, base, to r) { c.emit(sized("LDAXR", wide), "rw", Mem(base, 0), to) }

// STLXR is the release store that ends an exclusive access. status is 0 if it was made.
func (c *Context) STLXR(wide bool, from, base, status r) {
	c.emit(sized("STLXR", wide), "rrw", from, Mem(base, 0), status)
}

// LDXR is a load that begins an exclusive access.
func (c *Context) LDXR(wide bool, base, to r) { c.emit(sized("LDXR", wide), "rw", Mem(base, 0), to) }

// STXR is the store that ends an exclusive access. status is 0 if it was made.
func (c *Context) STXR(wide bool, from, base, status r) {
	c.emit(sized("STXR", wide), "rrw", from, Mem(base, 0), status)
}

// CASAL replaces the word at base by x if it is old, as acquire and release, and puts what
// was there into old. It belongs to LSE.
func (c *Context) CASAL(wide bool, old, base, x r) {
	c.lse("CASAL", wide, "xrr", old, Mem(base, 0), x)
}

// CAS is CASAL in no order.
func (c *Context) CAS(wide bool, old, base, x r) {
	c.lse("CAS", wide, "xrr", old, Mem(base, 0), x)
}

// LDADD adds d to the word at base, in no order, and puts what was there into old. It belongs
// to LSE.
func (c *Context) LDADD(wide bool, d, base, old r) {
	c.lse("LDADD", wide, "rrw", d, Mem(base, 0), old)
}

// LDADDL is LDADD as a release.
func (c *Context) LDADDL(wide bool, d, base, old r) {
	c.lse("LDADDL", wide, "rrw", d, Mem(base, 0), old)
}

// LDOR sets bits in the word at base, in no order, and puts what was there into old. It belongs
// to LSE.
func (c *Context) LDOR(wide bool, bits, base, old r) {
	c.lse("LDOR", wide, "rrw", bits, Mem(base, 0), old)
}

func (c *Context) lse(opcode string, wide bool, roles string, ops ...op) {
	suffix := map[bool]string{true: "D", false: "W"}[wide]
	in := c.emit(opcode+suffix, roles, ops...)
	in.ISA = append(in.ISA, "LSE")
}

// Arithmetic.

func (c *Context) ADD(a, b, to op)          { c.emit("ADD", "rrw", a, b, to) }
func (c *Context) SUB(a, b, to op)          { c.emit("SUB", "rrw", a, b, to) }
func (c *Context) SUBS(a, b, to op)         { c.emit("SUBS", "rrw", a, b, to) }
func (c *Context) AND(a, b, to op)          { c.emit("AND", "rrw", a, b, to) }
func (c *Context) ORR(a, b, to op)          { c.emit("ORR", "rrw", a, b, to) }
func (c *Context) EOR(a, b, to op)          { c.emit("EOR", "rrw", a, b, to) }
func (c *Context) LSL(a, b, to op)          { c.emit("LSL", "rrw", a, b, to) }
func (c *Context) LSR(a, b, to op)          { c.emit("LSR", "rrw", a, b, to) }
func (c *Context) UBFX(at, n Imm, a, to op) { c.emit("UBFX", "-r-w", at, a, n, to) }
func (c *Context) MUL(a, b, to op)          { c.emit("MUL", "rrw", a, b, to) }
func (c *Context) UMULH(a, b, to op)        { c.emit("UMULH", "rrw", a, b, to) }
func (c *Context) CMP(a, b op)              { c.emit("CMP", "rr", a, b) }
func (c *Context) CMPW(a, b op)             { c.emit("CMPW", "rr", a, b) }
func (c *Context) CSET(cond string, to r)   { c.emit("CSET", "-w", word(cond), to) }

// CSEL puts a into to if cond holds, else b.
func (c *Context) CSEL(cond string, a, b, to r) { c.emit("CSEL", "-rrw", word(cond), a, b, to) }

// CCMP compares a and b if cond holds. If not, it clears the flags, as if a and b differed.
func (c *Context) CCMP(cond string, a, b op) { c.emit("CCMP", "-rr-", word(cond), a, b, Imm(0)) }

// RBIT reverses the bits, and CLZ counts the zeros above the highest one.
func (c *Context) RBIT(a, to op) { c.emit("RBIT", "rw", a, to) }
func (c *Context) CLZ(a, to op)  { c.emit("CLZ", "rw", a, to) }

// Vectors, all lanes of which have the given arrangement.

// VDUP puts a into all lanes.
func (c *Context) VDUP(a, to r, as string) { c.emit("VDUP", "rw", a, Lanes{R: to, As: as}) }

// VCMEQ sets all bits of each lane in which a and b are equal, and clears the others.
func (c *Context) VCMEQ(a, b, to r, as string) { c.lanes("VCMEQ", a, b, to, as) }

// VUZP1 puts the lanes of even number of b into the lower half, those of a into the upper half.
func (c *Context) VUZP1(a, b, to r, as string) { c.lanes("VUZP1", a, b, to, as) }

// VMOV puts the lower half of a into a general register.
func (c *Context) VMOV(a, to r) { c.emit("VMOV", "rw", Lanes{R: a, As: "D[0]"}, to) }

func (c *Context) lanes(opcode string, a, b, to r, as string) {
	c.emit(opcode, "rrw", Lanes{R: a, As: as}, Lanes{R: b, As: as}, Lanes{R: to, As: as})
}

// Control flow.

func (c *Context) B(label string)                  { c.branch("B", label, false) }
func (c *Context) BEQ(label string)                { c.branch("BEQ", label, true) }
func (c *Context) BNE(label string)                { c.branch("BNE", label, true) }
func (c *Context) BHS(label string)                { c.branch("BHS", label, true) }
func (c *Context) BHI(label string)                { c.branch("BHI", label, true) }
func (c *Context) BLO(label string)                { c.branch("BLO", label, true) }
func (c *Context) BPL(label string)                { c.branch("BPL", label, true) }
func (c *Context) CBZ(a r, label string)           { c.branch("CBZ", label, true, a) }
func (c *Context) CBNZ(a r, label string)          { c.branch("CBNZ", label, true, a) }
func (c *Context) CBNZW(a r, label string)         { c.branch("CBNZW", label, true, a) }
func (c *Context) TBZ(bit Imm, a r, label string)  { c.branch("TBZ", label, true, bit, a) }
func (c *Context) TBNZ(bit Imm, a r, label string) { c.branch("TBNZ", label, true, bit, a) }

// JumpToGo leaves the kernel for the Go function of the given name, which has the kernel's
// signature and returns to its caller.
func (c *Context) JumpToGo(name string) {
	m := operand.Mem{Symbol: operand.Symbol{Name: "·" + name}, Base: reg.StaticBase}
	c.emit("JMP", "-", m).IsTerminal = true
}

func (c *Context) RET() { c.emit("RET", "").IsTerminal = true }
