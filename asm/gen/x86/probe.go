package x86

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Probe builds the family probe. BenchmarkGet and BenchmarkFind in internal/arch show what it gains.
//
// It has no kernel that scans tags for other keys, longer than 16 bytes or with floats or padding:
// these are made canonical and hashed in Go, by maphash; and Go, which loads all tags of a bucket as
// one word, compares the words of a key only in a slot that has its tag.
func Probe() *build.Context {
	c := build.NewContext()
	sig.NewFile(c)
	get(c, sig.GetHalf, halfKey{})
	get(c, sig.GetWord, wordKey{})
	get(c, sig.GetPair, pairKey{})
	find(c, sig.FindHalf, halfKey{})
	find(c, sig.FindWord, wordKey{})
	find(c, sig.FindPair, pairKey{})
	return c
}

// get looks up one key.
func get(c *build.Context, k sig.Kernel, kind keyKind) {
	k.Begin(c, "SSE2")
	p := single(c, kind)
	p.values = param(c, "value")
	p.toHome()
	p.find()
	p.read()

	ret := func(label string, found uint64) {
		c.Label(label)
		if found != sig.Absent {
			c.MOVL(operand.U32(found), p.x.As32())
		} else {
			c.XORL(p.x.As32(), p.x.As32())
		}
		c.Store(p.x, c.Return("found"))
		c.RET()
	}
	ret("hit", sig.Present)
	p.notHere("absent")
	ret("odd", sig.Unsure)
	ret("absent", sig.Absent)
}

// find finds the slot of a key, for a caller that looks at its word.
func find(c *build.Context, k sig.Kernel, kind keyKind) {
	k.Begin(c, "SSE2")
	p := single(c, kind)
	paramTo(c, "hash", reg.RAX)
	p.toHomeOf()
	p.find()

	ret := func(found uint64) {
		c.MOVQ(p.bucket, resultAddr(c, "bucket"))
		c.MOVQ(p.slot, resultAddr(c, "slot"))
		c.MOVL(operand.U32(found), p.x.As32())
		c.MOVQ(p.x, resultAddr(c, "found"))
		c.RET()
	}
	none := func(label string, found uint64) {
		c.Label(label)
		c.XORL(p.bucket.As32(), p.bucket.As32())
		c.XORL(p.slot.As32(), p.slot.As32())
		ret(found)
	}
	ret(sig.Present)
	p.notHere("absent")
	none("odd", sig.Unsure)
	none("absent", sig.Absent)
}

// A probe is the part of a kernel that looks for a key in a table: in that of a batch, or for
// a single key.
type probe struct {
	c       *build.Context
	keyKind keyKind
	avx     bool
	line    bool          // the geometry is that of a word bucket
	t       reg.GPVirtual // the Table, or a Batch, which begins with one
	keys    reg.GPVirtual
	values  reg.GPVirtual
	next    reg.GPVirtual // position of the key in a batch, or nil
	hash    operand.Op    // where the hash of the key is
	walks   operand.Op    // where it counts how often it may go on to a next bucket
	// Of the key that is looked up. RAX and RDX are for short use everywhere.
	bucket, slot, word, x reg.GPVirtual
}

// single begins a kernel for a single key.
func single(c *build.Context, kind keyKind) *probe {
	p := &probe{
		c: c, keyKind: kind, t: param(c, "t"), keys: param(c, "key"), hash: c.GP64(), walks: c.GP32(),
		bucket: c.GP64(), slot: c.GP64(), word: c.GP64(), x: c.GP64(),
	}
	c.MOVL(operand.U32(layout.MaxProbe-1), p.walks)
	return p
}

// field is the field of the Table at the given offset.
func (p *probe) field(offset int) operand.Mem { return at(p.t, offset) }

// keyMem is the key, or in a batch the one so many positions behind next.
func (p *probe) keyMem(size uint8, ahead int) operand.Mem {
	if p.next == nil {
		return at(p.keys, 0)
	}
	return operand.Mem{Base: p.keys, Index: p.next, Scale: size, Disp: int(size) * ahead}
}

// pairMem is the same for the two words of a key of 16 bytes. In a batch it makes use of the
// register for both.
func (p *probe) pairMem(r reg.Register, ahead int) (first, second operand.Mem) {
	if p.next == nil {
		return at(p.keys, 0), at(p.keys, 8)
	}
	p.c.LEAQ(operand.Mem{Base: p.next, Index: p.next, Scale: 1}, r)
	first = operand.Mem{Base: p.keys, Index: r, Scale: 8, Disp: 16 * ahead}
	second = first
	second.Disp += 8
	return first, second
}

// valueMem is where a value of 4 or 8 bytes belongs.
func (p *probe) valueMem(size uint8) operand.Mem {
	if p.next == nil {
		return at(p.values, 0)
	}
	return operand.Mem{Base: p.values, Index: p.next, Scale: size}
}

// toValue puts the address where a value of so many bytes belongs into RAX.
func (p *probe) toValue(bytes reg.Register) {
	if p.next == nil {
		p.c.MOVQ(p.values, reg.RAX)
		return
	}
	p.c.MOVQ(p.next, reg.RAX)
	p.c.IMULQ(bytes, reg.RAX)
	p.c.ADDQ(p.values, reg.RAX)
}

// key is the memory at an offset from where the keys of the bucket begin.
func (p *probe) key(offset int) operand.Mem {
	if p.line {
		return at(p.bucket, layout.WordKeysAt+offset)
	}
	return at(p.x, offset)
}

// wordMem is the slot's word, of so many bytes.
func (p *probe) wordMem(size uint8) operand.Mem {
	return operand.Mem{Base: p.bucket, Index: p.slot, Scale: size}
}

// timesBytes makes an offset of the number of a bucket.
func (p *probe) timesBytes(r reg.Register) {
	if p.line {
		p.c.SHLQ(operand.Imm(6), r) // a line has 64 bytes
	} else {
		p.c.IMULQ(p.field(layout.TableBytesAt), r)
	}
}

// home makes RDX the first bucket of the path of the hash in RAX.
func (p *probe) home() {
	p.c.MULQ(p.field(layout.TableBucketsAt))
	p.timesBytes(reg.RDX)
	p.c.ADDQ(p.field(layout.TableBaseAt), reg.RDX)
}

// prefetchBucket asks for the lines of the bucket at RDX. It goes to asked, or falls through to it.
func (p *probe) prefetchBucket(asked string) {
	p.c.PREFETCHT0(at(reg.RDX, 0))
	if p.line {
		return
	}
	for line := 1; line < layout.BatchLines; line++ {
		p.c.CMPQ(p.field(layout.TableBytesAt), operand.Imm(uint64(line*layout.LineBytes)))
		p.c.JEQ(to(asked))
		p.c.PREFETCHT0(at(reg.RDX, line*layout.LineBytes))
	}
}

// toHome brings a single lookup to the first bucket of the key's path.
func (p *probe) toHome() {
	p.keyKind.hash(p, 0)
	p.toHomeOf()
}

// toHomeOf is toHome of a key whose hash is RAX.
func (p *probe) toHomeOf() {
	p.c.MOVQ(reg.RAX, p.hash)
	p.home()
	p.c.MOVQ(reg.RDX, p.bucket)
	p.c.Comment("The slot is known only when its line is here, so all lines are asked for now.")
	p.prefetchBucket("asked")
	p.c.Label("asked")
}

// find falls through when slot is one that has the key, or had it. Otherwise it goes to not_here.
func (p *probe) find() {
	c := p.c
	c.Label("bucket")
	if !p.line {
		c.MOVQ(p.field(layout.TableKeyAtAt), p.x)
		c.ADDQ(p.bucket, p.x)
	}
	p.keyKind.compare(p)
	if p.line {
		c.ANDL(operand.Imm(1<<layout.WordSlots-1), p.slot.As32())
	} else {
		c.ANDL(p.field(layout.TableSlotsAt), p.slot.As32())
	}
	c.JEQ(to("not_here"))
	c.TZCNTL(p.slot.As32(), p.slot.As32()) // not zero, so that an old CPU's BSF does the same
}

// notHere goes on when a bucket does not have the key: to the next one if the overflow bit of
// the key's class is set. If the key is absent it goes to absent. When it does not know, it falls
// through to the label odd, or goes there.
func (p *probe) notHere(absent string) {
	c, control, class := p.c, p.slot.As32(), p.word
	c.Label("not_here")
	c.MOVQ(p.hash, class)
	if p.line {
		c.MOVL(at(p.bucket, layout.WordControlAt), control)
	} else {
		c.MOVQ(p.field(layout.TableControlAtAt), p.x)
		c.MOVL(operand.Mem{Base: p.bucket, Index: p.x, Scale: 1}, control)
	}
	testClass(c, class, control)
	c.JCS(to("walk"))
	if absent != "odd" {
		c.TESTL(operand.U32(layout.SealBit), control)
		c.JEQ(to(absent))
	}
	c.JMP(to("odd"))

	c.Label("walk")
	c.MOVQ(p.field(layout.TableBucketsAt), p.x)
	p.timesBytes(p.x)
	c.ADDQ(p.field(layout.TableBaseAt), p.x)
	if p.line {
		c.ADDQ(operand.Imm(layout.LineBytes), p.bucket)
	} else {
		c.ADDQ(p.field(layout.TableBytesAt), p.bucket)
	}
	c.CMPQ(p.bucket, p.x)
	c.CMOVQEQ(p.field(layout.TableBaseAt), p.bucket)
	c.DECL(p.walks)
	c.JPL(to("bucket"))
}
