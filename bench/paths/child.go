package paths

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/seqmap/seqmap-go/seqcore"
)

// levelVariable is the environment variable that caps the level of a process.
const levelVariable = "SEQMAP_CPU"

// LevelDefault is the name of the level of a process without a ceiling.
const LevelDefault = "default"

// A child is a process that runs Serve at one level. After the first error it has ended.
type child struct {
	level    string
	features seqcore.Info
	patience time.Duration // for one answer

	process  *exec.Cmd
	errors   head // what it wrote to standard error
	in       io.Closer
	requests *json.Encoder
	answers  *json.Decoder
	ended    bool
}

// start starts a process at a level and waits until it says what it is.
func start(command *exec.Cmd, level string, patience time.Duration) (*child, error) {
	c := &child{level: level, patience: patience, process: command}
	command.Env = withLevel(os.Environ(), level)
	command.Stderr = &c.errors
	command.WaitDelay = time.Second
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, c.named(err)
	}
	c.in, c.requests, c.answers = in, json.NewEncoder(in), json.NewDecoder(out)
	c.answers.DisallowUnknownFields()
	a, err := c.answer()
	if err != nil {
		return nil, err
	}
	if a.Features == nil {
		return nil, c.garbled(errors.New("it does not say what it is"))
	}
	c.features = *a.Features
	return c, nil
}

// withLevel returns the environment of a process at a level.
func withLevel(environ []string, level string) (env []string) {
	for _, v := range environ {
		if !strings.HasPrefix(v, levelVariable+"=") {
			env = append(env, v)
		}
	}
	if level != LevelDefault {
		env = append(env, levelVariable+"="+level)
	}
	return env
}

// send sends a request, whose answer is yet to be waited for.
func (c *child) send(r request) error {
	if err := c.requests.Encode(r); err != nil {
		return c.failed(err)
	}
	return nil
}

// answer waits for the answer to the first request that has none. A child that gives none is killed when patience is over.
func (c *child) answer() (a answer, err error) {
	late := time.AfterFunc(c.patience, c.kill)
	err = c.answers.Decode(&a)
	switch inTime := late.Stop(); {
	case !inTime:
		return a, c.failed(fmt.Errorf("no answer for %v", c.patience))
	case errors.Is(err, io.EOF):
		return a, c.failed(errors.New("it ended before it was told to"))
	case err != nil:
		return a, c.garbled(err)
	case a.Error != "":
		return a, c.failed(errors.New(a.Error))
	}
	return a, nil
}

// slice has one slice of a case timed.
func (c *child) slice(name string, processor *int) (nanos float64, err error) {
	if err := c.send(request{Case: name, Processor: processor}); err != nil {
		return 0, err
	}
	a, err := c.answer()
	if err == nil && !(a.Nanos > 0) {
		err = c.garbled(fmt.Errorf("%s takes %v ns", name, a.Nanos))
	}
	return a.Nanos, err
}

// garbled ends a child that writes what is not an answer.
func (c *child) garbled(err error) error {
	c.kill()
	return c.failed(fmt.Errorf("not an answer: %w", err))
}

// failed ends the child and returns err with how it ended and what it wrote to standard error.
func (c *child) failed(err error) error {
	if end := c.wait(); end != nil {
		err = fmt.Errorf("%w (%w)", err, end)
	}
	if text := c.errors.String(); text != "" {
		err = fmt.Errorf("%w; it wrote: %s", err, text)
	}
	return c.named(err)
}

// stop ends a child that has not failed.
func (c *child) stop() error {
	if err := c.wait(); err != nil {
		return c.failed(err)
	}
	return nil
}

// wait closes the input of the child, by which it ends, and waits until it has. A child that
// does not end is killed when patience is over.
func (c *child) wait() error {
	if c.ended {
		return nil
	}
	c.ended = true
	_ = c.in.Close() // fails only if the child is gone, which Wait tells better
	late := time.AfterFunc(c.patience, c.kill)
	defer late.Stop()
	return c.process.Wait()
}

// kill does nothing if the child has ended.
func (c *child) kill() { _ = c.process.Process.Kill() }

func (c *child) named(err error) error {
	return fmt.Errorf("the child for the level %s: %w", c.level, err)
}

// head keeps the first bytes that are written to it.
type head struct{ text []byte }

const headBytes = 2000

func (h *head) Write(p []byte) (int, error) {
	h.text = append(h.text, p[:min(len(p), headBytes-len(h.text))]...)
	return len(p), nil
}

func (h *head) String() string { return strings.TrimSpace(string(h.text)) }
