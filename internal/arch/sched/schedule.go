package sched

import (
	"fmt"
	"strings"
)

// Choice is a choice other than 0 at a point of a run. The points are numbered from 1.
type Choice struct{ Point, Choice int }

// Schedule is the list of such choices, in order. It determines a run.
type Schedule []Choice

// String returns the schedule in the form that ParseSchedule reads, such as "3:1,17:2".
func (s Schedule) String() string {
	if len(s) == 0 {
		return "-"
	}
	parts := make([]string, len(s))
	for i, c := range s {
		parts[i] = fmt.Sprintf("%d:%d", c.Point, c.Choice)
	}
	return strings.Join(parts, ",")
}

// ParseSchedule is the inverse of String.
func ParseSchedule(text string) (Schedule, error) {
	s := Schedule{}
	if text == "-" {
		return s, nil
	}
	for _, part := range strings.Split(text, ",") {
		var c Choice
		if n, err := fmt.Sscanf(part, "%d:%d", &c.Point, &c.Choice); n != 2 || err != nil {
			return nil, fmt.Errorf("sched: %q is not a choice: want point:choice", part)
		}
		s = append(s, c)
	}
	return s, nil
}

func (s Schedule) pick(r *run, n int, _ bool) int {
	for _, c := range s {
		if c.Point == r.points {
			if c.Choice >= n {
				r.fail(fmt.Errorf("sched: the schedule does not fit the program: there is no choice %d at point %d", c.Choice, c.Point))
				return 0
			}
			return c.Choice
		}
	}
	return 0
}
