package seqarray

import "github.com/seqmap/seqmap-go/internal/arch/testutil"

// The helpers of testutil, by short names.

var (
	count     = testutil.Count
	together  = testutil.Together
	mustPanic = testutil.MustPanic
)

func pattern[T any](n uint64) T    { return testutil.Pattern[T](n) }
func seed[T any](v T) uint64       { return testutil.Seed(v) }
func whole[T comparable](v T) bool { return testutil.Whole(v) }
func bytesOf[T any](v *T) []byte   { return testutil.Bytes(v) }
