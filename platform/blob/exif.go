package blob

import (
	"bytes"
	"encoding/binary"
)

// The markers of a JPEG that matter here.
const (
	markerTEM  = 0x01
	markerRST0 = 0xd0
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
)

// orientation returns what the EXIF part of a JPEG says about how to hold it,
// 1 to 8, or 1 when it says nothing sensible.
func orientation(data []byte) int {
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			return 1
		}
		marker := data[i+1]
		switch {
		case marker == 0xff: // padding
			i++
			continue
		case marker == markerTEM || (marker >= markerRST0 && marker <= markerSOI): // without a length
			i += 2
			continue
		case marker == markerSOS || marker == markerEOI:
			return 1
		}
		length := int(binary.BigEndian.Uint16(data[i+2:]))
		if length < 2 || i+2+length > len(data) {
			return 1
		}
		if marker == markerAPP1 {
			if tiff, ok := bytes.CutPrefix(data[i+4:i+2+length], []byte("Exif\x00\x00")); ok {
				return tiffOrientation(tiff)
			}
		}
		i += 2 + length
	}
	return 1
}

// tiffOrientation looks for the tag in the first directory of a TIFF.
func tiffOrientation(tiff []byte) int {
	const (
		tagOrientation = 0x0112
		typeShort      = 3
		entrySize      = 12
	)
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[entrySize:]
	}
	return 1
}
