package page

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"

	"rally/platform/fault"
)

// DefaultCursorSize is how many rows a page of a cursor list has unless it is
// asked for more or fewer, up to MaxSize.
const DefaultCursorSize = 20

// ErrBadCursor says that a cursor was changed, cut, or made for another list
// or other filters.
var ErrBadCursor = fault.New(fault.Invalid, "page.bad_cursor", "This place in the list can't be found. Please start from the beginning.")

// CursorList is a list that is paged by the sort keys of its rows instead of
// by numbers, so that rows which come or go between two pages neither repeat
// nor hide others, and the far end costs no more than the start.
//
// Keys are int64 and together unique, such as (id), or (created_at, id); a
// row's keys must not change while somebody pages.
type CursorList struct {
	Name    string   // of the list, unique in the program: "accounts.sessions"
	Keys    int      // sort keys that a row has; 0 means 1
	Filters []string // what narrows the list; a cursor holds only under the same ones
}

// CursorRequest asks for Size rows from a place in a list. Make it with
// CursorList.Parse.
//
// The store sorts by the list's order, or by its reverse if Backward; takes
// the rows past Key in that direction, all if Key is nil; and reads Limit of
// them. Keyset makes the page of them. Anybody can make up a Key, so the store
// must bear every int64.
type CursorRequest struct {
	Size     int     // rows a page, 1…MaxSize
	Key      []int64 // sort keys of the row beside which the page starts, itself excluded; nil: the list's end
	Backward bool    // towards the start of the list

	list list
}

// list is what a request remembers of its list to make further cursors.
type list struct {
	hash [sha256.Size]byte
	keys int
}

// Limit is how many rows the store reads: one more than the page shows, which
// tells whether another page follows.
func (r CursorRequest) Limit() int { return r.Size + 1 }

// Slice is one page of a cursor list. Next and Previous are the cursors of the
// pages beside it, "" where the list ends.
type Slice[T any] struct {
	Rows     []T
	Next     string
	Previous string
}

// Parse reads a cursor that Keyset made for the same list, where "" is the
// first page and size 0 the default. It returns ErrBadCursor or ErrBadPage.
func (l CursorList) Parse(text string, size int) (CursorRequest, error) {
	if size == 0 {
		size = DefaultCursorSize
	}
	if size < 1 || size > MaxSize {
		return CursorRequest{}, ErrBadPage.WithField("page_size", "must be between 1 and 100")
	}
	r := CursorRequest{Size: size, list: l.list()}
	if text == "" {
		return r, nil
	}
	if !r.decode(text) {
		return CursorRequest{}, ErrBadCursor.WithField("cursor", "is not a place in this list")
	}
	return r, nil
}

// list hashes the name and the filters, each with its length before it, so
// that no two ways to cut the same text into filters are the same list.
func (l CursorList) list() list {
	h := sha256.New()
	for _, s := range append([]string{l.Name}, l.Filters...) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	made := list{keys: max(l.Keys, 1)}
	h.Sum(made.hash[:0])
	return made
}

// A cursor is, in base64url without padding:
//
//	1 byte   version
//	1 byte   flags
//	8 bytes  each sort key, big-endian two's complement; none if !flagKey
//	8 bytes  tag: the start of SHA-256(hash of the list ‖ all of the above)
//
// The tag ties the cursor to its list and shows damage. It is no signature and
// needs no secret: whoever makes up a cursor chooses a place in a list that
// they may read anyway, for the store takes nothing else from it.
const (
	cursorVersion = 1
	cursorHead    = 2
	cursorTag     = 8

	flagBackward = 1 << 0
	flagKey      = 1 << 1
)

func (l list) tag(body []byte) []byte {
	h := sha256.New()
	h.Write(l.hash[:])
	h.Write(body)
	return h.Sum(nil)[:cursorTag]
}

// encode returns the only spelling of a place.
func (l list) encode(key []int64, backward bool) string {
	body := make([]byte, cursorHead, cursorHead+8*len(key)+cursorTag)
	body[0] = cursorVersion
	if backward {
		body[1] |= flagBackward
	}
	if key != nil {
		body[1] |= flagKey
	}
	for _, k := range key {
		body = binary.BigEndian.AppendUint64(body, uint64(k)) //nolint:gosec // G115: the bits, whatever the sign
	}
	return base64.RawURLEncoding.EncodeToString(append(body, l.tag(body)...))
}

// decode sets the place that text names, or returns false.
func (r *CursorRequest) decode(text string) bool {
	longest := cursorHead + 8*r.list.keys + cursorTag
	if len(text) > base64.RawURLEncoding.EncodedLen(longest) {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < cursorHead+cursorTag {
		return false
	}
	body, tag := raw[:len(raw)-cursorTag], raw[len(raw)-cursorTag:]
	if body[0] != cursorVersion || body[1]&^(flagBackward|flagKey) != 0 || subtle.ConstantTimeCompare(tag, r.list.tag(body)) != 1 {
		return false
	}
	keys := 0
	if body[1]&flagKey != 0 {
		keys = r.list.keys
	}
	if len(body) != cursorHead+8*keys {
		return false
	}
	var key []int64
	for k := body[cursorHead:]; len(k) > 0; k = k[8:] {
		key = append(key, int64(binary.BigEndian.Uint64(k))) //nolint:gosec // G115: the bits, whatever the sign
	}
	backward := body[1]&flagBackward != 0
	// The decoder skips line breaks and stray last bits: those are no cursor.
	if r.list.encode(key, backward) != text {
		return false
	}
	r.Key, r.Backward = key, backward
	return true
}

// Keyset makes the page that r asked for. Rows are the at most r.Limit() rows
// that the store found, in the order in which it read them; Keyset drops the
// surplus one and puts them in the list's order. Key returns a row's sort
// keys; their number must be the list's, else Keyset panics.
func Keyset[T any](r CursorRequest, rows []T, key func(T) []int64) Slice[T] {
	more := len(rows) > r.Size
	if more {
		rows = rows[:r.Size]
	}
	if r.Backward {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	s := Slice[T]{Rows: rows}
	// Where the page began with a key, there was a row behind it. It may be
	// gone by now; then that page is empty, and leads back.
	before, after := r.Key != nil, more
	if r.Backward {
		before, after = after, before
	}
	place := func(row T, backward bool) string {
		k := key(row)
		if len(k) != r.list.keys {
			panic(fmt.Sprintf("page: a row with %d sort keys in a list of %d", len(k), r.list.keys))
		}
		return r.list.encode(k, backward)
	}
	switch {
	case len(rows) > 0:
		if before {
			s.Previous = place(rows[0], true)
		}
		if after {
			s.Next = place(rows[len(rows)-1], false)
		}
	// Nothing is left in this direction. From r.Key back would leave out the
	// row of r.Key itself; the list's end doesn't.
	case before:
		s.Previous = r.list.encode(nil, true)
	case after:
		s.Next = r.list.encode(nil, false)
	}
	return s
}

// MapSlice returns the page with every row converted.
func MapSlice[T, U any](s Slice[T], convert func(T) U) Slice[U] {
	rows := make([]U, len(s.Rows))
	for i, r := range s.Rows {
		rows[i] = convert(r)
	}
	return Slice[U]{Rows: rows, Next: s.Next, Previous: s.Previous}
}

// Cut makes the page that r asked for of a list that is known as a whole, whose
// rows are in ascending order of their only key.
func Cut[T any](r CursorRequest, all []T, key func(T) int64) Slice[T] {
	rows := all
	if r.Key != nil {
		from := r.Key[0]
		rows = nil
		for _, row := range all {
			if k := key(row); r.Backward && k < from || !r.Backward && k > from {
				rows = append(rows, row)
			}
		}
	}
	if r.Backward {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	return Keyset(r, rows[:min(len(rows), r.Limit())], func(row T) []int64 { return []int64{key(row)} })
}
