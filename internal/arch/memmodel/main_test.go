package memmodel

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets garbage pile up: the explorer makes much of it and keeps little.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1000)
	os.Exit(m.Run())
}
