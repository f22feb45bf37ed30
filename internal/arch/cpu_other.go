//go:build !amd64 && !386 && !arm64

package arch

// detectFacts returns nothing: no kernel is planned for this GOARCH.
func detectFacts() []Fact { return nil }
