package arm

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/seqmap/seqmap-go/asm/gen/a64"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A keyKind is what the batch kernels do in their own way for each size of keys.
type keyKind interface {
	// load loads the key at a position.
	load(b *batch, position reg.Register, key [2]reg.Register)
	// hash returns the hash of the key at a position.
	hash(b *batch, position reg.Register) reg.Register
	// compare puts the first slot whose key, of those from keys on, is that of b into slot,
	// or goes to not_here.
	compare(b *batch, keys, slot reg.Register)
	// again goes to odd unless the key of the slot is, by a load of its own, that of b.
	again(b *batch, keys, slot reg.Register)
}

// multiply multiplies x and folds the product.
func (b *batch) multiply(x, by reg.Register) {
	low := b.GP()
	b.MUL(by, x, low)
	b.UMULH(by, x, x)
	b.EOR(low, x, x)
}

// hashWord is the hash of a key of at most one word.
func (b *batch) hashWord(k keyKind, position reg.Register) reg.Register {
	x := b.GP()
	k.load(b, position, [2]reg.Register{x})
	b.EOR(b.field(layout.BatchSeedAt), x, x)
	b.multiply(x, b.fold)
	return x
}

// firstLane puts the number of the first lane that is set into slot, or one more than there
// are. Of the 64 bits of lanes each has 1<<shift.
func (b *batch) firstLane(lanes, slot reg.Register, shift a64.Imm) {
	b.VMOV(lanes, slot)
	b.RBIT(slot, slot)
	b.CLZ(slot, slot)
	b.LSR(shift, slot, slot)
}

// inBucket goes to not_here unless slot is one that a bucket has.
func (b *batch) inBucket(slot reg.Register) {
	if b.line {
		b.CMP(a64.Imm(layout.WordSlots), slot)
		b.BHS("not_here")
		return
	}
	slots := b.field(layout.BatchSlotsAt)
	b.LSR(slot, slots, slots)
	b.TBZ(0, slots, "not_here")
}

// halfKey is a key of 4 bytes, of which there are up to seven in a bucket.
type halfKey struct{}

func (halfKey) load(b *batch, position reg.Register, key [2]reg.Register) {
	b.MOVWU(a64.Indexed{Base: b.keys, Index: position, Shift: 2}, key[0])
}

func (k halfKey) hash(b *batch, position reg.Register) reg.Register { return b.hashWord(k, position) }

func (halfKey) compare(b *batch, keys, slot reg.Register) {
	key, low, high := b.Vec(), b.Vec(), b.Vec()
	b.VDUP(b.key[0], key, "S4")
	b.FLDPQ(a64.Mem(keys, 0), low, high)
	b.VCMEQ(key, low, low, "S4")
	b.VCMEQ(key, high, high, "S4")
	b.VUZP1(high, low, low, "H8")
	b.VUZP1(low, low, low, "B16")
	b.firstLane(low, slot, 3)
	b.inBucket(slot)
}

func (halfKey) again(b *batch, keys, slot reg.Register) {
	key := b.GP()
	b.MOVWU(a64.Indexed{Base: keys, Index: slot, Shift: 2}, key)
	b.CMP(key, b.key[0])
	b.BNE("odd")
}

// wordKey is a key of 8 bytes, of which there are up to five in a bucket, and four if there
// are values.
type wordKey struct{}

func (wordKey) load(b *batch, position reg.Register, key [2]reg.Register) {
	b.MOVD(a64.Indexed{Base: b.keys, Index: position, Shift: 3}, key[0])
}

func (k wordKey) hash(b *batch, position reg.Register) reg.Register { return b.hashWord(k, position) }

func (wordKey) compare(b *batch, keys, slot reg.Register) {
	key, low, high, fifth := b.Vec(), b.Vec(), b.Vec(), b.GP()
	b.VDUP(b.key[0], key, "D2")
	b.FLDPQ(a64.Mem(keys, 0), low, high)
	b.VCMEQ(key, low, low, "D2")
	b.VCMEQ(key, high, high, "D2")
	b.VUZP1(high, low, low, "S4")
	b.VUZP1(low, low, low, "H8")
	b.firstLane(low, slot, 4)
	b.inBucket(slot)
	if b.line {
		return
	}
	b.TBZ(2, slot, "here")
	b.MOVD(a64.Mem(keys, 4*8), fifth)
	b.CMP(fifth, b.key[0])
	b.BNE("not_here")
	b.Label("here")
}

func (wordKey) again(b *batch, keys, slot reg.Register) {
	key := b.GP()
	b.MOVD(a64.Indexed{Base: keys, Index: slot, Shift: 3}, key)
	b.CMP(key, b.key[0])
	b.BNE("odd")
}

// pairKey is a key of 16 bytes, of which there are up to three in a bucket. To compare them all
// takes no more instructions than to look for their tags, and leaves no candidates.
type pairKey struct{}

func (pairKey) load(b *batch, position reg.Register, key [2]reg.Register) {
	at := b.GP()
	b.ADD(a64.Shifted{R: position, N: 4}, b.keys, at)
	b.LDP(a64.Mem(at, 0), key[0], key[1])
}

func (k pairKey) hash(b *batch, position reg.Register) reg.Register {
	x, y, more := b.GP(), b.GP(), b.GP()
	k.load(b, position, [2]reg.Register{x, y})
	b.EOR(b.field(layout.BatchSeedAt), x, x)
	b.multiply(x, b.fold)
	b.EOR(y, x, x)
	b.MOVD(a64.Hex(layout.FoldByMore), more)
	b.multiply(x, more)
	return x
}

// compare takes no branch before it knows the slot, because which slot has the key cannot be
// predicted.
func (pairKey) compare(b *batch, keys, slot reg.Register) {
	differ := []reg.Register{slot, b.GP(), b.GP()}
	for i, d := range differ {
		x, y := b.GP(), b.GP()
		b.LDP(a64.Mem(keys, 16*i), x, y)
		b.samePair(x, y)
		b.CSET("NE", d)
	}
	b.AND(differ[0], differ[1], differ[1])
	b.AND(differ[1], differ[2], differ[2])
	b.ADD(differ[1], slot, slot)
	b.ADD(differ[2], slot, slot)
	b.inBucket(slot)
}

func (b *batch) samePair(x, y reg.Register) {
	b.CMP(x, b.key[0])
	b.CCMP("EQ", y, b.key[1])
}

func (pairKey) again(b *batch, keys, slot reg.Register) {
	x, y, at := b.GP(), b.GP(), b.GP()
	b.ADD(a64.Shifted{R: slot, N: 4}, keys, at)
	b.LDP(a64.Mem(at, 0), x, y)
	b.samePair(x, y)
	b.BNE("odd")
}
