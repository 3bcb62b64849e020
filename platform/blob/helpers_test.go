package blob_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"testing"

	"go.uber.org/goleak"

	"rally/platform/blob"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachStore runs fn on every kind of store: a folder, memory, and the bucket
// of RALLY_TEST_BLOB_URL when there is one.
func eachStore(t *testing.T, fn func(t *testing.T, s *blob.Store)) {
	t.Helper()
	configs := map[string]blob.Config{"folder": {DataDir: t.TempDir()}, "memory": {URL: "mem://"}}
	if url := os.Getenv("RALLY_TEST_BLOB_URL"); url != "" {
		configs["bucket"] = blob.Config{URL: url}
	}
	for name, cfg := range configs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fn(t, open(t, cfg))
		})
	}
}

func open(t *testing.T, cfg blob.Config) *blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// put uploads data and returns what was stored.
func put(t *testing.T, s *blob.Store, data []byte) (blob.Picture, []byte) {
	t.Helper()
	p, err := s.PutPicture(t.Context(), "posts/12", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Delete(context.Background(), p.Key) })
	return p, stored(t, s, p.Key)
}

func stored(t *testing.T, s *blob.Store, key string) []byte {
	t.Helper()
	r, err := s.Reader(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decode(t *testing.T, data []byte) (image.Image, string) {
	t.Helper()
	m, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m, format
}

// corners are the colours of a test picture's quarters, clockwise from the
// upper left.
var corners = [4]color.RGBA{{R: 255, A: 255}, {G: 255, A: 255}, {B: 255, A: 255}, {R: 255, G: 255, A: 255}}

func quarter(x, y, w, h int) color.RGBA {
	switch {
	case x < w/2 && y < h/2:
		return corners[0]
	case y < h/2:
		return corners[1]
	case x >= w/2:
		return corners[2]
	}
	return corners[3]
}

// quarters is a picture of four colours.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, r := range []image.Rectangle{
		image.Rect(0, 0, w/2, h/2), image.Rect(w/2, 0, w, h/2), image.Rect(w/2, h/2, w, h), image.Rect(0, h/2, w/2, h),
	} {
		draw.Draw(m, r, image.NewUniform(corners[i]), image.Point{}, draw.Src)
	}
	return m
}

// upright fails the test unless m shows the quarters where they belong.
func upright(t *testing.T, m image.Image, w, h int) {
	t.Helper()
	if size := m.Bounds().Size(); size != image.Pt(w, h) {
		t.Fatalf("size %v, want %d × %d", size, w, h)
	}
	for _, p := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {3 * w / 4, 3 * h / 4}, {w / 4, 3 * h / 4}} {
		want := quarter(p.X, p.Y, w, h)
		got := color.RGBAModel.Convert(m.At(m.Bounds().Min.X+p.X, m.Bounds().Min.Y+p.Y)).(color.RGBA)
		if far(got.R, want.R) || far(got.G, want.G) || far(got.B, want.B) || got.A != 255 {
			t.Errorf("at %v: %v, want %v", p, got, want)
		}
	}
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 30 }

func encodeJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeGIF(t testing.TB, g *gif.GIF) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// frame is a GIF frame of one colour, or transparent.
func frame(r image.Rectangle, c color.Color) *image.Paletted {
	return image.NewPaletted(r, color.Palette{c, color.Black})
}

// Pictures of one pixel: the standard library writes no WebP.
const (
	webpLossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	webpLossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
	webpAlpha    = "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA=="
)

func webp(t testing.TB, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// withSegment puts a segment right behind the start of a JPEG.
func withSegment(data []byte, marker byte, payload []byte) []byte {
	out := append([]byte{}, data[:2]...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+2))
	out = append(out, payload...)
	return append(out, data[2:]...)
}

// exif is the EXIF part of a JPEG that was held some way.
func exif(orientation uint16, order binary.AppendByteOrder) []byte {
	out := []byte("Exif\x00\x00")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		out = append(out, "II*\x00"...)
	} else {
		out = append(out, "MM\x00*"...)
	}
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 2)
	for _, e := range [][2]uint16{{0x0100, 640}, {0x0112, orientation}} {
		out = order.AppendUint16(out, e[0])
		out = order.AppendUint16(out, 3)
		out = order.AppendUint32(out, 1)
		out = order.AppendUint16(out, e[1])
		out = order.AppendUint16(out, 0)
	}
	return append(out, "SECRET PLACE"...)
}

// pngClaiming is a PNG that says it is that large, and holds nothing.
func pngClaiming(w, h uint32) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	ihdr := binary.BigEndian.AppendUint32(nil, w)
	ihdr = binary.BigEndian.AppendUint32(ihdr, h)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	for _, chunk := range []struct {
		name string
		data []byte
	}{{"IHDR", ihdr}, {"IDAT", []byte("x\x9c\x03\x00\x00\x00\x00\x01")}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk.data)))
		body := append([]byte(chunk.name), chunk.data...)
		out = append(out, body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	}
	return out
}
