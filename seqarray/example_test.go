package seqarray_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/seqmap/seqmap-go/seqarray"
)

// Two goroutines read what is there and set a cell each.
func Example() {
	arr := seqarray.New[uint32](4)
	arr.Set(0, 1)
	arr.Set(1, 2)

	var wg sync.WaitGroup
	for i := 2; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			first, _ := arr.Get(0)
			second, _ := arr.Get(1)
			arr.Set(i, first*second*uint32(i))
		}()
	}
	wg.Wait()

	fmt.Println(slices.Collect(arr.Values()))
	// Output: [1 2 4 6]
}

func ExampleNew() {
	arr := seqarray.New[float64](3)
	fmt.Println(arr.Len(), arr.Cap())
	// Output: 0 3
}

func ExampleOf() {
	arr := seqarray.Of("a"[0], "b"[0], "c"[0])
	fmt.Println(arr.Len(), arr.Cap())
	// Output: 3 3
}

// Counters that different goroutines write all the time are better kept apart.
func ExampleWithPadding() {
	counters := seqarray.New[uint64](8, seqarray.WithPadding())
	counters.Fill(0)
	counters.Update(3, func(n uint64) uint64 { return n + 1 })
	fmt.Println(counters.Get(3))
	// Output: 1 <nil>
}

func ExampleOption() {
	options := []seqarray.Option{seqarray.WithPadding()}
	fmt.Println(seqarray.New[byte](20, options...).Cap())
	// Output: 20
}

// The zero value has no cells until Grow adds some.
func ExampleSeqArray() {
	type point struct{ x, y float32 }
	var arr seqarray.SeqArray[point]
	arr.Grow(2)
	arr.Set(1, point{3, 4})
	fmt.Println(arr.Get(1))
	// Output: {3 4} <nil>
}

func ExampleSeqArray_Get() {
	arr := seqarray.New[int](5)
	arr.Set(2, 42)
	fmt.Println(arr.Get(2))
	fmt.Println(arr.Get(3))
	fmt.Println(arr.Get(7))
	// Output:
	// 42 <nil>
	// 0 seqarray: index 3 is not set: capacity 5
	// 0 seqarray: index 7 out of bounds: capacity 5
}

func ExampleSeqArray_Set() {
	arr := seqarray.New[int](5)
	fmt.Println(arr.Set(2, 42))
	fmt.Println(arr.Set(-1, 42))
	// Output:
	// <nil>
	// seqarray: index -1 out of bounds: capacity 5
}

func ExampleSeqArray_Init() {
	arr := seqarray.New[int](5)
	fmt.Println(arr.Init(2, 42))
	fmt.Println(arr.Init(2, 43))
	// Output:
	// <nil>
	// seqarray: index 2 is already set: capacity 5
}

func ExampleSeqArray_Swap() {
	arr := seqarray.Of(7)
	fmt.Println(arr.Swap(0, 8))
	fmt.Println(arr.Get(0))
	// Output:
	// 7 <nil>
	// 8 <nil>
}

func ExampleSeqArray_CompareAndSwap() {
	arr := seqarray.Of(7)
	fmt.Println(arr.CompareAndSwap(0, 6, 8))
	fmt.Println(arr.CompareAndSwap(0, 7, 8))
	// Output:
	// false <nil>
	// true <nil>
}

func ExampleSeqArray_Update() {
	arr := seqarray.Of(7)
	fmt.Println(arr.Update(0, func(old int) int { return 2 * old }))
	// Output: 14 <nil>
}

func ExampleSeqArray_Clear() {
	arr := seqarray.Of(7, 8)
	fmt.Println(arr.Clear(0), arr.Len())
	fmt.Println(arr.Clear(0), arr.Len())
	// Output:
	// <nil> 1
	// <nil> 1
}

func ExampleSeqArray_Len() {
	arr := seqarray.New[int](5)
	arr.Set(2, 42)
	fmt.Println(arr.Len())
	// Output: 1
}

func ExampleSeqArray_Cap() {
	fmt.Println(seqarray.New[int](5).Cap())
	// Output: 5
}

func ExampleSeqArray_IsEmpty() {
	arr := seqarray.Of(7)
	fmt.Println(arr.IsEmpty())
	arr.Clear(0)
	fmt.Println(arr.IsEmpty())
	// Output:
	// false
	// true
}

func ExampleSeqArray_Grow() {
	arr := seqarray.Of(7, 8)
	arr.Grow(100)
	fmt.Println(arr.Cap(), arr.Len())
	fmt.Println(arr.Get(0))
	// Output:
	// 100 2
	// 7 <nil>
}

func ExampleSeqArray_All() {
	arr := seqarray.New[rune](5)
	arr.Set(1, 'x')
	arr.Set(4, 'y')
	for i, r := range arr.All() {
		fmt.Printf("%d:%c ", i, r)
	}
	// Output: 1:x 4:y
}

func ExampleSeqArray_Values() {
	fmt.Println(slices.Sorted(seqarray.Of(5, 3, 4).Values()))
	// Output: [3 4 5]
}

func ExampleSeqArray_CopyTo() {
	arr := seqarray.New[int](5)
	for i := range 4 {
		arr.Set(i, 10*i)
	}
	dst := make([]int, 8)
	n := arr.CopyTo(dst, 1)
	fmt.Println(dst[:n])
	// Output: [10 20 30]
}

func ExampleSeqArray_Fill() {
	arr := seqarray.New[int](3)
	arr.Fill(9)
	fmt.Println(slices.Collect(arr.Values()))
	// Output: [9 9 9]
}

func ExampleErrOutOfBounds() {
	_, err := seqarray.New[int](3).Get(3)
	fmt.Println(errors.Is(err, seqarray.ErrOutOfBounds))
	// Output: true
}

func ExampleErrUninitialized() {
	_, err := seqarray.New[int](3).Get(0)
	fmt.Println(errors.Is(err, seqarray.ErrUninitialized))
	// Output: true
}

func ExampleErrAlreadyInitialized() {
	err := seqarray.Of(1).Init(0, 2)
	fmt.Println(errors.Is(err, seqarray.ErrAlreadyInitialized))
	// Output: true
}
