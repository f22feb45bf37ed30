package seqcore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/seqmap/seqmap-go/seqcore"
)

type Point struct{ X, Y, Z float64 }

// The zero value is ready. Readers never see half of a write.
func ExampleCell() {
	var position seqcore.Cell[Point]
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				position.Update(func(p Point) Point { return Point{p.X + 1, p.Y + 1, p.Z + 1} })
				if p := position.Load(); p.X != p.Y || p.Y != p.Z {
					fmt.Println("torn:", p)
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println(position.Load(), position.Version())
	// Output: {4000 4000 4000} 4000
}

func ExampleCell_Load() {
	var c seqcore.Cell[[3]uint16]
	fmt.Println(c.Load())
	c.Store([3]uint16{1, 2, 3})
	fmt.Println(c.Load())
	// Output:
	// [0 0 0]
	// [1 2 3]
}

// A reader that has something better to do than to wait.
func ExampleCell_TryLoad() {
	var c seqcore.Cell[Point]
	c.Store(Point{X: 1})
	p, ok := c.TryLoad()
	fmt.Println(p, ok)
	// Output: {1 0 0} true
}

// A value that is expensive to derive is derived again only when it has changed.
func ExampleCell_LoadVersion() {
	var limits seqcore.Cell[[2]int]
	limits.Store([2]int{10, 20})
	var derived string
	var of uint64
	for range 3 {
		if v, version := limits.LoadVersion(); version != of {
			derived, of = fmt.Sprint(v), version
			fmt.Println("derived", derived)
		}
	}
	// Output: derived [10 20]
}

func ExampleCell_Version() {
	var c seqcore.Cell[uint32]
	fmt.Println(c.Version())
	c.Store(7)
	c.Store(7)
	fmt.Println(c.Version())
	// Output:
	// 0
	// 2
}

func ExampleCell_Store() {
	var c seqcore.Cell[Point]
	c.Store(Point{1, 2, 3})
	fmt.Println(c.Load())
	// Output: {1 2 3}
}

// A large value is better neither returned nor passed.
func ExampleCell_LoadTo() {
	var c seqcore.Cell[[64]float64]
	var prices [64]float64
	prices[3] = 9.5
	c.StoreFrom(&prices)

	var seen [64]float64
	c.LoadTo(&seen)
	fmt.Println(seen[3])
	// Output: 9.5
}

func ExampleCell_StoreFrom() {
	var c seqcore.Cell[[64]float64]
	c.StoreFrom(&[64]float64{1, 2})
	fmt.Println(c.Load()[1])
	// Output: 2
}

// A plan that was made from one version is carried out only if nobody came in between.
func ExampleCell_StoreIf() {
	var c seqcore.Cell[int]
	v, version := c.LoadVersion()
	fmt.Println(c.StoreIf(version, v+1))
	fmt.Println(c.StoreIf(version, v+1), c.Load())
	// Output:
	// true
	// false 1
}

func ExampleCell_Swap() {
	var c seqcore.Cell[string8]
	c.Swap(string8{'o', 'l', 'd'})
	before := c.Swap(string8{'n', 'e', 'w'})
	now := c.Load()
	fmt.Printf("%s %s\n", before[:3], now[:3])
	// Output: old new
}

type string8 [8]byte

func ExampleCell_CompareAndSwap() {
	var owner seqcore.Cell[int32]
	fmt.Println(owner.CompareAndSwap(0, 4711), owner.CompareAndSwap(0, 4712), owner.Load())
	// Output: true false 4711
}

// The function may run more than once, so it only computes.
func ExampleCell_Update() {
	type stats struct{ count, sum, most int }
	var c seqcore.Cell[stats]
	var now stats
	for _, n := range []int{3, 9, 4} {
		now = c.Update(func(s stats) stats {
			return stats{s.count + 1, s.sum + n, max(s.most, n)}
		})
	}
	fmt.Printf("%+v\n", now)
	// Output: {count:3 sum:16 most:9}
}

func ExampleCheckType() {
	type user struct {
		ID   uint64
		Tags [2]struct{ Name string }
	}
	fmt.Println(seqcore.CheckType[Point]())
	err := seqcore.CheckType[user]()
	fmt.Println(err)
	fmt.Println(errors.Is(err, seqcore.ErrPointers), errors.Is(err, seqcore.ErrTooLarge))
	// Output:
	// <nil>
	// seqcore: type seqcore_test.user: field Tags[...].Name (string) contains pointers
	// true false
}

func ExampleFeatures() {
	f := seqcore.Features()
	fmt.Println(f.Level != "", f.Reason != "", f.GOARCH != "")
	// Output: true true true
}

func ExampleInfo() {
	i := seqcore.Info{GOOS: "linux", GOARCH: "amd64", Level: "generic", Best: "sse2", Flags: []string{"sse2"},
		Reason: "this build contains no assembly kernels"}
	text, err := json.Marshal(i)
	fmt.Println(string(text), err)
	// Output: {"goos":"linux","goarch":"amd64","level":"generic","best":"sse2","flags":["sse2"],"reason":"this build contains no assembly kernels"} <nil>
}

func ExampleInfo_String() {
	fmt.Println(seqcore.Info{GOOS: "linux", GOARCH: "arm64", CPU: "Neoverse-N1", Level: "generic", Best: "neon",
		Flags: []string{"asimd", "lse"}, Build: []string{"race"}, Reason: "the build is instrumented with -race"})
	// Output: level generic (the build is instrumented with -race), best neon, linux/arm64, Neoverse-N1, flags asimd lse, build race
}
