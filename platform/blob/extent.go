package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// A decoder stops where it has seen enough. The functions here find where a
// picture ends, so that one which was cut short is not taken for whole, and
// what hangs behind it is seen.

var (
	errCut    = errors.New("the picture is cut short")
	errBroken = errors.New("the picture's parts don't follow its format")
)

// extent is what a walk over a picture's parts finds.
type extent struct {
	end  int    // where the picture's bytes end
	tiff []byte // of the EXIF part; nil when there is none
}

// The markers of a JPEG that matter here.
const (
	markerTEM  = 0x01
	markerSOF0 = 0xc0
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerAPP1 = 0xe1
)

const exifTag = "Exif\x00\x00"

// jpegExtent walks from marker to marker. Like every decoder it passes over
// strange bytes between segments.
func jpegExtent(data []byte) (e extent, err error) {
	for i := 2; ; {
		skip := bytes.IndexByte(data[i:], 0xff)
		if skip < 0 {
			return e, errCut
		}
		for i += skip; i < len(data) && data[i] == 0xff; i++ {
		}
		if i == len(data) {
			return e, errCut
		}
		marker := data[i]
		i++
		switch {
		case marker == 0, marker == markerTEM, marker >= markerRST0 && marker <= markerRST7:
			continue // within the pixels; no length
		case marker == markerEOI:
			e.end = i
			return e, nil
		case marker == markerSOI, marker < markerSOF0:
			return e, errBroken
		}
		if i+2 > len(data) {
			return e, errCut
		}
		length := int(binary.BigEndian.Uint16(data[i:]))
		switch {
		case length < 2:
			return e, errBroken
		case i+length > len(data):
			return e, errCut
		}
		if marker == markerAPP1 && e.tiff == nil {
			if tiff, ok := bytes.CutPrefix(data[i+2:i+length], []byte(exifTag)); ok {
				e.tiff = tiff
			}
		}
		i += length
	}
}

// pngExtent walks from chunk to chunk. The decoder checks their sums.
func pngExtent(data []byte) (e extent, err error) {
	const around = 12 // length, name and sum
	for i := 8; ; {
		if i+around > len(data) {
			return e, errCut
		}
		length := int64(binary.BigEndian.Uint32(data[i:]))
		if length > int64(len(data)-i-around) {
			return e, errCut
		}
		next := i + around + int(length)
		switch string(data[i+4 : i+8]) {
		case "eXIf":
			e.tiff = data[i+8 : next-4]
		case "IEND":
			e.end = next
			return e, nil
		}
		i = next
	}
}

// gifExtent walks over the frames and extensions to the trailer.
func gifExtent(data []byte) (e extent, err error) {
	const (
		screen     = 13 // signature and screen descriptor
		descriptor = 10 // of a frame
	)
	if len(data) < screen {
		return e, errCut
	}
	for i := screen + palette(data[10]); ; {
		if i >= len(data) {
			return e, errCut
		}
		switch data[i] {
		case ';':
			e.end = i + 1
			return e, nil
		case '!':
			i += 2
		case ',':
			if i+descriptor > len(data) {
				return e, errCut
			}
			i += descriptor + palette(data[i+9]) + 1 // the width of the codes
		default:
			return e, errBroken
		}
		for { // blocks, up to an empty one
			if i >= len(data) {
				return e, errCut
			}
			n := int(data[i])
			i += 1 + n
			if n == 0 {
				break
			}
		}
	}
}

// palette is the size of a GIF's colour table in bytes, by the flags before it.
func palette(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// webpExtent trusts the size that the container tells, and looks into it.
func webpExtent(data []byte) (e extent, err error) {
	end := 8 + int64(binary.LittleEndian.Uint32(data[4:]))
	if end += end % 2; end > int64(len(data)) {
		return e, errCut
	}
	e.end = int(end)
	if e.end < webpHead {
		return e, errBroken
	}
	for name, chunk := range chunks(data[webpHead:e.end]) {
		if name == "EXIF" {
			e.tiff = bytes.TrimPrefix(chunk, []byte(exifTag))
		}
	}
	return e, nil
}
