//go:build !purego && !noasm

package arch

// portableTag names the build tag that asks for plain Go everywhere, if any.
const portableTag = ""
