package blob

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// quality of stored JPEGs.
const quality = 85

// format reads one kind of picture.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func([]byte) (image.Image, error)
	extent func([]byte) (extent, error)
	isJPEG bool
}

// header is what a picture says of itself before it is decoded.
type header struct {
	format
	data          []byte // without what follows the picture
	width, height int
	orientation   int // of EXIF, 1 to 8
}

func (h header) pixels() int64 { return int64(h.width) * int64(h.height) }

// sniff tells the format by the first bytes.
func sniff(data []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return format{config: jpeg.DecodeConfig, decode: whole(jpeg.Decode), extent: jpegExtent, isJPEG: true}, true
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return format{config: png.DecodeConfig, decode: whole(png.Decode), extent: pngExtent}, true
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return format{config: gif.DecodeConfig, decode: decodeGIF, extent: gifExtent}, true
	case len(data) >= webpHead && string(data[:4]) == "RIFF" && string(data[8:webpHead]) == "WEBP":
		return format{config: webp.DecodeConfig, decode: decodeWebP, extent: webpExtent}, true
	}
	return format{}, false
}

// whole makes a decoder of a reader one of bytes.
func whole(decode func(io.Reader) (image.Image, error)) func([]byte) (image.Image, error) {
	return func(data []byte) (image.Image, error) { return decode(bytes.NewReader(data)) }
}

// inspect reads the dimensions without decoding, because a few bytes can
// promise gigabytes, and makes sure that the picture is whole and alone.
func inspect(data []byte) (header, error) {
	f, ok := sniff(data)
	if !ok {
		return header{}, ErrUnsupportedType
	}
	var cfg image.Config
	var e extent
	err := guard(func() (err error) {
		cfg, err = f.config(bytes.NewReader(data))
		return err
	})
	switch {
	case err != nil:
		return header{}, ErrBadImage.WithCause(err)
	case cfg.Width < 1 || cfg.Height < 1:
		return header{}, ErrBadImage
	}
	h := header{format: f, width: cfg.Width, height: cfg.Height}
	if h.pixels() > MaxPixels {
		return header{}, ErrTooManyPixels.WithMessage(fmt.Sprintf("The picture has %d × %d pixels; the limit is %d megapixels.", h.width, h.height, MaxPixels/1_000_000)).
			With("limit", MaxPixels/1_000_000)
	}
	if e, err = f.extent(data); err != nil {
		return header{}, ErrBadImage.WithCause(err)
	}
	if err := alone(data, e.end, f.isJPEG); err != nil {
		return header{}, err
	}
	h.data, h.orientation = data[:e.end], orientation(e.tiff)
	return h, nil
}

// guard turns a decoder's panic into an error: the bytes come from strangers.
func guard(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the decoder panicked: %v", v)
		}
	}()
	return fn()
}

// encoded is a picture as it is stored, in one size.
type encoded struct {
	size          Size
	data          []byte
	width, height int
}

// rendered is a picture as it is stored, the largest size first.
type rendered struct {
	sizes  []encoded
	ending string // of all keys
}

// render decodes a picture and encodes it afresh, as the package comment says.
func render(h header) (rendered, error) {
	var src image.Image
	if err := guard(func() (err error) {
		src, err = h.decode(h.data)
		return err
	}); err != nil {
		return rendered{}, ErrBadImage.WithCause(err)
	}
	size := src.Bounds().Size()
	if size.X < 1 || size.Y < 1 || int64(size.X)*int64(size.Y) > h.pixels() {
		return rendered{}, ErrBadImage // it is not what its header promised
	}
	out := rendered{ending: ".png"}
	encode := png.Encode
	if opaque(src) {
		out.ending = ".jpg"
		encode = func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: quality}) }
	}
	m := orient(fit(src, Large), h.orientation)
	for _, size := range []Size{Large, Medium, Small} {
		if size != Large {
			if max(m.Rect.Dx(), m.Rect.Dy()) <= int(size) {
				continue
			}
			m = fit(m, size)
		}
		var buf bytes.Buffer
		if err := encode(&buf, m); err != nil {
			return rendered{}, fmt.Errorf("blob: encode the picture: %w", err)
		}
		out.sizes = append(out.sizes, encoded{size: size, data: buf.Bytes(), width: m.Rect.Dx(), height: m.Rect.Dy()})
	}
	return out, nil
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// decodeGIF returns the first frame on a canvas of the whole picture's size:
// a frame may cover a part of it only.
func decodeGIF(data []byte) (image.Image, error) {
	cfg, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(bytes.NewReader(data)) // stops after the first frame
	if err != nil {
		return nil, err
	}
	whole := image.Rect(0, 0, cfg.Width, cfg.Height)
	if frame.Bounds() == whole {
		return frame, nil
	}
	canvas := image.NewRGBA(whole)
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return canvas, nil
}
