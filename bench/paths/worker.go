package paths

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/seqmap/seqmap-go/bench/meter"
	"github.com/seqmap/seqmap-go/seqcore"
)

// What goes over the pipes: values of JSON, one answer for the start of the child and one for
// each request.

// A request names a case.
type request struct {
	Case string
	// Open asks to build the data, unless it is there, to warm up, and to count what is
	// allocated. Otherwise one slice is to be timed. Fresh asks to build it anew.
	Open, Fresh bool
	// Processor is the one to time the slice on, if the request says which.
	Processor *int `json:",omitempty"`
}

// An answer has what was asked for, or an error.
type answer struct {
	Error    string        `json:",omitempty"`
	Features *seqcore.Info `json:",omitempty"` // of the child; the first answer
	Nanos    float64       `json:",omitempty"` // per operation of a slice
	Bytes    float64       `json:",omitempty"` // allocated per operation; for Open
	Allocs   float64       `json:",omitempty"`
}

// Serve is the child: it says what it is, then times what the requests in ask for, until they
// end. No map has more than most entries. Until Serve returns the garbage collector is off.
func Serve(in io.Reader, out io.Writer, most int) error {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	w := worker{families: slices.Concat(families(most), lookupFamilies(most)), processors: processors()}
	defer w.unpin()
	features := seqcore.Features()
	requests, answers := json.NewDecoder(in), json.NewEncoder(out)
	if err := answers.Encode(answer{Features: &features}); err != nil {
		return err
	}
	for {
		var r request
		err := requests.Decode(&r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := answers.Encode(w.answer(r)); err != nil {
			return err
		}
	}
}

// A worker has the data of one family at a time.
type worker struct {
	families   []family
	processors []int // as they were when the process began
	family     family
	do         func(at, n int) (right int) // of family; nil before the first
}

// unpin lets the thread run anywhere again. It cannot fail where pin has not.
func (w *worker) unpin() {
	if len(w.processors) > 0 {
		_ = pin(w.processors...)
	}
}

func (w *worker) answer(r request) answer {
	var a answer
	var err error
	if r.Open {
		a, err = w.open(r.Case, r.Fresh)
	} else {
		a, err = w.slice(r.Case, r.Processor)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	return a
}

// allocSlices is how many slices of a case are done to count what it allocates.
const allocSlices = 4

func (w *worker) open(name string, fresh bool) (answer, error) {
	f, at, ok := find(w.families, name)
	if !ok {
		return answer{}, fmt.Errorf("there is no case %q", name)
	}
	if fresh || w.do == nil || f.cases[0].Name != w.family.cases[0].Name {
		w.build(f)
	}
	c := f.cases[at]
	passes := allocSlices
	if c.share > 1 {
		passes = 1
	}
	if err := w.run(c, at, c.ops); err != nil { // also makes what is made at the first use
		return answer{}, err
	}
	var err error
	cost := meter.Of(func() {
		for range passes {
			err = errors.Join(err, w.run(c, at, c.ops))
		}
	})
	runtime.GC()
	ops := float64(passes * c.ops)
	return answer{Bytes: float64(cost.Bytes) / ops, Allocs: float64(cost.Allocs) / ops}, err
}

// build replaces the data. The collector runs meanwhile, so that growing leaves no garbage.
// The processor is any, for several children build at once.
func (w *worker) build(f family) {
	w.unpin()
	w.do = nil
	runtime.GC()
	debug.SetGCPercent(100)
	w.family, w.do = f, f.build()
	debug.SetGCPercent(-1)
	runtime.GC()
}

// slice times one slice, after some more operations that bring the code, and the data if it
// fits, back into the caches.
func (w *worker) slice(name string, processor *int) (answer, error) {
	if processor != nil {
		if err := pin(*processor); err != nil {
			return answer{}, fmt.Errorf("processor %d: %w", *processor, err)
		}
	}
	at := slices.IndexFunc(w.family.cases, func(c Case) bool { return c.Name == name })
	if at < 0 {
		return answer{}, fmt.Errorf("the case %q is not open", name)
	}
	c := w.family.cases[at]
	if c.garbage {
		runtime.GC()
	}
	if c.warm > 0 {
		if err := w.run(c, at, c.warm); err != nil {
			return answer{}, err
		}
	}
	start := time.Now()
	err := w.run(c, at, c.ops)
	elapsed := time.Since(start)
	return answer{Nanos: float64(elapsed) / float64(c.ops)}, err
}

// run does n operations.
func (w *worker) run(c Case, at, n int) error {
	if right := w.do(at, n); right != n {
		return fmt.Errorf("%s: %d of %d operations did what they must", c.Name, right, n)
	}
	return nil
}
