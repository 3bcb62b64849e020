package blob

import (
	"image"

	"golang.org/x/image/draw"
)

// fit returns m with its longest side at most size, in the same ratio. A
// picture that fits already keeps its size. Most of the way down goes by
// averages of whole blocks, which takes half the time of the fine filter, and
// less memory.
func fit(m image.Image, size Size) *image.RGBA {
	was := m.Bounds().Size()
	longest, most := max(was.X, was.Y), int(size)
	if longest <= most {
		return average(m, 1)
	}
	side := func(n int) int { return max(1, (n*most+longest/2)/longest) }
	now := image.Rect(0, 0, side(was.X), side(was.Y))
	if n := longest / most; now.Size().Mul(n) == was {
		return average(m, n)
	}
	if n := longest / (2 * most); n > 1 {
		m = average(m, n)
	} else if _, plain := m.(*image.RGBA); !plain {
		m = average(m, 1) // the filter is fast on this kind only
	}
	dst := image.NewRGBA(now)
	draw.CatmullRom.Scale(dst, now, m, m.Bounds(), draw.Src, nil)
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
