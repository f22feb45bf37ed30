//go:build !seqsched

package record

const tags = ""

var ways = []way{
	{name: "procs=1", procs: 1, run: free, step: noStep},
	{name: "procs=2", procs: 2, run: free, step: noStep},
	{name: "procs=4", procs: 4, run: free, step: noStep},
}
