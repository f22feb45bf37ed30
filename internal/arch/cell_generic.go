package arch

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// CommitCellGeneric is the whole write of a cell, W1 to W4, as one attempt: if the word
// at p is seen, which must be unlocked, it locks the cell, copies n words from src to the
// words behind the sequence word, and ends with the word next. It returns false, having
// changed nothing, if the word is not seen.
//
// It is nosplit and noinline, which gives it no point at which the Go scheduler can stop
// it: no goroutine is ever parked while a cell is locked. It is nocheckptr because the
// checks, which come with the race detector, are calls in which the scheduler can.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func CommitCellGeneric(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	if !CAS64(p, seen, seen|layout.Lock) { // W1, and W2 because the CAS is an acquire
		return false
	}
	for i := uintptr(1); i <= n; i++ { // W3
		Store64(unsafe.Add(p, i*8), *(*uint64)(unsafe.Add(src, (i-1)*8)))
	}
	Store64(p, next) // W4
	return true
}

// CommitWord is CommitCellGeneric for the value x of one word. No kernel is faster than that.
//
//go:nosplit
//go:nocheckptr
//go:noinline
func CommitWord(p unsafe.Pointer, x, seen, next uint64) bool {
	if !CAS64(p, seen, seen|layout.Lock) { // W1, W2
		return false
	}
	Store64(unsafe.Add(p, layout.WordBytes), x) // W3
	Store64(p, next)                            // W4
	return true
}

// CommitCell is CommitCellGeneric, by the best kernel of this CPU.
func CommitCell(p, src unsafe.Pointer, n uintptr, seen, next uint64) bool {
	switch {
	case HasCommitCellBest(n):
		return CommitCellBest(p, src, n, seen, next)
	case HasCommitCellBase(n):
		return CommitCellBase(p, src, n, seen, next)
	}
	return CommitCellGeneric(p, src, n, seen, next)
}

// StoreCellGeneric is the whole write of a cell that is live and stays live: it waits while
// somebody is inside, copies n words from src to the words behind the sequence word at p, and
// ends with the next version.
func StoreCellGeneric(p, src unsafe.Pointer, n uintptr) {
	var b Backoff
	for {
		seen := Load64(p)
		if seen&layout.Lock == 0 && CommitCellGeneric(p, src, n, seen, seen+layout.Version) {
			return
		}
		b.Wait()
	}
}

// LoadCellGeneric is the whole read of a cell, R1 to R4, as one attempt: it copies n words from
// the cell at p to dst and returns the sequence word that they belong to. If somebody is inside,
// or came by, it returns a word with the lock, and what is at dst means nothing.
func LoadCellGeneric(p, dst unsafe.Pointer, n uintptr) (word uint64) {
	word = Load64(p) // R1
	if word&layout.Lock == 0 {
		LoadWords(dst, unsafe.Add(p, layout.WordBytes), n) // R2
		if Load64(p) != word {                             // R3 is in the acquire loads of R2; R4
			return layout.Lock
		}
	}
	return word
}
