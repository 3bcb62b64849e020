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
	"slices"
	"testing"

	"go.uber.org/goleak"

	"rally/platform/blob"
	"rally/platform/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachStore runs fn on every kind of store: a folder, memory, and a bucket of a
// real S3 server.
func eachStore(t *testing.T, fn func(t *testing.T, s *blob.Store)) {
	t.Helper()
	for name, cfg := range map[string]func(t *testing.T) blob.Config{
		"folder": func(t *testing.T) blob.Config { return blob.Config{DataDir: t.TempDir()} },
		"memory": func(*testing.T) blob.Config { return blob.Config{URL: "mem://"} },
		"s3":     func(t *testing.T) blob.Config { return blob.Config{URL: testkit.S3(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fn(t, open(t, cfg(t)))
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

// pngChunk is a chunk of a PNG with its sum.
func pngChunk(name string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(out, name...)
	out = append(out, data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// withChunk puts a chunk right behind the header of a PNG.
func withChunk(data []byte, name string, payload []byte) []byte {
	const head = 8 + 12 + 13
	return slices.Concat(data[:head], pngChunk(name, payload), data[head:])
}

// riff is a container of chunks, each a name and data in turn.
func riff(parts ...string) []byte {
	body := []byte("WEBP")
	for i := 0; i < len(parts); i += 2 {
		body = append(body, parts[i]...)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(parts[i+1])))
		body = append(body, parts[i+1]...)
		body = append(body, make([]byte, len(parts[i+1])%2)...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func uint24(n int) string { return string([]byte{byte(n), byte(n >> 8), byte(n >> 16)}) }

// animatedWebP has a canvas and two frames, of one pixel each, the first at
// at.
func animatedWebP(t testing.TB, canvas, at image.Point) []byte {
	t.Helper()
	frame := func(at image.Point, picture string) string {
		return uint24(at.X/2) + uint24(at.Y/2) + uint24(0) + uint24(0) + uint24(100) + "\x00" + picture
	}
	size := uint24(canvas.X-1) + uint24(canvas.Y-1)
	return riff("VP8X", "\x12\x00\x00\x00"+size, "ANIM", "\x00\x00\x00\x00\x00\x00",
		"ANMF", frame(at, string(webp(t, webpLossy)[12:])), "ANMF", frame(image.Point{}, string(webp(t, webpLossless)[12:])))
}

// samsungNotes is what Samsung's phones write behind a JPEG.
func samsungNotes(blocks ...[]byte) []byte {
	var body, entries []byte
	for _, b := range blocks {
		body = append(body, b...)
	}
	left := len(body)
	for _, b := range blocks {
		entries = append(entries, "\x00\x00\x01\x0a"...)
		entries = binary.LittleEndian.AppendUint32(entries, uint32(left))
		entries = binary.LittleEndian.AppendUint32(entries, uint32(len(b)))
		left -= len(b)
	}
	directory := binary.LittleEndian.AppendUint32([]byte("SEFH\x6a\x00\x00\x00"), uint32(len(blocks)))
	directory = append(directory, entries...)
	out := append(body, directory...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(directory))), "SEFT"...)
}

// bare fails the test when a stored picture holds anything but what it takes
// to show it: its parts are those that an encoder needs, and nothing follows.
func bare(t testing.TB, data []byte) {
	t.Helper()
	for _, word := range []string{"Exif", "ICC_PROFILE", "http://ns.adobe.com", "<x:xmpmeta", "Photoshop", "GPS", "SECRET"} {
		if bytes.Contains(data, []byte(word)) {
			t.Errorf("%q came through", word)
		}
	}
	if bytes.HasPrefix(data, []byte("\x89PNG")) {
		rest := data[8:]
		for name := ""; name != "IEND"; {
			length := binary.BigEndian.Uint32(rest)
			if name = string(rest[4:8]); !slices.Contains([]string{"IHDR", "IDAT", "IEND"}, name) {
				t.Errorf("chunk %s came through", name)
			}
			rest = rest[12+length:]
		}
		if len(rest) > 0 {
			t.Errorf("%d bytes follow", len(rest))
		}
		return
	}
	for i := 2; ; {
		marker := data[i+1]
		switch marker {
		case 0xdb, 0xc0, 0xc4: // tables and the frame
		case 0xda: // the pixels; what follows is the end alone
			if end := bytes.Index(data, []byte{0xff, 0xd9}); end != len(data)-2 {
				t.Errorf("%d bytes follow", len(data)-2-end)
			}
			return
		default:
			t.Errorf("segment %x came through", marker)
		}
		i += 2 + int(binary.BigEndian.Uint16(data[i+2:]))
	}
}

// pngClaiming is a PNG that says it is that large, and holds nothing.
func pngClaiming(w, h uint32) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	ihdr := binary.BigEndian.AppendUint32(nil, w)
	ihdr = binary.BigEndian.AppendUint32(ihdr, h)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	out = append(out, pngChunk("IHDR", ihdr)...)
	out = append(out, pngChunk("IDAT", []byte("x\x9c\x03\x00\x00\x00\x00\x01"))...)
	return append(out, pngChunk("IEND", nil)...)
}
