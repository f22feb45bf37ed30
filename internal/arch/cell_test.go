package arch

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// A block has room for a cell of up to 40 words between two guards.
type block struct {
	before uint64
	words  [41]uint64
	after  uint64
}

const guard = 0xa5a5a5a5a5a5a5a5

// commits are all implementations of CommitCell that this host has.
var commits = map[string]func(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool{
	"generic": CommitCellGeneric,
	"best":    CommitCell,
}

func TestCommitCell(t *testing.T) {
	for name, commit := range commits {
		for n := range uintptr(41) {
			b := block{before: guard, after: guard}
			for i := range b.words {
				b.words[i] = guard
			}
			b.words[0] = 5 * layout.Version
			var src [40]uint64
			for i := range src {
				src[i] = uint64(n)<<32 + uint64(i)
			}
			p := unsafe.Pointer(&b.words)
			was := b
			for _, seen := range []uint64{0, 4 * layout.Version, 5*layout.Version | layout.Live} {
				if commit(p, unsafe.Pointer(&src), n, seen, 77) || b != was {
					t.Fatalf("%s: %d words: a word not seen was replaced, or something changed", name, n)
				}
			}
			if !commit(p, unsafe.Pointer(&src), n, 5*layout.Version, 6*layout.Version|layout.Live) {
				t.Fatalf("%s: %d words: the word seen was not replaced", name, n)
			}
			want := was
			want.words[0] = 6*layout.Version | layout.Live
			copy(want.words[1:1+n], src[:n])
			if b != want {
				t.Fatalf("%s: %d words: got %v, want %v", name, n, b, want)
			}
			b.words[0] |= layout.Lock
			was = b
			if commit(p, unsafe.Pointer(&src), n, 6*layout.Version|layout.Live, 7*layout.Version) || b != was {
				t.Fatalf("%s: %d words: a locked cell was written", name, n)
			}
		}
	}
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
