package arch

import (
	"github.com/klauspost/cpuid/v2"
	"golang.org/x/sys/cpu"
)

// detectFacts returns what this CPU can do and the operating system lets it do, in the
// order in which Features lists it.
func detectFacts() []Fact {
	x, c := &cpu.ARM64, &cpuid.CPU
	return []Fact{
		{"asimd", x.HasASIMD, c.Supports(cpuid.ASIMD)},
		{"lse", x.HasATOMICS, c.Supports(cpuid.ATOMICS)},
		{"lrcpc", x.HasLRCPC, c.Supports(cpuid.LRCPC)},
	}
}
