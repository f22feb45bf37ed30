//go:build purego

package arch

const portableTag = "purego"
