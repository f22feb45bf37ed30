package arch

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestRequired fails if what SEQMAP_REQUIRE promises is not there. Among its words can be a level
// of this GOARCH, which must be the one in use, and features of the CPU. So a run on a CPU that is
// said to have the kernels cannot pass by testing none of them. The log says what is covered.
func TestRequired(t *testing.T) {
	f := Detected()
	t.Logf("%s %s, level %s: %s", f.GOARCH, f.CPU, f.Level, f.Reason)
	t.Logf("kernels: %s", strings.Join(f.Kernels, " "))
	t.Logf("AVX-512: %s", coverageOf(LevelAVX512))
	for _, want := range strings.Fields(os.Getenv("SEQMAP_REQUIRE")) {
		level := slices.ContainsFunc(levelsOf(runtime.GOARCH), func(r requirement) bool { return string(r.level) == want })
		known := slices.ContainsFunc(detectFacts(), func(fact Fact) bool { return fact.Name == want })
		switch {
		case level && f.Level != want:
			t.Errorf("SEQMAP_REQUIRE asks for level %s, but %s is in use: %s", want, f.Level, f.Reason)
		case !level && known && !slices.Contains(f.Flags, want):
			t.Errorf("SEQMAP_REQUIRE asks for %s, which this CPU does not have: %q", want, f.Flags)
		}
	}
}

// coverageOf says whether the CPU has a level, whatever SEQMAP_CPU says, and whether a kernel of this
// build uses it: only where both are so does a run cover such a kernel.
func coverageOf(level Level) string {
	host, use := "the host has it not", "no kernel uses it"
	if slices.Contains(supported(runtime.GOARCH, detected.Flags), level) {
		host = "the host has it"
	}
	if slices.ContainsFunc(kernels, func(k kernel) bool { return k.level == level }) {
		use = "kernels use it"
	}
	return host + "; " + use
}

// TestEveryKernelIsTested checks that each kernel in use is among the implementations that
// the other tests run.
func TestEveryKernelIsTested(t *testing.T) {
	tested := testedKernels()
	for _, k := range Detected().Kernels {
		if !slices.Contains(tested, k) {
			t.Errorf("no test runs %s", k)
		}
	}
}

// testedKernels returns the names of the kernels that the other tests run.
func testedKernels() (names []string) {
	names = appendNames(names, "commitCell", commitCells)
	names = appendNames(names, "storeCell", storeCells)
	names = appendNames(names, "loadCell", loadCells)
	names = appendNames(names, "swapLine", swapLines)
	names = appendNames(names, "addLine", addLines)
	names = appendNames(names, "prefetch", prefetches)
	for _, size := range []string{"Half", "Word", "Pair"} {
		names = appendNames(names, "get"+size, gets)
		names = appendNames(names, "find"+size, finds)
		names = appendNames(names, "swap"+size, swaps)
		names = appendNames(names, "add"+size, adds)
	}
	for _, routine := range []string{"getBatchHalf", "getBatchWord", "getBatchPair", "getBatchLine"} {
		names = appendNames(names, routine, getBatches)
	}
	for suffix := range slotRoutines {
		names = append(names, "claimSlot"+suffix, "writeSlot"+suffix)
	}
	return names
}

func appendNames[F any](names []string, routine string, all []implementation[F]) []string {
	for _, impl := range all {
		names = append(names, routine+impl.name)
	}
	return names
}
