package outcome

import "fmt"

// Kind is what a call does. Each method of a map is a kind of its own, although many of them
// mean the same, because each has code of its own.
type Kind uint8

const (
	Load Kind = iota
	Get
	Contains
	Store
	Insert
	Swap
	LoadOrStore
	LoadOrCompute
	LoadAndDelete
	Remove
	Delete
	CompareAndSwap
	CompareAndDelete
	Add
	Update
	ComputeAdd    // Compute that adds to the value
	ComputeLeave  // Compute that leaves the entry as it is
	ComputeRemove // Compute that removes the entry
	GetBatch      // the batches are of both keys, the key of the call first
	InsertBatch
	RemoveBatch
	Clear
	Grow
	Shrink
	kinds
)

var kindNames = [kinds]string{
	"Load", "Get", "Contains", "Store", "Insert", "Swap", "LoadOrStore", "LoadOrCompute", "LoadAndDelete", "Remove",
	"Delete", "CompareAndSwap", "CompareAndDelete", "Add", "Update", "ComputeAdd", "ComputeLeave", "ComputeRemove",
	"GetBatch", "InsertBatch", "RemoveBatch", "Clear", "Grow", "Shrink",
}

func (k Kind) String() string { return kindNames[k] }

func (k Kind) isBatch() bool { return k == GetBatch || k == InsertBatch || k == RemoveBatch }

// adds says whether the value of a call is added to what is there.
func (k Kind) adds() bool { return k == Add || k == Update || k == ComputeAdd }

// Keys is how many keys a scenario is about.
const Keys = 2

// Call is one operation of a scenario. Its numbers stand for values.
type Call struct {
	Kind  Kind
	Key   int    // 0 or 1
	Value uint16 // what is stored or added; the second key of a batch gets one more
	Old   uint16 // what is compared with
}

// other returns what a batch does with its second key.
func (c Call) other() Call {
	c.Key, c.Value = 1-c.Key, c.Value+1
	return c
}

func (c Call) String() string {
	switch c.Kind {
	case Clear, Grow, Shrink:
		return c.Kind.String() + "()"
	case GetBatch, RemoveBatch:
		return fmt.Sprintf("%v(%d, %d)", c.Kind, c.Key, 1-c.Key)
	case InsertBatch:
		return fmt.Sprintf("%v(%d: %d, %d: %d)", c.Kind, c.Key, c.Value, 1-c.Key, c.Value+1)
	case Store, Insert, Swap, LoadOrStore, LoadOrCompute, Add, Update, ComputeAdd:
		return fmt.Sprintf("%v(%d, %d)", c.Kind, c.Key, c.Value)
	case CompareAndSwap:
		return fmt.Sprintf("%v(%d, %d, %d)", c.Kind, c.Key, c.Old, c.Value)
	case CompareAndDelete:
		return fmt.Sprintf("%v(%d, %d)", c.Kind, c.Key, c.Old)
	default:
		return fmt.Sprintf("%v(%d)", c.Kind, c.Key)
	}
}

// Result is what a call returns for one key: a number below Torn, and a truth in the lowest
// bit. What a method does not return is 0.
type Result uint16

// Torn is the number of a value that was never stored. No reference returns it.
const Torn = 1<<15 - 1

// Of returns the result with the given parts.
func Of(number uint16, ok bool) Result {
	r := Result(number) << 1
	if ok {
		r |= 1
	}
	return r
}

func (r Result) String() string {
	number, ok := uint16(r>>1), r&1 != 0
	switch {
	case number == Torn:
		return "torn"
	case number == 0 && !ok:
		return "-"
	case number == 0:
		return "yes"
	case !ok:
		return fmt.Sprintf("%d, no", number)
	default:
		return fmt.Sprint(number)
	}
}

// Results are what a call returns: one Result, or two of a GetBatch, that of its first key
// in the lower half. The number of a RemoveBatch is how many keys were there.
type Results uint32

// Pair returns the results of a batch.
func Pair(first, second Result) Results { return Results(first) | Results(second)<<16 }

func (r Results) String() string {
	if r>>16 == 0 {
		return Result(r).String()
	}
	return fmt.Sprintf("%v and %v", Result(r), Result(r>>16))
}
