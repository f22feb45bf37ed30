package layout

// FoldBy is the multiplier of the hash of a key of one word, see arch.HashWord. It is an odd
// number with no pattern in its bits, so that every bit of a key reaches the upper bits of
// the product.
const FoldBy = 0x9e3779b97f4a7c15

// The batch lookup of words, see arch.Batch.
const (
	// MaxProbe is how many buckets a lookup of a word visits before it leaves the rest to the
	// plain routine.
	MaxProbe = 16
	// BatchKeys is how many keys one call takes at most: the position of each fits a byte,
	// and the goroutine scheduler, which cannot stop a kernel, does not wait long.
	BatchKeys = 256
	// BatchAhead is how many keys ahead of the lookup the lines are asked for.
	BatchAhead = 24
	// BatchRing is how many keys can be between the two, a power of two.
	BatchRing = 32
	// BatchRingAt is where the ring stands in a Batch: behind a byte for each key.
	BatchRingAt = BatchKeys
)
