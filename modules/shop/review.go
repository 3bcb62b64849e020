package shop

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

// RemarkKind tells a comment from a reply.
type RemarkKind string

// Kinds of remarks.
const (
	KindComment RemarkKind = "comment"
	KindReply   RemarkKind = "reply"
)

// NotFound returns the fault of a remark of this kind that isn't there.
func (k RemarkKind) NotFound() *fault.Error {
	if k == KindReply {
		return ErrReplyNotFound
	}
	return ErrCommentNotFound
}

// Remark is a comment on an article, or a reply to a comment.
type Remark struct {
	ID        int64
	InfoID    int64
	CommentID int64 // of a reply: the comment that it stands under; 0: a comment
	UserID    int64
	ToUserID  int64  // of a reply: whom it speaks to
	Content   string // 1…500 characters; empty once its writer was erased and others had replied
	NumLikes  int64
	CreatedAt time.Time
	EditedAt  *time.Time

	Liked  bool // by whoever reads it
	Bought bool // of a comment: its writer has bought the article, and has it
}

// Kind returns which kind of remark it is.
func (r Remark) Kind() RemarkKind {
	if r.CommentID != 0 {
		return KindReply
	}
	return KindComment
}

// Said is a remark with who speaks to whom. Both are nil for people who left.
type Said struct {
	Remark
	By, To *accounts.Profile
}

// Thread is a comment with its replies, oldest first.
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
	By *accounts.Profile
}

// CommentList is the list of an article's comments.
func CommentList(infoID int64) page.CursorList {
	return page.CursorList{Name: "shop.comments", Filters: []string{strconv.FormatInt(infoID, 10)}}
}

// LikeList is the list of a remark's likes.
func LikeList(kind RemarkKind, id int64) page.CursorList {
	return page.CursorList{Name: "shop.likes", Filters: []string{string(kind), strconv.FormatInt(id, 10)}}
}

const (
	maxContent = 500 // characters
	// maxReplies bounds a thread, which is always shown whole.
	maxReplies = 100

	// A person writes at most maxPosts remarks in a postWindow.
	maxPosts   = 30
	postWindow = 10 * time.Minute
)

// NormaliseContent returns what somebody wrote as it is stored: without spaces
// around it, composed (Unicode NFC), lines ended by \n. It has 1 to 500
// characters, of which one can be seen, and no control characters but ends of
// lines. Everything else is kept, markup and marks of direction too: whoever
// shows it must treat it as plain text.
func NormaliseContent(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", badContent("must be valid UTF-8")
	}
	s := strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(raw, "\r\n", "\n")))
	switch {
	case !strings.ContainsFunc(s, visible):
		return "", badContent("must not be empty")
	case utf8.RuneCountInString(s) > maxContent:
		return "", badContent("must have at most " + strconv.Itoa(maxContent) + " characters")
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

// idsOf returns the ids of all people in a list of remarks, each once.
func idsOf(remarks []Remark) []int64 {
	var ids []int64
	for _, r := range remarks {
		ids = append(ids, r.UserID)
		if r.ToUserID != 0 {
			ids = append(ids, r.ToUserID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
