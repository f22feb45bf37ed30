package arch

import (
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// facts returns what a CPU with the named features tells both detectors.
func facts(names ...string) (fs []Fact) {
	for _, n := range names {
		fs = append(fs, Fact{n, true, true})
	}
	return fs
}

var (
	sse2   = []string{"sse2"}
	avx2   = []string{"sse2", "ssse3", "sse41", "popcnt", "avx", "avx2", "bmi1", "bmi2"}
	avx512 = append(slices.Clone(avx2), "avx512f", "avx512bw", "avx512dq", "avx512vl")
)

func TestChoose(t *testing.T) {
	at := func(levels ...Level) (ks []kernel) {
		for _, l := range levels {
			ks = append(ks, kernel{routine: "copy", suffix: string(l), level: l})
		}
		return ks
	}
	kernels := at(LevelSSE2, LevelAVX2, LevelAVX512)
	for _, test := range []struct {
		name                string
		in                  input
		level, best, reason string
	}{
		{"no kernels", input{goarch: "amd64", facts: facts(avx512...)}, "generic", "avx512", "this build contains no assembly kernels"},
		{"best", input{goarch: "amd64", facts: facts(avx512...), kernels: kernels}, "avx512", "avx512", "support avx512"},
		{"no kernel at the best", input{goarch: "amd64", facts: facts(avx512...), kernels: kernels[:2]}, "avx2", "avx512", "support avx2"},
		{"old CPU", input{goarch: "amd64", facts: facts(sse2...), kernels: kernels}, "sse2", "sse2", "support sse2"},
		{"a hole below", input{goarch: "amd64", facts: facts(append(avx512[8:], sse2...)...), kernels: kernels}, "sse2", "sse2", "support sse2"},
		{"nothing", input{goarch: "amd64", kernels: kernels}, "generic", "generic", "no assembly kernel fits"},
		{"ceiling", input{goarch: "amd64", facts: facts(avx512...), ceiling: "avx2", kernels: kernels}, "avx2", "avx512", "support avx2; SEQMAP_CPU=avx2 is the ceiling"},
		{"ceiling generic", input{goarch: "amd64", facts: facts(avx512...), ceiling: "generic", kernels: kernels}, "generic", "avx512", "fits the CPU and the ceiling; SEQMAP_CPU=generic is the ceiling"},
		{"ceiling above", input{goarch: "amd64", facts: facts(sse2...), ceiling: "avx512", kernels: kernels}, "sse2", "sse2", "SEQMAP_CPU=avx512 changes nothing"},
		{"unknown ceiling", input{goarch: "amd64", facts: facts(avx2...), ceiling: "AVX2", kernels: kernels}, "avx2", "avx2", "SEQMAP_CPU=AVX2 is ignored"},
		{"foreign ceiling", input{goarch: "arm64", facts: facts("asimd"), ceiling: "avx2", kernels: at(LevelNEON)}, "neon", "neon", "SEQMAP_CPU=avx2 is ignored: it is no level of arm64"},
		{"neon", input{goarch: "arm64", facts: facts("asimd", "lse"), kernels: at(LevelNEON)}, "neon", "neon", "support neon"},
		{"other GOARCH", input{goarch: "riscv64", facts: facts(avx512...), kernels: kernels}, "generic", "generic", "no assembly kernel fits"},
		{"386", input{goarch: "386", facts: facts(avx512...), kernels: kernels}, "generic", "generic", "no assembly kernel fits"},
		{"purego", input{goarch: "amd64", facts: facts(avx512...), portable: "purego", kernels: kernels}, "generic", "avx512", "the build tag purego"},
		{"race", input{goarch: "amd64", facts: facts(avx512...), sanitizer: "race", kernels: kernels}, "generic", "avx512", "instrumented with -race"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := test.in.choose()
			if f.Level != test.level || f.Best != test.best || !strings.Contains(f.Reason, test.reason) {
				t.Errorf("level %s, best %s, reason %q; want %s, %s, %q", f.Level, f.Best, f.Reason, test.level, test.best, test.reason)
			}
			var build []string
			for _, tag := range []string{test.in.portable, test.in.sanitizer} {
				if tag != "" {
					build = append(build, tag)
				}
			}
			if !reflect.DeepEqual(f.Build, build) || f.Ceiling != test.in.ceiling {
				t.Errorf("build %q, ceiling %q", f.Build, f.Ceiling)
			}
		})
	}
}

// TestDetectorsMustAgree checks that a feature counts only if both detectors see it.
func TestDetectorsMustAgree(t *testing.T) {
	f := input{goarch: "amd64", facts: []Fact{{"sse2", true, true}, {"avx", true, false}, {"avx2", false, true}, {"bmi1", false, false}}}.choose()
	if !slices.Equal(f.Flags, []string{"sse2"}) {
		t.Errorf("flags %q", f.Flags)
	}
}

// TestFactsAreKnown checks that every feature that a level needs is one that is detected.
func TestFactsAreKnown(t *testing.T) {
	var known []string
	for _, f := range detectFacts() {
		known = append(known, f.Name)
	}
	for _, r := range levelsOf(runtime.GOARCH) {
		for _, f := range r.facts {
			if !slices.Contains(known, f) {
				t.Errorf("level %s needs %s, which is never detected", r.level, f)
			}
		}
	}
	// These two are part of the GOARCH, so the detectors have to see them. In a noasm
	// build cpuid has no assembly to look with.
	must := map[string]string{"amd64": "sse2", "arm64": "asimd"}[runtime.GOARCH]
	if must != "" && portableTag != "noasm" && !slices.Contains(Detected().Flags, must) {
		t.Errorf("%s is not among the flags %q", must, Detected().Flags)
	}
}

// TestEnvironment runs this test again in processes with SEQMAP_CPU and GODEBUG set.
func TestEnvironment(t *testing.T) {
	if want, child := os.LookupEnv("SEQMAP_TEST_CHILD"); child {
		f := Detected()
		t.Logf("%+v", f)
		if !strings.Contains(f.Reason, want) || want != "" && f.Ceiling != os.Getenv(CeilingVariable) {
			t.Errorf("reason %q, want %q in it", f.Reason, want)
		}
		if os.Getenv("GODEBUG") == "cpu.avx2=off" && slices.Contains(f.Flags, "avx2") {
			t.Error("avx2 counts, though GODEBUG turned it off")
		}
		return
	}
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		t.Skip("this GOOS starts no processes")
	}
	for _, test := range [][]string{
		{"SEQMAP_TEST_CHILD=SEQMAP_CPU=pentium is ignored", "SEQMAP_CPU=pentium"},
		{"SEQMAP_TEST_CHILD=SEQMAP_CPU=generic ", "SEQMAP_CPU=generic"},
		{"SEQMAP_TEST_CHILD=", "GODEBUG=cpu.avx2=off"},
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestEnvironment$", "-test.v")
		cmd.Env = append(os.Environ(), test...)
		out, err := cmd.CombinedOutput()
		if err != nil && strings.Contains(err.Error(), "exec format error") {
			t.Skip("this process runs in an emulator that starts no other")
		}
		if err != nil || !strings.Contains(string(out), "PASS: TestEnvironment") {
			t.Errorf("%q: %v\n%s", test, err, out)
		}
	}
}
