// Package count is the main job: many goroutines count the same keys into one
// map. Compare does it with several maps in turn and checks that they agree.
package count

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/seqmap/seqmap-go/bench/rivals"
)

// Job is a multiset of keys, cut into shards that goroutines take one by one.
type Job[K comparable] struct {
	// Keys is the number of keys in all shards, an upper bound if it is not
	// known without reading them.
	Keys   int
	Shards int
	// Visit passes the keys of one shard to fn, in batches that fn must not
	// keep. It is called from many goroutines at once.
	Visit func(shard int, fn func(batch []K))
}

// OfSlice returns the job of counting the elements of keys, in shards of at
// most shardKeys.
func OfSlice[K comparable](keys []K, shardKeys int) Job[K] {
	return Job[K]{
		Keys:   len(keys),
		Shards: (len(keys) + shardKeys - 1) / shardKeys,
		Visit: func(shard int, fn func([]K)) {
			from := shard * shardKeys
			fn(keys[from:min(from+shardKeys, len(keys))])
		},
	}
}

// Run counts the keys of job into c from the given number of goroutines and
// returns how long that took. It blocks until all are done. done is raised by
// the number of keys counted, batch by batch, for others to look at.
func Run[K comparable](job Job[K], c rivals.Counter[K], goroutines int, done *atomic.Int64) time.Duration {
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for shard := int(next.Add(1)) - 1; shard < job.Shards; shard = int(next.Add(1)) - 1 {
				job.Visit(shard, func(batch []K) {
					for _, key := range batch {
						c.Add(key, 1)
					}
					done.Add(int64(len(batch)))
				})
			}
		}()
	}
	wg.Wait()
	return time.Since(start)
}
