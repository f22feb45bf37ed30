package layout

// The multipliers of the hashes of plain keys, see arch.HashWord and arch.HashPair. They are
// odd numbers with no pattern in their bits, so that every bit of a key reaches the upper
// bits of the product.
const (
	FoldBy     = 0x9e3779b97f4a7c15
	FoldByMore = 0xbb67ae8584caa73b
)

// The lookup of many keys in one call, see arch.Batch.
const (
	// MaxProbe is how many buckets a lookup of one key visits before it leaves the rest to the
	// plain routine.
	MaxProbe = 16
	// BatchWalks is how often a lookup of many keys goes on to a next bucket, for all of them
	// together, before it leaves the keys that are not in their first bucket to the plain
	// routine. On average about half of it is needed where a table with buckets of two slots is at
	// its fullest, with 4/5 of its slots used, and less in all others. Keys for which nothing is
	// left are looked up more slowly, not wrongly.
	BatchWalks = 256
	// BatchKeys is how many keys one call takes at most: the position of each fits a byte,
	// and the goroutine scheduler, which cannot stop a kernel, does not wait long.
	BatchKeys = 128
	// BatchRing is how many keys ahead of the lookup the buckets are asked for, a power of two.
	BatchRing = 32
	// BatchLines is how many lines a bucket has at most in a lookup by a kernel, and how many a
	// prefetch asks for at most.
	BatchLines = 3
	// BatchValueBytes is the size of the largest value that the kernels copy: as much as four
	// vector registers of 16 bytes hold.
	BatchValueBytes = 64
)

// Where the fields of an arch.Table and of an arch.Batch, which begins with one, stand, for the
// kernels, on a platform with 64-bit pointers. Package arch does not compile if they stand
// elsewhere.
const (
	TableBaseAt       = 0
	TableBucketsAt    = 8
	TableSeedAt       = 16
	TableSlotsAt      = 24
	TableBytesAt      = 32
	TableWordBytesAt  = 40
	TableControlAtAt  = 48
	TableKeyAtAt      = 56
	TableValueAtAt    = 64
	TableValueBytesAt = 72

	BatchOddAt  = 96
	BatchRingAt = BatchOddAt + BatchKeys // behind a byte for each key
)

// HasKernels says whether the kernels that look for a key know the given sizes: keys of 4,
// 8 or 16 bytes, values of 0, 4 or up to BatchValueBytes in whole words.
func HasKernels(keySize, valueSize uintptr) bool {
	switch keySize {
	case 4, WordBytes, 2 * WordBytes:
		return valueSize == Packed(valueSize) && valueSize <= BatchValueBytes
	}
	return false
}
