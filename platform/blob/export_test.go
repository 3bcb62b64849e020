package blob

import (
	"context"
	"image"
)

// Cleaned is what PutPicture would write in one size.
type Cleaned struct {
	Size          Size
	Data          []byte
	Width, Height int
}

// Clean does what PutPicture does between reading and writing.
func Clean(data []byte) (out []Cleaned, ending string, err error) {
	h, err := inspect(data)
	if err != nil {
		return nil, "", err
	}
	r, err := render(h)
	for _, e := range r.sizes {
		out = append(out, Cleaned{e.size, e.data, e.width, e.height})
	}
	return out, r.ending, err
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

// Base returns the key of the picture that key is a variant of.
func Base(key string) string { return base(key) }

// Fit returns m with its longest side at most size.
func Fit(m image.Image, size Size) *image.RGBA { return fit(m, size) }
