// Package quick says when tests should count less: with -short, and in builds
// with the race detector, which make every access many times as slow.
package quick

import "testing"

// Mode reports whether tests should use the smaller of their sizes. It must
// be called after flags are parsed, as inside a test.
func Mode() bool { return raceDetector || testing.Short() }
