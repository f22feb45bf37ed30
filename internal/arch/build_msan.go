//go:build msan

package arch

const sanitizer = "msan"
