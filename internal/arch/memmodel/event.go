package memmodel

// Model is a memory model: which executions of a program are possible.
type Model uint8

const (
	SC  Model = iota // one access at a time, each thread in its own order
	TSO              // x86: a store may be delayed behind later loads of its thread
	ARM              // Armv8: only what a barrier, an ordered access or a dependency keeps is in order
)

// Order is what an access asks for beyond being one access. The values can be combined.
type Order uint8

const (
	Plain   Order = 0
	Acquire Order = 1 << iota
	AcquirePC
	Release
	AcqRel = Acquire | Release
)

// Fence is a barrier instruction.
type Fence uint8

const (
	FenceFull  Fence = 1 + iota // DMB ISH, MFENCE
	FenceLoad                   // DMB ISHLD: loads before, everything behind
	FenceStore                  // DMB ISHST: stores before, stores behind
)

type kind uint8

const (
	read kind = iota
	write
	fence
)

// A set is a set of events of one thread, by their number in program order.
type set uint64

func (s set) has(i int) bool { return s>>i&1 != 0 }

// Deps is which reads of its thread a value comes from: through registers and arithmetic in
// data; in pick also where a read only chose between values, as CSEL and a successful CAS do.
// The model orders less by the second kind. pick includes data.
type Deps struct{ data, pick set }

func (d Deps) or(e Deps) Deps { return Deps{d.data | e.data, d.pick | e.pick} }

// event is one access or barrier of a thread, in program order.
type event struct {
	kind    kind
	loc     int // index of the location
	value   uint64
	order   Order
	fence   Fence
	atomic  bool // half of a read-modify-write of one instruction
	dropped bool // a read whose value the instruction drops
	reads   int  // of a write: the event that is its other half, or -1
	group   int  // of the accesses of one wide instruction, which have no order among them; or 0
	addr    Deps
	data    Deps
	ctrl    Deps
}

func (e *event) access() bool { return e.kind != fence }
