//go:build amd64 || arm64 || arm64be || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x || sparc64 || wasm

package plain

// padded holds a T at offset 0 and is at least as large as T in whole 64-bit words: the
// array of no words aligns it, and so its size, to 8 bytes.
type padded[T any] struct {
	_ noCopy
	_ [0]uint64
	v T
}
