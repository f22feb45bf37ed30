package paths

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seqmap/seqmap-go/bench/internal/quick"
	"github.com/seqmap/seqmap-go/bench/paired"
)

// testMost is the size of the largest map in these tests.
const testMost = 300

// TestMain lets the test binary be the child of the tests: one that does what it must with the
// argument "serve", or fails in the way that the argument says.
func TestMain(m *testing.M) {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case "serve":
		if err := Serve(os.Stdin, os.Stdout, testMost); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "die":
		fmt.Fprintln(os.Stderr, "something broke")
		os.Exit(3)
	case "die-later":
		fmt.Println(`{"Features":{}}`)
		fmt.Println(`{"Bytes":0}`)
		os.Stdin.Read(make([]byte, 1))
		panic("no more")
	case "die-at-the-end":
		_ = Serve(os.Stdin, os.Stdout, testMost)
		os.Exit(4)
	case "chat":
		fmt.Println("hello, world")
		time.Sleep(time.Hour)
	case "other-words":
		fmt.Println(`{"Level":"generic"}`)
	case "no-features":
		fmt.Println(`{}`)
		time.Sleep(time.Hour)
	case "no-time":
		fmt.Println(`{"Features":{}}`)
		fmt.Println(`{"Bytes":0}`)
		fmt.Println(`{"Nanos":-1}`)
		time.Sleep(time.Hour)
	case "silent":
		time.Sleep(time.Hour)
	}
}

// as returns the command of a child that behaves in that way.
func as(t *testing.T, way string) func() *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return func() *exec.Cmd { return exec.Command(program, way) }
}

func TestRun(t *testing.T) {
	opts := Options{
		Levels: []string{"generic", LevelDefault, "generic"}, Rounds: 3, Sittings: 2, Most: testMost,
		Lookups: true, Command: as(t, "serve"), Match: regexp.MustCompile("^Cell (8|64) B|SeqVec|^SeqMap (8:8|16:16)"),
	}
	if quick.Mode() {
		opts.Rounds, opts.Sittings, opts.Levels = 1, 1, opts.Levels[:2]
		opts.Match = regexp.MustCompile("^Cell 8 B|^SeqMap 8:8.*(Get hit|growing)")
	}
	steps := 0
	opts.Watch = func(string) { steps++ }
	result, err := Run(opts)
	if err != nil {
		t.Fatal(err)
	}
	if steps == 0 {
		t.Error("Watch was not called")
	}
	for i, l := range result.Levels {
		if l.Asked != opts.Levels[i] || l.Asked == "generic" && (l.Features.Level != "generic" || len(l.Features.Kernels) > 0) {
			t.Errorf("level %d, asked for as %s, is %v", i, l.Asked, l.Features)
		}
	}
	checkRows(t, result.Rows, opts)
	checkLookups(t, result.Lookups, opts)
}

func checkRows(t *testing.T, rows []Row, opts Options) {
	t.Helper()
	var want, got []string
	for _, name := range Names(opts.Most) {
		if opts.Match == nil || opts.Match.MatchString(name) {
			want = append(want, name)
		}
	}
	for _, r := range rows {
		got = append(got, r.Name)
		if len(r.Samples) != len(opts.Levels) || r.Must < neverSlower {
			t.Errorf("%s: %d samples, must %v", r.Name, len(r.Samples), r.Must)
		}
		for i, s := range r.Samples {
			checkSample(t, r.Name, s, opts)
			f := r.Faster(i)
			if f.Least <= 0 || f.Median <= 0 || f.Round <= 0 || i == 0 && f != (Ratio{1, 1, 1}) {
				t.Errorf("%s, level %d: %+v", r.Name, i, f)
			}
			if grows := strings.HasSuffix(r.Name, "growing"); grows != (s.Bytes > 8) {
				t.Errorf("%s allocates %v bytes", r.Name, s.Bytes)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
}

func checkLookups(t *testing.T, tables []LookupTable, opts Options) {
	t.Helper()
	if len(tables) != 1 || tables[0].Entries != testMost {
		t.Fatalf("%d lookup tables: %+v", len(tables), tables)
	}
	table := tables[0]
	if best := table.Best(); best < 2 || best >= len(table.Names) {
		t.Errorf("the best map is %d of %q", best, table.Names)
	}
	for i, s := range table.Samples {
		checkSample(t, table.Names[i], s, opts)
		if f := table.Faster(i); f.Least != s.Min()/table.Samples[0].Min() {
			t.Errorf("%s: %+v", table.Names[i], f)
		}
	}
}

func checkSample(t *testing.T, name string, s paired.Sample, opts Options) {
	t.Helper()
	if len(s.Nanos) < opts.Sittings || s.Min() <= 0 || s.Median() < s.Min() {
		t.Errorf("%s: %+v", name, s)
	}
}

func TestRunOfNoCase(t *testing.T) {
	result, err := Run(Options{
		Levels: []string{LevelDefault}, Rounds: 1, Sittings: 1, Most: 1,
		Match: regexp.MustCompile("no such case"), Command: as(t, "serve"),
	})
	if err != nil || len(result.Rows) > 0 || len(result.Lookups) > 0 || len(result.Levels) != 1 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestChildThatFails(t *testing.T) {
	for _, tc := range []struct {
		way      string
		patience time.Duration
		want     []string
	}{
		{"die", 0, []string{"the child for the level sse2: it ended before it was told to (exit status 3)", "it wrote: something broke"}},
		{"die-later", 0, []string{"exit status 2", "it wrote: panic: no more"}},
		{"die-at-the-end", 0, []string{"exit status 4"}},
		{"chat", 0, []string{"level sse2: not an answer: invalid character 'h'"}},
		{"other-words", 0, []string{`not an answer: json: unknown field "Level"`}},
		{"no-features", 0, []string{"not an answer: it does not say what it is"}},
		{"no-time", 0, []string{"not an answer: Cell 8 B Store takes -1 ns"}},
		{"silent", time.Second / 4, []string{"no answer for 250ms"}},
	} {
		_, err := Run(Options{
			Levels: []string{"sse2"}, Rounds: 2, Sittings: 1, Most: testMost, Patience: tc.patience,
			Match: regexp.MustCompile("^Cell 8 B Store"), Command: as(t, tc.way),
		})
		for _, want := range tc.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("child that is to %s: got %v, want %q", tc.way, err, want)
			}
		}
	}
	_, err := Run(Options{Levels: []string{"neon"}, Command: func() *exec.Cmd { return exec.Command("./no such program") }})
	if err == nil || !strings.Contains(err.Error(), "the child for the level neon") {
		t.Errorf("child without a program: %v", err)
	}
}

func TestWithLevel(t *testing.T) {
	environ := []string{"A=1", "SEQMAP_CPU=avx2", "SEQMAP_CPU_OTHER=2"}
	if env := withLevel(environ, LevelDefault); !slices.Equal(env, []string{"A=1", "SEQMAP_CPU_OTHER=2"}) {
		t.Errorf("default: %q", env)
	}
	if env := withLevel(environ, "sse2"); !slices.Equal(env, []string{"A=1", "SEQMAP_CPU_OTHER=2", "SEQMAP_CPU=sse2"}) {
		t.Errorf("sse2: %q", env)
	}
}

func TestHead(t *testing.T) {
	var h head
	for range 3 {
		if n, err := h.Write([]byte(strings.Repeat("x", headBytes/2+1))); n != headBytes/2+1 || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	if len(h.String()) != headBytes {
		t.Errorf("%d bytes are kept", len(h.String()))
	}
}
