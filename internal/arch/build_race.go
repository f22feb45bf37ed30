//go:build race

package arch

const sanitizer = "race"
