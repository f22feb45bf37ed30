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

	_ = "="[unsafe.Offsetof(Table{}.Base)^layout.TableBaseAt]
	_ = "="[unsafe.Offsetof(Table{}.Buckets)^layout.TableBucketsAt]
	_ = "="[unsafe.Offsetof(Table{}.Seed)^layout.TableSeedAt]
	_ = "="[unsafe.Offsetof(Table{}.slots)^layout.TableSlotsAt]
	_ = "="[unsafe.Offsetof(Table{}.bytes)^layout.TableBytesAt]
	_ = "="[unsafe.Offsetof(Table{}.wordBytes)^layout.TableWordBytesAt]
	_ = "="[unsafe.Offsetof(Table{}.controlAt)^layout.TableControlAtAt]
	_ = "="[unsafe.Offsetof(Table{}.keyAt)^layout.TableKeyAtAt]
	_ = "="[unsafe.Offsetof(Table{}.valueAt)^layout.TableValueAtAt]
	_ = "="[unsafe.Offsetof(Table{}.valueBytes)^layout.TableValueBytesAt]

	_ = "="[unsafe.Offsetof(Batch{}.Table)]
	_ = "="[unsafe.Offsetof(Batch{}.Odd)^layout.BatchOddAt]
	_ = "="[unsafe.Offsetof(Batch{}.ring)^layout.BatchRingAt]
)
