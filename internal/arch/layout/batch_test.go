package layout

import "testing"

// TestHasKernels checks what the kernels of the batch lookup take for granted about the buckets of
// the keys and values that they look up.
func TestHasKernels(t *testing.T) {
	shapes := 0
	// The kernels compare all keys of a bucket at once: this is how many bytes they load from where
	// the keys begin, for each size of keys.
	loaded := map[uintptr]uintptr{4: 8 * 4, 8: 5 * 8, 16: 3 * 16}
	for keySize := range uintptr(100) {
		for valueSize := range uintptr(100) {
			if !HasKernels(keySize, valueSize) {
				continue
			}
			shapes++
			b, bytes := BucketOf(keySize, valueSize), loaded[keySize]
			if b.KeyBytes != keySize || b.ValueBytes != valueSize {
				t.Errorf("key %d, value %d: not packed: %+v", keySize, valueSize, b)
			}
			if b.Slots*keySize > bytes || b.KeyAt+bytes > b.Bytes {
				t.Errorf("key %d, value %d: %d bytes of keys are not in the bucket, or not all: %+v", keySize, valueSize, bytes, b)
			}
			if b.ControlWide || b.Bytes > BatchLines*LineBytes {
				t.Errorf("key %d, value %d: %+v", keySize, valueSize, b)
			}
			if b.WordBytes == 8 && valueSize < 16 {
				t.Errorf("key %d, value %d: too small for two vectors", keySize, valueSize)
			}
		}
	}
	if shapes != 3*10 {
		t.Errorf("%d shapes", shapes)
	}
}
