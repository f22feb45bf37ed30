package arch

import (
	"sync/atomic"
	"unsafe"
)

// Touch loads the half word at p for nothing but to bring its line into the cache. Loads of
// several lines one after the other overlap, because none needs the result of another.
func Touch(p unsafe.Pointer) { atomic.LoadUint32((*uint32)(p)) }
