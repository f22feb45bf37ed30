//go:build !(amd64 || arm64 || arm64be || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x || sparc64 || wasm)

package plain

// padded holds a T at offset 0 and is at least as large as T in whole 64-bit words. The
// tail makes up for 32-bit platforms, on which no plain type is aligned to 8 bytes.
type padded[T any] struct {
	_ noCopy
	v T
	_ [7]byte
}
