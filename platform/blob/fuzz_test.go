package blob_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/gif"
	"testing"

	"rally/platform/blob"
)

// FuzzClean feeds the way of an upload with anything. It must refuse with a
// fault or return a picture within the limits.
func FuzzClean(f *testing.F) {
	m := quarters(24, 16)
	f.Add(encodeJPEG(f, m))
	f.Add(withSegment(encodeJPEG(f, m), 0xe1, exif(6, binary.LittleEndian)))
	f.Add(withSegment(encodeJPEG(f, m), 0xe1, exif(3, binary.BigEndian)))
	f.Add(encodePNG(f, m))
	f.Add(encodePNG(f, image.NewNRGBA64(image.Rect(0, 0, 5, 5))))
	f.Add(encodeGIF(f, &gif.GIF{Image: []*image.Paletted{frame(image.Rect(1, 1, 5, 5), corners[0])}, Delay: []int{1}, Config: image.Config{Width: 9, Height: 9}}))
	f.Add(webp(f, webpLossy))
	f.Add(webp(f, webpLossless))
	f.Add(webp(f, webpAlpha))
	f.Add(pngClaiming(50000, 50000))
	f.Add(animatedWebP(f, image.Pt(9, 7), image.Pt(2, 4)))
	f.Add(append(encodeJPEG(f, m), samsungNotes([]byte("Image_UTC_Data1650000000000"))...))
	f.Add(append(encodeJPEG(f, m), "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free"...))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if w, h, err := blob.Inspect(data); err == nil && w*h > 1<<20 {
			t.Skip("large pictures only slow the search down")
		}
		out, ending, err := blob.Clean(data)
		if err != nil {
			for _, known := range []error{blob.ErrBadImage, blob.ErrUnsupportedType, blob.ErrTooManyPixels, blob.ErrExtraData} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("no fault: %v", err)
		}
		before := int(blob.Large) + 1
		for i, o := range out {
			bare(t, o.Data)
			shown, format, err := image.Decode(bytes.NewReader(o.Data))
			if err != nil || "."+format[:3] != map[string]string{".jpg": ".jpe", ".png": ".png"}[ending] {
				t.Fatalf("stored as %s, decoded as %s, %v", ending, format, err)
			}
			longest := max(o.Width, o.Height)
			if size := shown.Bounds().Size(); size != image.Pt(o.Width, o.Height) || min(o.Width, o.Height) < 1 || longest > int(o.Size) || longest >= before {
				t.Fatalf("size %v, said to be %d × %d, in %d", size, o.Width, o.Height, o.Size)
			}
			if before = longest; (i == 0) != (o.Size == blob.Large) {
				t.Fatalf("picture %d is in %d", i, o.Size)
			}
		}
		if len(out) == 0 {
			t.Fatal("neither a fault nor a picture")
		}
	})
}
