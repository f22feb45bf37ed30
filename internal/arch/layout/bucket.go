package layout

// The words of a map slot. A slot's word has the lock, the state and the version of
// word.go; these values have a meaning of their own.
const (
	Claimed = Lock            // state Empty, locked: key and value are being written
	Sealed  = Final           // never had a key, and never will
	Moved   = Final | Version // the key stays for good, the value means nothing
)

// The control word of a bucket: the overflow byte, and above it one tag byte a slot if the
// bucket has tags.
const (
	Classes  = 7    // hash classes, one overflow bit each
	SealBit  = 0x80 // the overflow byte is final
	TagShift = 8
)

const (
	minSlots = 2
	maxSlots = 7 // a 64-bit control word has room for seven tags
	// narrowTags is how many tags a 32-bit control word has room for.
	narrowTags = 3
	// lineWeight sets how much denser a bucket must be to be worth a further line.
	lineWeight = 4
)

// Bucket is the geometry of a bucket: where its parts stand. A bucket is a whole number of
// cache lines: slot words, control word, keys, values.
type Bucket struct {
	Bytes       uintptr // multiple of LineBytes
	Slots       uintptr // 2 to 7
	WordBytes   uintptr // of a slot word: 4 if the value cannot tear, else 8
	ControlAt   uintptr
	ControlWide bool // the control word has 64 bits, not 32
	Tagged      bool // the control word has tags: the key is wider than a word
	KeyAt       uintptr
	KeyBytes    uintptr
	ValueAt     uintptr
	ValueBytes  uintptr
}

// Packed returns the bytes that a key or a value of the given size takes in a bucket: none,
// one 32-bit word, or whole 64-bit words.
func Packed(size uintptr) uintptr {
	switch {
	case size == 0:
		return 0
	case size <= 4:
		return 4
	default:
		return WordBytes * Words(size)
	}
}

// BucketOf returns the geometry for keys and values of the given sizes in bytes. Among the
// possible numbers of slots it takes the one with the fewest bytes a slot, fewer lines
// being worth a little slack.
func BucketOf(keySize, valueSize uintptr) Bucket {
	best := bucketWith(minSlots, keySize, valueSize)
	for slots := uintptr(minSlots + 1); slots <= maxSlots; slots++ {
		if b := bucketWith(slots, keySize, valueSize); b.cost()*best.Slots < best.cost()*b.Slots {
			best = b
		}
	}
	return best
}

func (b Bucket) cost() uintptr { return b.Bytes * (lineWeight + b.Bytes/LineBytes) }

func bucketWith(slots, keySize, valueSize uintptr) Bucket {
	b := Bucket{
		Slots:      slots,
		WordBytes:  4,
		KeyBytes:   Packed(keySize),
		ValueBytes: Packed(valueSize),
		Tagged:     keySize > WordBytes,
	}
	if valueSize > WordBytes {
		b.WordBytes = 8
	}
	b.ControlWide = b.Tagged && slots > narrowTags
	controlBytes := uintptr(4)
	if b.ControlWide {
		controlBytes = 8
	}
	b.ControlAt = alignUp(slots*b.WordBytes, controlBytes)
	b.KeyAt = alignUp(b.ControlAt+controlBytes, alignOf(b.KeyBytes))
	b.ValueAt = alignUp(b.KeyAt+slots*b.KeyBytes, alignOf(b.ValueBytes))
	b.Bytes = alignUp(b.ValueAt+slots*b.ValueBytes, LineBytes)
	if b.ValueBytes == 0 {
		b.ValueAt = 0 // not behind the last key, which may be the end of the slab
	}
	return b
}

func alignOf(packed uintptr) uintptr {
	if packed <= 4 {
		return 4
	}
	return WordBytes
}

func alignUp(n, to uintptr) uintptr { return (n + to - 1) &^ (to - 1) }

// The bucket of the commonest shape, a key of 5 to 8 bytes and a value of 5 to 8 bytes, as
// constants for the routines that know no other. Its one line holds three slots.
const (
	WordSlots     = 3
	WordControlAt = 12
	WordKeysAt    = 16
	WordValuesAt  = 40
)

// IsWord says whether b has the shape of the constants above.
func (b Bucket) IsWord() bool { return b == wordBucket }

var wordBucket = Bucket{
	Bytes:      LineBytes,
	Slots:      WordSlots,
	WordBytes:  4,
	ControlAt:  WordControlAt,
	KeyAt:      WordKeysAt,
	KeyBytes:   WordBytes,
	ValueAt:    WordValuesAt,
	ValueBytes: WordBytes,
}

// How the bits of a hash are used. The upper ones choose the bucket: the product of the hash
// and the number of buckets, shifted right by 64 bits.

// ClassBit returns the overflow bit of the class of hash h.
func ClassBit(h uint64) uint64 { return 1 << (uint32(uint16(h>>ClassShift)) * Classes >> 16) }

// ClassShift is where the sixteen bits that choose a class begin.
const ClassShift = 16

// HomeSlot returns the slot, of the given number, at which the scan of a bucket begins.
func HomeSlot(h uint64, slots uintptr) uintptr {
	return uintptr(uint32(uint16(h)) * uint32(slots) >> 16)
}

// PartShift is where the bits that choose a part of a counter begin.
const PartShift = 40

// Tag returns the tag of hash h, which is not 0.
func Tag(h uint64) uint64 {
	if tag := h >> 32 & 0xff; tag != 0 {
		return tag
	}
	return 1
}
