package words_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seqmap/seqmap-go/bench/data"
	"github.com/seqmap/seqmap-go/bench/input"
	"github.com/seqmap/seqmap-go/bench/words"
)

func texts(list []words.Word) (out []string) {
	for _, w := range list {
		out = append(out, w.String())
	}
	return out
}

func TestRead(t *testing.T) {
	full := strings.Repeat("é", words.MaxBytes/2)
	for _, tc := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"Let there be light: and", []string{"let", "there", "be", "light", "and"}},
		{"Moses' rod; 'tis God's", []string{"moses'", "rod", "'tis", "god's"}},
		{"God’s", []string{"god's"}},
		{"' '' 12 -- 3rd", []string{"rd"}},
		{"a-b_c\r\nd\x00e", []string{"a", "b", "c", "d", "e"}},
		{"ÄRGER Straße", []string{"ärger", "straße"}},
		{full, []string{full}},
	} {
		got, err := words.Read("f", iotest.OneByteReader(strings.NewReader(tc.in)))
		if err != nil || !slices.Equal(texts(got), tc.want) {
			t.Errorf("%q: got %q, %v; want %q", tc.in, texts(got), err, tc.want)
		}
	}
}

func TestReadBroken(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		line     int
		text     string
	}{
		{"long word", "a\nb\n" + strings.Repeat("x", words.MaxBytes+1) + "\n", 3, "longer than 32 bytes"},
		{"last letter does not fit", strings.Repeat("x", words.MaxBytes-1) + "é", 1, "longer"},
		{"not UTF-8", "caf\xe9\n", 1, "not UTF-8"},
		{"not UTF-8 later", "a\n\nb \xff\n", 3, "not UTF-8"},
		{"broken gzip", "\x1f\x8b\x08", 1, "gzip"},
	} {
		_, err := words.Read("book.txt", strings.NewReader(tc.in))
		var at *input.Error
		if !errors.As(err, &at) || at.File != "book.txt" || at.Line != tc.line || !strings.Contains(err.Error(), tc.text) {
			t.Errorf("%s: got %v; want an error at book.txt:%d with %q", tc.name, err, tc.line, tc.text)
		}
	}
}

func TestReadFault(t *testing.T) {
	_, err := words.Read("book.txt", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("abc"))))
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("got %v; want the reader's own error", err)
	}
}

func TestReadBible(t *testing.T) {
	list, err := words.Read(data.BibleName, bytes.NewReader(data.Bible))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[words.Word]int{}
	for _, w := range list {
		counts[w]++
	}
	the := words.Word{'t', 'h', 'e'}
	if len(list) != 790_889 || len(counts) != 12_830 || counts[the] != 63_919 {
		t.Errorf("got %d words, %d distinct, %d times %q; want 790889, 12830, 63919", len(list), len(counts), counts[the], the)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("In the beginning God's\n’twas ÄÖ\xff")
	f.Fuzz(func(t *testing.T, in string) {
		list, err := words.Read("f", strings.NewReader(in))
		if err != nil {
			return
		}
		for _, text := range texts(list) {
			if text == "" || strings.ToLower(text) != text || strings.ContainsAny(text, " \n\x00") {
				t.Fatalf("%q gives the word %q", in, text)
			}
		}
	})
}

func ExampleRead() {
	list, err := words.Read("verse.txt", strings.NewReader("And God said, Let there be light."))
	fmt.Println(list[:3], len(list), err)
	// Output: [and god said] 7 <nil>
}
