package arch

import (
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A stress is a table whose keys are looked up while writers claim slots for some of them, and
// change the values. Each half word of a value has the number of the key in its upper half, and
// the same as all others of the value in its lower one. Only keys of odd numbers are removed.
type stress struct {
	used, count uint64 // first, to be aligned
	*batchTable
	slotRoutine
	there  [stressKeys]atomic.Bool // the keys that have a slot
	writes atomic.Uint64           // claims and changes
}

// stressKeys is how many keys there are, of which each writer claims slots for stressClaims, one
// writer after the other. The first ones have a slot from the beginning.
const (
	stressKeys    = 60
	stressWriters = 2
	stressClaims  = 20
)

// TestGetBatchStress looks up keys while their slots are claimed, changed, removed and put back,
// by each implementation of the routines that do that. It checks that no value is torn, that each
// belongs to its key, that keys that are never removed are never absent from their claim on, and
// that all is counted.
func TestGetBatchStress(t *testing.T) {
	tables := 4
	if testing.Short() {
		tables = 1
	}
	for _, impl := range getAll() {
		for _, s := range batchShapes {
			if s.value == 0 || s.value%16 != 0 && s.value > 24 {
				continue
			}
			for name, routine := range slotRoutines {
				t.Run(impl.name+"/"+s.String()+"/"+name, func(t *testing.T) {
					for range tables {
						newStress(s, routine).run(t, impl.f)
					}
				})
			}
		}
	}
}

func newStress(s batchShape, routine slotRoutine) *stress {
	buckets := 1 + stressKeys*5/4/int(layout.BucketOf(s.key, s.value).Slots)
	x := &stress{batchTable: newBatchTable(s, buckets, 99), slotRoutine: routine}
	for n := range uint64(stressKeys - stressWriters*stressClaims) {
		x.put(n, uint32(n<<16))
		x.there[n].Store(true)
		x.used++
		x.count++
	}
	return x
}

// run looks keys up by f until the writers are done, and once more then.
func (s *stress) run(t *testing.T, f getBatchFunc) {
	var begun atomic.Int32
	var done atomic.Bool
	var writers, readers sync.WaitGroup
	for w := range uint64(stressWriters) {
		writers.Add(1)
		go func() {
			defer writers.Done()
			for begun.Add(1); begun.Load() < stressWriters; {
				runtime.Gosched()
			}
			s.change(t, w)
		}()
	}
	readers.Add(1)
	go func() {
		defer readers.Done()
		for !done.Load() {
			s.check(t, f)
			runtime.Gosched()
		}
	}()
	writers.Wait()
	done.Store(true)
	readers.Wait()
	s.check(t, f)
	s.checkCounts(t)
}

// change claims slots for the writer's keys, and changes random slots in between, those of the
// first buckets most often.
func (s *stress) change(t *testing.T, writer uint64) {
	r := rand.New(rand.NewPCG(writer, 1))
	n := stressKeys - (writer+1)*stressClaims
	for last := n + stressClaims; n < last; {
		if r.IntN(48) == 0 {
			s.claimKey(n, valueOf(uint32(n), r))
			n++
		} else {
			at := r.Uint64N(1 + r.Uint64N(s.buckets))
			s.changeSlot(t, s.slot(at, uintptr(r.IntN(int(s.geo.Slots)))), r)
		}
	}
}

// A stressValue has room for any value.
type stressValue [layout.BatchValueBytes / 4]uint32

// valueOf returns a value for key n.
func valueOf(n uint32, r *rand.Rand) (value stressValue) {
	x := n<<16 | r.Uint32()>>16
	for half := range value {
		value[half] = x
	}
	return value
}

// claimKey puts key n into the first slot on its path that it gets.
func (s *stress) claimKey(n uint64, value stressValue) {
	var key [2]uint64
	setKey(unsafe.Pointer(&key), s.key, n)
	h := s.hash(unsafe.Pointer(&key))
	for at, _ := bits.Mul64(h, s.buckets); ; at = (at + 1) % s.buckets {
		control := unsafe.Pointer(s.control(at))
		for i := range s.geo.Slots {
			slot, c := s.slot(at, i), Claim{
				Key: unsafe.Pointer(&key), Value: unsafe.Pointer(&value), Control: control,
				Used: unsafe.Pointer(&s.used), Count: unsafe.Pointer(&s.count),
			}
			if s.geo.Tagged {
				c.Tag = layout.Tag(h) << (layout.TagShift + 8*i)
			}
			if s.claim(&slot, &c) != 0 {
				s.there[n].Store(true)
				s.writes.Add(1)
				return
			}
		}
		Or32(control, uint32(layout.ClassBit(h)))
	}
}

// changeSlot gives the key of the slot another value, or removes it now and again if its number is
// odd. It checks the value before, and does nothing if the slot has no key, or a writer inside.
func (s *stress) changeSlot(t *testing.T, slot Slot, r *rand.Rand) {
	b := s.batch()
	seen := b.load(slot.Word)
	if state := seen & layout.StateMask; state != layout.Live && state != layout.Dead || seen&layout.Lock != 0 {
		return
	}
	n := s.numberOf(slot.Key)
	value, prev := valueOf(n, r), stressValue{}
	remove := n%2 == 1 && seen&layout.StateMask == layout.Live && r.IntN(3) == 0
	w := Write{Value: unsafe.Pointer(&value), Prev: unsafe.Pointer(&prev), Count: unsafe.Pointer(&s.count), Remove: remove}
	if s.write(&slot, seen, &w) {
		s.writes.Add(1)
		s.checkValue(t, n, prev[:s.value/4])
	}
}

// numberOf returns the number of the key at p.
func (t *batchTable) numberOf(p unsafe.Pointer) uint32 {
	for n := uint64(0); ; n++ {
		var key [2]uint64
		if setKey(unsafe.Pointer(&key), t.key, n); EqualPacked(p, unsafe.Pointer(&key), t.key) {
			return uint32(n)
		}
	}
}

// check looks up all keys.
func (s *stress) check(t *testing.T, f getBatchFunc) {
	c := s.operands(stressKeys)
	var there [stressKeys]bool
	for i := range stressKeys {
		there[i] = s.there[i].Load() && i%2 == 0
		setKey(unsafe.Add(c.keys, i*int(c.key)), c.key, uint64(i))
	}
	o := c.run(f)
	halves := unsafe.Slice((*uint32)(c.values), stressKeys*int(c.value)/4)
	for i := range stressKeys {
		switch {
		case slices.Contains([]byte(o.odd), byte(i)):
		case o.found[i] == 0 && there[i]:
			t.Errorf("key %d is absent", i)
		case o.found[i] == 1:
			s.checkValue(t, uint32(i), halves[i*len(halves)/stressKeys:(i+1)*len(halves)/stressKeys])
		}
	}
}

// checkValue checks a value of key n.
func (s *stress) checkValue(t *testing.T, n uint32, halves []uint32) {
	if halves[0]>>16 != n || slices.Max(halves) != slices.Min(halves) {
		t.Errorf("key %d has the value %x", n, halves)
	}
}

// checkCounts checks, when nobody writes any more, that what has a slot is counted, that each
// write has made a version, and that each slot that was claimed has its tag.
func (s *stress) checkCounts(t *testing.T) {
	var live, versions uint64
	for at := range s.buckets {
		for i := range s.geo.Slots {
			word := s.word(at, i)
			versions += word / layout.Version
			if word&layout.StateMask == layout.Live {
				live++
			}
			if word == layout.Empty || !s.geo.Tagged {
				continue
			}
			key := s.slot(at, i).Key
			tag := uint64(*s.control(at)) >> (layout.TagShift + 8*i) & 0xff
			if claimed := s.numberOf(key) >= stressKeys-stressWriters*stressClaims; claimed && tag != layout.Tag(s.hash(key)) {
				t.Errorf("key %d has the tag %#x", s.numberOf(key), tag)
			}
		}
	}
	if s.used != stressKeys || s.count != live || s.writes.Load() != versions {
		t.Errorf("%d slots of %d keys are counted, and %d keys of %d; %d writes made %d versions",
			s.used, stressKeys, s.count, live, s.writes.Load(), versions)
	}
}
