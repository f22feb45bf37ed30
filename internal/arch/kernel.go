package arch

import "slices"

// A kernel is one assembly implementation of a routine.
type kernel struct {
	routine, suffix string // its name
	level           Level
	facts           []string // what it needs beyond its level
}

func (k kernel) name() string { return k.routine + k.suffix }

// best returns the names of the kernels to use at a level by a CPU with the given features:
// for each routine the last that fits, because kernels are listed in the order of their speed.
func (in input) best(level Level, flags []string) (names []string) {
	var levels []Level
	for _, r := range levelsOf(in.goarch) {
		if levels = append(levels, r.level); r.level == level {
			break
		}
	}
	fits := func(k kernel) bool {
		lacks := func(fact string) bool { return !slices.Contains(flags, fact) }
		return k.level != LevelGeneric && slices.Contains(levels, k.level) && !slices.ContainsFunc(k.facts, lacks)
	}
	last := map[string]string{}
	var routines []string
	for _, k := range in.kernels {
		if !fits(k) {
			continue
		}
		if last[k.routine] == "" {
			routines = append(routines, k.routine)
		}
		last[k.routine] = k.name()
	}
	for _, r := range routines {
		names = append(names, last[r])
	}
	return names
}

// uses says whether the kernel of that name is in use. It panics if there is no such kernel,
// so that a flag that can never be set is found at once.
func uses(name string) bool {
	if !slices.ContainsFunc(kernels, func(k kernel) bool { return k.name() == name }) {
		panic("arch: no kernel " + name)
	}
	return slices.Contains(detected.Kernels, name)
}
