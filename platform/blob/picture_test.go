package blob_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"rally/platform/blob"
)

func TestEveryFormatComesOutCleanAndUpright(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		m := quarters(80, 40)
		half := image.NewPaletted(m.Bounds(), color.Palette{corners[0], corners[1], corners[2], corners[3]})
		for y := range 40 {
			for x := range 80 {
				half.Set(x, y, m.At(x, y))
			}
		}
		for name, data := range map[string][]byte{
			"JPEG": encodeJPEG(t, m), "PNG": encodePNG(t, m),
			"GIF": encodeGIF(t, &gif.GIF{Image: []*image.Paletted{half}, Delay: []int{0}}),
		} {
			p, out := put(t, s, data)
			if !strings.HasPrefix(p.Key, "posts/12/") || !strings.HasSuffix(p.Key, ".jpg") || len(p.Key) < len("posts/12/.jpg")+26 {
				t.Errorf("%s: key %q", name, p.Key)
			}
			if p.Width != 80 || p.Height != 40 || p.Size != int64(len(out)) {
				t.Errorf("%s: %+v, %d bytes", name, p, len(out))
			}
			shown, format := decode(t, out)
			if format != "jpeg" {
				t.Errorf("%s is stored as %s", name, format)
			}
			upright(t, shown, 80, 40)
		}
		for name, text := range map[string]string{"jpg": webpLossy, "png": webpAlpha} {
			if p, _ := put(t, s, webp(t, text)); p.Width != 1 || p.Height != 1 || !strings.HasSuffix(p.Key, name) {
				t.Errorf("WebP: %+v", p)
			}
		}
		put(t, s, webp(t, webpLossless))
	})
}

func TestTransparencyStays(t *testing.T) {
	t.Parallel()
	s := open(t, blob.Config{URL: "mem://"})
	m := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	m.SetNRGBA(3, 3, color.NRGBA{R: 200, G: 100, B: 50, A: 128})
	p, out := put(t, s, encodePNG(t, m))
	shown, format := decode(t, out)
	if format != "png" || !strings.HasSuffix(p.Key, ".png") {
		t.Fatalf("stored as %s under %s", format, p.Key)
	}
	if c := color.NRGBAModel.Convert(shown.At(3, 3)).(color.NRGBA); far(c.R, 200) || far(c.G, 100) || c.A != 128 {
		t.Errorf("colour %v", c)
	}
	if _, _, _, a := shown.At(0, 0).RGBA(); a != 0 {
		t.Error("the background is not transparent")
	}
}

func TestTheFirstFrameOfAGIF(t *testing.T) {
	t.Parallel()
	s := open(t, blob.Config{URL: "mem://"})
	whole := image.Rect(0, 0, 20, 10)
	p, out := put(t, s, encodeGIF(t, &gif.GIF{
		Image: []*image.Paletted{frame(whole, corners[0]), frame(whole, corners[1])}, Delay: []int{1, 1},
	}))
	shown, _ := decode(t, out)
	if c := color.RGBAModel.Convert(shown.At(10, 5)).(color.RGBA); far(c.R, 255) || far(c.G, 0) || p.Width != 20 {
		t.Errorf("%+v, colour %v", p, c)
	}
	// A frame may be smaller than the picture.
	p, out = put(t, s, encodeGIF(t, &gif.GIF{
		Image: []*image.Paletted{frame(image.Rect(5, 5, 10, 10), corners[0])}, Delay: []int{1}, Config: image.Config{Width: 20, Height: 10},
	}))
	shown, _ = decode(t, out)
	_, _, _, outside := shown.At(1, 1).RGBA()
	red, _, _, inside := shown.At(7, 7).RGBA()
	if p.Width != 20 || p.Height != 10 || outside != 0 || inside == 0 || red == 0 {
		t.Errorf("%+v, outside %x, inside %x, red %x", p, outside, inside, red)
	}
}

func TestEXIFOrientation(t *testing.T) {
	t.Parallel()
	s := open(t, blob.Config{URL: "mem://"})
	const w, h = 48, 32
	// What the standard says: where row 0 and column 0 of the stored picture
	// are when one looks at it.
	visual := map[uint16]func(column, row int) (x, y int){
		1: func(c, r int) (int, int) { return c, r },
		2: func(c, r int) (int, int) { return w - 1 - c, r },
		3: func(c, r int) (int, int) { return w - 1 - c, h - 1 - r },
		4: func(c, r int) (int, int) { return c, h - 1 - r },
		5: func(c, r int) (int, int) { return r, c },
		6: func(c, r int) (int, int) { return w - 1 - r, c },
		7: func(c, r int) (int, int) { return w - 1 - r, h - 1 - c },
		8: func(c, r int) (int, int) { return r, h - 1 - c },
	}
	for o, at := range visual {
		size := image.Rect(0, 0, w, h)
		if o >= 5 {
			size = image.Rect(0, 0, h, w)
		}
		held := image.NewRGBA(size)
		for row := range size.Dy() {
			for column := range size.Dx() {
				x, y := at(column, row)
				held.SetRGBA(column, row, quarter(x, y, w, h))
			}
		}
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			t.Run(fmt.Sprint(o, order), func(t *testing.T) {
				p, out := put(t, s, withSegment(encodeJPEG(t, held), 0xe1, exif(o, order)))
				shown, _ := decode(t, out)
				upright(t, shown, w, h)
				if p.Width != w || p.Height != h {
					t.Errorf("%+v", p)
				}
				if bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("Exif")) {
					t.Error("metadata survived")
				}
			})
		}
	}
}

func TestBrokenEXIFIsIgnored(t *testing.T) {
	t.Parallel()
	s := open(t, blob.Config{URL: "mem://"})
	plain := encodeJPEG(t, quarters(48, 32))
	good := exif(6, binary.LittleEndian)
	far := bytes.Clone(good)
	binary.LittleEndian.PutUint32(far[10:], 0xfffffff0)
	for name, payload := range map[string][]byte{
		"cut": good[:20], "empty": good[:6], "far": far, "nine": exif(9, binary.LittleEndian), "other": []byte("http://ns.adobe.com/xap/1.0/\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			_, out := put(t, s, withSegment(plain, 0xe1, payload))
			shown, _ := decode(t, out)
			upright(t, shown, 48, 32)
		})
	}
}

func TestLargePicturesAreScaledDown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{7, 9, 7, 9}, {1600, 40, 1600, 40}, {40, 1600, 40, 1600}, {1601, 20, 1600, 20}, {3200, 100, 1600, 50}, {100, 4000, 40, 1600},
		{6501, 131, 1600, 32}, {8000, 60, 1600, 12}, {2, 12000, 1, 1600}, {12000, 1, 1600, 1},
	} {
		out, _, err := blob.Clean(encodePNG(t, quarters(c.w, c.h)))
		if err != nil || out[0].Width != c.wantW || out[0].Height != c.wantH {
			t.Errorf("%d × %d became %+v, %v", c.w, c.h, out, err)
			continue
		}
		for _, o := range out {
			if shown, _ := decode(t, o.Data); min(o.Width, o.Height) > 8 {
				upright(t, shown, o.Width, o.Height)
			}
		}
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		m := quarters(200, 200)
		jpg, png := encodeJPEG(t, m), encodePNG(t, m)
		anim := encodeGIF(t, &gif.GIF{Image: []*image.Paletted{frame(m.Bounds(), corners[0])}, Delay: []int{1}})
		lossy := webp(t, webpLossy)
		giant := bytes.Clone(jpg)
		sof := bytes.Index(giant, []byte{0xff, 0xc0})
		binary.BigEndian.PutUint32(giant[sof+5:], 0xffffffff)
		canvas := webp(t, webpAlpha)
		copy(canvas[24:], "\xff\x3f\x00\xff\x3f\x00") // 16384 × 16384
		for name, c := range map[string]struct {
			data []byte
			want error
		}{
			"nothing":          {nil, blob.ErrUnsupportedType},
			"text":             {[]byte("I am no picture"), blob.ErrUnsupportedType},
			"HTML":             {[]byte("<!DOCTYPE html><script>alert(1)</script>"), blob.ErrUnsupportedType},
			"SVG":              {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), blob.ErrUnsupportedType},
			"BMP":              {[]byte("BM\x1e\x00\x00\x00\x00\x00\x00\x00"), blob.ErrUnsupportedType},
			"sound":            {[]byte("RIFF\x24\x00\x00\x00WAVEfmt "), blob.ErrUnsupportedType},
			"only a beginning": {jpg[:3], blob.ErrBadImage},
			"JPEG in front":    {[]byte("\xff\xd8\xff<script>alert(1)</script>"), blob.ErrBadImage},
			"cut JPEG":         {jpg[:len(jpg)/2], blob.ErrBadImage},
			"cut PNG":          {png[:len(png)/2], blob.ErrBadImage},
			"PNG without end":  {png[:len(png)-12], blob.ErrBadImage},
			"cut GIF":          {anim[:len(anim)/2], blob.ErrBadImage},
			"cut WebP":         {lossy[:len(lossy)-6], blob.ErrBadImage},
			"PNG bomb":         {pngClaiming(50000, 50000), blob.ErrTooManyPixels},
			"empty PNG":        {pngClaiming(10, 10), blob.ErrBadImage},
			"JPEG bomb":        {giant, blob.ErrTooManyPixels},
			"GIF bomb":         {[]byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,"), blob.ErrTooManyPixels},
			"GIF of no size":   {[]byte("GIF89a\x00\x00\x00\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,"), blob.ErrBadImage},
			"WebP bomb":        {canvas, blob.ErrTooManyPixels},
		} {
			if p, err := s.PutPicture(t.Context(), "posts", bytes.NewReader(c.data)); !errors.Is(err, c.want) {
				t.Errorf("%s: %v instead of %v (%+v)", name, err, c.want, p)
			}
		}
	})
}

func TestTheLimits(t *testing.T) {
	t.Parallel()
	s := open(t, blob.Config{URL: "mem://"})
	if w, h, err := blob.Inspect(pngClaiming(8000, 5000)); err != nil || w != 8000 || h != 5000 {
		t.Errorf("40 megapixels: %d × %d, %v", w, h, err)
	}
	if _, _, err := blob.Inspect(pngClaiming(8001, 5000)); !errors.Is(err, blob.ErrTooManyPixels) || !strings.Contains(err.Error(), "8001 × 5000 pixels; the limit is 40 megapixels") {
		t.Errorf("more than 40 megapixels: %v", err)
	}
	full := encodePNG(t, quarters(20, 20))
	full = append(full, make([]byte, blob.MaxUpload-len(full))...)
	put(t, s, full)
	if _, err := s.PutPicture(t.Context(), "posts", bytes.NewReader(append(full, 0))); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("one byte more: %v", err)
	}
	// The web layer may cut a body before.
	body := http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(bytes.NewReader(full)), 1000)
	if _, err := s.PutPicture(t.Context(), "posts", body); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("a body that was cut: %v", err)
	}
	boom := errors.New("the line went dead")
	if _, err := s.PutPicture(t.Context(), "posts", io.MultiReader(bytes.NewReader(full[:10]), errorReader{boom})); !errors.Is(err, boom) {
		t.Errorf("a dead line: %v", err)
	}
	for _, prefix := range []string{"", "..", "posts/../x", "/posts", "posts/", "Posts", "a//b", "a.b", strings.Repeat("a", 200)} {
		if _, err := s.PutPicture(t.Context(), prefix, bytes.NewReader(full)); err == nil {
			t.Errorf("prefix %q was taken", prefix)
		}
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

func TestManyUploadsAtOnce(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		data := encodeJPEG(t, quarters(300, 200))
		var mu sync.Mutex
		keys := map[string]bool{}
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				p, err := s.PutPicture(t.Context(), "posts/7", bytes.NewReader(data))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				keys[p.Key] = true
			})
		}
		wg.Wait()
		if len(keys) != 16 {
			t.Errorf("%d keys", len(keys))
		}
		for key := range keys {
			if err := s.Delete(t.Context(), key); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAnUploadWaitsForRoomOnlyAsLongAsItsContext(t *testing.T) {
	t.Parallel()
	s := open(t, blob.Config{URL: "mem://"})
	data := encodeJPEG(t, quarters(30, 20))
	release := s.Occupy()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := s.PutPicture(ctx, "posts", bytes.NewReader(data))
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	go func() {
		_, err := s.PutPicture(t.Context(), "posts", bytes.NewReader(data))
		done <- err
	}()
	release()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
