package torture

import (
	"iter"

	"github.com/seqmap/seqmap-go/seqarray"
	"github.com/seqmap/seqmap-go/seqcore"
	"github.com/seqmap/seqmap-go/seqmap"
	"github.com/seqmap/seqmap-go/seqvec"
)

// Map is what the jobs use of a SeqMap.
type Map[K comparable, V any] interface {
	Get(key K) (V, bool)
	Insert(key K, value V) (V, bool)
	Remove(key K) (V, bool)
	LoadOrStore(key K, value V) (V, bool)
	CompareAndSwap(key K, old, value V) bool
	CompareAndDelete(key K, old V) bool
	Update(key K, fn func(V, bool) V) V
	GetBatch(keys []K, values []V, found []bool) int
	All() iter.Seq2[K, V]
	Copy() Map[K, V] // Clone
	Grow(n int)
	Shrink()
	Clear()
	Len() int
}

// Words is a map of machine words, whose values can be added to.
type Words interface {
	Map[uint64, uint64]
	Add(key, delta uint64) uint64
}

// Array is what the jobs use of a SeqArray.
type Array interface {
	Get(i int) (Record, error)
	Set(i int, r Record) error
	Init(i int, r Record) error
	Clear(i int) error
	Swap(i int, r Record) (Record, error)
	CompareAndSwap(i int, old, new Record) (bool, error)
	Update(i int, fn func(Record) Record) (Record, error)
	All() iter.Seq2[int, Record]
	Grow(n int)
	Len() int
	Cap() int
}

// Vec is what the jobs use of a SeqVec.
type Vec interface {
	Push(r Record) int
	PushSlice(rs []Record) int
	Pop() (Record, bool)
	Get(i int) (Record, bool)
	Set(i int, r Record) bool
	Values() iter.Seq[Record]
	Len() int
}

// Cell is what the jobs use of a Cell.
type Cell interface {
	Load() Record
	TryLoad() (Record, bool)
	LoadVersion() (Record, uint64)
	Store(r Record)
	StoreIf(version uint64, r Record) bool
	Swap(r Record) Record
	CompareAndSwap(old, new Record) bool
	Update(fn func(Record) Record) Record
}

// Subjects make the containers that are tortured. A nil one stands for that of this module.
type Subjects struct {
	Words func() Words
	Wide  func() Map[Record, Record]
	Array func() Array
	Vec   func() Vec
	Cell  func() Cell
}

func (s Subjects) orDefault() Subjects {
	if s.Words == nil {
		s.Words = func() Words { return words{wide[uint64, uint64]{new(seqmap.SeqMap[uint64, uint64])}} }
	}
	if s.Wide == nil {
		s.Wide = func() Map[Record, Record] { return wide[Record, Record]{new(seqmap.SeqMap[Record, Record])} }
	}
	if s.Array == nil {
		s.Array = func() Array { return new(seqarray.SeqArray[Record]) }
	}
	if s.Vec == nil {
		s.Vec = func() Vec { return new(seqvec.SeqVec[Record]) }
	}
	if s.Cell == nil {
		s.Cell = func() Cell { return new(seqcore.Cell[Record]) }
	}
	return s
}

// wide is a SeqMap as a Map.
type wide[K comparable, V any] struct{ *seqmap.SeqMap[K, V] }

func (m wide[K, V]) Copy() Map[K, V] { return wide[K, V]{m.Clone()} }

// words is a SeqMap of words as Words.
type words struct{ wide[uint64, uint64] }

func (m words) Add(key, delta uint64) uint64 { return seqmap.Add(m.SeqMap, key, delta) }

// A Record is a wide value that tells whether it is whole: all of it follows from its first
// two words, whom it belongs to and a number.
type Record [5]uint64

func record(of, n uint64) Record {
	a := mix(of ^ mix(n))
	return Record{of, n, a, mix(a), ^a}
}

// whole says whether r is a record, and not a mix of several.
func (r Record) whole() bool { return r == record(r[0], r[1]) }

// mix spreads the bits of x.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
