package layout

import "testing"

// part is a part of a bucket: n pieces of the given size, one after the other.
type part struct {
	name            string
	at, n, size, to uintptr // to is the alignment
}

func parts(b Bucket) []part {
	control := uintptr(4)
	if b.ControlWide {
		control = 8
	}
	return []part{
		{"words", 0, b.Slots, b.WordBytes, b.WordBytes},
		{"control", b.ControlAt, 1, control, control},
		{"keys", b.KeyAt, b.Slots, b.KeyBytes, alignOf(b.KeyBytes)},
		{"values", b.ValueAt, b.Slots, b.ValueBytes, alignOf(b.ValueBytes)},
	}
}

// checkBucket fails unless the parts of the bucket are aligned, inside, and do not overlap.
func checkBucket(t *testing.T, keySize, valueSize uintptr) {
	t.Helper()
	b := BucketOf(keySize, valueSize)
	if b.Slots < minSlots || b.Slots > maxSlots || b.Bytes%LineBytes != 0 {
		t.Errorf("key %d, value %d: %+v", keySize, valueSize, b)
	}
	end := uintptr(0)
	for _, p := range parts(b) {
		// A part of no bytes has an address too, which must not be behind the slab.
		if p.at >= b.Bytes || p.at%p.to != 0 {
			t.Errorf("key %d, value %d: %s at %d: %+v", keySize, valueSize, p.name, p.at, b)
		}
		if p.size == 0 {
			continue
		}
		if p.at < end {
			t.Errorf("key %d, value %d: %s overlap what stands before: %+v", keySize, valueSize, p.name, b)
		}
		end = p.at + p.n*p.size
	}
	if end > b.Bytes {
		t.Errorf("key %d, value %d: %d bytes of %d: %+v", keySize, valueSize, end, b.Bytes, b)
	}
	if b.KeyBytes < keySize || b.ValueBytes < valueSize {
		t.Errorf("key %d, value %d: no room: %+v", keySize, valueSize, b)
	}
	checkWords(t, keySize, valueSize, b)
}

// checkWords is about what the control word has room for, and what may tear.
func checkWords(t *testing.T, keySize, valueSize uintptr, b Bucket) {
	t.Helper()
	if wide := valueSize > WordBytes; wide != (b.WordBytes == 8) {
		t.Errorf("value %d: slot words of %d bytes", valueSize, b.WordBytes)
	}
	if b.Tagged != (keySize > WordBytes) || b.Tagged && !b.ControlWide && b.Slots > narrowTags {
		t.Errorf("key %d: %+v", keySize, b)
	}
	word := keySize > 4 && keySize <= 8 && valueSize > 4 && valueSize <= 8
	if b.IsWord() != word {
		t.Errorf("key %d, value %d: IsWord() = %v", keySize, valueSize, b.IsWord())
	}
}

func TestBucketGeometry(t *testing.T) {
	for keySize := range uintptr(301) {
		for valueSize := range uintptr(301) {
			checkBucket(t, keySize, valueSize)
		}
	}
	checkBucket(t, MaxValueBytes, MaxValueBytes)
	checkBucket(t, 0, MaxValueBytes)
	checkBucket(t, MaxValueBytes, 0)
}

func FuzzGeometry(f *testing.F) {
	f.Add(uint16(8), uint16(8))
	f.Add(uint16(16), uint16(0))
	f.Add(uint16(0), uint16(4096))
	f.Fuzz(func(t *testing.T, keySize, valueSize uint16) {
		checkBucket(t, uintptr(keySize%(MaxValueBytes+1)), uintptr(valueSize%(MaxValueBytes+1)))
	})
}

// TestHashBits: what is made of a hash is in range for every hash, and takes every value. d19
func TestHashBits(t *testing.T) {
	classes, tags, homes := map[uint64]bool{}, map[uint64]bool{}, map[uintptr]bool{}
	for i := range uint64(1 << 16) {
		for _, h := range []uint64{i << 16, i << 32, i, ^(i << 16), ^i} {
			classes[ClassBit(h)], tags[Tag(h)], homes[HomeSlot(h, maxSlots)] = true, true, true
		}
	}
	if len(classes) != Classes || classes[0] || classes[SealBit] {
		t.Errorf("class bits are %v", classes)
	}
	if len(tags) != 255 || tags[0] {
		t.Errorf("%d tags, 0 among them: %v", len(tags), tags[0])
	}
	if len(homes) != maxSlots || homes[maxSlots] {
		t.Errorf("home slots are %v", homes)
	}
}
