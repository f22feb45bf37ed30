//go:build asan

package arch

const sanitizer = "asan"
