// Package rivals puts one interface over seqmap and the maps that it is
// compared with, so that each of them does the same work in the same loop.
// Every adapter uses the way that is the fastest correct one of its map.
package rivals

import "iter"

// Counter is a map from keys to counts. All methods are for any number of
// goroutines at once unless the rival says otherwise; Len and All are exact
// only while nothing is written.
type Counter[K comparable] interface {
	// Add adds delta to the count of key; a missing key counts as 0.
	Add(key K, delta uint64)
	Load(key K) (value uint64, ok bool)
	Len() int
	All() iter.Seq2[K, uint64]
}

// Table is a map with the four verbs that are compared.
type Table[K comparable] interface {
	Counter[K]
	Store(key K, value uint64)
	Delete(key K)
}

// Batcher is a Table that looks up many keys in one call.
type Batcher[K comparable] interface {
	// LoadBatch sets values[i] and found[i] to what Load of keys[i] returns, and returns the
	// number of keys found. The slices have the same length.
	LoadBatch(keys []K, values []uint64, found []bool) (hits int)
}

// Rival makes the maps of one kind. Capacity is the number of entries to make
// room for; 0 starts with an empty map that grows.
type Rival[K comparable] struct {
	Name string
	// Concurrent is false for a map that only one goroutine at a time may use.
	Concurrent bool
	NewTable   func(capacity int) Table[K]
	// NewCounter makes a map for counting only, where a rival has a better
	// one for that than its Table.
	NewCounter func(capacity int) Counter[K]
}

// Names of the rivals, as they stand in every table.
const (
	NameSeqMap    = "seqmap"
	NameBuiltin   = "map"
	NameLocked    = "map+mutex"
	NameSyncMap   = "sync.Map"
	NameXSync     = "xsync"
	NameFlatMapOf = "FlatMapOf"
)

// ForCounting returns the maps that can count from many goroutines, seqmap
// first.
func ForCounting[K comparable]() []Rival[K] {
	return []Rival[K]{SeqMap[K](), SyncMap[K](), Locked[K](), XSync[K](), FlatMapOf[K]()}
}

// ForOneGoroutine returns the maps that single operations are compared on,
// seqmap first, with the built-in map as it is, without a lock.
func ForOneGoroutine[K comparable]() []Rival[K] {
	return []Rival[K]{SeqMap[K](), Builtin[K](), XSync[K](), FlatMapOf[K](), SyncMap[K]()}
}

// ofTable returns the rival whose Table is its counter too.
func ofTable[K comparable](name string, newTable func(capacity int) Table[K]) Rival[K] {
	return Rival[K]{
		Name:       name,
		Concurrent: true,
		NewTable:   newTable,
		NewCounter: func(capacity int) Counter[K] { return newTable(capacity) },
	}
}
