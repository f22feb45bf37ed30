//go:build race

package seqmap

const raceBuild = true
