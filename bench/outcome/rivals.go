package outcome

import (
	"sync"

	"github.com/alphadose/haxmap"
	"github.com/llxisdsh/pb"
	"github.com/puzpuzpuz/xsync/v4"

	"github.com/seqmap/seqmap-go/bench/rivals"
)

// NameHaxMap is the name of a map that is known to be wrong. It is no rival: its speed means
// nothing.
const NameHaxMap = "haxmap"

// Rivals returns other maps. Of each there are the kinds of calls that it has as one atomic
// step.
func Rivals() []Subject {
	return []Subject{
		{rivals.NameSyncMap, []Kind{Load, Store, Swap, LoadOrStore, LoadAndDelete, Delete, CompareAndSwap, CompareAndDelete, Clear},
			func() Map { return new(syncMap) }, true},
		{rivals.NameXSync, []Kind{Load, Store, Swap, LoadOrStore, LoadOrCompute, LoadAndDelete, Delete, Update, ComputeLeave, ComputeRemove},
			func() Map { return &xsyncMap{xsync.NewMap[uint64, uint64]()} }, true},
		{rivals.NameFlatMapOf, []Kind{Load, Store, Swap, LoadOrStore, LoadOrCompute, LoadAndDelete, Delete, Update},
			func() Map { return &flatMapOf{pb.NewFlatMapOf[uint64, uint64]()} }, true},
	}
}

// HaxMap returns haxmap, with nothing but its plainest methods. Its Len is not looked at.
func HaxMap() Subject {
	return Subject{NameHaxMap, []Kind{Load, Store, LoadOrStore, LoadAndDelete, Delete},
		func() Map { return &haxMap{haxmap.New[uint64, uint64]()} }, false}
}

func pair(v uint64, ok bool) Results { return Results(Of(uint16(v), ok)) }

func noSuch(name string, c Call) Results { panic("outcome: " + name + " has no " + c.Kind.String()) }

type syncMap struct{ m sync.Map }

func (s *syncMap) Len() (n int) {
	s.m.Range(func(any, any) bool { n++; return true })
	return n
}

func anyPair(v any, ok bool) Results {
	n, _ := v.(uint16) // nil stands for no value
	return Results(Of(n, ok))
}

func (s *syncMap) Do(base uint64, c Call) Results {
	key := base + uint64(c.Key)
	switch c.Kind {
	case Load:
		return anyPair(s.m.Load(key))
	case Store:
		s.m.Store(key, c.Value)
	case Swap:
		return anyPair(s.m.Swap(key, c.Value))
	case LoadOrStore:
		return anyPair(s.m.LoadOrStore(key, c.Value))
	case LoadAndDelete:
		return anyPair(s.m.LoadAndDelete(key))
	case Delete:
		s.m.Delete(key)
	case CompareAndSwap:
		return truth(s.m.CompareAndSwap(key, c.Old, c.Value))
	case CompareAndDelete:
		return truth(s.m.CompareAndDelete(key, c.Old))
	case Clear:
		s.m.Clear()
	default:
		return noSuch(rivals.NameSyncMap, c)
	}
	return 0
}

type xsyncMap struct{ m *xsync.Map[uint64, uint64] }

func (x *xsyncMap) Len() int { return x.m.Size() }

func (x *xsyncMap) Do(base uint64, c Call) Results {
	key, value := base+uint64(c.Key), uint64(c.Value)
	switch c.Kind {
	case Load:
		return pair(x.m.Load(key))
	case Store:
		x.m.Store(key, value)
	case Swap:
		v, loaded := x.m.LoadAndStore(key, value)
		if !loaded {
			v = 0 // xsync returns the new value then
		}
		return pair(v, loaded)
	case LoadOrStore:
		return pair(x.m.LoadOrStore(key, value))
	case LoadOrCompute:
		return pair(x.m.LoadOrCompute(key, func() (uint64, bool) { return value, false }))
	case LoadAndDelete:
		return pair(x.m.LoadAndDelete(key))
	case Delete:
		x.m.Delete(key)
	case Update:
		return pair(x.m.Compute(key, func(old uint64, _ bool) (uint64, xsync.ComputeOp) { return old + value, xsync.UpdateOp }))
	case ComputeLeave:
		return pair(x.m.Compute(key, func(old uint64, _ bool) (uint64, xsync.ComputeOp) { return old, xsync.CancelOp }))
	case ComputeRemove:
		x.m.Compute(key, func(old uint64, _ bool) (uint64, xsync.ComputeOp) { return old, xsync.DeleteOp })
	default:
		return noSuch(rivals.NameXSync, c)
	}
	return 0
}

type flatMapOf struct{ m *pb.FlatMapOf[uint64, uint64] }

func (f *flatMapOf) Len() int { return f.m.Size() }

func (f *flatMapOf) Do(base uint64, c Call) Results {
	key, value := base+uint64(c.Key), uint64(c.Value)
	switch c.Kind {
	case Load:
		return pair(f.m.Load(key))
	case Store:
		f.m.Store(key, value)
	case Swap:
		return pair(f.m.Swap(key, value))
	case LoadOrStore:
		return pair(f.m.LoadOrStore(key, value))
	case LoadOrCompute:
		return pair(f.m.LoadOrStoreFn(key, func() uint64 { return value }))
	case LoadAndDelete:
		return pair(f.m.LoadAndDelete(key))
	case Delete:
		f.m.Delete(key)
	case Update:
		return pair(f.m.Process(key, func(old uint64, _ bool) (uint64, pb.ComputeOp, uint64, bool) {
			return old + value, pb.UpdateOp, old + value, true
		}))
	default:
		return noSuch(rivals.NameFlatMapOf, c)
	}
	return 0
}

type haxMap struct{ m *haxmap.Map[uint64, uint64] }

func (h *haxMap) Len() int { return int(h.m.Len()) }

// present forgets the value of an absent key. haxmap may return one that has been removed,
// which is odd but not what is looked for.
func present(v uint64, ok bool) Results {
	if !ok {
		v = 0
	}
	return pair(v, ok)
}

func (h *haxMap) Do(base uint64, c Call) Results {
	key, value := base+uint64(c.Key), uint64(c.Value)
	switch c.Kind {
	case Load:
		return present(h.m.Get(key))
	case Store:
		h.m.Set(key, value)
	case LoadOrStore:
		return pair(h.m.GetOrSet(key, value))
	case LoadAndDelete:
		return present(h.m.GetAndDel(key))
	case Delete:
		h.m.Del(key)
	default:
		return noSuch(NameHaxMap, c)
	}
	return 0
}
