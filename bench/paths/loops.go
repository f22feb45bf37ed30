package paths

import "github.com/seqmap/seqmap-go/seqmap"

// The loops over the keys of a map, as a user would write them. Each does n operations and
// returns how many of them did what they must.

func getHits[K, V comparable](d *mapData[K, V], n int) (right int) {
	m, v := d.m, d.value
	keys, passes := d.window(d.present, n)
	for range passes {
		for _, k := range keys {
			var ok bool
			if v, ok = m.Get(k); ok {
				right++
			}
		}
	}
	if v != d.value {
		return 0
	}
	return right
}

func getMisses[K, V comparable](d *mapData[K, V], n int) (right int) {
	m := d.m
	keys, passes := d.window(d.absent, n)
	for range passes {
		for _, k := range keys {
			if _, ok := m.Get(k); !ok {
				right++
			}
		}
	}
	return right
}

func insertExisting[K, V comparable](d *mapData[K, V], n int) (right int) {
	m, v := d.m, d.value
	keys, passes := d.window(d.present, n)
	for range passes {
		for _, k := range keys {
			if _, replaced := m.Insert(k, v); replaced {
				right++
			}
		}
	}
	return right
}

func insertGrowing[K, V comparable](d *mapData[K, V], n int) (right int) {
	v := d.value
	keys, passes := d.window(d.present, n)
	for range passes {
		m := seqmap.New[K, V](seed)
		for _, k := range keys {
			if _, replaced := m.Insert(k, v); !replaced {
				right++
			}
		}
	}
	return right
}

func removeInsert[K, V comparable](d *mapData[K, V], n int) (right int) {
	m, v := d.m, d.value
	keys, passes := d.window(d.present, n)
	for range passes {
		for _, k := range keys {
			if _, removed := m.Remove(k); removed {
				right++
			}
			m.Insert(k, v)
		}
	}
	return right
}

func add[K comparable](d *mapData[K, uint64], n int) (right int) {
	m := d.m
	keys, passes := d.window(d.present, n)
	for range passes {
		for _, k := range keys {
			if seqmap.Add(m, k, 1) > 1 {
				right++
			}
		}
	}
	return right
}

func loadOrStore[K, V comparable](d *mapData[K, V], n int) (right int) {
	m, v := d.m, d.value
	keys, passes := d.window(d.present, n)
	for range passes {
		for _, k := range keys {
			if _, loaded := m.LoadOrStore(k, v); loaded {
				right++
			}
		}
	}
	return right
}

func compareAndSwap[K, V comparable](d *mapData[K, V], n int) (right int) {
	m, v := d.m, d.value
	keys, passes := d.window(d.present, n)
	for range passes {
		for _, k := range keys {
			if m.CompareAndSwap(k, v, v) {
				right++
			}
		}
	}
	return right
}

// cut returns the first keys of a batch, and those that are left.
func cut[K any](keys []K) (batch, rest []K) {
	n := min(len(keys), BatchKeys)
	return keys[:n], keys[n:]
}

func getBatches[K, V comparable](d *mapData[K, V], keys []K, passes int) (hits int) {
	m := d.m
	for range passes {
		for batch, rest := cut(keys); len(batch) > 0; batch, rest = cut(rest) {
			hits += m.GetBatch(batch, d.values[:len(batch)], d.found[:len(batch)])
		}
	}
	return hits
}

func getBatchHits[K, V comparable](d *mapData[K, V], n int) (right int) {
	keys, passes := d.window(d.present, n)
	return getBatches(d, keys, passes)
}

func getBatchMisses[K, V comparable](d *mapData[K, V], n int) (right int) {
	keys, passes := d.window(d.absent, n)
	return len(keys)*passes - getBatches(d, keys, passes)
}

func insertBatch[K, V comparable](d *mapData[K, V], n int) (right int) {
	m := d.m
	keys, passes := d.window(d.present, n)
	before := m.Len()
	for range passes {
		for batch, rest := cut(keys); len(batch) > 0; batch, rest = cut(rest) {
			m.InsertBatch(batch, d.values[:len(batch)])
		}
	}
	if m.Len() != before {
		return 0
	}
	return len(keys) * passes
}

func removeInsertBatch[K, V comparable](d *mapData[K, V], n int) (right int) {
	m := d.m
	keys, passes := d.window(d.present, n)
	for range passes {
		for batch, rest := cut(keys); len(batch) > 0; batch, rest = cut(rest) {
			right += m.RemoveBatch(batch)
			m.InsertBatch(batch, d.values[:len(batch)])
		}
	}
	return right
}
