//go:build amd64 || arm64 || arm64be || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x || sparc64

package slab

// MaxBytes is the most that one allocation may take. It is far above what a sensible
// program asks for and far below what the runtime's address arithmetic can hold.
const MaxBytes = 1 << 40
