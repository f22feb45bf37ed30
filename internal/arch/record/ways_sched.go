//go:build seqsched

package record

import (
	"runtime"
	"sync/atomic"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/sched"
)

const tags = " -tags seqsched"

var ways = []way{
	{name: "walk", procs: 1, run: walk, step: sched.Step, exact: true},
	{name: "procs=1", procs: 1, run: yielding, step: noStep},
	{name: "procs=2", procs: 2, run: yielding, step: noStep},
	{name: "procs=4", procs: 4, run: yielding, step: noStep},
}

// yielding runs goroutines that yield before some of their steps.
func yielding(r *Round, fs []func()) error {
	arch.StepHook = yields(r.Seed, runtime.Gosched)
	defer func() { arch.StepHook = nil }()
	return free(r, fs)
}

// yields returns a hook that calls yield before some of the steps, counted over all goroutines.
// The seed decides which, and also whether they are many or few.
func yields(seed uint64, yield func()) (hook func()) {
	var steps atomic.Uint64
	mask := uint64(1)<<(1+scramble(seed)%5) - 1
	return func() {
		if scramble(seed+steps.Add(1)*0x9e3779b97f4a7c15)&mask == 0 {
			yield()
		}
	}
}

// scramble spreads the bits of x over the whole word, by multiplications and shifts.
func scramble(x uint64) uint64 {
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	return x ^ x>>32
}

// longestWalk is how many steps the rounds of a walk may have.
const longestWalk = 1 << 22

// walk runs coroutines that take turns at random.
func walk(r *Round, fs []func()) error {
	arch.StepHook, arch.SpinHook = sched.Step, sched.Spin
	defer func() { arch.StepHook, arch.SpinHook = nil, nil }()
	return sched.Walk(r.Seed, longestWalk, fs).Err
}
