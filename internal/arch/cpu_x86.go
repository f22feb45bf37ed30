//go:build amd64 || 386

package arch

import (
	"github.com/klauspost/cpuid/v2"
	"golang.org/x/sys/cpu"
)

// detectFacts returns what this CPU can do and the operating system lets it do, in the
// order in which Features lists it.
func detectFacts() []Fact {
	x, c := &cpu.X86, &cpuid.CPU
	return []Fact{
		{"sse2", x.HasSSE2, c.Supports(cpuid.SSE2)},
		{"ssse3", x.HasSSSE3, c.Supports(cpuid.SSSE3)},
		{"sse41", x.HasSSE41, c.Supports(cpuid.SSE4)},
		{"popcnt", x.HasPOPCNT, c.Supports(cpuid.POPCNT)},
		{"avx", x.HasAVX, c.Supports(cpuid.AVX)},
		{"avx2", x.HasAVX2, c.Supports(cpuid.AVX2)},
		{"bmi1", x.HasBMI1, c.Supports(cpuid.BMI1)},
		{"bmi2", x.HasBMI2, c.Supports(cpuid.BMI2)},
		{"avx512f", x.HasAVX512F, c.Supports(cpuid.AVX512F)},
		{"avx512bw", x.HasAVX512BW, c.Supports(cpuid.AVX512BW)},
		{"avx512dq", x.HasAVX512DQ, c.Supports(cpuid.AVX512DQ)},
		{"avx512vl", x.HasAVX512VL, c.Supports(cpuid.AVX512VL)},
	}
}
