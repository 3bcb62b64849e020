package blob

import (
	"bytes"
	"encoding/binary"
)

// alone returns ErrExtraData when a file is more than its picture, which ends
// at end. What a picture carries inside, such as comments, is no matter here:
// none of it is stored.
func alone(data []byte, end int, isJPEG bool) error {
	rest := data[end:]
	if isJPEG {
		rest = afterPhone(rest)
	}
	if len(bytes.Trim(rest, padding)) > 0 || isArchive(data) || isDocument(data) {
		return ErrExtraData
	}
	return nil
}

// padding is what fills a file up and says nothing.
const padding = "\x00\xff\r\n\t "

// afterPhone returns what is left of the bytes behind a JPEG without those that
// phones put there: further JPEGs (a gain map, a preview), a video (a motion
// photo), and Samsung's own notes.
func afterPhone(rest []byte) []byte {
	rest = withoutSamsung(rest)
	for {
		from := len(rest) - len(bytes.TrimLeft(rest, "\x00\r\n\t "))
		if bytes.HasPrefix(rest[from:], []byte("\xff\xd8\xff")) {
			e, err := jpegExtent(rest[from:])
			if err != nil {
				return rest
			}
			rest = rest[from+e.end:]
			continue
		}
		// The length in front of a video's mark begins with zeros too.
		mark := bytes.Index(rest[from:min(len(rest), from+8)], []byte("ftyp")) + from - 4
		if mark < max(0, from-4) {
			return rest[from:]
		}
		after := afterVideo(rest[mark:])
		if len(after) == len(rest)-mark {
			return rest
		}
		rest = after
	}
}

// afterVideo returns what follows the boxes of an MP4 or QuickTime video.
func afterVideo(rest []byte) []byte {
	for len(rest) >= 8 {
		switch string(rest[4:8]) {
		case "ftyp", "moov", "mdat", "free", "skip", "wide", "uuid", "meta", "moof", "mfra", "styp", "sidx", "udta", "mpvd":
		default:
			return rest
		}
		size := uint64(binary.BigEndian.Uint32(rest))
		switch {
		case size == 0: // up to the end
			return nil
		case size == 1 && len(rest) >= 16:
			size = binary.BigEndian.Uint64(rest[8:])
		}
		if size < 8 || size > uint64(len(rest)) {
			return rest
		}
		rest = rest[size:]
	}
	return rest
}

// withoutSamsung cuts off blocks that a directory at the very end, between SEFH
// and SEFT, lists.
func withoutSamsung(rest []byte) []byte {
	const entry = 12 // kind, distance of the block from the directory, size
	body, ok := bytes.CutSuffix(rest, []byte("SEFT"))
	if !ok || len(body) < 4 {
		return rest
	}
	length := uint64(binary.LittleEndian.Uint32(body[len(body)-4:]))
	body = body[:len(body)-4]
	if length < 12 || length > uint64(len(body)) {
		return rest
	}
	start := len(body) - int(length) //nolint:gosec // not above the length of body
	directory := body[start:]
	if string(directory[:4]) != "SEFH" {
		return rest
	}
	count := uint64(binary.LittleEndian.Uint32(directory[8:]))
	directory = directory[12:]
	if count*entry != uint64(len(directory)) {
		return rest
	}
	first := start
	for ; len(directory) > 0; directory = directory[entry:] {
		distance := uint64(binary.LittleEndian.Uint32(directory[4:]))
		if distance > uint64(start) { //nolint:gosec // never negative
			return rest
		}
		first = min(first, start-int(distance)) //nolint:gosec // not above start
	}
	return rest[:first]
}

// isArchive reports whether a ZIP, and so a JAR, an APK or an Office file, ends
// in data. Such files are read from their end, so that one may hide in a
// picture's last part as well as behind it.
func isArchive(data []byte) bool {
	const (
		record  = 22      // without its comment
		reaches = 1 << 16 // of a comment
	)
	tail := max(0, len(data)-record-reaches)
	for end := len(data); ; {
		i := bytes.LastIndex(data[tail:end], []byte("PK\x05\x06"))
		if i < 0 {
			return false
		}
		end = tail + i
		if len(data)-end < record {
			continue
		}
		size := int64(binary.LittleEndian.Uint32(data[end+12:]))
		if size > 0 && size <= int64(end) && bytes.HasPrefix(data[int64(end)-size:], []byte("PK\x01\x02")) {
			return true
		}
	}
}

// isDocument reports whether readers take data for a PDF: they look for its
// mark within the first kilobyte.
func isDocument(data []byte) bool {
	return bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-"))
}
