package paths

import (
	"fmt"

	"github.com/llxisdsh/pb"
	"github.com/puzpuzpuz/xsync/v4"

	"github.com/seqmap/seqmap-go/bench/rivals"
)

// NameBatch is the name of the batch lookup among the lookups of a LookupTable.
const NameBatch = "GetBatch"

// The goals of GetBatch in a small map and in a large one.
const (
	mustSingle, mustSingleLarge = 2.5, 3 // against Get of the same build
	mustRival, mustRivalLarge   = 2.5, 4 // against the best other map
)

// lookupData is the maps that are compared, with the same entries, and no interface between
// them and the loops.
type lookupData struct {
	mapData[uint64, uint64]
	builtin map[uint64]uint64
	xsync   *xsync.Map[uint64, uint64]
	flat    *pb.FlatMapOf[uint64, uint64]
}

func newLookups(entries int) func() *lookupData {
	return func() *lookupData {
		d := &lookupData{
			mapData: *newMap(entries, spread, uint64(7))(),
			builtin: map[uint64]uint64{},
			xsync:   xsync.NewMap[uint64, uint64](),
			flat:    pb.NewFlatMapOf[uint64, uint64](),
		}
		for i := range entries {
			key := spread(uint64(i))
			d.builtin[key] = d.value
			d.xsync.Store(key, d.value)
			d.flat.Store(key, d.value)
		}
		return d
	}
}

// lookupFamily returns the lookups that are compared with each other: GetBatch, Get of the
// same map, and the other maps.
func lookupFamily(entries int) family {
	named := func(name string) Case {
		c := shape[uint64, uint64]{}.named(entries, "")
		c.Name = fmt.Sprintf("lookup n=%d %s", entries, name)
		return c
	}
	return newFamily(newLookups(entries),
		op[lookupData]{named(NameBatch), func(d *lookupData, n int) int { return getBatchHits(&d.mapData, n) }},
		op[lookupData]{named(rivals.NameSeqMap), lookupSeqMap},
		op[lookupData]{named(rivals.NameBuiltin), lookupBuiltin},
		op[lookupData]{named(rivals.NameXSync), lookupXSync},
		op[lookupData]{named(rivals.NameFlatMapOf), lookupFlat},
	)
}

// lookupNames are the names of the ops of lookupFamily.
var lookupNames = []string{NameBatch, rivals.NameSeqMap, rivals.NameBuiltin, rivals.NameXSync, rivals.NameFlatMapOf}

func lookupFamilies(most int) (list []family) {
	for _, entries := range capped(most, smallEntries, wordsEntries) {
		list = append(list, lookupFamily(entries))
	}
	return list
}

// The same loop for each map; the values are added up so that they are all used.

func lookupSeqMap(d *lookupData, n int) int {
	keys, passes := d.window(d.present, n)
	var hits int
	var sum uint64
	for range passes {
		for _, k := range keys {
			if v, ok := d.m.Get(k); ok {
				hits++
				sum += v
			}
		}
	}
	return d.checked(hits, sum)
}

func lookupBuiltin(d *lookupData, n int) int {
	keys, passes := d.window(d.present, n)
	var hits int
	var sum uint64
	for range passes {
		for _, k := range keys {
			if v, ok := d.builtin[k]; ok {
				hits++
				sum += v
			}
		}
	}
	return d.checked(hits, sum)
}

func lookupXSync(d *lookupData, n int) int {
	keys, passes := d.window(d.present, n)
	var hits int
	var sum uint64
	for range passes {
		for _, k := range keys {
			if v, ok := d.xsync.Load(k); ok {
				hits++
				sum += v
			}
		}
	}
	return d.checked(hits, sum)
}

func lookupFlat(d *lookupData, n int) int {
	keys, passes := d.window(d.present, n)
	var hits int
	var sum uint64
	for range passes {
		for _, k := range keys {
			if v, ok := d.flat.Load(k); ok {
				hits++
				sum += v
			}
		}
	}
	return d.checked(hits, sum)
}

// checked returns the hits if the sum of their values is right.
func (d *lookupData) checked(hits int, sum uint64) int {
	if sum != uint64(hits)*d.value {
		return 0
	}
	return hits
}
