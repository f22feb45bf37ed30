package paths

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestEveryCase runs the loop of each case, in maps of both sizes.
func TestEveryCase(t *testing.T) {
	for _, name := range Names(BatchKeys) {
		loop, ok := Open(name)
		if !ok {
			t.Fatalf("%s is not there", name)
		}
		for _, n := range []int{BatchKeys, 2 * BatchKeys} {
			if right := loop(n); right != n {
				t.Errorf("%s: %d of %d operations did what they must", name, right, n)
			}
		}
	}
	if _, ok := Open("Cell"); ok {
		t.Error(`there is a case "Cell"`)
	}
}

func TestNamesAreDifferent(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range Names(wordsEntries) {
		if seen[name] {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
	}
	for _, name := range []string{
		"Cell 16 B Store", "Cell 64 B Swap", "Cell 256 B Load", "SeqArray 8 B Set", "SeqVec 64 B Push+Pop",
		"SeqMap 8:8 n=1024 Insert existing", "SeqMap 8:8 n=3000000 GetBatch hits", "SeqMap 24:8 n=1000000 RemoveBatch+InsertBatch",
	} {
		if !seen[name] {
			t.Errorf("%s is not there", name)
		}
	}
}

// TestWindow checks that the slices of a large map take all keys in turn.
func TestWindow(t *testing.T) {
	d := newMap(10, spread, uint64(1))()
	for i, want := range []int{0, 4, 0} {
		if keys, passes := d.window(d.present, 4); passes != 1 || len(keys) != 4 || keys[0] != d.present[want] {
			t.Errorf("window %d: %v, %d passes; want it from %d on", i, keys, passes, want)
		}
	}
	if keys, passes := d.window(d.absent, 30); passes != 3 || len(keys) != 10 {
		t.Errorf("%d keys, %d passes", len(keys), passes)
	}
}

// serve returns the answers to requests, without the first one.
func serve(t *testing.T, requests string) (list []answer, err error) {
	t.Helper()
	var out bytes.Buffer
	err = Serve(strings.NewReader(requests), &out, testMost)
	decoder := json.NewDecoder(&out)
	for decoder.More() {
		var a answer
		if err := decoder.Decode(&a); err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	if len(list) == 0 || list[0].Features == nil {
		t.Fatalf("the first answer of %v is not what the child is", list)
	}
	return list[1:], err
}

func TestServe(t *testing.T) {
	list, err := serve(t, `{"Case":"SeqMap 8:8 n=300 Get hit","Open":true}
		{"Case":"SeqMap 8:8 n=300 Get hit"}
		{"Case":"SeqMap 8:8 n=300 Get miss","Processor":1000000}
		{"Case":"Cell 8 B Store"}
		{"Case":"Cell 9 B Store","Open":true}`)
	if err != nil || len(list) != 5 {
		t.Fatalf("%v, %v", list, err)
	}
	if a := list[0]; a.Error != "" || a.Allocs > 0.01 {
		t.Errorf("opening: %+v", a)
	}
	if a := list[1]; a.Error != "" || a.Nanos <= 0 {
		t.Errorf("a slice: %+v", a)
	}
	if a := list[2]; processors() != nil && !strings.Contains(a.Error, "processor 1000000: ") {
		t.Errorf("a processor that is not there: %+v", a)
	}
	if a := list[3]; a.Error != `the case "Cell 8 B Store" is not open` {
		t.Errorf("a case that is not open: %+v", a)
	}
	if a := list[4]; a.Error != `there is no case "Cell 9 B Store"` {
		t.Errorf("no case: %+v", a)
	}
	if _, err := serve(t, "open"); err == nil {
		t.Error("no error for a request that is none")
	}
}

// TestWorkerFindsFaults has an operation that goes wrong once in a slice, first when it is
// opened, then later.
func TestWorkerFindsFaults(t *testing.T) {
	for _, good := range []int{0, 2} {
		runs := 0
		w := worker{families: []family{newFamily(func() *int { return new(int) }, op[int]{
			Case: Case{Name: "faulty", ops: 10, warm: 5},
			loop: func(_ *int, n int) int {
				if runs++; runs > good*allocSlices {
					return n - 1
				}
				return n
			},
		})}}
		a := w.answer(request{Case: "faulty", Open: true})
		if good > 0 && a.Error == "" {
			for range 2 * allocSlices {
				if a.Error == "" {
					a = w.answer(request{Case: "faulty"})
				}
			}
		}
		if !strings.Contains(a.Error, "operations did what they must") {
			t.Errorf("after %d runs: %+v", runs, a)
		}
	}
}
