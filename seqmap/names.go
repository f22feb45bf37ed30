package seqmap

// The methods of sync.Map that have another name here, with the same meaning, so that a
// sync.Map becomes a SeqMap by a change of its declaration.

// Load is Get.
func (m *SeqMap[K, V]) Load(key K) (value V, ok bool) { return m.Get(key) }

// Store sets the value of key.
func (m *SeqMap[K, V]) Store(key K, value V) { m.Insert(key, value) }

// Swap is Insert.
func (m *SeqMap[K, V]) Swap(key K, value V) (previous V, loaded bool) { return m.Insert(key, value) }

// LoadAndDelete is Remove.
func (m *SeqMap[K, V]) LoadAndDelete(key K) (value V, loaded bool) { return m.Remove(key) }

// Delete removes key.
func (m *SeqMap[K, V]) Delete(key K) { m.Remove(key) }
