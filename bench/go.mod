module github.com/seqmap/seqmap-go/bench

go 1.24.0

require (
	github.com/alphadose/haxmap v1.4.0
	github.com/llxisdsh/pb v1.5.25
	github.com/puzpuzpuz/xsync/v4 v4.5.0
	github.com/seqmap/seqmap-go v0.0.0
	golang.org/x/sys v0.41.0
)

require (
	github.com/klauspost/cpuid/v2 v2.4.2 // indirect
	golang.org/x/exp v0.0.0-20221031165847-c99f073a8326 // indirect
)

replace github.com/seqmap/seqmap-go => ..
