//go:build seqsched

package seqmap

// scenario is a small concurrent program over the map.
type scenario struct {
	name    string
	shapes  []shape
	places  []place
	zero    bool   // the first key is the zero key
	buckets uint64 // of the first table, or 0 for as few as there can be
	start   []op   // carried out before the threads begin; an Insert goes to the first table
	threads [][]op
	bound   int
	// neverWait says that no Get may wait, although values are wide: nobody writes the key.
	neverWait bool

	before   contents // what start leaves
	outcomes map[outcome]bool
}

var (
	shapesWord  = []shape{wordShape}
	shapesSmall = []shape{wordShape, halfShape, taggedShape}
	shapesAll   = []shape{wordShape, halfShape, taggedShape, wide16Shape, wide24Shape}
)

// Where keys stand.
var (
	placesOne  = []place{{0, 0, 0}}
	placesSame = []place{{0, 0, 0}, {0, 0, 0}} // the same path
	placesTwo  = []place{{0, 0, 0}, {1, 1, 0}} // two buckets
	// More than a bucket of three slots holds, also in the last bucket of a block, and more than
	// a table holds, all of one class.
	placesCrowd = []place{{0, 0, 0}, {0, 0, 1}, {0, 1, 2}, {0, 1, 0}}
	placesEdge  = []place{{blockBuckets - 1, 0, 0}, {blockBuckets - 1, 0, 1}, {blockBuckets - 1, 1, 2}, {blockBuckets - 1, 1, 0}}
	placesFull  = []place{{0, 0, 0}, {0, 0, 1}, {0, 0, 2}, {0, 0, 0}, {0, 0, 1}, {1, 0, 2}, {1, 0, 0}}
)

var scenarios = []scenario{
	{name: "insert insert", shapes: shapesAll, places: placesOne, bound: 2,
		threads: [][]op{{keyA.insert(1)}, {keyA.insert(2)}, {keyA.get(), keyA.get()}}},
	{name: "insert insert move", shapes: shapesAll, places: placesOne, bound: 2,
		threads: [][]op{{keyA.insert(1)}, {keyA.insert(2)}, {moveTo(4)}}},
	{name: "two keys of one slot", shapes: shapesAll, places: placesSame, bound: 2,
		threads: [][]op{{keyA.insert(1), keyB.get()}, {keyB.insert(2), keyA.get()}, {keyA.get(), keyB.get()}}},
	{name: "two keys of one slot move", shapes: shapesAll, places: placesSame, bound: 2,
		threads: [][]op{{keyA.insert(1)}, {keyB.insert(2), keyA.get()}, {moveTo(4)}}},
	{name: "load or store", shapes: shapesAll, places: placesOne, bound: 2,
		threads: [][]op{{keyA.loadOrStore(1)}, {keyA.loadOrStore(2), keyA.remove()}, {moveTo(2)}}},
	{name: "remove and revive", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.remove(), keyA.insert(1)}, {keyA.get(), keyA.get()}, {moveTo(4)}}},
	{name: "insert and remove", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.insert(1), keyA.remove()}, {keyA.get(), keyA.get()}, {moveTo(4)}}},
	{name: "revive at rest", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.remove(), keyA.insert(1)}, {keyA.get(), keyA.get()}, {keyA.insert(2)}}},
	{name: "update against revive", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.update(8)}, {keyA.remove(), keyA.insert(3)}, {moveTo(2)}}},
	{name: "update update move", shapes: shapesAll, places: placesSame, bound: 2, start: []op{keyA.insert(3), keyB.insert(4)},
		threads: [][]op{{keyA.update(8)}, {keyA.update(16)}, {moveTo(4)}}},
	{name: "two movers", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.insert(1), keyA.remove()}, {moveTo(4)}, {moveTo(2)}}},
	{name: "readers of moved keys", shapes: shapesAll, places: placesTwo, bound: 2, start: []op{keyA.insert(3), keyB.insert(4)}, neverWait: true,
		threads: [][]op{{keyA.get(), keyB.get(), keyA.get()}, {moveTo(4)}, {moveTo(2)}}},
	{name: "add add", shapes: shapesAll, places: placesOne, bound: 2,
		threads: [][]op{{keyA.add(1)}, {keyA.add(2)}, {moveTo(2)}}},
	{name: "compare", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.swapIf(3, 1)}, {keyA.remove(), keyA.insert(3)}, {keyA.deleteIf(3), keyA.get()}}},
	{name: "compare and move", shapes: shapesAll, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.deleteIf(3)}, {keyA.swapIf(3, 1), keyA.get()}, {moveTo(4)}}},

	{name: "full bucket", shapes: shapesWord, places: placesCrowd, bound: 2, start: []op{keyB.insert(4), keyC.insert(5), keyD.insert(6)},
		threads: [][]op{{keyA.insert(1)}, {keyA.insert(2), keyA.get()}, {moveTo(4)}}},
	{name: "full bucket at the end of a block", shapes: shapesWord, places: placesEdge, buckets: blockBuckets + 1, bound: 1, start: []op{keyB.insert(4), keyC.insert(5), keyD.insert(6)},
		threads: [][]op{{keyA.insert(1)}, {keyA.insert(2), keyA.get()}, {attachTable(4)}}},
	{name: "full bucket two keys", shapes: shapesWord, places: placesFull, bound: 1, start: []op{keyB.insert(4), keyC.insert(5), keyD.insert(6)},
		threads: [][]op{{keyA.insert(1), key(4).get()}, {key(4).insert(2), keyA.get()}, {moveTo(4)}}},
	{name: "key of the second bucket", shapes: shapesWord, places: placesCrowd, bound: 2, start: []op{keyB.insert(4), keyC.insert(5), keyD.insert(6), keyA.insert(3)},
		threads: [][]op{{keyA.get(), keyA.get()}, {keyA.remove(), keyA.insert(1)}, {moveTo(4)}}},
	{name: "full table", shapes: shapesWord, places: placesFull, bound: 1,
		start:   []op{keyA.insert(1), keyB.insert(1), keyC.insert(1), keyD.insert(1), key(4).insert(1), key(5).insert(1)},
		threads: [][]op{{key(6).insert(1)}, {key(6).insert(2), key(6).get()}, {moveTo(4)}}},
	{name: "dead key before", shapes: shapesWord, places: placesSame, bound: 2, start: []op{keyA.insert(3), keyA.remove()},
		threads: [][]op{{keyB.insert(1), keyB.get()}, {keyA.insert(2)}, {moveTo(4)}}},

	{name: "nested growth", shapes: shapesSmall, places: placesSame, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyB.insert(1), keyA.get()}, {moveTo(2), keyB.get()}, {moveTable(1, 4)}}},
	{name: "nested growth, revive", shapes: shapesSmall, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.remove(), keyA.insert(2)}, {moveTo(2), keyA.get()}, {moveTable(1, 4)}}},
	{name: "next too small", shapes: shapesWord, places: placesFull, bound: 1,
		start:   []op{keyA.insert(1), keyB.insert(1), keyC.insert(1), keyD.insert(1), key(4).insert(1), key(5).insert(1)},
		threads: [][]op{{key(6).insert(2), keyA.get()}, {moveTo(2)}, {keyD.remove(), keyD.get()}}},

	{name: "clear", shapes: shapesAll, places: placesSame, bound: 2, start: []op{keyA.insert(3), keyB.insert(4)},
		threads: [][]op{{clearAll, keyA.get()}, {keyA.insert(1), keyA.get()}, {keyB.get(), keyA.get()}}},
	{name: "clear and move", shapes: shapesSmall, places: placesSame, bound: 2, start: []op{keyA.insert(3), keyB.insert(4)},
		threads: [][]op{{clearAll, keyA.get()}, {keyA.insert(1), keyB.get()}, {moveTo(4)}}},
	{name: "clear insert", shapes: shapesSmall, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{clearAll, keyA.insert(1)}, {keyA.remove(), keyA.get()}, {moveTo(4), keyA.get()}}},

	{name: "range", shapes: shapesAll, places: placesSame, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{rangeAll}, {keyB.insert(1)}, {moveTo(4)}}},
	{name: "range and removal", shapes: shapesAll, places: placesSame, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{rangeAll}, {keyA.remove(), keyB.insert(1)}, {moveTo(4)}}},
	{name: "range and nested growth", shapes: shapesWord, places: placesSame, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{rangeAll}, {moveTo(2), keyB.insert(2)}, {moveTable(1, 4)}}},
	{name: "range and clear", shapes: shapesWord, places: placesSame, bound: 2, start: []op{keyA.insert(3), keyB.insert(4)},
		threads: [][]op{{rangeAll}, {clearAll, keyA.insert(1)}, {moveTo(4)}}},

	{name: "shrink", shapes: shapesSmall, places: placesTwo, bound: 2, start: []op{keyA.insert(3), moveTo(8)},
		threads: [][]op{{shrink}, {keyA.update(1)}, {keyB.insert(2), keyA.get()}}},
	{name: "grow", shapes: shapesSmall, places: placesTwo, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{grow}, {keyA.remove(), keyB.get()}, {keyB.insert(2), keyA.get()}}},
	{name: "grow grow", shapes: shapesWord, places: placesOne, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{grow}, {grow}, {keyA.update(1)}}},

	{name: "count", shapes: shapesAll, places: placesOne, bound: 2,
		threads: [][]op{{keyA.insert(1)}, {keyA.remove()}, {moveTo(4), length}}},
	{name: "count and clear", shapes: shapesSmall, places: placesSame, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyB.insert(2), keyA.remove()}, {clearAll, length}, {keyB.remove()}}},

	{name: "zero key", shapes: shapesAll, places: placesSame, zero: true, bound: 2,
		threads: [][]op{{keyA.get(), keyA.get()}, {keyB.insert(2)}, {keyA.insert(1), keyA.remove()}}},
	{name: "zero key move", shapes: shapesAll, places: placesOne, zero: true, bound: 2,
		threads: [][]op{{keyA.insert(1)}, {keyA.get(), keyA.get()}, {moveTo(4)}}},
	{name: "zero key behind an empty slot", shapes: shapesAll, places: []place{{0, 0, 1}, {0, 0, 0}}, zero: true, bound: 2, start: []op{keyA.insert(3)},
		threads: [][]op{{keyA.get(), keyA.get()}, {keyB.insert(2)}, {moveTo(4)}}},
	{name: "zero key stored", shapes: shapesAll, places: placesSame, zero: true, bound: 2,
		threads: [][]op{{keyA.insert(1)}, {keyB.insert(2)}}},
}

// firstSize returns the number of buckets of the first table.
func (s *scenario) firstSize() uint64 { return max(s.buckets, minBuckets) }

// begin carries out what comes before the threads.
func (w *world) begin() {
	w.before = contents{}
	for _, o := range w.start {
		if o.kind == opInsert {
			w.fill(int(o.key), int(o.x))
		} else {
			w.act(&event{op: o})
		}
		if o.kind != opMove {
			w.before.apply(&event{op: o})
		}
	}
}
