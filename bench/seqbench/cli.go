package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

const usage = `usage: seqbench [command] [flags]

commands:
  kmers    count the k-mers of a genome (this is the default)
  words    count the words of a text
  compare  time single operations, map against map
  outcomes run tiny concurrent programs and look for wrong results
  torture  have many goroutines use all containers, and check what must hold
  paths    time the code paths of this build, plain Go against the CPU's own
  env      print the machine, the versions and the chosen code paths

seqbench <command> -h lists the flags of a command.
`

// command is one subcommand. Setup declares its flags and returns what is to
// be done once they are parsed.
type command struct {
	name  string
	setup func(fs *flag.FlagSet) action
}

type action struct {
	// check returns an error if a flag has a value that makes no sense.
	check func() error
	// do does the work; out is flushed after it.
	do func(out io.Writer, line *statusLine) error
}

func commands() []command {
	return []command{
		{"kmers", setupKmers},
		{"words", setupWords},
		{"compare", setupCompare},
		{"outcomes", setupOutcomes},
		{"torture", setupTorture},
		{"paths", setupPaths},
		{"env", setupEnv},
	}
}

// run is the whole program: it does what args say and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	cmd, rest, err := choose(args)
	if errors.Is(err, flag.ErrHelp) {
		return write(stdout, stderr, usage)
	}
	if err != nil {
		fmt.Fprintf(stderr, "seqbench: %v\n%s", err, usage)
		return exitUsage
	}

	fs := flag.NewFlagSet("seqbench "+cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // errors and usage are printed below
	act := cmd.setup(fs)
	err = parse(fs, rest, act)
	if errors.Is(err, flag.ErrHelp) {
		return write(stdout, stderr, flagUsage(fs))
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n%s", fs.Name(), err, flagUsage(fs))
		return exitUsage
	}

	out := bufio.NewWriter(stdout)
	line := newStatusLine(stderr)
	err = act.do(out, line)
	line.clear()
	if err := errors.Join(err, out.Flush()); err != nil {
		fmt.Fprintf(stderr, "seqbench: %v\n", err)
		return exitError
	}
	return exitOK
}

// choose finds the command that args begin with, kmers if they begin with a
// flag or are empty. It returns flag.ErrHelp if they ask for the usage.
func choose(args []string) (command, []string, error) {
	list := commands()
	if len(args) == 0 {
		return list[0], nil, nil
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		return command{}, nil, flag.ErrHelp
	}
	if strings.HasPrefix(args[0], "-") {
		return list[0], args, nil
	}
	for _, c := range list {
		if c.name == args[0] {
			return c, args[1:], nil
		}
	}
	return command{}, nil, fmt.Errorf("there is no command %q", args[0])
}

func parse(fs *flag.FlagSet, args []string, act action) error {
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	return act.check()
}

func flagUsage(fs *flag.FlagSet) string {
	var text strings.Builder
	fmt.Fprintf(&text, "usage: %s [flags]\n", fs.Name())
	fs.SetOutput(&text)
	fs.PrintDefaults()
	fs.SetOutput(io.Discard)
	return text.String()
}

func write(stdout, stderr io.Writer, text string) int {
	if _, err := io.WriteString(stdout, text); err != nil {
		fmt.Fprintf(stderr, "seqbench: %v\n", err)
		return exitError
	}
	return exitOK
}
