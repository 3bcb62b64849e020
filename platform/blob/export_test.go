package blob

import "context"

// Clean does what PutPicture does between reading and writing.
func Clean(data []byte) (out []byte, ending string, width, height int, err error) {
	h, err := inspect(data)
	if err != nil {
		return nil, "", 0, 0, err
	}
	e, err := render(data, h)
	return e.data, e.ending, e.width, e.height, err
}

// Inspect checks a picture without decoding it.
func Inspect(data []byte) (width, height int, err error) {
	h, err := inspect(data)
	return h.width, h.height, err
}

// Occupy takes all the room for decoding until release is called.
func (s *Store) Occupy() (release func()) {
	_ = s.pixels.Acquire(context.Background(), MaxPixels)
	return func() { s.pixels.Release(MaxPixels) }
}
