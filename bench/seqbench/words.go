package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/seqmap/seqmap-go/bench/count"
	"github.com/seqmap/seqmap-go/bench/data"
	"github.com/seqmap/seqmap-go/bench/words"
)

// wordShardKeys is small enough for a few hundred shards of a book, so that no
// goroutine is left with the last one for long.
const wordShardKeys = 2048

func setupWords(fs *flag.FlagSet) action {
	var flags countFlags
	flags.declare(fs, "UTF-8 text")
	return action{
		check: flags.check,
		do:    func(out io.Writer, line *statusLine) error { return countWords(out, line, &flags) },
	}
}

func countWords(out io.Writer, line *statusLine, flags *countFlags) error {
	list, name, err := parseSource(flags, data.BibleName, data.Bible, line, words.Read)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: keys of %d bytes\n", name, words.MaxBytes)
	return counting[words.Word]{
		job:     count.OfSlice(list, wordShardKeys),
		compare: words.Compare,
		text:    words.Word.String,
		noun:    "words",
	}.run(out, line, flags)
}
