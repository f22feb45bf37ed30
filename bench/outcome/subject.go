package outcome

// Map is a map under test, by numbers for keys and values.
type Map interface {
	// Do carries out a call. Key 0 of the scenario is the given one, key 1 the next.
	Do(key uint64, c Call) Results
	// Len returns the number of entries. Nobody is at work in the map when it is called.
	Len() int
}

// Subject makes the maps of one sort.
type Subject struct {
	Name string
	// Kinds are what its maps can do, Load first. They must have Store and Delete.
	Kinds []Kind
	// New returns a map with no entries.
	New func() Map
	// Counts says whether Len is exact when nobody is at work. If not, it is not looked at.
	Counts bool
}

// fillerKey is where the keys begin that are in no scenario.
const fillerKey = 1 << 40

// fill puts other keys into m.
func fill(m Map, n int) {
	for i := range n {
		m.Do(fillerKey+uint64(i)*Keys, Call{Kind: Store, Value: 1})
	}
}
