package seqarray

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// pattern returns a T whose every byte depends on n: the bytes of n again and again. A
// mix of two patterns is no pattern, unless T is too small to tell.
func pattern[T any](n uint64) (v T) {
	b := bytesOf(&v)
	for i := range b {
		b[i] = byte(n >> (i % 8 * 8))
	}
	return v
}

// seed returns an n for which v is the pattern of n, if there is one.
func seed[T any](v T) (n uint64) {
	for i, b := range bytesOf(&v) {
		if i == 8 {
			break
		}
		n |= uint64(b) << (i * 8)
	}
	return n
}

// whole says whether v is a pattern.
func whole[T comparable](v T) bool { return v == pattern[T](seed(v)) }

func bytesOf[T any](v *T) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)) }

// count shrinks the size of a test in short mode.
func count(n int) int {
	if testing.Short() {
		return n/10 + 1
	}
	return n
}

// together runs n functions at the same time, one goroutine each, and waits for them.
func together(n int, f func(g int)) {
	var ready, finished sync.WaitGroup
	ready.Add(n)
	for g := range n {
		finished.Add(1)
		go func() {
			defer finished.Done()
			ready.Done()
			ready.Wait()
			f(g)
		}()
	}
	finished.Wait()
}

// mustPanic runs f and fails unless it panics with a text that has all of the parts.
func mustPanic(t *testing.T, f func(), parts ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		r := recover()
		if r == nil {
			t.Errorf("no panic; want one with %q", parts)
			return
		}
		for _, part := range parts {
			if text := fmt.Sprint(r); !strings.Contains(text, part) {
				t.Errorf("panic %q: want %q in it", text, part)
			}
		}
	}()
	f()
}
