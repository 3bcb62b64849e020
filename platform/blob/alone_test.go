package blob_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"runtime"
	"slices"
	"strings"
	"testing"

	"rally/platform/blob"
)

// whole is a picture of each format, and of the formats' variants.
func whole(t testing.TB) map[string][]byte {
	t.Helper()
	m := quarters(48, 32)
	grey := image.NewGray(m.Rect)
	seeThrough := image.NewNRGBA(m.Rect)
	seeThrough.SetNRGBA(3, 3, color.NRGBA{R: 200, A: 100})
	return map[string][]byte{
		"JPEG": encodeJPEG(t, m), "grey JPEG": encodeJPEG(t, grey), "PNG": encodePNG(t, m), "clear PNG": encodePNG(t, seeThrough),
		"GIF":          encodeGIF(t, &gif.GIF{Image: []*image.Paletted{frame(m.Rect, corners[0])}, Delay: []int{0}}),
		"animated GIF": encodeGIF(t, &gif.GIF{Image: []*image.Paletted{frame(m.Rect, corners[0]), frame(m.Rect, corners[1])}, Delay: []int{1, 1}}),
		"lossy WebP":   webp(t, webpLossy), "lossless WebP": webp(t, webpLossless), "clear WebP": webp(t, webpAlpha),
		"animated WebP": animatedWebP(t, image.Pt(9, 7), image.Pt(2, 4)),
	}
}

// archive is a ZIP with one file in it.
func archive(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("evil.class")
	if err == nil {
		_, err = f.Write([]byte("\xca\xfe\xba\xbe"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture that is cut short anywhere is refused: half of one is never kept.
func TestNoBeginningOfAPictureIsAPicture(t *testing.T) {
	t.Parallel()
	for name, data := range whole(t) {
		if _, _, err := blob.Clean(data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for n := range len(data) {
			if _, _, err := blob.Clean(data[:n]); !errors.Is(err, blob.ErrBadImage) && !errors.Is(err, blob.ErrUnsupportedType) {
				t.Errorf("%d of %d bytes of a %s: %v", n, len(data), name, err)
			}
		}
	}
}

func TestWhatHangsBehindAPictureIsRefused(t *testing.T) {
	t.Parallel()
	for name, data := range whole(t) {
		for what, more := range map[string]string{
			"a ZIP": string(archive(t)), "HTML": "\n<html><script>alert(1)</script></html>", "PHP": "<?php system($_GET[0]); ?>", "a PDF": "%PDF-1.7\n%%EOF",
			"one byte": "x", "a byte after padding": "\x00\x00\x00\x00x", "RAR": "Rar!\x1a\x07\x00", "a program": "\x7fELF", "another GIF": "GIF89a", "a PNG": string(encodePNG(t, quarters(2, 2))),
			"half a JPEG": "\xff\xd8\xff\xe0\x00\x10JFIF", "no video": "\xff\xff\xff\xffftyp<script>", "a video and HTML": "\x00\x00\x00\x08ftyp<html>",
			"Samsung's mark alone": "<script>SEFT", "Samsung's notes before a script": string(samsungNotes([]byte("x"))) + "<script>",
			"a script before Samsung's notes": "<script>" + string(samsungNotes([]byte("x"))),
		} {
			_, _, err := blob.Clean(slices.Concat(data, []byte(more)))
			if !errors.Is(err, blob.ErrExtraData) {
				t.Errorf("%s behind a %s: %v", what, name, err)
			}
		}
	}
}

// What cameras and phones write behind their pictures does no harm, and is not
// kept.
func TestWhatPhonesAddIsDropped(t *testing.T) {
	t.Parallel()
	m := quarters(48, 32)
	jpg, preview := encodeJPEG(t, m), encodeJPEG(t, quarters(8, 8))
	video := "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x10mdatSECRET!!\x00\x00\x00\x01moov\x00\x00\x00\x00\x00\x00\x00\x10"
	for name, more := range map[string][]byte{
		"padding": make([]byte, 5000), "a line's end": []byte("\r\n"), "erased flash": []byte("\xff\xff\xff\xff"),
		"a gain map": preview, "two previews and padding": slices.Concat(make([]byte, 3), preview, make([]byte, 100), preview, make([]byte, 7)),
		"a motion photo": []byte(video), "an open video": []byte("\x00\x00\x00\x0cftypmp42\x00\x00\x00\x00mdatSECRET"),
		"a gain map and a video":         slices.Concat(preview, []byte(video)),
		"Samsung's notes":                samsungNotes([]byte("\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1650000000000"), []byte("SECRET")),
		"a gain map and Samsung's video": slices.Concat(preview, samsungNotes([]byte("MotionPhoto_Data"+video))),
	} {
		out, _, err := blob.Clean(slices.Concat(jpg, more))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		bare(t, out[0].Data)
		shown, _ := decode(t, out[0].Data)
		upright(t, shown, 48, 32)
	}
	for name, data := range whole(t) {
		if _, _, err := blob.Clean(append(bytes.Clone(data), make([]byte, 64)...)); err != nil {
			t.Errorf("padding behind a %s: %v", name, err)
		}
	}
}

// Archives are read from their end and documents from somewhere in the first
// kilobyte: they may hide inside a picture's own parts.
func TestWhatHidesInsideAPictureIsRefused(t *testing.T) {
	t.Parallel()
	m := quarters(48, 32)
	jpg, png, zip := encodeJPEG(t, m), encodePNG(t, m), archive(t)
	gifTail := func(data []byte) []byte { // in a comment
		out := []byte{'!', 0xfe}
		for part := range slices.Chunk(data, 255) {
			out = append(append(out, byte(len(part))), part...)
		}
		return append(out, 0, ';')
	}
	pic := encodeGIF(t, &gif.GIF{Image: []*image.Paletted{frame(m.Rect, corners[0])}, Delay: []int{0}})
	for name, data := range map[string][]byte{
		"a JPEG with a PDF in a comment": withSegment(jpg, 0xfe, []byte("%PDF-1.4\n1 0 obj")),
		"a PNG with a PDF in its text":   withChunk(png, "tEXt", []byte("Comment\x00%PDF-1.4")),
		"a GIF with a ZIP in a comment":  slices.Concat(pic[:len(pic)-1], gifTail(zip)),
		"a PNG with a ZIP at its end":    slices.Concat(png[:len(png)-12], pngChunk("juNK", zip), png[len(png)-12:]),
		"a ZIP with padding behind":      slices.Concat(png[:len(png)-12], pngChunk("juNK", zip), png[len(png)-12:], make([]byte, 1000)),
		"a WebP with a ZIP in a chunk":   riff("VP8 ", string(webp(t, webpLossy)[20:]), "junk", string(zip)),
		"a JPEG whose preview is a ZIP":  slices.Concat(jpg, withSegment(jpg, 0xfe, zip)),
	} {
		if _, _, err := blob.Clean(data); !errors.Is(err, blob.ErrExtraData) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The letters alone are no archive.
	if _, _, err := blob.Clean(withSegment(jpg, 0xfe, []byte("PK\x05\x06 is how a ZIP ends, and "+strings.Repeat("so on ", 10)))); err != nil {
		t.Error(err)
	}
}

// tagged is a picture of each format that says who took it where, and that it
// is to be turned.
func tagged(t testing.TB, m image.Image, orientation uint16) map[string][]byte {
	t.Helper()
	jpg, png := encodeJPEG(t, m), encodePNG(t, m)
	tiff := exif(orientation, binary.BigEndian)[6:]
	xmp := []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>SECRET GPS</x:xmpmeta>")
	profile := []byte("ICC_PROFILE\x00\x01\x01SECRET")
	jpg = withSegment(withSegment(jpg, 0xe1, xmp), 0xe2, profile)
	jpg = withSegment(withSegment(jpg, 0xed, []byte("Photoshop 3.0\x008BIMSECRET")), 0xfe, []byte("SECRET <script>alert(1)</script>"))
	jpg = withSegment(jpg, 0xe1, exif(orientation, binary.LittleEndian))
	for name, text := range map[string]string{
		"tEXt": "Author\x00SECRET", "iTXt": "XML:com.adobe.xmp\x00\x00\x00\x00\x00<x:xmpmeta>SECRET GPS", "zTXt": "Comment\x00\x00x\x9c", "iCCP": "ICC_PROFILE\x00\x00x\x9c",
		"eXIf": string(tiff), "tIME": "\x07\xea\x01\x01\x01\x01\x01",
	} {
		png = withChunk(png, name, []byte(text))
	}
	return map[string][]byte{"JPEG": jpg, "PNG": png}
}

func TestOnlyThePixelsSurvive(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		for name, data := range tagged(t, quarters(900, 60), 3) {
			p, _ := put(t, s, data)
			for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
				out := stored(t, s, blob.Variant(p.Key, size))
				bare(t, out)
				shown, _ := decode(t, out)
				// Turned by half: what was lower right is upper left.
				b := shown.Bounds()
				if c := color.RGBAModel.Convert(shown.At(b.Dx()/4, b.Dy()/4)).(color.RGBA); far(c.R, corners[2].R) || far(c.G, corners[2].G) || far(c.B, corners[2].B) {
					t.Errorf("%s in %d is not turned: %v", name, size, c)
				}
			}
		}
		// EXIF in a WebP turns it too.
		out, _, err := blob.Clean(riff("VP8X", "\x08\x00\x00\x00"+uint24(1)+uint24(0), "VP8L", losslessWide, "EXIF", string(exif(6, binary.LittleEndian))))
		if err != nil || out[0].Width != 1 || out[0].Height != 2 {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

// losslessWide is a WebP's VP8L part of 2 × 1 pixels of one colour.
const losslessWide = "\x2f\x01\x00\x00\x00\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

// A chunk that unpacks to many megabytes is passed over, not unpacked.
// Not parallel, because it counts what the whole process allocates.
func TestPackedMetadataIsNotUnpacked(t *testing.T) {
	const unpacked = 64 << 20
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for range unpacked / len(zeros) {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	png := encodePNG(t, quarters(48, 32))
	for name, head := range map[string]string{"zTXt": "Comment\x00\x00", "iCCP": "profile\x00\x00", "iTXt": "Comment\x00\x01\x00\x00\x00"} {
		data := withChunk(png, name, append([]byte(head), packed.Bytes()...))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if out, _, err := blob.Clean(data); err != nil || out[0].Width != 48 {
			t.Errorf("%s: %v", name, err)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > unpacked/8 {
			t.Errorf("%s: %d bytes were allocated", name, n)
		}
	}
}

func TestTheFirstFrameOfAnAnimation(t *testing.T) {
	t.Parallel()
	out, ending, err := blob.Clean(animatedWebP(t, image.Pt(9, 7), image.Pt(2, 4)))
	if err != nil || out[0].Width != 9 || out[0].Height != 7 || ending != ".png" {
		t.Fatalf("%+v, %s, %v", out, ending, err)
	}
	shown, _ := decode(t, out[0].Data)
	for y := range 7 {
		for x := range 9 {
			if _, _, _, a := shown.At(x, y).RGBA(); (a != 0) != (x == 2 && y == 4) {
				t.Errorf("alpha %x at %d, %d", a, x, y)
			}
		}
	}
	// A frame that reaches out of the canvas, or has no picture, is broken.
	for _, data := range [][]byte{animatedWebP(t, image.Pt(9, 7), image.Pt(10, 4)), riff("VP8X", "\x02\x00\x00\x00"+uint24(8)+uint24(6), "ANMF", "short")} {
		if _, _, err := blob.Clean(data); !errors.Is(err, blob.ErrBadImage) {
			t.Errorf("%v", err)
		}
	}
	// An APNG's default picture is an ordinary PNG's.
	apng := withChunk(encodePNG(t, quarters(48, 32)), "acTL", []byte("\x00\x00\x00\x02\x00\x00\x00\x00"))
	end := len(apng) - 12
	apng = slices.Concat(apng[:end], pngChunk("fcTL", make([]byte, 26)), pngChunk("fdAT", []byte("\x00\x00\x00\x01junk")), apng[end:])
	if out, _, err = blob.Clean(apng); err != nil {
		t.Fatal(err)
	}
	shown, _ = decode(t, out[0].Data)
	upright(t, shown, 48, 32)
}

// A frame that is larger than what the file promised must not be decoded: its
// size was never counted.
func TestAFrameLargerThanItsCanvasIsRefused(t *testing.T) {
	t.Parallel()
	huge := "\x2f\xff\xff\xff\x0f" + "\x00\x00\x00\x00" // 16384 × 16384
	for name, data := range map[string][]byte{
		"WebP":          riff("VP8X", "\x00\x00\x00\x00"+uint24(0)+uint24(0), "VP8L", huge),
		"animated WebP": riff("VP8X", "\x02\x00\x00\x00"+uint24(0)+uint24(0), "ANMF", uint24(0)+uint24(0)+uint24(16383)+uint24(16383)+uint24(9)+"\x00VP8L\x09\x00\x00\x00"+huge+"\x00"),
		"GIF":           []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x80\x00\x00\x00\xff\xff\xff\x02\x02\x4c\x01\x00;"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := blob.Clean(data); !errors.Is(err, blob.ErrBadImage) {
				t.Errorf("%v", err)
			}
		})
	}
}
