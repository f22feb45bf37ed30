package arm

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A keyKind is what the kernels that look for a key do in their own way for each size of keys.
type keyKind interface {
	// load loads the key, or that at a position in a batch.
	load(p *probe, position reg.Register, key [2]reg.Register)
	// hash returns the hash of a key, whose words it changes.
	hash(p *probe, key [2]reg.Register) reg.Register
	// compare puts the first slot whose key, of those from keys on, is that of p into slot,
	// or goes to not_here.
	compare(p *probe, keys, slot reg.Register)
	// again goes to odd unless the key of the slot is, by a load of its own, that of p.
	again(p *probe, keys, slot reg.Register)
}

// multiply multiplies x and folds the product.
func (p *probe) multiply(x, by reg.Register) {
	low := p.GP()
	p.MUL(by, x, low)
	p.UMULH(by, x, x)
	p.EOR(low, x, x)
}

// hashWord is the hash of a key of at most one word.
func (p *probe) hashWord(x reg.Register) reg.Register {
	p.EOR(p.field(layout.TableSeedAt), x, x)
	p.multiply(x, p.fold)
	return x
}

// firstLane puts the number of the first lane that is set into slot, or one more than there
// are. Of the 64 bits of lanes each has 1<<shift.
func (p *probe) firstLane(lanes, slot reg.Register, shift a64.Imm) {
	p.VMOV(lanes, slot)
	p.RBIT(slot, slot)
	p.CLZ(slot, slot)
	p.LSR(shift, slot, slot)
}

// inBucket goes to not_here unless slot is one that a bucket has.
func (p *probe) inBucket(slot reg.Register) {
	if p.line {
		p.CMP(a64.Imm(layout.WordSlots), slot)
		p.BHS("not_here")
		return
	}
	slots := p.field(layout.TableSlotsAt)
	p.LSR(slot, slots, slots)
	p.TBZ(0, slots, "not_here")
}

// halfKey is a key of 4 bytes, of which there are up to seven in a bucket.
type halfKey struct{}

func (halfKey) load(p *probe, position reg.Register, key [2]reg.Register) {
	if position == nil {
		p.MOVWU(a64.Mem(p.keys, 0), key[0])
		return
	}
	p.MOVWU(a64.Indexed{Base: p.keys, Index: position, Shift: 2}, key[0])
}

func (halfKey) hash(p *probe, key [2]reg.Register) reg.Register { return p.hashWord(key[0]) }

func (halfKey) compare(p *probe, keys, slot reg.Register) {
	key, low, high := p.Vec(), p.Vec(), p.Vec()
	p.VDUP(p.key[0], key, "S4")
	p.FLDPQ(a64.Mem(keys, 0), low, high)
	p.VCMEQ(key, low, low, "S4")
	p.VCMEQ(key, high, high, "S4")
	p.VUZP1(high, low, low, "H8")
	p.VUZP1(low, low, low, "B16")
	p.firstLane(low, slot, 3)
	p.inBucket(slot)
}

func (halfKey) again(p *probe, keys, slot reg.Register) {
	key := p.GP()
	p.MOVWU(a64.Indexed{Base: keys, Index: slot, Shift: 2}, key)
	p.CMP(key, p.key[0])
	p.BNE("odd")
}

// wordKey is a key of 8 bytes, of which there are up to five in a bucket, and four if there
// are values.
type wordKey struct{}

func (wordKey) load(p *probe, position reg.Register, key [2]reg.Register) {
	if position == nil {
		p.MOVD(a64.Mem(p.keys, 0), key[0])
		return
	}
	p.MOVD(a64.Indexed{Base: p.keys, Index: position, Shift: 3}, key[0])
}

func (wordKey) hash(p *probe, key [2]reg.Register) reg.Register { return p.hashWord(key[0]) }

func (wordKey) compare(p *probe, keys, slot reg.Register) {
	key, low, high, fifth := p.Vec(), p.Vec(), p.Vec(), p.GP()
	p.VDUP(p.key[0], key, "D2")
	p.FLDPQ(a64.Mem(keys, 0), low, high)
	p.VCMEQ(key, low, low, "D2")
	p.VCMEQ(key, high, high, "D2")
	p.VUZP1(high, low, low, "S4")
	p.VUZP1(low, low, low, "H8")
	p.firstLane(low, slot, 4)
	p.inBucket(slot)
	if p.line {
		return
	}
	p.TBZ(2, slot, "here")
	p.MOVD(a64.Mem(keys, 4*8), fifth)
	p.CMP(fifth, p.key[0])
	p.BNE("not_here")
	p.Label("here")
}

func (wordKey) again(p *probe, keys, slot reg.Register) {
	key := p.GP()
	p.MOVD(a64.Indexed{Base: keys, Index: slot, Shift: 3}, key)
	p.CMP(key, p.key[0])
	p.BNE("odd")
}

// pairKey is a key of 16 bytes, of which there are up to three in a bucket. To compare them all
// takes no more instructions than to look for their tags, and leaves no candidates.
type pairKey struct{}

func (pairKey) load(p *probe, position reg.Register, key [2]reg.Register) {
	at := p.keys
	if position != nil {
		at = p.GP()
		p.ADD(a64.Shifted{R: position, N: 4}, p.keys, at)
	}
	p.LDP(a64.Mem(at, 0), key[0], key[1])
}

func (pairKey) hash(p *probe, key [2]reg.Register) reg.Register {
	x, more := p.hashWord(key[0]), p.GP()
	p.EOR(key[1], x, x)
	p.MOVD(a64.Hex(layout.FoldByMore), more)
	p.multiply(x, more)
	return x
}

// compare takes no branch before it knows the slot, because which slot has the key cannot be
// predicted.
func (pairKey) compare(p *probe, keys, slot reg.Register) {
	differ := []reg.Register{slot, p.GP(), p.GP()}
	for i, d := range differ {
		x, y := p.GP(), p.GP()
		p.LDP(a64.Mem(keys, 16*i), x, y)
		p.samePair(x, y)
		p.CSET("NE", d)
	}
	p.AND(differ[0], differ[1], differ[1])
	p.AND(differ[1], differ[2], differ[2])
	p.ADD(differ[1], slot, slot)
	p.ADD(differ[2], slot, slot)
	p.inBucket(slot)
}

func (p *probe) samePair(x, y reg.Register) {
	p.CMP(x, p.key[0])
	p.CCMP("EQ", y, p.key[1])
}

func (pairKey) again(p *probe, keys, slot reg.Register) {
	x, y, at := p.GP(), p.GP(), p.GP()
	p.ADD(a64.Shifted{R: slot, N: 4}, keys, at)
	p.LDP(a64.Mem(at, 0), x, y)
	p.samePair(x, y)
	p.BNE("odd")
}
