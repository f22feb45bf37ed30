package main

import (
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/seqmap/seqmap-go/bench/paired"
	"github.com/seqmap/seqmap-go/bench/rivals"
)

// sizeList is a flag value: numbers of entries with commas between.
type sizeList []int

func (s *sizeList) String() string {
	var texts []string
	for _, n := range *s {
		texts = append(texts, strconv.Itoa(n))
	}
	return strings.Join(texts, ",")
}

func (s *sizeList) Set(text string) error {
	*s = nil
	for _, field := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return fmt.Errorf("%q is not a number of entries", field)
		}
		*s = append(*s, n)
	}
	return nil
}

type compareFlags struct {
	sizes  sizeList
	rounds int
	turn   int
	rivals bool
	seed   uint64
}

func setupCompare(fs *flag.FlagSet) action {
	flags := compareFlags{sizes: sizeList{1000, 3_000_000}}
	fs.Var(&flags.sizes, "sizes", "`numbers` of entries, with commas between")
	fs.IntVar(&flags.rounds, "rounds", 5, "interleaved rounds; the `number` of times that each map is filled")
	fs.IntVar(&flags.turn, "turn", 500_000, "`operations` that a map does before it is the next one's turn")
	fs.BoolVar(&flags.rivals, "rivals", true, "time the other maps too")
	fs.Uint64Var(&flags.seed, "seed", 1, "`seed` of the keys and their order")
	return action{check: flags.check, do: flags.do}
}

func (c *compareFlags) check() error {
	if c.rounds < 1 {
		return fmt.Errorf("-rounds is %d, must be at least 1", c.rounds)
	}
	if c.turn < 1 {
		return fmt.Errorf("-turn is %d, must be at least 1", c.turn)
	}
	return nil
}

func (c *compareFlags) do(out io.Writer, line *statusLine) error {
	list := rivals.ForOneGoroutine[uint64]()
	if !c.rivals {
		list = list[:1]
	}
	for _, size := range c.sizes {
		results, err := paired.Compare(list, paired.Options{
			Size: size, Rounds: c.rounds, Seed: c.seed, Turn: c.turn, Watch: line.show,
		})
		if err != nil {
			return err
		}
		line.clear()
		fmt.Fprintf(out, "uint64 to uint64, %s entries, one goroutine, %s\n\n", grouped(uint64(size)), plural(c.rounds, "interleaved round"))
		reportTimes(out, results)
		reportMemory(out, results)
		fmt.Fprintf(out, "%s: %d keys in a call where the map has one for many, as %s has; elsewhere one key\n\n",
			paired.GetBatch, paired.BatchKeys, rivals.NameSeqMap)
	}
	return nil
}

func header(first string, results []paired.Result) *textTable {
	names := []string{first}
	for _, r := range results {
		names = append(names, r.Name)
	}
	return newTable(names...)
}

// addOps adds a row for each operation with a cell for each map; base is the
// sample of the first map.
func addOps(t *textTable, results []paired.Result, cell func(s, base paired.Sample) string) {
	for _, op := range paired.Ops() {
		row := []string{op.String()}
		for _, r := range results {
			row = append(row, cell(r.Samples[op], results[0].Samples[op]))
		}
		t.add(row...)
	}
}

func reportTimes(out io.Writer, results []paired.Result) {
	t := header("ns, least / median", results)
	addOps(t, results, func(s, _ paired.Sample) string { return fmt.Sprintf("%.1f / %.1f", s.Min(), s.Median()) })
	t.write(out)
	fmt.Fprintln(out)

	t = header("times "+results[0].Name+"'s, least / median", results)
	addOps(t, results, func(s, base paired.Sample) string {
		return fmt.Sprintf("%.2f / %.2f", s.Min()/base.Min(), s.Median()/base.Median())
	})
	t.write(out)
	fmt.Fprintln(out)
}

func reportMemory(out io.Writer, results []paired.Result) {
	t := header("B/op, allocs/op", results)
	addOps(t, results, func(s, _ paired.Sample) string { return fmt.Sprintf("%.1f, %.2f", s.Bytes, s.Allocs) })
	row := []string{"bytes per entry"}
	for _, r := range results {
		row = append(row, fmt.Sprintf("%.1f", r.BytesPerEntry))
	}
	t.add(row...)
	t.write(out)
	fmt.Fprintln(out)
}
