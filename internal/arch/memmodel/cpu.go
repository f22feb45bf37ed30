package memmodel

import "fmt"

// Value is what a register holds: the bits, and which reads they come from.
type Value struct {
	Bits uint64
	deps Deps
}

// Const returns a value that comes from no read.
func Const(x uint64) Value { return Value{Bits: x} }

// With returns x as something computed from v and all of vs.
func (v Value) With(x uint64, vs ...Value) Value {
	v.Bits = x
	for _, o := range vs {
		v.deps = v.deps.or(o.deps)
	}
	return v
}

// CPU runs one thread of a program once. What each read of shared memory returns is a choice
// among the values that the location may have; the explorer goes through all of them.
type CPU struct {
	p       *Program
	choices chooser
	thread  int
	domains *domains    // the values that a read may return
	more    []threadSet // of each location, the threads that write values not in its domain

	events    []event
	results   map[string]uint64
	private   privateMemory
	ctrl      Deps
	group     int // of the wide access that is being made, or 0
	groups    int
	exclusive int // the event of the last exclusive load, or -1
	failures  int // how many exclusive stores may still fail without a reason
	steps     int
	cut       bool // the run ends here because a value is not in its domain yet
	fault     string
	dropped   bool
}

// stop is what a run panics with to end early.
type stop struct{}

// maxSteps bounds the instructions of a run, so that a loop that never ends is a fault.
const maxSteps = 4000

// Fault ends the run: the thread did what no thread may do. If that can happen in an execution,
// Explore reports it.
func (c *CPU) Fault(format string, args ...any) {
	c.fault = fmt.Sprintf(format, args...)
	panic(stop{})
}

// Drop ends the run as one of no interest.
func (c *CPU) Drop() {
	c.dropped = true
	panic(stop{})
}

// Step counts an instruction.
func (c *CPU) Step() {
	if c.steps++; c.steps > maxSteps {
		c.Fault("no end after %d instructions", maxSteps)
	}
}

// Result records a value of the thread for the condition.
func (c *CPU) Result(name string, v Value) { c.results[name] = v.Bits }

// Branch says whether v is not zero, for code that goes on accordingly: what follows is
// control-dependent on v.
func (c *CPU) Branch(v Value) bool {
	c.Depend(v)
	return v.Bits != 0
}

// Depend makes all that follows control-dependent on v.
func (c *CPU) Depend(v Value) { c.ctrl = c.ctrl.or(v.deps) }

// Fence is a barrier.
func (c *CPU) Fence(f Fence) { c.add(event{kind: fence, fence: f}) }

// Wide calls access, all of whose accesses belong to one instruction. They have no order among
// them.
func (c *CPU) Wide(access func()) {
	c.groups++
	c.group = c.groups
	access()
	c.group = 0
}

// Alloc makes private memory, all zero.
func (c *CPU) Alloc(bytes uint64) (addr uint64) {
	const base = 1 << 40 // behind all regions of a program
	addr = base + uint64(len(c.private.regions))*regionBytes
	c.private.regions = append(c.private.regions, region{addr, make([]byte, (bytes+7)/8*8)})
	c.private.deps = append(c.private.deps, nil)
	return addr
}

// Load reads size bytes, 1, 2, 4 or 8.
func (c *CPU) Load(addr Value, size int, o Order) Value {
	if v, ok := c.private.load(addr.Bits, size); ok {
		return v
	}
	return c.read(addr, size, event{order: o})
}

// LoadParts reads 8 bytes of memory that may be used in halves: as one word where that is one
// location, and as its halves, each of which may be a part of a word, where it is not.
func (c *CPU) LoadParts(addr Value) Value {
	if v, ok := c.private.load(addr.Bits, 8); ok {
		return v
	}
	if loc, ok := c.p.byAddr[addr.Bits]; ok && c.p.locs[loc].size != 4 {
		return c.Load(addr, 8, Plain)
	}
	low, high := c.half(addr), c.half(addr.With(addr.Bits+4))
	return low.With(low.Bits|high.Bits<<32, high)
}

// half reads the 4 bytes at addr, which are a location or a half of one.
func (c *CPU) half(addr Value) Value {
	if loc, ok := c.p.byAddr[addr.Bits]; !ok {
		v := c.Load(addr.With(addr.Bits-4), 8, Plain)
		return v.With(v.Bits >> 32)
	} else if c.p.locs[loc].size == 4 {
		return c.Load(addr, 4, Plain)
	}
	v := c.Load(addr, 8, Plain)
	return v.With(v.Bits & mask(4))
}

// LoadExclusive is Load that a StoreExclusive may follow.
func (c *CPU) LoadExclusive(addr Value, size int, o Order) Value {
	v := c.read(addr, size, event{order: o})
	c.exclusive = len(c.events) - 1
	return v
}

// Store writes size bytes.
func (c *CPU) Store(addr Value, size int, v Value, o Order) {
	if c.private.store(addr.Bits, size, v) {
		return
	}
	c.write(addr, size, v, event{order: o, reads: -1})
}

// StoreExclusive writes size bytes if nobody has written there since the LoadExclusive, and
// says whether it did. If the program allows it, it may also fail without a reason.
func (c *CPU) StoreExclusive(addr Value, size int, v Value, o Order) bool {
	loc, at := c.location(addr, size), c.exclusive
	c.exclusive = -1
	if at < 0 || c.events[at].loc != loc {
		return false
	}
	if c.failures > 0 && c.choices.next(2) == 1 {
		c.failures--
		return false
	}
	c.write(addr, size, v, event{order: o, reads: at})
	return true
}

// Update is a read-modify-write of one instruction. next returns the value to store in place of
// the old one, or false if it is to be left alone.
func (c *CPU) Update(addr Value, size int, o Order, next func(old Value) (Value, bool)) Value {
	return c.update(addr, size, event{order: o & (Acquire | AcquirePC), atomic: true}, o&Release, next)
}

// UpdateNoReturn is Update by an instruction that drops the old value, and with it the acquire.
func (c *CPU) UpdateNoReturn(addr Value, size int, o Order, next func(old Value) (Value, bool)) {
	c.update(addr, size, event{dropped: true, atomic: true}, o&Release, next)
}

func (c *CPU) update(addr Value, size int, r event, o Order, next func(old Value) (Value, bool)) Value {
	if old, ok := c.private.load(addr.Bits, size); ok {
		if v, do := next(old); do {
			c.private.store(addr.Bits, size, v)
		}
		return old
	}
	old := c.read(addr, size, r)
	if v, do := next(old); do {
		c.write(addr, size, v, event{order: o, reads: len(c.events) - 1, atomic: true})
	}
	return old
}

func (c *CPU) read(addr Value, size int, e event) Value {
	e.kind, e.loc = read, c.location(addr, size)
	options := c.options(e.loc)
	n := len(options)
	if c.more != nil && c.more[e.loc].others(c.thread) {
		n++
	}
	i := c.choices.next(n)
	if i == len(options) {
		c.cut = true
		panic(stop{})
	}
	e.value, e.addr = options[i], addr.deps
	c.add(e)
	self := set(1) << (len(c.events) - 1)
	return Value{e.value, Deps{self, self}}
}

// options returns what a read of the location may return: what the thread has written there
// last, or before that the first value; and whatever other threads may write.
func (c *CPU) options(loc int) (xs []uint64) {
	mine := c.p.locs[loc].init
	for i := range c.events {
		if e := &c.events[i]; e.kind == write && e.loc == loc {
			mine = e.value
		}
	}
	xs = append(xs, mine)
	for _, v := range c.domains.values[loc] {
		if v.value != mine && v.writers.others(c.thread) {
			xs = append(xs, v.value)
		}
	}
	return xs
}

func (c *CPU) write(addr Value, size int, v Value, e event) {
	e.kind, e.loc = write, c.location(addr, size)
	if size < 8 {
		v.Bits &= 1<<(8*size) - 1
	}
	e.value, e.addr, e.data = v.Bits, addr.deps, v.deps
	c.add(e)
}

func (c *CPU) add(e event) {
	if len(c.events) == 64 {
		c.Fault("more than 64 accesses")
	}
	e.ctrl, e.group = c.ctrl, c.group
	c.events = append(c.events, e)
}

func (c *CPU) location(addr Value, size int) int {
	loc, ok := c.p.byAddr[addr.Bits]
	if !ok {
		c.Fault("access to %#x, where nothing is", addr.Bits)
	}
	if s := c.p.locs[loc].size; s != 0 && s != size {
		c.Fault("access of %d bytes to %s, which has %d", size, c.p.locs[loc].name, s)
	}
	return loc
}

// chooser goes through all ways to make a sequence of choices, depth first.
type chooser struct {
	path, limits []int
	at           int
}

// next returns the next choice, below n.
func (c *chooser) next(n int) int {
	if c.at == len(c.path) {
		c.path, c.limits = append(c.path, 0), append(c.limits, n)
	}
	c.at++
	return c.path[c.at-1]
}

// advance goes on to the next sequence, and returns false if there is none.
func (c *chooser) advance() bool {
	for c.at = 0; len(c.path) > 0; {
		last := len(c.path) - 1
		if c.path[last]++; c.path[last] < c.limits[last] {
			return true
		}
		c.path, c.limits = c.path[:last], c.limits[:last]
	}
	return false
}
