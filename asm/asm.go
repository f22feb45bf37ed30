// Package asm is the home of the assembly generator, which is a module of its own so that
// users of the library do not depend on what it needs. Nobody imports this package.
//
// From the root of the repository,
//
//	go generate ./asm
//
// rebuilds every .s file of internal/arch and the Go declarations that belong to it. It
// needs no more than the go command: the versions of what it uses are in gen/go.mod. The
// files must be committed together with the generator; go generate followed by git diff, and
// a test in gen, tell whether they are.
//
// A family of kernels has one name in all places. For the family cell:
//
//	asm/gen/x86/cell.go, asm/gen/arm/cell.go     how it is built
//	internal/arch/cell_amd64.s, cell_arm64.s     what is built, with cell_amd64.go, cell_arm64.go
//	internal/arch/cell_generic.go                the same in Go: the specification
//	internal/arch/dispatch_*.go                  which of them runs
package asm

//go:generate go -C gen run . -out ../../internal/arch
