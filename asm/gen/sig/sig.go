// Package sig holds what the kernels of both architectures have in common: their names,
// signatures and contracts, and the build constraint of all generated files.
package sig

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
)

// constraints are the build tags under which there is no assembly: those that ask for plain
// Go, those of the sanitizers, which do not see what assembly does, and that of the
// interleaving explorer, whose hooks are in the Go code.
var constraints = []string{"!purego", "!noasm", "!race", "!msan", "!asan", "!seqsched"}

// NewFile prepares c for the kernels of one family.
func NewFile(c *build.Context) {
	for _, tag := range constraints {
		c.ConstraintExpr(tag)
	}
}

// A Kernel is what all implementations of one routine share.
type Kernel struct {
	Name      string
	Signature string
	Doc       string // after "<name> is "
}

// Begin starts the implementation of k with the given suffix to its name.
func (k Kernel) Begin(c *build.Context, suffix string) {
	name := k.Name + suffix
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.Signature(parse(k.Signature))
	c.Doc(fmt.Sprintf("%s is %s", name, k.Doc))
	c.Pragma("noescape")
}

// parse parses a function type in which unsafe.Pointer may occur. avo evaluates signatures
// where no import is visible, so a package that sees unsafe stands in. It panics if the text is
// anything else, a function with a body among that, which avo would leave out without a word.
func parse(signature string) *gotypes.Signature {
	if x, err := parser.ParseExpr(signature); err != nil {
		panic(fmt.Errorf("sig: signature %q: %w", signature, err))
	} else if _, ok := x.(*ast.FuncType); !ok {
		panic(fmt.Errorf("sig: %q is not the type of a function", signature))
	}
	p := types.NewPackage("sig", "sig")
	p.Scope().Insert(types.NewPkgName(token.NoPos, p, "unsafe", types.Unsafe))
	s, err := gotypes.ParseSignatureInPackage(p, signature)
	if err != nil {
		panic(fmt.Errorf("sig: signature %q: %w", signature, err))
	}
	return s
}
