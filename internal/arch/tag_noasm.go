//go:build noasm && !purego

package arch

const portableTag = "noasm"
