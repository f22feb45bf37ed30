package sig

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"runtime"
	"testing"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/printer"
)

// declare returns the Go declaration of a kernel of that signature. A panic with a text of ours, or
// of avo's, is an error too; one of the runtime's is a fault.
func declare(signature string) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(runtime.Error); fault {
				panic(r)
			}
			err = fmt.Errorf("%v", r)
		}
	}()
	c := build.NewContext()
	Kernel{Name: "f", Signature: signature, Doc: "f."}.Begin(c, "")
	c.RET()
	file, err := c.Result()
	if err != nil {
		return "", err
	}
	b, err := printer.NewStubs(printer.Config{Pkg: "x"}).Print(file)
	return string(b), err
}

// checkDeclaration returns what is wrong with the text of a declaration: it is to be Go, with one
// function that has no body, and nothing else.
func checkDeclaration(text string) error {
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", text, 0)
	if err != nil {
		return err
	}
	if len(f.Decls) != 1 {
		return fmt.Errorf("%d declarations", len(f.Decls))
	}
	if d, ok := f.Decls[0].(*ast.FuncDecl); !ok || d.Name.Name != "f" || d.Body != nil || d.Type.TypeParams != nil {
		return fmt.Errorf("something else than func f without a body")
	}
	return nil
}

var kernels = []Kernel{CommitCell, StoreCell, LoadCell, GetBatchWord, Prefetch, ClaimSlot, WriteSlot, GetWord, SwapLine, AddLine, SwapWord, AddWord}

// TestSignatures: those of the kernels become declarations, and others are refused by name.
func TestSignatures(t *testing.T) {
	for _, k := range kernels {
		text, err := declare(k.Signature)
		if err == nil {
			err = checkDeclaration(text)
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", k.Name, err, text)
		}
	}
	for _, bad := range []string{"", "func(", "int", "func(p unsafe.Pointr)", "func(x y)", "struct{}", "1", "func() {}", "func(x ...int)(", "unsafe.Pointer", "func[T any](x T)"} {
		if text, err := declare(bad); err == nil || err.Error() == "" {
			t.Errorf("%q is not refused, or without a word: %v\n%s", bad, err, text)
		}
	}
}

// FuzzSignature: a text is refused with one that says why, or becomes a declaration.
func FuzzSignature(f *testing.F) {
	for _, k := range kernels {
		f.Add(k.Signature)
	}
	f.Add("func(a, b [4]uint8, s []byte, t string) (c struct{ x uint16 })")
	f.Fuzz(func(t *testing.T, signature string) {
		text, err := declare(signature)
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a word")
			}
			return
		}
		if err := checkDeclaration(text); err != nil {
			t.Errorf("%v in:\n%s", err, text)
		}
	})
}
