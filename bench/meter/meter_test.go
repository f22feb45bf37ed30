package meter_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/seqmap/seqmap-go/bench/meter"
)

func TestMedian(t *testing.T) {
	for want, values := range map[float64][]float64{5: {5}, 4: {5, 3}, 3: {9, 1, 3}, 6: {9, 1, 4, 8}} {
		before := slices.Clone(values)
		if got := meter.Median(values); got != want || !slices.Equal(values, before) {
			t.Errorf("median of %v is %v, want %v", before, got, want)
		}
	}
}

func TestLiveBytesSeesWhatIsKept(t *testing.T) {
	const size = 32 << 20
	before := meter.LiveBytes()
	kept := make([]byte, size)
	grown := meter.LiveBytes() - before
	runtime.KeepAlive(kept)
	if grown < size/2 || grown > 2*size {
		t.Errorf("%d bytes kept show as %d", size, grown)
	}
	if left := meter.LiveBytes() - before; left > size/2 {
		t.Errorf("%d bytes are left of garbage", left)
	}
}

func TestOf(t *testing.T) {
	const slices, size = 100, 1 << 16
	kept := make([][]byte, slices)
	c := meter.Of(func() {
		for i := range kept {
			kept[i] = make([]byte, size)
		}
		time.Sleep(time.Millisecond)
	})
	if c.Allocs < slices || c.Bytes < slices*size || c.Elapsed < time.Millisecond {
		t.Errorf("%d allocations of %d bytes and a sleep show as %+v", slices, size, c)
	}
	if d := c.Plus(c); d != (meter.Cost{Elapsed: 2 * c.Elapsed, Bytes: 2 * c.Bytes, Allocs: 2 * c.Allocs}) {
		t.Errorf("%+v twice is %+v", c, d)
	}
}

func ExampleMedian() {
	fmt.Println(meter.Median([]time.Duration{3 * time.Second, time.Second, 9 * time.Second}))
	// Output: 3s
}

func ExampleOf() {
	var kept [][]byte
	one := meter.Of(func() { kept = append(kept, make([]byte, 1<<20)) })
	two := one.Plus(meter.Of(func() { kept = append(kept, make([]byte, 1<<20)) }))
	fmt.Println(one.Bytes >= 1<<20, two.Bytes >= 2<<20, two.Elapsed > one.Elapsed)
	// Output: true true true
}
