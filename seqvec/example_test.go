package seqvec_test

import (
	"fmt"
	"slices"
	"sync"

	"github.com/seqmap/seqmap-go/seqvec"
)

// Several goroutines push at the same time, and each reads what it pushed by the index
// that it was given.
func Example() {
	var vec seqvec.SeqVec[uint32]
	vec.Push(1)
	vec.Push(2)

	var wg sync.WaitGroup
	for _, x := range []uint32{3, 4} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			first, _ := vec.Get(0)
			second, _ := vec.Get(1)
			at := vec.Push(x)
			mine, ok := vec.Get(at)
			if first != 1 || second != 2 || mine != x || !ok {
				fmt.Println("something is lost")
			}
		}()
	}
	wg.Wait()

	fmt.Println(vec.Len(), slices.Sorted(vec.Values()))
	// Output: 4 [1 2 3 4]
}

func ExampleNew() {
	vec := seqvec.New[[2]float64]()
	vec.Push([2]float64{1, 2})
	fmt.Println(vec.Get(0))
	// Output: [1 2] true
}

func ExampleWithCapacity() {
	vec := seqvec.New[uint64](seqvec.WithCapacity(1000))
	fmt.Println(vec.Len(), vec.Cap())
	// Output: 0 1000
}

func ExampleOption() {
	options := []seqvec.Option{seqvec.WithCapacity(20)}
	fmt.Println(seqvec.New[byte](options...).Cap())
	// Output: 20
}

// The zero value is ready.
func ExampleSeqVec() {
	type point struct{ x, y float32 }
	var path seqvec.SeqVec[point]
	path.Push(point{0, 0})
	path.Push(point{3, 4})
	fmt.Println(path.Get(1))
	// Output: {3 4} true
}

func ExampleSeqVec_Push() {
	var vec seqvec.SeqVec[int]
	fmt.Println(vec.Push(10), vec.Push(20))
	// Output: 0 1
}

func ExampleSeqVec_PushSlice() {
	var vec seqvec.SeqVec[int]
	vec.Push(10)
	fmt.Println(vec.PushSlice([]int{20, 30, 40}), vec.Len())
	// Output: 1 4
}

func ExampleSeqVec_Pop() {
	var vec seqvec.SeqVec[int]
	vec.PushSlice([]int{1, 2})
	for {
		x, ok := vec.Pop()
		fmt.Println(x, ok)
		if !ok {
			return
		}
	}
	// Output:
	// 2 true
	// 1 true
	// 0 false
}

func ExampleSeqVec_Get() {
	var vec seqvec.SeqVec[int]
	vec.Push(7)
	fmt.Println(vec.Get(0))
	fmt.Println(vec.Get(1))
	fmt.Println(vec.Get(-1))
	// Output:
	// 7 true
	// 0 false
	// 0 false
}

func ExampleSeqVec_Set() {
	var vec seqvec.SeqVec[int]
	vec.Push(7)
	fmt.Println(vec.Set(0, 8), vec.Set(1, 9))
	fmt.Println(vec.Get(0))
	// Output:
	// true false
	// 8 true
}

func ExampleSeqVec_Swap() {
	var vec seqvec.SeqVec[int]
	vec.Push(7)
	fmt.Println(vec.Swap(0, 8))
	fmt.Println(vec.Swap(1, 9))
	// Output:
	// 7 true
	// 0 false
}

func ExampleSeqVec_CompareAndSwap() {
	var vec seqvec.SeqVec[int]
	vec.Push(7)
	fmt.Println(vec.CompareAndSwap(0, 6, 8), vec.CompareAndSwap(0, 7, 8))
	// Output: false true
}

func ExampleSeqVec_Update() {
	var vec seqvec.SeqVec[int]
	vec.Push(7)
	double := func(old int) int { return 2 * old }
	fmt.Println(vec.Update(0, double))
	fmt.Println(vec.Update(5, double))
	// Output:
	// 14 true
	// 0 false
}

func ExampleSeqVec_Len() {
	var vec seqvec.SeqVec[int]
	vec.Push(7)
	fmt.Println(vec.Len())
	// Output: 1
}

// Cap is never less than Len, and grows as needed.
func ExampleSeqVec_Cap() {
	vec := seqvec.New[int](seqvec.WithCapacity(3))
	vec.PushSlice([]int{1, 2, 3})
	fmt.Println(vec.Cap())
	vec.Push(4)
	fmt.Println(vec.Cap() > 3)
	// Output:
	// 3
	// true
}

func ExampleSeqVec_Truncate() {
	var vec seqvec.SeqVec[int]
	vec.PushSlice([]int{1, 2, 3, 4})
	vec.Truncate(2)
	fmt.Println(slices.Collect(vec.Values()))
	// Output: [1 2]
}

func ExampleSeqVec_Clear() {
	var vec seqvec.SeqVec[int]
	vec.PushSlice([]int{1, 2, 3, 4})
	vec.Clear()
	fmt.Println(vec.Len())
	// Output: 0
}

func ExampleSeqVec_All() {
	var vec seqvec.SeqVec[rune]
	vec.PushSlice([]rune("abc"))
	for i, r := range vec.All() {
		fmt.Printf("%d:%c ", i, r)
	}
	// Output: 0:a 1:b 2:c
}

func ExampleSeqVec_Values() {
	var vec seqvec.SeqVec[int]
	vec.PushSlice([]int{5, 3, 4})
	fmt.Println(slices.Sorted(vec.Values()))
	// Output: [3 4 5]
}

func ExampleSeqVec_Backward() {
	var vec seqvec.SeqVec[rune]
	vec.PushSlice([]rune("abc"))
	for i, r := range vec.Backward() {
		fmt.Printf("%d:%c ", i, r)
	}
	// Output: 2:c 1:b 0:a
}
