package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/seqmap/seqmap-go/bench/paired"
	"github.com/seqmap/seqmap-go/bench/paths"
)

// levelList is a flag value: values of SEQMAP_CPU, or default, with commas between.
type levelList []string

var levelNames = []string{paths.LevelDefault, "generic", "sse2", "avx2", "avx512", "neon"}

func (l *levelList) String() string { return strings.Join(*l, ",") }

func (l *levelList) Set(text string) error {
	*l = nil
	for _, field := range strings.Split(text, ",") {
		level := strings.TrimSpace(field)
		if !slices.Contains(levelNames, level) {
			return fmt.Errorf("%q is none of the levels %s", level, strings.Join(levelNames, ", "))
		}
		*l = append(*l, level)
	}
	return nil
}

type pathsFlags struct {
	levels levelList
	rounds int
	sits   int
	most   int
	cases  string
	match  *regexp.Regexp
	rivals bool
	list   bool
	serve  bool
}

func setupPaths(fs *flag.FlagSet) action {
	flags := pathsFlags{levels: levelList{"generic", paths.LevelDefault}}
	fs.Var(&flags.levels, "levels", "`levels` to compare with the first of them, which are values of SEQMAP_CPU, or default, with commas between")
	fs.IntVar(&flags.rounds, "rounds", 50, "interleaved rounds of a sitting; the `number` of slices of a case that each level does; slow cases get fewer")
	fs.IntVar(&flags.sits, "sittings", 3, "the `number` of times that the data of a case is built anew")
	fs.IntVar(&flags.most, "most", 3_000_000, "the `number` of entries that no map has more of")
	fs.StringVar(&flags.cases, "cases", "", "only cases whose names this regular `expression` matches")
	fs.BoolVar(&flags.rivals, "rivals", true, "time GetBatch against single lookups and other maps too")
	fs.BoolVar(&flags.list, "list", false, "only list the cases")
	fs.BoolVar(&flags.serve, "serve", false, "be the child of another seqbench paths: take requests from standard input")
	return action{check: flags.check, do: flags.do}
}

func (p *pathsFlags) check() (err error) {
	if p.rounds < 1 {
		return fmt.Errorf("-rounds is %d, must be at least 1", p.rounds)
	}
	if p.sits < 1 {
		return fmt.Errorf("-sittings is %d, must be at least 1", p.sits)
	}
	if p.most < 1 {
		return fmt.Errorf("-most is %d, must be at least 1", p.most)
	}
	if p.match, err = regexp.Compile(p.cases); err != nil {
		return fmt.Errorf("-cases: %w", err)
	}
	return nil
}

func (p *pathsFlags) do(out io.Writer, line *statusLine) error {
	switch {
	case p.serve:
		return paths.Serve(os.Stdin, os.Stdout, p.most)
	case p.list:
		for _, name := range paths.Names(p.most) {
			if p.match.MatchString(name) {
				fmt.Fprintln(out, name)
			}
		}
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	result, err := paths.Run(paths.Options{
		Levels: p.levels, Rounds: p.rounds, Sittings: p.sits, Most: p.most, Match: p.match, Lookups: p.rivals, Watch: line.show,
		Command: func() *exec.Cmd { return exec.Command(program, "paths", "-serve", "-most", strconv.Itoa(p.most)) },
	})
	if err != nil {
		return err
	}
	if len(result.Rows) == 0 && len(result.Lookups) == 0 {
		return errors.New("-cases matches none, see -list")
	}
	line.clear()
	reportLevels(out, result.Levels, p.sits, p.rounds)
	reportRows(out, result)
	for _, t := range result.Lookups {
		reportLookups(out, t, result.Levels[len(result.Levels)-1])
	}
	return nil
}

func reportLevels(out io.Writer, levels []paths.Level, sittings, rounds int) {
	f := levels[0].Features
	fmt.Fprintf(out, "one build on %s/%s, %s, %s; %s of %s\n\n",
		f.GOOS, f.GOARCH, f.CPU, runtime.Version(), plural(sittings, "sitting"), plural(rounds, "interleaved round"))
	for _, l := range levels {
		kernels := "none"
		if len(l.Features.Kernels) > 0 {
			kernels = strings.Join(l.Features.Kernels, " ")
		}
		fmt.Fprintf(out, "%s: level %s (%s), kernels: %s\n", l.Asked, l.Features.Level, l.Features.Reason, kernels)
	}
	fmt.Fprint(out, "\n\"faster\" is by the least times, by the medians, and by the median of the ratios of each round.\n\n")
}

// goalArch is the architecture that the goals are for.
const goalArch = "amd64"

// reportRows writes the table of cases, and which of them fall short of their goals.
func reportRows(out io.Writer, result paths.Result) {
	if len(result.Rows) == 0 {
		return
	}
	names := []string{"ns, least / median"}
	for _, l := range result.Levels {
		names = append(names, l.Asked)
	}
	for _, l := range result.Levels[1:] {
		names = append(names, l.Asked+" is faster")
	}
	t := newTable(append(names, "must", "B/op", "allocs/op")...)
	var short []string
	for _, r := range result.Rows {
		cells := []string{r.Name}
		for _, s := range r.Samples {
			cells = append(cells, spread(s))
		}
		for level := 1; level < len(r.Samples); level++ {
			cells = append(cells, ratio(r.Faster(level)))
		}
		if last := r.Faster(len(r.Samples) - 1); min(last.Least, last.Round) < r.Must {
			short = append(short, fmt.Sprintf("  %s: %s of %.2f\n", r.Name, ratio(last), r.Must))
		}
		bytes, allocs := allocated(r.Samples)
		t.add(append(cells, fmt.Sprintf("%.2f", r.Must), bytes, allocs)...)
	}
	t.write(out)
	if runtime.GOARCH == goalArch && len(result.Levels) > 1 {
		fmt.Fprintf(out, "\nshort of what they must, by the least times or by the rounds: %s\n%s",
			plural(len(short), "case"), strings.Join(short, ""))
	}
	fmt.Fprintln(out)
}

func spread(s paired.Sample) string { return fmt.Sprintf("%.2f / %.2f", s.Min(), s.Median()) }

func ratio(r paths.Ratio) string {
	return fmt.Sprintf("%.2f / %.2f / %.2f", r.Least, r.Median, r.Round)
}

// allocated returns the most that any level allocates.
func allocated(samples []paired.Sample) (bytes, allocs string) {
	var most paired.Sample
	for _, s := range samples {
		most.Bytes, most.Allocs = max(most.Bytes, s.Bytes), max(most.Allocs, s.Allocs)
	}
	return fmt.Sprintf("%.1f", most.Bytes), fmt.Sprintf("%.2f", most.Allocs)
}

// reportLookups writes what the lookups take, and how many times as fast as the others GetBatch is.
func reportLookups(out io.Writer, t paths.LookupTable, level paths.Level) {
	fmt.Fprintf(out, "hits, uint64 to uint64, %s entries, level %s\n\n", grouped(uint64(t.Entries)), level.Features.Level)
	table := newTable("ns per key, least / median", "time", "GetBatch is faster", "must", "B/op", "allocs/op")
	for i, s := range t.Samples {
		faster, must := "", ""
		if i > 0 {
			faster = ratio(t.Faster(i))
		}
		switch i {
		case 1:
			must = fmt.Sprintf("%.2f", t.MustSingle)
		case t.Best():
			must = fmt.Sprintf("%.2f", t.MustRival)
		}
		bytes, allocs := allocated(t.Samples[i : i+1])
		table.add(t.Names[i], spread(s), faster, must, bytes, allocs)
	}
	table.write(out)
	fmt.Fprintln(out)
}
