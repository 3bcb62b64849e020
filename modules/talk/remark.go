package talk

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/modules/accounts"
	"rally/platform/fault"
	"rally/platform/page"
)

// Kind tells a comment from a reply.
type Kind string

// Kinds of remarks.
const (
	Comment Kind = "comment"
	Reply   Kind = "reply"
)

// Remark is a comment on a place, or a reply to a comment.
type Remark struct {
	ID        int64
	PlaceID   int64
	CommentID int64 // of a reply: the comment that it stands under; 0: a comment
	UserID    int64
	ToUserID  int64 // of a reply: whom it speaks to
	// Content is plain text: 1…Room.Max characters as they were typed; empty once
	// its writer was erased and others had replied. In a store, people whom it
	// mentions are named by their ids: see Link.
	Content   string
	NumLikes  int64
	CreatedAt time.Time
	EditedAt  *time.Time
	HiddenAt  *time.Time // by the staff; nil: it is shown

	Hidden bool // it is, or the comment that it stands under: only its writer and the staff see it
	Liked  bool // by whoever reads it
}

// Kind returns which kind of remark it is.
func (r Remark) Kind() Kind {
	if r.CommentID != 0 {
		return Reply
	}
	return Comment
}

// root returns the comment of its thread: itself or the one it stands under.
func (r Remark) root() int64 {
	if r.CommentID != 0 {
		return r.CommentID
	}
	return r.ID
}

// Said is a remark with who speaks to whom. Both are nil for people who left, or
// whom the viewer doesn't see.
type Said struct {
	Remark
	By, To   *Person
	Mentions []accounts.Profile // in the order of the text, each once
	Bought   bool               // of a comment: its writer bears the place's mark
}

// Thread is a comment with its replies, oldest first; or a reply by itself.
type Thread struct {
	Said
	Replies []Said
}

// Like is somebody's liking of a remark.
type Like struct {
	ID        int64
	RemarkID  int64
	UserID    int64
	CreatedAt time.Time
}

// LikeBy is a like with who gave it: nil for somebody who left.
type LikeBy struct {
	Like
	By *Person
}

// CommentList is the list of a place's comments.
func (r *Room) CommentList(placeID int64) page.CursorList {
	return page.CursorList{Name: r.Module + ".comments", Filters: []string{strconv.FormatInt(placeID, 10)}}
}

// LikeList is the list of a remark's likes.
func (r *Room) LikeList(kind Kind, id int64) page.CursorList {
	return page.CursorList{Name: r.Module + ".likes", Filters: []string{string(kind), strconv.FormatInt(id, 10)}}
}

// MaxReplies bounds a thread, which is always shown whole.
const MaxReplies = 100

// MaxPosts is how many remarks a person writes in a postWindow at most, in all rooms
// together.
const (
	MaxPosts   = 30
	postWindow = 10 * time.Minute
)

// NormaliseContent returns what somebody wrote as it is stored: without spaces
// around it, composed (Unicode NFC), lines ended by \n. It has 1 to limit
// characters, of which one can be seen, and no control characters but ends of
// lines. Everything else is kept, markup and marks of direction too: whoever
// shows it must treat it as plain text. It returns fault.ErrInvalid with the field
// content.
func NormaliseContent(raw string, limit int) (string, error) {
	if !utf8.ValidString(raw) {
		return "", badContent("must be valid UTF-8")
	}
	s := strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(raw, "\r\n", "\n")))
	switch {
	case !strings.ContainsFunc(s, visible):
		return "", badContent("must not be empty")
	case utf8.RuneCountInString(s) > limit:
		return "", badContent("must have at most " + strconv.Itoa(limit) + " characters")
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }):
		return "", badContent("must not have control characters")
	}
	return s, nil
}

func badContent(why string) error { return fault.ErrInvalid.WithField("content", why) }

// visible is false for spaces, and for marks that show nothing by themselves.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && !unicode.Is(unicode.Variation_Selector, r)
}

// peopleIn returns the ids of all people in a list of remarks, each once: who
// speaks, who is spoken to, who is mentioned.
func peopleIn(remarks []Remark) []int64 {
	var ids []int64
	for _, r := range remarks {
		ids = append(ids, r.UserID)
		if r.ToUserID != 0 {
			ids = append(ids, r.ToUserID)
		}
		ids = append(ids, Linked(r.Content)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
