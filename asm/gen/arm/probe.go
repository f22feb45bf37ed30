package arm

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Probe builds the family probe. BenchmarkGet and BenchmarkFind in internal/arch show what it gains.
//
// It has no kernel that scans tags for other keys, longer than 16 bytes or with floats or padding:
// these are made canonical and hashed in Go, by maphash; and Go, which loads all tags of a bucket as
// one word, compares the words of a key only in a slot that has its tag.
func Probe() *build.Context {
	c := newFile()
	get(c, sig.GetHalf, halfKey{})
	get(c, sig.GetWord, wordKey{})
	get(c, sig.GetPair, pairKey{})
	find(c, sig.FindHalf, halfKey{})
	find(c, sig.FindWord, wordKey{})
	find(c, sig.FindPair, pairKey{})
	return c.Avo()
}

// get looks up one key.
func get(c *a64.Context, k sig.Kernel, kind keyKind) {
	k.Begin(c.Avo(), "NEON")
	p := single(c, kind)
	p.values = c.Load("value")
	p.toHome()
	p.acquire()
	p.read(p.find())

	ret := func(label string, found a64.Imm) {
		c.Label(label)
		r := reg.Register(a64.ZR)
		if found != sig.Absent {
			r = c.GP()
			c.MOVD(found, r)
		}
		c.Return(r, "found")
		c.RET()
	}
	ret("hit", sig.Present)
	p.notHere("absent")
	ret("odd", sig.Unsure)
	ret("absent", sig.Absent)
}

// find finds the slot of a key, for a caller that looks at its word.
func find(c *a64.Context, k sig.Kernel, kind keyKind) {
	k.Begin(c.Avo(), "NEON")
	p := single(c, kind)
	p.loadTable()
	kind.load(p, nil, p.key)
	p.hash = c.Load("hash")
	p.toHomeOf()
	p.acquire()
	_, slot := p.find()

	ret := func(bucket, slot reg.Register, found a64.Imm) {
		c.Return(bucket, "bucket")
		c.Return(slot, "slot")
		r := c.GP()
		c.MOVD(found, r)
		c.Return(r, "found")
		c.RET()
	}
	none := func(label string, found a64.Imm) {
		c.Label(label)
		ret(a64.ZR, a64.ZR, found)
	}
	ret(p.bucket, slot, sig.Present)
	p.notHere("absent")
	none("odd", sig.Unsure)
	none("absent", sig.Absent)
}

// A probe is the part of a kernel that looks for a key in a table: in that of a batch, or for a
// single key.
type probe struct {
	*a64.Context
	keyKind              keyKind
	line                 bool // the geometry is that of a word bucket
	buckets, bytes, fold reg.Register
	t                    reg.Register // the Table, or a Batch, which begins with one
	keys, values         reg.Register
	next                 reg.Register // position of the key in a batch, or nil
	// Of the key that is looked up.
	hash, bucket reg.Register
	key          [2]reg.Register // the second word of a key of two
	walks        reg.Register    // how often it may go on to a next bucket
}

// newProbe returns the part of a kernel that gets a Table, or a Batch, as the parameter t.
func newProbe(c *a64.Context, kind keyKind, t string) probe {
	return probe{
		Context: c, keyKind: kind, buckets: c.GP(), bytes: c.GP(), fold: c.GP(), t: c.Load(t),
		hash: c.GP(), bucket: c.GP(), walks: c.GP(), key: [2]reg.Register{c.GP(), c.GP()},
	}
}

// single begins a kernel for a single key.
func single(c *a64.Context, kind keyKind) *probe {
	p := newProbe(c, kind, "t")
	p.keys = c.Load("key")
	c.MOVD(a64.Imm(layout.MaxProbe-1), p.walks)
	return &p
}

// loadTable loads what is needed often.
func (p *probe) loadTable() {
	p.MOVD(a64.Mem(p.t, layout.TableBucketsAt), p.buckets)
	p.MOVD(a64.Mem(p.t, layout.TableBytesAt), p.bytes)
}

// loadFold loads what hashing takes.
func (p *probe) loadFold() { p.MOVD(a64.Hex(layout.FoldBy), p.fold) }

// field loads the field of the Table at the given offset.
func (p *probe) field(offset int) reg.Register {
	r := p.GP()
	p.MOVD(a64.Mem(p.t, offset), r)
	return r
}

// at is the memory at the offset from the bucket that a field of the Table tells, or that known
// of a word bucket.
func (p *probe) at(field, known int) reg.Register {
	r := p.GP()
	if p.line {
		p.ADD(a64.Imm(known), p.bucket, r)
	} else {
		p.MOVD(a64.Mem(p.t, field), r)
		p.ADD(p.bucket, r, r)
	}
	return r
}

// valueMem is where a value of 1<<shift bytes belongs.
func (p *probe) valueMem(shift uint) operand.Op {
	if p.next == nil {
		return a64.Mem(p.values, 0)
	}
	return a64.Indexed{Base: p.values, Index: p.next, Shift: shift}
}

// toValue returns the address where a value of so many bytes belongs.
func (p *probe) toValue(bytes reg.Register) reg.Register {
	if p.next == nil {
		return p.values
	}
	to := p.GP()
	p.MUL(bytes, p.next, to)
	p.ADD(p.values, to, to)
	return to
}

// home makes bucket the first of the path of a hash.
func (p *probe) home(hash, bucket reg.Register) {
	p.UMULH(p.buckets, hash, bucket)
	if p.line {
		p.ADD(a64.Shifted{R: bucket, N: 6}, p.field(layout.TableBaseAt), bucket) // a line has 64 bytes
	} else {
		p.MUL(p.bytes, bucket, bucket)
		p.ADD(p.field(layout.TableBaseAt), bucket, bucket)
	}
}

// prefetchBucket asks for the lines of a bucket. It goes to asked, or falls through to it.
func (p *probe) prefetchBucket(bucket reg.Register, asked string) {
	p.PRFM(a64.Mem(bucket, 0), "PLDL1KEEP")
	if p.line {
		return
	}
	for at := layout.LineBytes; at < layout.BatchLines*layout.LineBytes; at += layout.LineBytes {
		p.CMP(a64.Imm(at), p.bytes)
		p.BEQ(asked)
		p.PRFM(a64.Mem(bucket, at), "PLDL1KEEP")
	}
}

// toHome brings a single lookup to the first bucket of the key's path.
func (p *probe) toHome() {
	p.loadTable()
	p.loadFold()
	p.keyKind.load(p, nil, p.key)
	x := [2]reg.Register{p.GP(), p.key[1]}
	p.MOVD(p.key[0], x[0])
	p.MOVD(p.keyKind.hash(p, x), p.hash)
	p.toHomeOf()
}

// toHomeOf is toHome of a key whose hash is there.
func (p *probe) toHomeOf() {
	p.home(p.hash, p.bucket)
	p.Comment("The slot is known only when its line is here, so all lines are asked for now.")
	p.prefetchBucket(p.bucket, "asked")
	p.Label("asked")
}

// acquire orders what a single lookup loads of the bucket behind what the caller did before.
func (p *probe) acquire() {
	control := p.at(layout.TableControlAtAt, layout.WordControlAt)
	p.Comment("Acquire. It comes after the caller's releases, and the loads of keys come after it: who", "has written a key and then finds another absent was first.")
	p.LDAR(false, control, a64.ZR)
}

// find falls through when slot is one that has the key, or had it; keys are those of its bucket.
// Otherwise it goes to not_here.
func (p *probe) find() (keys, slot reg.Register) {
	p.Label("bucket")
	keys, slot = p.at(layout.TableKeyAtAt, layout.WordKeysAt), p.GP()
	p.keyKind.compare(p, keys, slot)
	return keys, slot
}

// notHere goes on when a bucket does not have the key: to the next one if the overflow bit of
// the key's class is set. It does not matter whether the keys are loaded before the control word
// or after, because a key never leaves its slot and an overflow bit is never cleared. If the key
// is absent it goes to absent. When it does not know, it falls through to the label odd, or goes
// there.
func (p *probe) notHere(absent string) {
	p.Label("not_here")
	control, overflow := p.at(layout.TableControlAtAt, layout.WordControlAt), p.GP()
	p.MOVWU(a64.Mem(control, 0), control)
	testClass(p.Context, p.hash, control, overflow)
	p.TBNZ(0, overflow, "walk")
	if absent != "odd" {
		p.TBZ(7, control, absent)
	}
	p.B("odd")

	p.Label("walk")
	base, end := p.field(layout.TableBaseAt), p.GP()
	p.MUL(p.buckets, p.bytes, end)
	p.ADD(base, end, end)
	p.ADD(p.bytes, p.bucket, p.bucket)
	p.CMP(p.bucket, end)
	p.CSEL("EQ", base, p.bucket, p.bucket)
	p.SUBS(a64.Imm(1), p.walks, p.walks)
	p.BPL("bucket")
}
