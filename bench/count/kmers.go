package count

import "github.com/seqmap/seqmap-go/bench/kmer"

const (
	kmerShardBases = 1 << 16
	kmerBatchKeys  = 512
)

// OfKmers returns the job of counting the k-mers of codes, as fasta.Read makes
// them. Keys is an upper bound: windows with a Break in them are no k-mers. It
// panics if k is not in 1..kmer.MaxK.
func OfKmers(codes []byte, k int) Job[uint64] {
	kmer.NewScanner(nil, k, 0, 0) // panics here rather than in a goroutine
	return Job[uint64]{
		Keys:   max(0, len(codes)-k+1),
		Shards: (len(codes) + kmerShardBases - 1) / kmerShardBases,
		Visit: func(shard int, fn func([]uint64)) {
			from := shard * kmerShardBases
			s := kmer.NewScanner(codes, k, from, min(from+kmerShardBases, len(codes)))
			batch := make([]uint64, kmerBatchKeys)
			for n := s.Fill(batch); n > 0; n = s.Fill(batch) {
				fn(batch[:n])
			}
		},
	}
}
