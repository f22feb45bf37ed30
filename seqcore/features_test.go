package seqcore_test

import (
	"encoding/json"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/seqmap/seqmap-go/seqcore"
)

// TestFeatures checks that Info tells of this process, survives JSON, and is the caller's.
func TestFeatures(t *testing.T) {
	f := seqcore.Features()
	if f.GOOS != runtime.GOOS || f.GOARCH != runtime.GOARCH || f.Level == "" || f.Best == "" || f.Reason == "" {
		t.Errorf("incomplete: %+v", f)
	}
	if len(f.Kernels) == 0 && f.Level != "generic" {
		t.Errorf("level %s without kernels", f.Level)
	}
	for _, want := range append([]string{f.Level, f.Best, f.Reason, f.GOOS + "/" + f.GOARCH}, f.Flags...) {
		if !strings.Contains(f.String(), want) {
			t.Errorf("%q is not in %q", want, f)
		}
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back seqcore.Info
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, f) {
		t.Errorf("%s gives %+v, %v, want %+v", text, back, err, f)
	}
	for i := range f.Flags {
		f.Flags[i] = "changed"
	}
	if !reflect.DeepEqual(seqcore.Features(), back) {
		t.Error("a caller can change what others get")
	}
}
