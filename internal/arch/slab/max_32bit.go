//go:build !(amd64 || arm64 || arm64be || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x || sparc64)

package slab

// MaxBytes is the most that one allocation may take: a part of the address space of
// 32 bits that can still be found in one piece. WebAssembly counts among the 32-bit
// platforms here, for its memory ends there.
const MaxBytes = 1 << 30
