package arch

import (
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/klauspost/cpuid/v2"
)

// A Level is a set of instructions that kernels are written for. Levels of one GOARCH
// contain each other in the order of levelsOf.
type Level string

const (
	LevelGeneric Level = "generic" // plain Go
	LevelSSE2    Level = "sse2"
	LevelAVX2    Level = "avx2"
	LevelAVX512  Level = "avx512"
	LevelNEON    Level = "neon"
)

// CeilingVariable is the environment variable that caps the level.
const CeilingVariable = "SEQMAP_CPU"

// levelsOf returns the levels of a GOARCH, each with the facts that it needs beyond those
// of the levels before it.
func levelsOf(goarch string) []requirement {
	generic := requirement{level: LevelGeneric}
	switch goarch {
	case "amd64":
		return []requirement{
			generic,
			{LevelSSE2, []string{"sse2"}},
			{LevelAVX2, []string{"ssse3", "sse41", "popcnt", "avx", "avx2", "bmi1", "bmi2"}},
			{LevelAVX512, []string{"avx512f", "avx512bw", "avx512dq", "avx512vl"}},
		}
	case "arm64":
		return []requirement{generic, {LevelNEON, []string{"asimd"}}}
	}
	return []requirement{generic}
}

type requirement struct {
	level Level
	facts []string
}

// A Fact is one feature of the CPU, as two detectors see it: golang.org/x/sys/cpu, which
// knows what the operating system supports and obeys GODEBUG=cpu.x=off, and cpuid, which
// knows the models. It counts only where they agree.
type Fact struct {
	Name       string
	Sys, Model bool
}

// Features is what this package found out about the machine and the build, and what it
// chose from that.
type Features struct {
	GOOS, GOARCH string
	CPU          string   // the name that the CPU gives itself, or ""
	Level        string   // the level chosen for this process
	Best         string   // the highest level that CPU and operating system support
	Ceiling      string   // SEQMAP_CPU as it was set
	Flags        []string // features of the CPU on which both detectors agree
	Build        []string // build tags that forbid assembly: purego or noasm, race, msan, asan
	Kernels      []string // the assembly kernels in use, one for each routine that has any
	Reason       string   // why Level is what it is
}

// detected is set before main begins and never changed.
var detected = machine().choose()

// Detected returns what was found out and chosen when the process began.
func Detected() Features {
	f := detected
	f.Flags, f.Build, f.Kernels = slices.Clone(f.Flags), slices.Clone(f.Build), slices.Clone(f.Kernels)
	return f
}

// input is everything that the choice of a level depends on.
type input struct {
	goos, goarch, cpu string
	facts             []Fact
	ceiling           string
	portable          string // build tag purego or noasm
	sanitizer         string // race, msan or asan
	kernels           []kernel
}

// machine returns the input of this process.
func machine() input {
	return input{
		goos: runtime.GOOS, goarch: runtime.GOARCH, cpu: cpuid.CPU.BrandName,
		facts: detectFacts(), ceiling: os.Getenv(CeilingVariable),
		portable: portableTag, sanitizer: sanitizer, kernels: kernels,
	}
}

// choose picks the highest level that the CPU supports, that the ceiling allows and that
// has a kernel in this build.
func (in input) choose() Features {
	f := Features{GOOS: in.goos, GOARCH: in.goarch, CPU: in.cpu, Ceiling: in.ceiling}
	for _, fact := range in.facts {
		if fact.Sys && fact.Model {
			f.Flags = append(f.Flags, fact.Name)
		}
	}
	for _, tag := range []string{in.portable, in.sanitizer} {
		if tag != "" {
			f.Build = append(f.Build, tag)
		}
	}
	levels := supported(in.goarch, f.Flags)
	f.Best = string(levels[len(levels)-1])
	levels, note := capped(in.goarch, levels, in.ceiling)
	level, why := in.pick(levels)
	f.Level = string(level)
	f.Kernels = in.best(level, f.Flags)
	f.Reason = strings.Join(slices.DeleteFunc([]string{why, note}, func(s string) bool { return s == "" }), "; ")
	return f
}

// supported returns the levels of a GOARCH whose facts, and those of the levels below, are
// all among flags. The first is LevelGeneric.
func supported(goarch string, flags []string) (levels []Level) {
	for _, r := range levelsOf(goarch) {
		for _, fact := range r.facts {
			if !slices.Contains(flags, fact) {
				return levels
			}
		}
		levels = append(levels, r.level)
	}
	return levels
}

// capped returns the levels up to the ceiling, and what there is to say about it. A ceiling
// that is not a level of the GOARCH is ignored.
func capped(goarch string, levels []Level, ceiling string) (_ []Level, note string) {
	if ceiling == "" {
		return levels, ""
	}
	of := levelsOf(goarch)
	i := slices.IndexFunc(of, func(r requirement) bool { return string(r.level) == ceiling })
	if i < 0 {
		return levels, CeilingVariable + "=" + ceiling + " is ignored: it is no level of " + goarch
	}
	if i+1 >= len(levels) {
		return levels, CeilingVariable + "=" + ceiling + " changes nothing: it is a ceiling"
	}
	return levels[:i+1], CeilingVariable + "=" + ceiling + " is the ceiling"
}

// pick returns the highest of the levels that the build has a kernel for, and says why.
func (in input) pick(levels []Level) (Level, string) {
	switch {
	case in.portable != "":
		return LevelGeneric, "the build tag " + in.portable + " asks for plain Go"
	case in.sanitizer != "":
		return LevelGeneric, "the build is instrumented with -" + in.sanitizer
	case len(in.kernels) == 0:
		return LevelGeneric, "this build contains no assembly kernels"
	}
	for i := len(levels) - 1; i > 0; i-- {
		if slices.ContainsFunc(in.kernels, func(k kernel) bool { return k.level == levels[i] }) {
			return levels[i], "the CPU and the operating system support " + string(levels[i])
		}
	}
	return LevelGeneric, "no assembly kernel fits the CPU and the ceiling"
}
