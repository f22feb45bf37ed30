package seqmap

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// TestSizes: a table, which knows keys and values as so many bytes, does what a built-in map does,
// for every size of keys with every size of values in whole words up to 72 bytes, and for large
// ones: all numbers of slots, of lines, tags and none, slot words and control words of either width.
// Some slots have been moved, or are about to be.
func TestSizes(t *testing.T) {
	sizes := []uintptr{0, 4, 8, 16, 24, 32, 40, 48, 56, 64, 72}
	for _, key := range sizes {
		for _, value := range sizes {
			testSizes(t, key, value)
		}
		testSizes(t, key, layout.MaxValueBytes)
		testSizes(t, layout.MaxValueBytes, key)
	}
	testSizes(t, 256, 1024)
}

func testSizes(t *testing.T, key, value uintptr) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(key), uint64(value)))
	m := newSized(key, value, r.Uint64())
	for range count(1000) {
		n := m.keyNumber(r.Uint64N(60))
		if err := m.step(r.IntN(16), n, r.Uint64()); err != nil {
			t.Errorf("keys of %d bytes, values of %d, key number %d: %v", key, value, n, err)
			return
		}
	}
}

// TestFullTables: where no path ends, as every slot is used and every overflow bit set, an absent key is
// absent, after a walk through the whole table. d6
func TestFullTables(t *testing.T) {
	for _, size := range []uintptr{4, 8, 16, 24} {
		m := newSized(size, size, 5)
		r := m.root.Load()
		r.limit = math.MaxUint64 // so that it is not replaced in time
		slots := r.buckets * uint64(r.geo.Slots)
		for n := range slots {
			if err := m.step(0, n, n); err != nil {
				t.Error(err)
			}
		}
		for n := range r.buckets {
			for class := range layout.Classes {
				r.passOn(r.bucket(n), 1<<class)
			}
		}
		const get, remove = 15, 5
		for n := range 2 * slots {
			if err := m.step(get, n, 0); err != nil {
				t.Errorf("keys of %d bytes, number %d of %d: %v", size, n, slots, err)
			}
		}
		if err := m.step(remove, slots, 0); err != nil || m.root.Load() != r {
			t.Errorf("keys of %d bytes: %v, or another table", size, err)
		}
	}
}

// A sized is a map of keys and values of so many bytes, and what should be in it.
type sized struct {
	core
	geo  layout.Bucket
	hash hasher
	want map[uint64]uint64 // by the numbers that keys and values are made of
}

func newSized(key, value uintptr, seed uint64) *sized {
	m := &sized{geo: layout.BucketOf(key, value), want: map[uint64]uint64{}}
	m.hash = hasher{kind: hashBytes, seed: seed, keySize: key}
	switch {
	case key <= layout.WordBytes:
		m.hash.kind = hashWord
	case key <= 2*layout.WordBytes:
		m.hash.kind = hashTwoWords
	}
	m.root.Store(newTable(m.geo, m.hash, new(lineage), minBuckets))
	return m
}

// keyNumber returns n, or 0 if there is only one key.
func (m *sized) keyNumber(n uint64) uint64 {
	if m.geo.KeyBytes == 0 {
		return 0
	}
	return n
}

// wordsOf returns a key or a value of so many bytes, in whole words, that is made of n. The key made
// of 0 has the bytes of an EMPTY slot's key.
func wordsOf(n uint64, bytes uintptr) []uint64 {
	w := make([]uint64, layout.Words(bytes)+1)
	if bytes == 4 {
		*(*uint32)(unsafe.Pointer(&w[0])) = uint32(n)
		return w
	}
	for i := range bytes / layout.WordBytes {
		w[i] = n * (2*uint64(i) + 1)
	}
	return w
}

// step does one operation on key n, or on the table.
func (m *sized) step(op int, n, fresh uint64) error {
	key, value, got := wordsOf(n, m.geo.KeyBytes), wordsOf(fresh, m.geo.ValueBytes), wordsOf(0, m.geo.ValueBytes)
	h := m.hash.hash(unsafe.Pointer(&key[0]))
	want, was := m.want[n]
	switch op {
	case 0, 1, 2, 3, 4:
		ins := inserter{key: unsafe.Pointer(&key[0]), value: unsafe.Pointer(&value[0]), previous: unsafe.Pointer(&got[0]), hash: h}
		m.insert(m.loadRoot(), &ins)
		m.want[n] = fresh
		return m.same("insert", got, ins.was, want, was)
	case 5, 6, 7:
		s, ok := m.seek(m.loadRoot(), unsafe.Pointer(&key[0]), h)
		if ok && !(s.t.stable(s.b, s.i, s.w, unsafe.Pointer(&got[0])) && s.write(h, unsafe.Pointer(&got[0]), nil)) {
			return fmt.Errorf("nobody else is at work, and the removal fails")
		}
		delete(m.want, n)
		return m.same("remove", got, ok, want, was)
	case 8:
		m.replace(m.loadRoot()) // the insertions to come move it
	case 9:
		t := m.loadRoot()
		t.attachNext(fresh%40 + minBuckets)
		m.finish(t)
	case 10, 11:
		m.moveOne(fresh, op == 10)
	}
	if err := m.seekAlike(unsafe.Pointer(&key[0]), h); err != nil {
		return err
	}
	ok := m.loadRoot().get(unsafe.Pointer(&key[0]), h, unsafe.Pointer(&got[0]))
	if err := m.same("get", got, ok, want, was); err != nil || m.geo.KeyBytes > layout.WordBytes || m.geo.ValueBytes > layout.WordBytes {
		return err
	}
	word, ok := m.loadRoot().getWord(keyBits(unsafe.Pointer(&key[0]), m.geo.KeyBytes), h)
	if bits := keyBits(unsafe.Pointer(&got[0]), m.geo.ValueBytes); ok != was || ok && word != bits {
		return fmt.Errorf("getWord = %#x, %v; want %#x, %v", word, ok, bits, was)
	}
	return nil
}

// moveOne is a mover that has come to one slot of a bucket, and has copied it or is about to.
func (m *sized) moveOne(x uint64, copied bool) {
	t := m.loadRoot()
	if t.loadNext() == nil {
		return
	}
	b, i := t.bucket(x%t.buckets), uintptr(x>>32)%t.geo.Slots
	t.seal(b)
	if copied {
		t.moveSlot(b, i)
	} else if w := t.word(b, i); live(w) {
		t.casWord(b, i, w, freeze(w))
	}
}

// seekAlike says whether the two ways to find the slot of a key that is to be changed differ, in any
// of the tables.
func (m *sized) seekAlike(key unsafe.Pointer, h uint64) error {
	for t := m.loadRoot(); t != nil; t = t.loadNext() {
		s, found := t.seekFound(key, h)
		want, wantFound := t.seekHere(key, h)
		if found != wantFound || found == present && s != want {
			return fmt.Errorf("seekFound = %v, %d; seekHere = %v, %d", s, found, want, wantFound)
		}
	}
	return nil
}

// same says what is wrong with the outcome of an operation, and with the count of keys.
func (m *sized) same(op string, got []uint64, ok bool, want uint64, was bool) error {
	if ok != was || ok && !slices.Equal(got, wordsOf(want, m.geo.ValueBytes)) {
		return fmt.Errorf("%s: %#x, %v; want %#x, %v", op, got, ok, want, was)
	}
	if n := m.loadRoot().lineage.live(); n != uint64(len(m.want)) {
		return fmt.Errorf("%s: %d keys, want %d", op, n, len(m.want))
	}
	return nil
}
