package memmodel

import (
	"fmt"
)

// Program is a small program of several threads over shared memory that begins with known
// values, for [Program.Explore].
type Program struct {
	Model Model
	// Failures is how many exclusive stores of each thread may fail although nobody was in the
	// way. Code that tries again then, and does the same, needs none.
	Failures int
	// Waits says that threads may wait, which here means that a run is dropped, for what others do
	// when they have seen what the thread has stored before. Such a run counts as far as it came.
	Waits bool

	threads []thread
	locs    []location
	byAddr  map[uint64]int
	top     uint64 // where the next region begins
}

// location is a place of shared memory that is read and written as a whole.
type location struct {
	name string
	size int // bytes; 0: accesses of any size mean the whole
	init uint64
}

// region is memory of one thread: operands, buffers, results.
type region struct {
	addr uint64
	data []byte
}

type thread struct {
	name string
	run  func(*CPU)
}

// regionBytes keeps regions apart, so that an index that is out of range hits nothing.
const regionBytes = 1 << 20

// New returns a program without threads and memory.
func New(m Model) *Program {
	return &Program{Model: m, byAddr: map[uint64]int{}, top: regionBytes}
}

// Reserve returns the address of a region without anything in it.
func (p *Program) Reserve() uint64 {
	p.top += regionBytes
	return p.top
}

// At makes a shared location of size bytes at an address, with its first value.
func (p *Program) At(addr uint64, name string, size int, init uint64) {
	if _, ok := p.byAddr[addr]; ok {
		panic(fmt.Sprintf("memmodel: two locations at %#x", addr))
	}
	p.byAddr[addr] = len(p.locs)
	p.locs = append(p.locs, location{name, size, init})
}

// Words makes consecutive shared words of 8 bytes and returns the address of the first.
func (p *Program) Words(name string, init ...uint64) uint64 {
	base := p.Reserve()
	for i, x := range init {
		p.At(base+8*uint64(i), fmt.Sprintf("%s[%d]", name, i), 8, x)
	}
	return base
}

// Thread adds a thread. run is called many times, with different values of what it reads, and
// must depend on nothing else.
func (p *Program) Thread(name string, run func(*CPU)) {
	p.threads = append(p.threads, thread{name, run})
}

// privateMemory is the private regions of a thread, with what each byte depends on.
type privateMemory struct {
	regions []region
	deps    [][]Deps // nil where nothing depends on anything
}

// find returns the region that has size bytes at addr, and where in it.
func (m *privateMemory) find(addr uint64, size int) (r, at int, ok bool) {
	for i := range m.regions {
		if off := addr - m.regions[i].addr; off+uint64(size) <= uint64(len(m.regions[i].data)) && addr >= m.regions[i].addr {
			return i, int(off), true
		}
	}
	return 0, 0, false
}

func (m *privateMemory) load(addr uint64, size int) (v Value, ok bool) {
	r, at, ok := m.find(addr, size)
	if !ok {
		return v, false
	}
	for i := size - 1; i >= 0; i-- {
		v.Bits = v.Bits<<8 | uint64(m.regions[r].data[at+i])
		if m.deps[r] != nil {
			v.deps = v.deps.or(m.deps[r][at+i])
		}
	}
	return v, true
}

func (m *privateMemory) store(addr uint64, size int, v Value) bool {
	r, at, ok := m.find(addr, size)
	if !ok {
		return false
	}
	if m.deps[r] == nil && v.deps != (Deps{}) {
		m.deps[r] = make([]Deps, len(m.regions[r].data))
	}
	for i := range size {
		m.regions[r].data[at+i] = byte(v.Bits >> (8 * i))
		if m.deps[r] != nil {
			m.deps[r][at+i] = v.deps
		}
	}
	return true
}
