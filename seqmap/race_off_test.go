//go:build !race

package seqmap

const raceBuild = false
