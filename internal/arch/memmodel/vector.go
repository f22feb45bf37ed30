package memmodel

import "strings"

// vector is a vector register, as words of 64 bits. Whole words keep what they depend on. What
// is computed from lanes depends on nothing, which orders less than a processor does.
type vector [8]Value

func (v *vector) lane(i, size int) uint64 {
	return v[i*size/8].Bits >> (i * size % 8 * 8) & mask(size)
}

// lanes returns a vector whose first n lanes, of size bytes, are f of their number. The others
// are 0.
func lanes(n, size int, f func(i int) uint64) (v vector) {
	for i := range n {
		v[i*size/8].Bits |= f(i) & mask(size) << (i * size % 8 * 8)
	}
	return v
}

// vector returns a vector operand, or one of the given size in memory.
func (m *machine) vector(o operand, bytes int) vector {
	if o.kind == memory {
		return m.loadVector(o, bytes/8)
	}
	return m.vecs[o.reg]
}

// loadVector loads consecutive words, each of which is one access, or two of half the size if that
// is how the memory is used.
func (m *machine) loadVector(o operand, words int) (v vector) {
	m.wide(o, 8, words, func(i int, at Value) { v[i] = m.LoadParts(at) })
	return v
}

func (m *machine) storeVector(o operand, words int, v vector) {
	m.wide(o, 8, words, func(i int, at Value) { m.Store(at, 8, v[i], Plain) })
}

// ones is a lane of a comparison.
func ones(equal bool) uint64 {
	if equal {
		return ^uint64(0)
	}
	return 0
}

// amd64Vectors adds the instructions on vectors. Those that begin with V clear the upper part of
// the register; the others are not used together with it.
func amd64Vectors(ops map[string]opcode) {
	move := func(m *machine, a []operand) {
		from, to := a[0], a[1]
		if to.kind == memory {
			m.storeVector(to, from.bytes/8, m.vecs[from.reg])
			return
		}
		m.vecs[to.reg] = m.vector(from, to.bytes)
	}
	for _, name := range []string{"MOVUPS", "MOVOU", "MOVAPS", "VMOVUPS", "VMOVDQU", "VMOVDQU64", "VMOVAPS"} {
		ops[name] = move
	}
	ops["MOVSS"] = func(m *machine, a []operand) { m.set(a[1], 4, m.get(a[0], 4)) }
	ops["MOVSD"] = func(m *machine, a []operand) { m.set(a[1], 8, m.get(a[0], 8)) }
	ops["MOVHPD"] = func(m *machine, a []operand) { m.vecs[a[1].reg][1] = m.get(a[0], 8) }
	for suffix, size := range map[string]int{"D": 4, "Q": 8} {
		ops["VPBROADCAST"+suffix] = func(m *machine, a []operand) {
			x := m.get(a[0], size).Bits
			m.vecs[a[1].reg] = lanes(a[1].bytes/size, size, func(int) uint64 { return x })
		}
	}
	for name, size := range map[string]int{"PMOVMSKB": 1, "MOVMSKPS": 4, "MOVMSKPD": 8} {
		mask := func(m *machine, a []operand) {
			v, x := m.vecs[a[0].reg], uint64(0)
			for i := range a[0].bytes / size {
				x |= v.lane(i, size) >> (8*size - 1) << i
			}
			m.set(a[1], 8, Const(x))
		}
		ops[name], ops["V"+name] = mask, mask
	}
	amd64Lanes(ops)
}

// amd64Lanes adds the instructions that compute lanes from one or two vectors.
func amd64Lanes(ops map[string]opcode) {
	// y is the first operand, x the second; without V the second is also the destination.
	binary := func(names string, f func(x, y vector, bytes int) vector) {
		for _, name := range strings.Fields(names) {
			ops[name] = func(m *machine, a []operand) {
				to := a[len(a)-1]
				m.vecs[to.reg] = f(m.vecs[a[1].reg], m.vector(a[0], to.bytes), to.bytes)
			}
		}
	}
	for names, size := range map[string]int{"PCMPEQL VPCMPEQD": 4, "VPCMPEQQ": 8} {
		binary(names, func(x, y vector, bytes int) vector {
			return lanes(bytes/size, size, func(i int) uint64 { return ones(x.lane(i, size) == y.lane(i, size)) })
		})
	}
	for names, size := range map[string]int{"PACKSSWB VPACKSSWB": 1, "PACKSSLW VPACKSSDW": 2} {
		binary(names, func(x, y vector, bytes int) vector { return pack(x, y, bytes, size) })
	}
	binary("ANDPS", func(x, y vector, bytes int) vector {
		return lanes(bytes/8, 8, func(i int) uint64 { return x[i].Bits & y[i].Bits })
	})
	binary("XORPS VXORPS", func(x, y vector, bytes int) vector {
		return lanes(bytes/8, 8, func(i int) uint64 { return x[i].Bits ^ y[i].Bits })
	})
	// Two bits of the constant choose each lane.
	ops["PSHUFD"] = func(m *machine, a []operand) {
		x := m.vector(a[1], 16)
		m.vecs[a[2].reg] = lanes(4, 4, func(i int) uint64 { return x.lane(int(a[0].imm>>(2*i)&3), 4) })
	}
	ops["SHUFPS"] = func(m *machine, a []operand) {
		from := [2]vector{m.vecs[a[2].reg], m.vector(a[1], 16)}
		m.vecs[a[2].reg] = lanes(4, 4, func(i int) uint64 { return from[i/2].lane(int(a[0].imm>>(2*i)&3), 4) })
	}
}

// pack makes lanes of size bytes from signed ones of twice that size, those of x and then those of
// y, in each 16 bytes of the vectors. What does not fit becomes the nearest that does.
func pack(x, y vector, bytes, size int) vector {
	half := 8 / size // lanes of each, in 16 bytes
	return lanes(bytes/size, size, func(i int) uint64 {
		from := x
		if i/half%2 == 1 {
			from = y
		}
		v := int64(signExtend(from.lane(i/(2*half)*half+i%half, 2*size), 2*size))
		limit := int64(1) << (8*size - 1)
		return uint64(max(-limit, min(limit-1, v)))
	})
}

// armVectors adds loads and stores of whole vector registers, and what computes lanes.
func armVectors(ops map[string]opcode) {
	load := func(m *machine, a []operand) {
		regs := a[1].registers()
		m.wide(a[0], 8, 2*len(regs), func(i int, at Value) { m.vecs[regs[i/2].reg][i%2] = m.LoadParts(at) })
	}
	store := func(m *machine, a []operand) {
		regs := a[0].registers()
		m.wide(a[1], 8, 2*len(regs), func(i int, at Value) { m.Store(at, 8, m.vecs[regs[i/2].reg][i%2], Plain) })
	}
	ops["FLDPQ"], ops["VLD1"] = load, load
	ops["FSTPQ"], ops["VST1"] = store, store
	ops["FMOVQ"] = func(m *machine, a []operand) {
		if a[0].kind == memory {
			load(m, a)
			return
		}
		store(m, a)
	}
	ops["VDUP"] = func(m *machine, a []operand) {
		x := m.get(a[0], 8).Bits
		m.vecs[a[1].reg] = lanes(16/a[1].lane, a[1].lane, func(int) uint64 { return x })
	}
	ops["VMOV"] = func(m *machine, a []operand) { // V1.D[0], R2
		m.set(a[1], 8, Const(m.vecs[a[0].reg].lane(int(a[0].imm), a[0].lane)))
	}
	ops["VCMEQ"] = func(m *machine, a []operand) {
		x, y, size := m.vecs[a[1].reg], m.vecs[a[0].reg], a[2].lane
		m.vecs[a[2].reg] = lanes(16/size, size, func(i int) uint64 { return ones(x.lane(i, size) == y.lane(i, size)) })
	}
	ops["VUZP1"] = func(m *machine, a []operand) { // the even lanes of the second, and of the first
		from, size := [2]vector{m.vecs[a[1].reg], m.vecs[a[0].reg]}, a[2].lane
		n := 16 / size
		m.vecs[a[2].reg] = lanes(n, size, func(i int) uint64 { return from[2*i/n].lane(2*i%n, size) })
	}
}

// registers returns the registers of a list, or a single one.
func (o operand) registers() []operand {
	if o.kind == list {
		return o.regs
	}
	return []operand{o}
}
