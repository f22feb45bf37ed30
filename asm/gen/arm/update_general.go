package arm

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/asm/gen/sig"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// swap returns a kernel that puts a value in the place of another.
func swap(k sig.Kernel, kind keyKind) func(c *a64.Context, suffix string, lse bool) {
	return func(c *a64.Context, suffix string, lse bool) {
		k.Begin(c.Avo(), suffix)
		p := single(c, kind)
		value, prev := c.Load("value"), c.Load("prev")
		p.toHome()
		keys, slot := p.find()
		c.TBNZ(3, p.field(layout.TableWordBytesAt), "wide")

		narrow, x := p.take(lse, false, keys, slot)
		c.Comment("W3: store the value.")
		bytes, values := p.field(layout.TableValueBytesAt), p.at(layout.TableValueAtAt, 0)
		c.CBZ(bytes, "stored") // no value
		c.TBNZ(2, bytes, "half")
		at, v := c.GP(), c.GP()
		c.ADD(a64.Shifted{R: slot, N: 3}, values, at)
		for _, copied := range [][2]reg.Register{{at, prev}, {value, at}} {
			c.MOVD(a64.Mem(copied[0], 0), v)
			c.MOVD(v, a64.Mem(copied[1], 0))
		}
		c.B("stored")
		c.Label("half")
		c.ADD(a64.Shifted{R: slot, N: 2}, values, at)
		for _, copied := range [][2]reg.Register{{at, prev}, {value, at}} {
			c.MOVWU(a64.Mem(copied[0], 0), v)
			c.MOVW(v, a64.Mem(copied[1], 0))
		}
		c.Label("stored")
		narrow.release(x)
		returnBool(c, true, "ok")

		c.Label("wide")
		wide, x := p.take(lse, true, keys, slot)
		c.Comment("W3: store the value.")
		p.swapWide(slot, value, prev)
		wide.release(x)
		returnBool(c, true, "ok")

		p.notHere("odd")
		c.Label("odd")
		returnBool(c, false, "ok")
	}
}

// add returns a kernel that adds to a value of 4 or 8 bytes.
func add(k sig.Kernel, kind keyKind) func(c *a64.Context, suffix string, lse bool) {
	return func(c *a64.Context, suffix string, lse bool) {
		k.Begin(c.Avo(), suffix)
		p := single(c, kind)
		delta := c.Load("delta")
		p.toHome()
		keys, slot := p.find()
		w, x := p.take(lse, false, keys, slot)
		c.Comment("W3: store the value.")
		values, at, sum := p.at(layout.TableValueAtAt, 0), c.GP(), c.GP()
		c.TBNZ(2, p.field(layout.TableValueBytesAt), "half")
		c.ADD(a64.Shifted{R: slot, N: 3}, values, at)
		c.MOVD(a64.Mem(at, 0), sum)
		c.ADD(delta, sum, sum)
		c.MOVD(sum, a64.Mem(at, 0))
		c.B("stored")
		c.Label("half")
		c.ADD(a64.Shifted{R: slot, N: 2}, values, at)
		c.MOVWU(a64.Mem(at, 0), sum)
		c.ADD(delta, sum, sum)
		c.UBFX(0, 32, sum, sum)
		c.MOVW(sum, a64.Mem(at, 0))
		c.Label("stored")
		w.release(x)
		c.Return(sum, "sum")
		returnBool(c, true, "ok")

		p.notHere("odd")
		c.Label("odd")
		returnBool(c, false, "ok")
	}
}

// take locks the slot, whose word has 64 bits if wide, else 32, if it is LIVE and unlocked and
// has the key. It returns the word that is to follow. Otherwise it goes to odd.
func (p *probe) take(lse, wide bool, keys, slot reg.Register) (w slotWord, next reg.Register) {
	w, shift, order := slotWord{p.Context, lse, wide, "narrow_", p.GP()}, uint(2), wholeLock
	if wide {
		// A version of 64 bits does not come round, so what is there is what the load of the
		// word has acquired; and readers of wide values wait for W4.
		w.prefix, shift, order = "wide_", 3, w2
	}
	seen, x := p.GP(), p.GP()
	p.ADD(a64.Shifted{R: slot, N: shift}, p.bucket, w.at)
	p.LDAR(wide, w.at, seen)
	p.liveKey(seen, keys, slot)
	p.ORR(a64.Imm(layout.Lock), seen, x)
	cas(p.Context, lse, wide, order, w.at, seen, x, w.prefix+"lock", "odd")
	w.next(seen, x, layout.Live)
	return w, x
}

// swapWide copies the value of whole words, from two to layout.BatchValueBytes, from the slot to
// prev, and from value to the slot, in the way of readWide.
func (p *probe) swapWide(slot, value, prev reg.Register) {
	at, bytes := p.slotValue(slot)
	p.CMP(a64.Imm(32), bytes)
	p.BHI("large")
	p.copyOverlapping(16, at, prev, bytes)
	p.copyOverlapping(16, value, at, bytes)
	p.B("swapped")
	p.Label("large")
	p.copyOverlapping(32, at, prev, bytes)
	p.copyOverlapping(32, value, at, bytes)
	p.Label("swapped")
}

// copyOverlapping copies bytes of which there are from width to twice as many.
func (p *probe) copyOverlapping(width int, from, to, bytes reg.Register) {
	first, last, load, store := p.twoPairs(width)
	end := p.GP()
	p.ADD(bytes, from, end)
	load(a64.Mem(from, 0), first[0], first[1])
	load(a64.Mem(end, -width), last[0], last[1])
	p.ADD(bytes, to, end)
	store(first[0], first[1], a64.Mem(to, 0))
	store(last[0], last[1], a64.Mem(end, -width))
}
