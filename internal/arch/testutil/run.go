package testutil

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// Count shrinks the size of a test in short mode.
func Count(n int) int {
	if testing.Short() {
		return n/10 + 1
	}
	return n
}

// Together runs f n times at the same time, in one goroutine each, with the numbers from 0, and
// waits for all of them.
func Together(n int, f func(g int)) {
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

// MustPanic runs f and fails the test unless it panics with a text that has all of the parts.
func MustPanic(t testing.TB, f func(), parts ...string) {
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

// Choices returns a function that makes choices from 0 to n-1 of the bytes of a stream, one byte
// each, and always the first when there are no more.
func Choices(stream []byte) (next func(n int) int) {
	return func(n int) int {
		if len(stream) == 0 {
			return 0
		}
		x := stream[0]
		stream = stream[1:]
		return int(x) % n
	}
}
