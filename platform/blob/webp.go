package blob

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// webpHead is the length of a WebP's first bytes: RIFF, size, WEBP.
const webpHead = 12

// chunks yields the parts of a RIFF container that are whole.
func chunks(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			length := int64(binary.LittleEndian.Uint32(data[4:]))
			if length > int64(len(data)-8) || !yield(string(data[:4]), data[8:8+length]) {
				return
			}
			data = data[min(int64(len(data)), 8+length+length%2):]
		}
	}
}

func appendChunk(out []byte, name string, data []byte) []byte {
	out = append(out, name...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(data))) //nolint:gosec // a part of an upload
	out = append(out, data...)
	return append(out, make([]byte, len(data)%2)...)
}

// decodeWebP returns the picture, or the first frame of an animation on a
// canvas of the whole size. The decoder knows no animations, so that a frame is
// handed to it as a picture of its own.
func decodeWebP(data []byte) (image.Image, error) {
	var canvas image.Rectangle
	for name, chunk := range chunks(data[webpHead:]) {
		switch {
		case name == "VP8X" && len(chunk) == 10:
			canvas = image.Rect(0, 0, int(uint24(chunk[4:]))+1, int(uint24(chunk[7:]))+1)
		case name == "ANMF" && !canvas.Empty():
			return decodeFrame(chunk, canvas)
		}
	}
	return webp.Decode(bytes.NewReader(data))
}

func decodeFrame(chunk []byte, canvas image.Rectangle) (image.Image, error) {
	const head = 16 // place, size, duration and flags
	if len(chunk) < head {
		return nil, errBroken
	}
	place := image.Pt(2*int(uint24(chunk)), 2*int(uint24(chunk[3:])))
	area := image.Rectangle{Min: place, Max: place.Add(image.Pt(int(uint24(chunk[6:]))+1, int(uint24(chunk[9:]))+1))}
	if !area.In(canvas) {
		return nil, errBroken
	}
	var parts []byte
	extended := make([]byte, 10)
	copy(extended[4:], chunk[6:12])
	for name, part := range chunks(chunk[head:]) {
		switch name {
		case "ALPH":
			extended[0] = 1 << 4
			parts = appendChunk(parts, name, part)
		case "VP8 ", "VP8L":
			parts = appendChunk(parts, name, part)
		}
	}
	parts = append(appendChunk([]byte("WEBP"), "VP8X", extended), parts...)
	frame, err := webp.Decode(bytes.NewReader(appendChunk(nil, "RIFF", parts)))
	if err != nil || area == canvas {
		return frame, err
	}
	whole := image.NewRGBA(canvas)
	draw.Draw(whole, area, frame, frame.Bounds().Min, draw.Src)
	return whole, nil
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
