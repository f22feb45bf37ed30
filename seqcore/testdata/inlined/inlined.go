// Package inlined uses cells as a program does that imports nothing else of this module.
package inlined

import "github.com/seqmap/seqmap-go/seqcore"

// Load must be one atomic load in line.
func Load(c *seqcore.Cell[uint64]) uint64 { return c.Load() }

// Flag must be too.
func Flag(c *seqcore.Cell[bool]) bool { return c.Load() }

// Wide must not make anything escape.
func Wide(c *seqcore.Cell[[8]uint64]) [8]uint64 {
	v := c.Load()
	c.Store(v)
	c.Swap(v)
	c.CompareAndSwap(v, v)
	c.Update(func(v [8]uint64) [8]uint64 { v[0]++; return v })
	v, version := c.LoadVersion()
	c.StoreIf(version, v)
	v, _ = c.TryLoad()
	return v
}
