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

// codec reads one format.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	isJPEG bool
}

// header is what a picture says of itself before it is decoded.
type header struct {
	codec
	width, height int
	orientation   int // of EXIF, 1 to 8
}

func (h header) pixels() int64 { return int64(h.width) * int64(h.height) }

// sniff tells the format by the first bytes.
func sniff(data []byte) (codec, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return codec{config: jpeg.DecodeConfig, decode: jpeg.Decode, isJPEG: true}, true
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return codec{config: png.DecodeConfig, decode: png.Decode}, true
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return codec{config: gif.DecodeConfig, decode: decodeGIF}, true
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return codec{config: webp.DecodeConfig, decode: webp.Decode}, true
	}
	return codec{}, false
}

// inspect reads the dimensions without decoding, because a few bytes can
// promise gigabytes.
func inspect(data []byte) (header, error) {
	format, ok := sniff(data)
	if !ok {
		return header{}, ErrUnsupportedType
	}
	var cfg image.Config
	err := guard(func() (err error) {
		cfg, err = format.config(bytes.NewReader(data))
		return err
	})
	switch {
	case err != nil:
		return header{}, ErrBadImage.WithCause(err)
	case cfg.Width < 1 || cfg.Height < 1:
		return header{}, ErrBadImage
	}
	h := header{codec: format, width: cfg.Width, height: cfg.Height, orientation: 1}
	if h.pixels() > MaxPixels {
		return header{}, ErrBadImage.WithMessage(fmt.Sprintf("The picture has %d × %d pixels; the limit is %d megapixels.", h.width, h.height, MaxPixels/1_000_000))
	}
	if format.isJPEG {
		h.orientation = orientation(data)
	}
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

// encoded is a picture as it is stored.
type encoded struct {
	data          []byte
	ending        string
	width, height int
}

// render decodes data and encodes it afresh, as the package comment says.
func render(data []byte, h header) (encoded, error) {
	var src image.Image
	if err := guard(func() (err error) {
		src, err = h.decode(bytes.NewReader(data))
		return err
	}); err != nil {
		return encoded{}, ErrBadImage.WithCause(err)
	}
	size := src.Bounds().Size()
	if size.X < 1 || size.Y < 1 || int64(size.X)*int64(size.Y) > h.pixels() {
		return encoded{}, ErrBadImage // it is not what its header promised
	}
	dst := orient(scale(src), h.orientation)

	out := encoded{width: dst.Bounds().Dx(), height: dst.Bounds().Dy(), ending: ".jpg"}
	var buf bytes.Buffer
	var err error
	if opaque(src) {
		err = jpeg.Encode(&buf, dst, &jpeg.Options{Quality: quality})
	} else {
		out.ending = ".png"
		err = png.Encode(&buf, dst)
	}
	if err != nil {
		return encoded{}, fmt.Errorf("blob: encode the picture: %w", err)
	}
	out.data = buf.Bytes()
	return out, nil
}

// scale returns src with its longest side at most MaxSide. Most of the way down
// goes by averages of whole blocks, which takes half the time of the fine
// filter, and less memory.
func scale(src image.Image) *image.RGBA {
	size := src.Bounds().Size()
	longest := max(size.X, size.Y)
	if longest <= MaxSide {
		return average(src, 1)
	}
	side := func(n int) int { return max(1, (n*MaxSide+longest/2)/longest) }
	dst := image.NewRGBA(image.Rect(0, 0, side(size.X), side(size.Y)))
	rough := average(src, max(1, longest/(2*MaxSide)))
	draw.CatmullRom.Scale(dst, dst.Bounds(), rough, rough.Bounds(), draw.Src, nil)
	return dst
}

// average returns src with each block of n by n pixels as one.
func average(src image.Image, n int) *image.RGBA {
	b := src.Bounds()
	if n == 1 {
		dst := image.NewRGBA(image.Rectangle{Max: b.Size()})
		draw.Draw(dst, dst.Bounds(), src, b.Min, draw.Src)
		return dst
	}
	dst := image.NewRGBA(image.Rect(0, 0, (b.Dx()+n-1)/n, (b.Dy()+n-1)/n))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), n))
	for y := range dst.Rect.Dy() {
		rows := min(n, b.Dy()-y*n)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), src, b.Min.Add(image.Pt(0, y*n)), draw.Src)
		for x := range dst.Rect.Dx() {
			columns := min(n, b.Dx()-x*n)
			var sum [4]int
			for row := range rows {
				pix := strip.Pix[strip.PixOffset(x*n, row):][:4*columns]
				for i := 0; i < len(pix); i += 4 {
					sum[0] += int(pix[i])
					sum[1] += int(pix[i+1])
					sum[2] += int(pix[i+2])
					sum[3] += int(pix[i+3])
				}
			}
			for i, total := range sum {
				count := rows * columns
				dst.Pix[dst.PixOffset(x, y)+i] = uint8((total + count/2) / count) //nolint:gosec // an average of bytes
			}
		}
	}
	return dst
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// decodeGIF returns the first frame on a canvas of the whole picture's size:
// a frame may cover a part of it only.
func decodeGIF(r io.Reader) (image.Image, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
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

// orient turns a picture the way EXIF says it is to be looked at.
func orient(src *image.RGBA, orientation int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	// from says which pixel of src goes to x, y.
	var from func(x, y int) (int, int)
	switch orientation {
	case 2:
		from = func(x, y int) (int, int) { return w - 1 - x, y }
	case 3:
		from = func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }
	case 4:
		from = func(x, y int) (int, int) { return x, h - 1 - y }
	case 5:
		from = func(x, y int) (int, int) { return y, x }
	case 6:
		from = func(x, y int) (int, int) { return y, h - 1 - x }
	case 7:
		from = func(x, y int) (int, int) { return w - 1 - y, h - 1 - x }
	case 8:
		from = func(x, y int) (int, int) { return w - 1 - y, x }
	default:
		return src
	}
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			sx, sy := from(x, y)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}
