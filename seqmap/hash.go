package seqmap

import (
	"hash/maphash"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch"
	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// hashKind says how the keys of a map are hashed.
type hashKind uint8

const (
	hashWord     hashKind = iota + 1 // plain key of at most 8 bytes: one multiply-fold
	hashTwoWords                     // plain key of at most 16 bytes: two multiply-folds
	hashBytes                        // all others: maphash
	hashCustom                       // the user's function
)

// processSeed seeds maphash. The seed of a map is folded in after it.
var processSeed = maphash.MakeSeed()

// hasher hashes the keys of one map, which are in their canonical form: equal bytes, equal
// keys. It never changes and is shared by all tables of the map.
type hasher struct {
	kind    hashKind
	seed    uint64
	keySize uintptr
	canon   canon
	// custom is the user's function on the key at p.
	custom func(p unsafe.Pointer, seed uint64) uint64
}

func newHasher[K comparable](seed uint64, custom func(K, uint64) uint64) hasher {
	h := hasher{seed: seed, keySize: unsafe.Sizeof(*new(K)), canon: canonOf[K]()}
	switch {
	case custom != nil:
		h.kind = hashCustom
		h.custom = func(p unsafe.Pointer, seed uint64) uint64 { return custom(*(*K)(p), seed) }
	case !h.canon.trivial() || h.keySize > 2*layout.WordBytes:
		h.kind = hashBytes
	case h.keySize > layout.WordBytes:
		h.kind = hashTwoWords
	default:
		h.kind = hashWord
	}
	return h
}

// plain says whether every key is canonical, and hashed by one or two multiply-folds.
func (h *hasher) plain() bool { return h.kind == hashWord || h.kind == hashTwoWords }

// hash returns the hash of the canonical key at p, which is in whole words.
func (h *hasher) hash(p unsafe.Pointer) uint64 {
	switch h.kind {
	case hashWord:
		return h.word(keyBits(p, h.keySize))
	case hashTwoWords:
		// Safety: a key of this kind takes two words.
		w := (*[2]uint64)(p)
		return arch.HashPair(w[0], w[1], h.seed)
	case hashBytes:
		return arch.HashWord(maphash.Bytes(processSeed, unsafe.Slice((*byte)(p), h.keySize)), h.seed)
	default:
		return h.customHash(p)
	}
}

// word returns the hash of a key of kind hashWord.
func (h *hasher) word(x uint64) uint64 { return arch.HashWord(x, h.seed) }

// keyBits returns the key of at most 8 bytes at p as plain.Bits does.
func keyBits(p unsafe.Pointer, size uintptr) uint64 {
	switch {
	case size == 0:
		return 0
	case size <= 4:
		return uint64(*(*uint32)(p))
	default:
		return *(*uint64)(p)
	}
}

// customHash calls the user's function with a copy of the key, because what is passed to a
// function value is moved to the heap, and the callers' keys had better not be.
func (h *hasher) customHash(p unsafe.Pointer) uint64 {
	key := make([]uint64, layout.Words(h.keySize)+1)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&key[0])), h.keySize), unsafe.Slice((*byte)(p), h.keySize))
	return h.mix(h.custom(unsafe.Pointer(&key[0]), h.seed))
}

// mix makes a good hash of whatever the user's function returns.
func (h *hasher) mix(x uint64) uint64 { return arch.HashWord(x, h.seed) }
