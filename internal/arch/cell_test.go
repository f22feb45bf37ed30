package arch

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// maxWords is the size in words up to which kernels are tested one by one.
const maxWords = 64

// A block has room for a cell of up to maxWords words between two guards.
type block struct {
	before uint64
	words  [maxWords + 1]uint64
	after  uint64
}

const guard = 0xa5a5a5a5a5a5a5a5

func TestCommitCellMatchesGeneric(t *testing.T) {
	for _, impl := range append(commitCells[:len(commitCells):len(commitCells)], wordAsCommit) {
		t.Run(impl.name, func(t *testing.T) {
			for n := range uintptr(maxWords + 1) {
				commitOne(t, impl.f, n)
			}
		})
	}
}

// commitOne checks f on a cell of n words.
func commitOne(t *testing.T, f commitCellFunc, n uintptr) {
	b := block{before: guard, after: guard}
	for i := range b.words {
		b.words[i] = guard
	}
	b.words[0] = 5 * layout.Version
	var src [maxWords]uint64
	for i := range src {
		src[i] = uint64(n)<<32 + uint64(i)
	}
	p := unsafe.Pointer(&b.words)
	was := b
	for _, seen := range []uint64{0, 4 * layout.Version, 5*layout.Version | layout.Live, 5*layout.Version | 1<<63} {
		if f(p, unsafe.Pointer(&src), n, seen, 77) || b != was {
			t.Fatalf("%d words: a word not seen was replaced, or something changed", n)
		}
	}
	if !f(p, unsafe.Pointer(&src), n, 5*layout.Version, 6*layout.Version|layout.Live) {
		t.Fatalf("%d words: the word seen was not replaced", n)
	}
	want := was
	want.words[0] = 6*layout.Version | layout.Live
	copy(want.words[1:1+n], src[:n])
	if b != want {
		t.Fatalf("%d words: got %v, want %v", n, b, want)
	}
	b.words[0] |= layout.Lock
	was = b
	if f(p, unsafe.Pointer(&src), n, 6*layout.Version|layout.Live, 7*layout.Version) || b != was {
		t.Fatalf("%d words: a locked cell was written", n)
	}
}

func TestStoreCellMatchesGeneric(t *testing.T) {
	if HasStoreCell(0) {
		t.Error("the kernels of StoreCell are for one word or more")
	}
	for _, impl := range storeCells {
		t.Run(impl.name, func(t *testing.T) {
			for n := uintptr(1); n <= maxWords; n++ {
				storeOne(t, impl.f, n)
			}
		})
	}
}

// storeOne checks f on a cell of n words.
func storeOne(t *testing.T, f storeCellFunc, n uintptr) {
	var src [maxWords]uint64
	for i := range src {
		src[i] = uint64(n)<<32 + uint64(i)
	}
	for _, version := range []uint64{0, 1, 5, 1<<60 + 3, 1<<61 - 1} {
		b := block{before: guard, after: guard}
		b.words[0] = version*layout.Version | layout.Live
		want := b
		want.words[0] = (version+1)*layout.Version | layout.Live
		copy(want.words[1:1+n], src[:n])
		if f(unsafe.Pointer(&b.words), unsafe.Pointer(&src), n); b != want {
			t.Fatalf("%d words: got %v for version %x", n, b, version)
		}
	}
}

// TestStoreCellWaits checks that nothing is stored while somebody else is inside, and that
// the value is, once that is over.
func TestStoreCellWaits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, impl := range storeCells {
		for _, n := range []uintptr{1, 2, 3, 4, 8, 9} {
			var src [maxWords]uint64
			src[n-1] = 7
			cell := &[maxWords + 1]uint64{3*layout.Version | layout.Live | layout.Lock}
			done := make(chan bool)
			go func() {
				impl.f(unsafe.Pointer(cell), unsafe.Pointer(&src), n)
				close(done)
			}()
			for range 100 {
				runtime.Gosched()
			}
			select {
			case <-done:
				t.Fatalf("%s: %d words: it did not wait", impl.name, n)
			default:
			}
			if *cell != [maxWords + 1]uint64{3*layout.Version | layout.Live | layout.Lock} {
				t.Fatalf("%s: %d words: a locked cell was written", impl.name, n)
			}
			Store64(unsafe.Pointer(cell), 4*layout.Version|layout.Live)
			<-done
			if cell[0] != 5*layout.Version|layout.Live || [maxWords]uint64(cell[1:]) != src {
				t.Fatalf("%s: %d words: got %v", impl.name, n, cell)
			}
		}
	}
}

// wordAsCommit is CommitWord in the form of the implementations of CommitCell.
var wordAsCommit = implementation[commitCellFunc]{
	name: "word",
	f: func(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
		if n != 1 {
			return CommitCellGeneric(p, src, n, seen, next)
		}
		return CommitWord(p, *(*uint64)(src), seen, next)
	},
}

// storesAsCommits are CommitWord and the implementations of StoreCell in the form of those of CommitCell, for
// the tests that can tell no difference: nobody but them writes, and no cell is empty.
func storesAsCommits() (all []implementation[commitCellFunc]) {
	all = append(all, wordAsCommit)
	for _, impl := range storeCells {
		all = append(all, implementation[commitCellFunc]{
			name: "store/" + impl.name,
			f: func(p, src unsafe.Pointer, n uintptr, seen, _ uint64) bool {
				if n == 0 || seen&layout.StateMask != layout.Live {
					return CommitCellGeneric(p, src, n, seen, layout.Next(seen, layout.Live))
				}
				impl.f(p, src, n)
				return true
			},
		})
	}
	return all
}

func TestLoadCellMatchesGeneric(t *testing.T) {
	for _, impl := range loadCells {
		t.Run(impl.name, func(t *testing.T) {
			for n := range uintptr(maxWords + 1) {
				for bits := range uint64(layout.Version) {
					loadOne(t, impl.f, n, 5*layout.Version|bits)
				}
			}
		})
	}
}

// loadOne checks f on a cell of n words with the given sequence word.
func loadOne(t *testing.T, f loadCellFunc, n uintptr, word uint64) {
	cell := block{before: guard, after: guard}
	for i := range cell.words {
		cell.words[i] = uint64(n)<<32 + uint64(i)
	}
	cell.words[0] = word
	var got block
	was := cell
	if w := f(unsafe.Pointer(&cell.words), unsafe.Pointer(&got.words), n); w != word {
		t.Fatalf("%d words: word %#x, want %#x", n, w, word)
	}
	want := block{}
	if word&layout.Lock == 0 {
		copy(want.words[:n], cell.words[1:])
	} else {
		got = want // means nothing
	}
	if got != want || cell != was {
		t.Fatalf("%d words with the word %#x: got %v, want %v", n, word, got, want)
	}
}

// TestCommitCellLargest checks the largest cell, and sizes between that and maxWords.
func TestCommitCellLargest(t *testing.T) {
	const most = layout.MaxValueBytes / layout.WordBytes
	var src [most]uint64
	for i := range src {
		src[i] = uint64(i)*0x0101010101010101 + 1
	}
	for _, impl := range commitCells {
		for _, n := range []uintptr{65, 71, 96, 127, 128, 255, 1000, most} {
			var cell [most + 2]uint64
			if !impl.f(unsafe.Pointer(&cell), unsafe.Pointer(&src), n, 0, 8) {
				t.Fatalf("%s: %d words: the word seen was not replaced", impl.name, n)
			}
			if cell[0] != 8 || [most]uint64(cell[1:]) != ([most]uint64(append(slices.Clone(src[:n]), make([]uint64, most-n)...))) {
				t.Fatalf("%s: %d words: wrong words", impl.name, n)
			}
		}
	}
}

// TestCommitCellStress has writers and readers at one cell and checks that no reader gets a
// value of which the parts do not belong together.
func TestCommitCellStress(t *testing.T) {
	rounds := 20000
	if testing.Short() {
		rounds = 2000
	}
	for _, impl := range append(storesAsCommits(), commitCells...) {
		for _, n := range []uintptr{2, 3, 8, 21, 33} {
			t.Run(fmt.Sprintf("%s/%d", impl.name, n), func(t *testing.T) {
				cell := new([maxWords]uint64)
				p := unsafe.Pointer(cell)
				var writers, readers sync.WaitGroup
				var done atomic.Bool
				for w := range uint64(2) {
					writers.Add(1)
					go func() {
						defer writers.Done()
						writeStamps(impl.f, p, n, w, rounds)
					}()
					readers.Add(1)
					go func() {
						defer readers.Done()
						for i := 0; !done.Load(); i++ {
							if v, torn := readStamps(loadCells[i%len(loadCells)].f, p, n); torn {
								t.Errorf("torn: %x", v)
								return
							}
						}
					}()
				}
				writers.Wait()
				done.Store(true)
				readers.Wait()
				if got, want := cell[0]/layout.Version, uint64(2*rounds); got != want {
					t.Errorf("%d writes counted of %d", got, want)
				}
			})
		}
	}
}

// writeStamps stores values of n equal words. The words of two writers differ.
func writeStamps(f commitCellFunc, p unsafe.Pointer, n uintptr, writer uint64, rounds int) {
	src := make([]uint64, n)
	var b Backoff
	for i := range uint64(rounds) {
		for j := range src {
			src[j] = i<<1 | writer
		}
		for {
			seen := Load64(p)
			if seen&layout.Lock == 0 && f(p, unsafe.Pointer(&src[0]), n, seen, layout.Next(seen, layout.Live)) {
				break
			}
			b.Wait()
		}
	}
}

// readStamps reads the cell once, and says whether its words differ. A read that failed is
// not torn.
func readStamps(f loadCellFunc, p unsafe.Pointer, n uintptr) (v []uint64, torn bool) {
	var buf [maxWords]uint64
	v = buf[:n]
	if f(p, unsafe.Pointer(&buf), n)&layout.Lock != 0 {
		return nil, false
	}
	for _, x := range v {
		if x != v[0] {
			return slices.Clone(v), true
		}
	}
	return nil, false
}

// slowCell is a cell with a value that takes far longer to write than a signal of the scheduler takes
// to come, so that it comes inside most times. Values in use are smaller.
type slowCell [1 + 1<<16]uint64

// locked says whether a writer is inside.
func (c *slowCell) locked() bool { return Load64(unsafe.Pointer(&c[0]))&layout.Lock != 0 }

// write makes one write by f, of the value 0.
func (c *slowCell) write(f commitCellFunc) {
	seen := Load64(unsafe.Pointer(&c[0]))
	f(unsafe.Pointer(c), unsafe.Pointer(&zeros), uintptr(len(zeros)), seen, layout.Next(seen, layout.Live))
}

var zeros [len(slowCell{}) - 1]uint64

// TestWritersAreNotPreempted checks that on one processor nobody ever sees a lock: the scheduler
// has no point inside a write at which it could run somebody else. The same look at a write that
// the scheduler can stop does see it, which shows that the test can fail.
func TestWritersAreNotPreempted(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	looks := 6
	if testing.Short() {
		looks = 4
	}
	for _, impl := range append(storesAsCommits(), commitCells...) {
		c := new(slowCell)
		c[0] = layout.Version | layout.Live
		n := lookWhile(looks, c.locked, func() bool { return false }, func() { c.write(impl.f) })
		if n > instrumented(looks) {
			t.Errorf("%s: %d of %d looks found a writer parked inside", impl.name, n, looks)
		}
		if c[0] < 2*layout.Version {
			t.Errorf("%s: nothing was written", impl.name)
		}
	}
	c := new(slowCell)
	if lookWhile(100*looks, c.locked, func() bool { return true }, func() { c.write(stoppableCommit) }) == 0 {
		t.Error("the harness finds no writer parked inside a write that can be stopped")
	}
}

// stoppableCommit is CommitCellGeneric without the marks that keep the scheduler out.
//
//go:noinline
func stoppableCommit(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	if !CAS64(p, seen, seen|layout.Lock) {
		return false
	}
	for i, x := range unsafe.Slice((*uint64)(src), n) {
		// Safety: the cell has n words behind its first.
		storeSlowly(unsafe.Add(p, (1+i)*layout.WordBytes), int(x))
	}
	Store64(p, next)
	return true
}

// instrumented returns how many of so many looks may find a writer stopped inside: none, but
// some in builds for the race detector and the sanitizers, whose own calls in the middle of a
// routine are points at which the scheduler can stop it.
func instrumented(looks int) int {
	if sanitizer == "" {
		return 0
	}
	return looks / 4
}

func TestLoadWords(t *testing.T) {
	var src [40]uint64
	for i := range src {
		src[i] = uint64(i)*0x0101010101010101 + 1
	}
	for n := range uintptr(41) {
		for from := uintptr(0); from < 40 && from+n <= 40; from++ {
			b := block{before: guard, after: guard}
			LoadWords(unsafe.Pointer(&b.words), unsafe.Pointer(&src[from]), n)
			want := block{before: guard, after: guard}
			copy(want.words[:n], src[from:])
			if b != want {
				t.Fatalf("%d words from %d: got %v", n, from, b)
			}
		}
	}
}

// TestBackoff checks that a waiter on the only processor lets the goroutine run that it
// waits for.
func TestBackoff(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var flag uint32
	go Store32(unsafe.Pointer(&flag), 1)
	var b Backoff
	waits := 0
	for ; Load32(unsafe.Pointer(&flag)) == 0; waits++ {
		b.Wait()
	}
	if waits == 0 {
		t.Error("the goroutine ran before it was waited for")
	}
	if b.tries > spinTries {
		t.Errorf("%d tries: the spin has no bound", b.tries)
	}
}
