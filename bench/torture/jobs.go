package torture

// newJobs returns all jobs, for so many goroutines.
func newJobs(s Subjects, n int) []job {
	return []job{
		newPrivate("words", s.Words(), n, func(owner, i uint64) uint64 { return owner<<32 | i }, wordValue, wholeWord),
		newPrivate("wide", s.Wide(), n, record, wideValue, wholeWide),
		newCounters(s.Words(), n),
		newSnapshot(s.Words(), n),
		newClearing(s.Words(), n),
		newCells(s.Array(), n),
		newStack(s.Vec(), n),
		newLog(s.Vec(), n),
		newSingle(s.Cell(), n),
		orderInWords(s.Words(), n),
		orderInWide(s.Wide(), n),
		orderInArray(s.Array(), n),
		orderInCells(s.Cell, n),
	}
}

// wordValue returns value n of a key: one half says which key.
func wordValue(key, n uint64) uint64 { return n<<32 | mix(key)>>32 }

func wholeWord(key, value uint64) bool { return wordValue(key, value>>32) == value }

// wideValue returns value n of a key.
func wideValue(key Record, n uint64) Record { return record(mix(key[0])+key[1], n) }

func wholeWide(key, value Record) bool { return key.whole() && wideValue(key, value[1]) == value }

// resizable is a map as storms see it.
type resizable interface {
	Grow(n int)
	Shrink()
}

// storm replaces the table of m once in so many calls, by a larger or by the smallest one. It
// returns how many operations that were.
func storm(w *worker, m resizable, once int) int {
	if !w.chance(once) {
		return 0
	}
	if w.chance(2) {
		m.Grow(w.r.IntN(20_000))
	} else {
		m.Shrink()
	}
	return 1
}
