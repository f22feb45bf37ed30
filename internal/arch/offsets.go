//go:build (amd64 || arm64) && !purego && !noasm && !race && !msan && !asan && !seqsched

package arch

import (
	"unsafe"

	"github.com/seqmap/seqmap-go/internal/arch/layout"
)

// The kernels know the fields of these types by the constants of layout. Each index is out of
// range unless the two are the same.
var (
	_ = "="[unsafe.Offsetof(Slot{}.Word)^layout.SlotWordAt]
	_ = "="[unsafe.Offsetof(Slot{}.Key)^layout.SlotKeyAt]
	_ = "="[unsafe.Offsetof(Slot{}.Value)^layout.SlotValueAt]
	_ = "="[unsafe.Offsetof(Slot{}.KeyBytes)^layout.SlotKeyBytesAt]
	_ = "="[unsafe.Offsetof(Slot{}.ValueBytes)^layout.SlotValueBytesAt]
	_ = "="[unsafe.Offsetof(Slot{}.Wide)^layout.SlotWideAt]

	_ = "="[unsafe.Offsetof(Claim{}.Key)^layout.ClaimKeyAt]
	_ = "="[unsafe.Offsetof(Claim{}.Value)^layout.ClaimValueAt]
	_ = "="[unsafe.Offsetof(Claim{}.Control)^layout.ClaimControlAt]
	_ = "="[unsafe.Offsetof(Claim{}.Tag)^layout.ClaimTagAt]
	_ = "="[unsafe.Offsetof(Claim{}.TagWide)^layout.ClaimTagWideAt]
	_ = "="[unsafe.Offsetof(Claim{}.Used)^layout.ClaimUsedAt]
	_ = "="[unsafe.Offsetof(Claim{}.Count)^layout.ClaimCountAt]

	_ = "="[unsafe.Offsetof(Write{}.Value)^layout.WriteValueAt]
	_ = "="[unsafe.Offsetof(Write{}.Prev)^layout.WritePrevAt]
	_ = "="[unsafe.Offsetof(Write{}.Expect)^layout.WriteExpectAt]
	_ = "="[unsafe.Offsetof(Write{}.Count)^layout.WriteCountAt]
	_ = "="[unsafe.Offsetof(Write{}.Remove)^layout.WriteRemoveAt]

	_ = "="[unsafe.Offsetof(WordTable{}.Base)^layout.WordTableBaseAt]
	_ = "="[unsafe.Offsetof(WordTable{}.Buckets)^layout.WordTableBucketsAt]
	_ = "="[unsafe.Offsetof(WordTable{}.Seed)^layout.WordTableSeedAt]

	_ = "="[unsafe.Offsetof(Batch{}.base)^layout.BatchBaseAt]
	_ = "="[unsafe.Offsetof(Batch{}.buckets)^layout.BatchBucketsAt]
	_ = "="[unsafe.Offsetof(Batch{}.seed)^layout.BatchSeedAt]
	_ = "="[unsafe.Offsetof(Batch{}.slots)^layout.BatchSlotsAt]
	_ = "="[unsafe.Offsetof(Batch{}.bytes)^layout.BatchBytesAt]
	_ = "="[unsafe.Offsetof(Batch{}.wordBytes)^layout.BatchWordBytesAt]
	_ = "="[unsafe.Offsetof(Batch{}.controlAt)^layout.BatchControlAtAt]
	_ = "="[unsafe.Offsetof(Batch{}.keyAt)^layout.BatchKeyAtAt]
	_ = "="[unsafe.Offsetof(Batch{}.valueAt)^layout.BatchValueAtAt]
	_ = "="[unsafe.Offsetof(Batch{}.valueBytes)^layout.BatchValueBytesAt]
	_ = "="[unsafe.Offsetof(Batch{}.Odd)^layout.BatchOddAt]
	_ = "="[unsafe.Offsetof(Batch{}.ring)^layout.BatchRingAt]
)
