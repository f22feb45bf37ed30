//go:build !linux

package paths

// processors returns none: there is no way to choose a processor.
func processors() []int { return nil }

func pin(...int) error { return nil }
