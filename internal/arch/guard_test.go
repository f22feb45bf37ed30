//go:build linux && (amd64 || arm64)

package arch

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// guarded returns the bytes of some pages between two that cannot be touched: who reads or
// writes a byte beyond either end ends the process.
func guarded(t *testing.T, bytes int) []byte {
	t.Helper()
	page := unix.Getpagesize()
	inner := (bytes + page - 1) / page * page
	m, err := unix.Mmap(-1, 0, inner+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Munmap(m); err != nil {
			t.Error(err)
		}
	})
	for _, guard := range [][]byte{m[:page], m[page+inner:]} {
		if err := unix.Mprotect(guard, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return m[page : page+inner]
}

// TestCommitCellGuardPages writes cells that begin or end at a page that cannot be touched,
// from values that do, at every offset.
func TestCommitCellGuardPages(t *testing.T) {
	cells, values := guarded(t, 8*(maxWords+1)), guarded(t, 8*maxWords)
	for _, impl := range commitCells {
		for n := range maxWords + 1 {
			size := 8 * (n + 1)
			for _, at := range []int{0, 8, len(cells) - size - 8, len(cells) - size} {
				for offset := range 17 {
					commitGuarded(t, impl, cells[at:at+size], values[offset:offset+8*n])
					end := len(values) - offset
					commitGuarded(t, impl, cells[at:at+size], values[end-8*n:end])
				}
			}
		}
	}
}

func commitGuarded(t *testing.T, impl implementation[commitCellFunc], cell, value []byte) {
	clear(cell)
	cell[0] = layout.Live
	for i := range value {
		value[i] = byte(i) + 1
	}
	p, src := unsafe.Pointer(unsafe.SliceData(cell)), unsafe.Pointer(unsafe.SliceData(value))
	if !impl.f(p, src, uintptr(len(value)/8), layout.Live, layout.Version|layout.Live) {
		t.Fatalf("%s: %d bytes: the word seen was not replaced", impl.name, len(value))
	}
	if string(cell[8:]) != string(value) || *(*uint64)(p) != layout.Version|layout.Live {
		t.Fatalf("%s: %d bytes: got %x", impl.name, len(value), cell)
	}
}

// TestStoreCellGuardPages is the same for the routine that does not look at a word seen.
func TestStoreCellGuardPages(t *testing.T) {
	cells, values := guarded(t, 8*(maxWords+1)), guarded(t, 8*maxWords)
	for _, impl := range storeCells {
		for n := 1; n <= maxWords; n++ {
			size := 8 * (n + 1)
			for _, at := range []int{0, 8, len(cells) - size - 8, len(cells) - size} {
				for offset := range 17 {
					storeGuarded(t, impl, cells[at:at+size], values[offset:offset+8*n])
					end := len(values) - offset
					storeGuarded(t, impl, cells[at:at+size], values[end-8*n:end])
				}
			}
		}
	}
}

func storeGuarded(t *testing.T, impl implementation[storeCellFunc], cell, value []byte) {
	const version = 1<<60 + 3
	for i := range cell {
		cell[i] = 0xa5
	}
	for i := range value {
		value[i] = byte(i) + 1
	}
	p, src := unsafe.Pointer(unsafe.SliceData(cell)), unsafe.Pointer(unsafe.SliceData(value))
	Store64(p, version*layout.Version|layout.Live)
	impl.f(p, src, uintptr(len(value)/8))
	if word := Load64(p); string(cell[8:]) != string(value) || word != (version+1)*layout.Version|layout.Live {
		t.Fatalf("%s: %d bytes: got %x and the word %#x", impl.name, len(value), cell[8:], word)
	}
}

// TestLoadCellGuardPages reads cells that begin or end at a page that cannot be touched, to
// memory that does, at every offset.
func TestLoadCellGuardPages(t *testing.T) {
	cells, values := guarded(t, 8*(maxWords+1)), guarded(t, 8*maxWords)
	for i := range cells {
		cells[i] = byte(i)
	}
	for _, impl := range loadCells {
		for n := range maxWords + 1 {
			size := 8 * (n + 1)
			for _, at := range []int{0, 8, len(cells) - size - 8, len(cells) - size} {
				cell := cells[at : at+size]
				*(*uint64)(unsafe.Pointer(unsafe.SliceData(cell))) = layout.Live
				for offset := range 17 {
					loadGuarded(t, impl, cell, values[offset:offset+8*n])
					end := len(values) - offset
					loadGuarded(t, impl, cell, values[end-8*n:end])
				}
			}
		}
	}
}

func loadGuarded(t *testing.T, impl implementation[loadCellFunc], cell, value []byte) {
	clear(value)
	p, dst := unsafe.Pointer(unsafe.SliceData(cell)), unsafe.Pointer(unsafe.SliceData(value))
	if word := impl.f(p, dst, uintptr(len(value)/8)); word != layout.Live || string(value) != string(cell[8:]) {
		t.Fatalf("%s: %d bytes: got %x and the word %#x", impl.name, len(value), value, word)
	}
}

// TestGetBatchGuardPages looks keys up in a table that begins or ends at a page that cannot be
// touched, with operands that begin or end at one, at every offset.
func TestGetBatchGuardPages(t *testing.T) {
	const most = 70
	r := rand.New(rand.NewPCG(5, 6))
	page := guarded(t, 3*layout.BatchLines*layout.LineBytes)
	keys, values, found := guarded(t, 16*most+8), guarded(t, layout.BatchValueBytes*most+8), guarded(t, most+8)
	for _, s := range batchShapes {
		geo := layout.BucketOf(s.key, s.value)
		for _, mem := range [][]byte{page[:3*geo.Bytes], page[len(page)-3*int(geo.Bytes):]} {
			table := &batchTable{s, geo, mem, 3, 7}
			for n := 1; n <= most; n += 1 + n/9 {
				for offset := -8; offset < 8; offset++ {
					at := func(m []byte, size uintptr) unsafe.Pointer {
						if offset < 0 { // from the end, at which -1 is
							return unsafe.Add(unsafe.Pointer(unsafe.SliceData(m)), len(m)+1+offset-n*int(size))
						}
						return unsafe.Pointer(&m[offset])
					}
					table.scramble(r)
					c := batchOf{table, at(keys, s.key), at(values, s.value), at(found, 1), n}
					c.setKeys(r)
					for _, impl := range getAll() {
						c.matches(t, impl)
					}
				}
			}
		}
	}
}

// TestPrefetchGuardPages asks for the buckets of a table that ends at a page that cannot be
// touched, by hashes that begin or end at one.
func TestPrefetchGuardPages(t *testing.T) {
	page, hashes := guarded(t, 8*layout.LineBytes), guarded(t, 8*70)
	for i := range hashes {
		hashes[i] = 0xff
	}
	base := unsafe.Pointer(&page[len(page)-8*layout.LineBytes])
	for _, impl := range prefetches {
		for n := 1; n <= 70; n++ {
			impl.f(base, 8, layout.LineBytes, unsafe.Pointer(&hashes[0]), uintptr(n))
			impl.f(base, 8, layout.LineBytes, unsafe.Pointer(&hashes[len(hashes)-8*n]), uintptr(n))
		}
	}
}
