package seqmap

import (
	"fmt"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// Stats describes the inside of a map at about the time of the call.
type Stats struct {
	Len            int // entries
	Cap            int // entries, removed ones included, at which the map grows
	Tables         int // 1, or more while entries are being moved; 0 before the first use
	Buckets        int // of the newest table
	SlotsPerBucket int
	BucketBytes    int
	Bytes          int // of the buckets of all tables
	Used           int // slots of the newest table that have ever had a key
	Dead           int // slots of the newest table whose key was removed
	MaxPath        int // most buckets in a row, in the newest table, that pass some key on
}

// Stats looks at every slot of the map's newest table. It writes nothing and waits for nobody.
func (m *SeqMap[K, V]) Stats() Stats {
	t := m.loadRoot()
	geo := m.geometry()
	s := Stats{Len: m.Len(), SlotsPerBucket: int(geo.Slots), BucketBytes: int(geo.Bytes)}
	if t == nil {
		m.check()
		return s
	}
	for {
		s.Tables++
		s.Bytes += int(uintptr(t.buckets) * geo.Bytes)
		nx := t.loadNext()
		if nx == nil {
			break
		}
		t = nx
	}
	s.Cap, s.Buckets = int(t.limit), int(t.buckets)
	t.survey(&s)
	return s
}

// survey counts what only a look at the slots can tell.
func (t *table) survey(s *Stats) {
	path := 0
	for n := range t.buckets {
		b := t.bucket(n)
		for i := range t.geo.Slots {
			w := t.word(b, i)
			if w != layout.Empty && w != layout.Sealed {
				s.Used++
			}
			if dead(w) {
				s.Dead++
			}
		}
		if path++; t.control(b)&(layout.SealBit-1) == 0 {
			path = 0
		}
		s.MaxPath = max(s.MaxPath, path)
	}
}

// String returns the statistics in one line.
func (s Stats) String() string {
	return fmt.Sprintf("len %d, cap %d, tables %d, buckets %d of %d slots and %d bytes, %d bytes in all, used %d, dead %d, longest path %d",
		s.Len, s.Cap, s.Tables, s.Buckets, s.SlotsPerBucket, s.BucketBytes, s.Bytes, s.Used, s.Dead, s.MaxPath)
}
