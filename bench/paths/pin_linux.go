package paths

import "golang.org/x/sys/unix"

// processors returns the processors that the calling thread may use, none if the system does
// not say.
func processors() (list []int) {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	for p := range len(set) * 64 {
		if set.IsSet(p) {
			list = append(list, p)
		}
	}
	return list
}

// pin keeps the calling thread on the given processors.
func pin(list ...int) error {
	var set unix.CPUSet
	for _, p := range list {
		set.Set(p)
	}
	return unix.SchedSetaffinity(0, &set)
}
