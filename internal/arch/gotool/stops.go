package gotool

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// A routine is what the compiler's listing tells of a function: whether the scheduler can stop a
// goroutine at its first instructions, where else it can, and what it calls.
type routine struct {
	nosplit, atEntry, inside bool
	calls                    []string
}

var (
	codeLine = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \([^\t]*\)\t([A-Z]\S*)\t?(.*)$`)
	textArgs = regexp.MustCompile(`^(\S+)\(SB\), (\S+),`)
	callee   = regexp.MustCompile(`^(?:X1, )?([\w./\-]+\.[\w().*]+)(?:<\w+>)?\(SB\)`)
)

// Listing is what the compiler says of packages: their functions by name.
type Listing map[string]*routine

// A Platform is a GOARCH, build tags, and flags of the compiler.
type Platform struct{ GOARCH, Tags, Flags string }

func (p Platform) String() string {
	return strings.Join(strings.Fields(p.GOARCH+" "+p.Tags+" "+p.Flags), " ")
}

// Platforms are those with kernels, with and without them, some with 32 bits, on which operations of
// sync/atomic are calls, and one without either; and builds with checkptr, in which a nosplit function
// is never in line, because nosplit exempts it from the checks.
func Platforms() []Platform {
	const checkptr = "-d=checkptr"
	all := []Platform{
		{GOARCH: "amd64"}, {GOARCH: "amd64", Tags: "purego"}, {GOARCH: "amd64", Flags: checkptr}, {GOARCH: "386"},
	}
	if testing.Short() {
		return all
	}
	return append(all, []Platform{
		{GOARCH: "arm64"}, {GOARCH: "arm64", Tags: "purego"}, {GOARCH: "arm"}, {GOARCH: "riscv64"},
		{GOARCH: "386", Flags: checkptr}, {GOARCH: "arm64", Flags: checkptr},
	}...)
}

// List compiles packages of this module.
func List(t *testing.T, p Platform, packages ...string) Listing {
	t.Helper()
	args := append([]string{"build", "-tags", p.Tags, "-gcflags=-S " + p.Flags, "-gcflags=" + module + "/...=-S " + p.Flags}, packages...)
	out, err := command(t, p.GOARCH, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return parseListing(string(out))
}

// parseListing reads what the compiler prints with -S. The table PCDATA 0 says from where on
// the scheduler may stop a goroutine, -1, and from where on not, -2. At the entry it may. The
// table PCDATA 3, about arguments, begins where the entry ends. What the compiler adds for calls
// of assembly by way of a variable is left out.
func parseListing(text string) Listing {
	all := Listing{}
	var f *routine
	safe, begun := true, false
	for line := range strings.Lines(text) {
		m := codeLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		switch op, args := m[1], m[2]; {
		case op == "PCDATA" && strings.HasPrefix(args, "$0, "):
			safe = args != "$0, $-2"
		case op == "PCDATA" && strings.HasPrefix(args, "$3, "):
			begun = true
		case op == "TEXT":
			f, safe, begun = new(routine), true, false
			if text := textArgs.FindStringSubmatch(args); text != nil && !strings.Contains(text[2], "ABIWRAPPER") {
				f.nosplit = strings.Contains(text[2], "NOSPLIT")
				all[text[1]] = f
			}
		case op == "FUNCDATA" || op == "PCDATA":
		default:
			f.atEntry = f.atEntry || safe && !begun
			f.inside = f.inside || safe && begun
			if c := callee.FindStringSubmatch(args); c != nil && (op == "CALL" || op == "JAL") {
				f.calls = append(f.calls, c[1])
			}
		}
	}
	return all
}

// Stops returns where the Go scheduler can stop a goroutine in the function after its first
// instructions, or in what it calls. It can do so where the compiler says that it can,
// which in a nosplit function is before the frame is there, but not in sync/atomic, nor in
// assembly, which is what the listing does not have.
func (l Listing) Stops(function string) (where []string) {
	f := l[function]
	switch {
	case f == nil:
		return []string{"there is no " + function}
	case !f.nosplit:
		where = append(where, function+" is not nosplit")
	case f.inside:
		where = append(where, "inside "+function)
	}
	for _, called := range f.calls {
		where = append(where, l.stopsIn(function, called)...)
	}
	return where
}

// stopsIn is Stops for a function that another one calls.
func (l Listing) stopsIn(caller, function string) (where []string) {
	f := l[function]
	switch {
	case strings.HasPrefix(function, "sync/atomic."):
	case f == nil && strings.HasPrefix(function, module):
	case f == nil || f.atEntry:
		return []string{"in the entry of " + function + " from " + caller}
	default:
		return l.Stops(function)
	}
	return nil
}

const module = "github.com/seqmap/seqmap-go"

// command returns the go command for Linux with the given GOARCH. Without a go command it skips
// the test, or fails it if SEQMAP_REQUIRE has the word tools.
func command(t *testing.T, goarch string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		if strings.Contains(os.Getenv("SEQMAP_REQUIRE"), "tools") {
			t.Fatalf("SEQMAP_REQUIRE asks for the tools: %v", err)
		}
		t.Skip("there is no go command here to judge")
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+goarch, "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	return cmd
}
