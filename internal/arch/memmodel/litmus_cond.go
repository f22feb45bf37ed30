package memmodel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// conditionReader reads a condition of a litmus test: ~ /\ \/ ( ) T:REG=v [loc]=v loc=v true.
type conditionReader struct {
	*litmusReader
	s string // what is left
}

var litmusAtom = regexp.MustCompile(`^(?:(\d+):(\w+)|\[?(\w+(?:\[\d+\])?)\]?)\s*=\s*(-?\w+)`)

// condition reads "filter c exists d", which asks for c and d, or "exists d".
func (r *litmusReader) condition(s string) error {
	r.Condition = func(*State) bool { return true }
	for _, word := range []string{"filter", "exists"} {
		rest, ok := strings.CutPrefix(strings.TrimSpace(s), word)
		if !ok {
			continue
		}
		c := &conditionReader{r, rest}
		more, err := c.or()
		if err != nil {
			return err
		}
		before := r.Condition
		r.Condition = func(s *State) bool { return before(s) && more(s) }
		s = c.s
	}
	if s = strings.TrimSpace(s); s != "" {
		return fmt.Errorf("cannot read %q", s)
	}
	return nil
}

// next skips a token, if it is the next one.
func (c *conditionReader) next(token string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(c.s), token)
	if ok {
		c.s = rest
	}
	return ok
}

func (c *conditionReader) or() (Condition, error) {
	x, err := c.and()
	for err == nil && c.next(`\/`) {
		var y Condition
		y, err = c.and()
		a := x
		x = func(s *State) bool { return a(s) || y(s) }
	}
	return x, err
}

func (c *conditionReader) and() (Condition, error) {
	x, err := c.not()
	for err == nil && c.next(`/\`) {
		var y Condition
		y, err = c.not()
		a := x
		x = func(s *State) bool { return a(s) && y(s) }
	}
	return x, err
}

func (c *conditionReader) not() (Condition, error) {
	switch {
	case c.next("~"):
		x, err := c.not()
		// Asking for an unknown value must not make the answer no.
		return func(s *State) bool { return !x(s) || s.unknown }, err
	case c.next("("):
		x, err := c.or()
		if err == nil && !c.next(")") {
			err = fmt.Errorf("no ) before %q", c.s)
		}
		return x, err
	case c.next("true"):
		return func(*State) bool { return true }, nil
	}
	return c.atom()
}

func (c *conditionReader) atom() (Condition, error) {
	c.s = strings.TrimSpace(c.s)
	m := litmusAtom.FindStringSubmatch(c.s)
	if m == nil {
		return nil, fmt.Errorf("cannot read %q", c.s)
	}
	c.s = c.s[len(m[0]):]
	want := c.value(m[4])
	if m[3] != "" {
		at := c.address(m[3])
		return func(s *State) bool { return s.Final(at) == want }, nil
	}
	thread, _ := strconv.Atoi(m[1])
	parse := arm64Register
	if !c.arm {
		parse = amd64Register
	}
	o, ok := parse(c.goRegister(m[2]))
	if !ok || thread >= len(c.columns) {
		return nil, fmt.Errorf("cannot read %q", m[0])
	}
	name := strconv.Itoa(o.reg)
	return func(s *State) bool { return s.Result(thread, name) == want }, nil
}
