//go:build !race && !msan && !asan

package arch

// sanitizer names the sanitizer that this build is instrumented for, if any.
const sanitizer = ""
