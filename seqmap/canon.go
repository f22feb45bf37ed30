package seqmap

import (
	"reflect"
	"unsafe"
)

// canon brings a key into its canonical form, in which two keys are equal by == exactly if
// their bytes are equal: negative zeros become zeros, and the bytes that == does not look at,
// padding and blank fields, become zero. NaN is dealt with before. For most types there is
// nothing to do.
type canon struct {
	blank   []span    // bytes that == does not look at
	float32 []uintptr // offsets
	float64 []uintptr
}

type span struct{ from, to uintptr }

func canonOf[K comparable]() (c canon) {
	t := reflect.TypeFor[K]()
	c.add(t, 0)
	return c
}

func (c *canon) add(t reflect.Type, at uintptr) {
	switch t.Kind() {
	case reflect.Float32:
		c.float32 = append(c.float32, at)
	case reflect.Float64:
		c.float64 = append(c.float64, at)
	case reflect.Complex64:
		c.float32 = append(c.float32, at, at+4)
	case reflect.Complex128:
		c.float64 = append(c.float64, at, at+8)
	case reflect.Array:
		for i := range t.Len() {
			before := c.size()
			c.add(t.Elem(), at+uintptr(i)*t.Elem().Size())
			if c.size() == before {
				return // the elements have nothing to do
			}
		}
	case reflect.Struct:
		end := uintptr(0)
		for i := range t.NumField() {
			f := t.Field(i)
			c.skip(at+end, at+f.Offset)
			end = f.Offset + f.Type.Size()
			if f.Name == "_" {
				c.skip(at+f.Offset, at+end)
			} else {
				c.add(f.Type, at+f.Offset)
			}
		}
		c.skip(at+end, at+t.Size())
	}
}

func (c *canon) skip(from, to uintptr) {
	if from < to {
		c.blank = append(c.blank, span{from, to})
	}
}

func (c *canon) size() int { return len(c.blank) + len(c.float32) + len(c.float64) }

// trivial says whether every key is canonical.
func (c *canon) trivial() bool { return c.size() == 0 }

// apply brings the key at p into its canonical form.
func (c *canon) apply(p unsafe.Pointer) {
	// Safety: the offsets are those of the fields of the key's type.
	for _, s := range c.blank {
		clear(unsafe.Slice((*byte)(unsafe.Add(p, s.from)), s.to-s.from))
	}
	for _, at := range c.float32 {
		if f := (*float32)(unsafe.Add(p, at)); *f == 0 {
			*f = 0
		}
	}
	for _, at := range c.float64 {
		if f := (*float64)(unsafe.Add(p, at)); *f == 0 {
			*f = 0
		}
	}
}
