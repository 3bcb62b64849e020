package style

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/talk"
	"rally/platform/fault"
)

// Limits of a post.
const (
	MaxContent  = 1000 // characters
	MaxPictures = 10
	MaxArticles = 5  // that a post shows
	MaxHashtags = 20 // that a post is found by; more are plain words

	// The frame of the pictures is between these, as width by height.
	minRatio, maxRatio = 0.2, 5

	// A person posts at most maxPosts times in a postWindow.
	maxPosts   = 20
	postWindow = time.Hour
)

// Post is what somebody shows.
type Post struct {
	ID     int64
	UserID int64
	// Content is plain text of 0…MaxContent characters as they were typed. In a
	// store, people whom it mentions are named by their ids: see talk.Link.
	Content     string
	Pictures    []Picture
	Ratio       float64 // width by height of the frame of all pictures
	Tags        []Tag
	NumLikes    int64
	NumComments int64 // and replies
	Hidden      bool  // by the staff
	Absent      bool  // its author has left, and may come back
	CreatedAt   time.Time
	EditedAt    *time.Time
}

// Picture is a stored picture.
type Picture struct {
	Key           string
	Width, Height int // pixels
}

// Tag is an article that a post shows. X and Y are where, as parts of the width
// and the height of one of its pictures, from the upper left; nil: anywhere.
type Tag struct {
	InfoID  int64
	X, Y    *float64
	Picture int // its index
}

// infoIDs returns the articles of tags, each once.
func infoIDs(tags []Tag) []int64 {
	ids := make([]int64, 0, len(tags))
	for _, t := range tags {
		if !slices.Contains(ids, t.InfoID) {
			ids = append(ids, t.InfoID)
		}
	}
	return ids
}

// Row is a post as a list reads it for a viewer.
type Row struct {
	Post
	Liked     bool  // by the viewer
	Following bool  // the viewer follows its author
	Place     int64 // its sort key in the list
}

// Shown is a post as a viewer meets it.
type Shown struct {
	Row
	By       accounts.Profile
	Mentions []accounts.Profile
	Products []Product
}

// Product is an article that a post shows, with its best prices now. Owned is
// whether the post's author bought it, where that is asked for.
type Product struct {
	Tag
	shop.Listing
	Owned *bool
}

// normaliseContent is talk.NormaliseContent for a text that may be missing.
func normaliseContent(raw string) (string, error) {
	if strings.TrimSpace(raw) == "" {
		return "", nil
	}
	return talk.NormaliseContent(raw, MaxContent)
}

// normaliseRatio keeps a frame such that a page can show it.
func normaliseRatio(ratio float64) (float64, error) {
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) || ratio <= 0 {
		return 0, fault.ErrInvalid.WithField("image_ratio", "must be greater than 0")
	}
	return min(max(ratio, minRatio), maxRatio), nil
}

// checkTags makes sure that a post with so many pictures can show tags.
func checkTags(tags []Tag, pictures int) error {
	bad := func(why string) error { return fault.ErrInvalid.WithField("tags", why) }
	if len(infoIDs(tags)) > MaxArticles {
		return fault.ErrInvalid.WithField("productinfo_ids", "must be at most "+strconv.Itoa(MaxArticles)+" articles")
	}
	seen := map[int64]bool{}
	for _, t := range tags {
		switch {
		case (t.X == nil) != (t.Y == nil):
			return bad("must have both x and y, or neither")
		case t.X != nil && !(*t.X >= 0 && *t.X <= 1 && *t.Y >= 0 && *t.Y <= 1):
			return bad("x and y must be between 0 and 1")
		case (t.X != nil || t.Picture != 0) && (t.Picture < 0 || t.Picture >= pictures):
			return bad("must name a picture of the post")
		case seen[t.InfoID]:
			return bad("must name each article once")
		}
		seen[t.InfoID] = true
	}
	return nil
}

const (
	minHashtag = 1  // characters
	maxHashtag = 50 // characters
)

// Hashtags returns the hashtags of a text in the form in which they are compared
// (see HashtagKey), each once, at most MaxHashtags. A hashtag is "#" and letters,
// digits and underscores, not digits alone; it doesn't begin in a word.
func Hashtags(text string) []string {
	var tags []string
	var before rune
	for i, r := range text {
		if (r == '#' || r == '＃') && !inHashtag(before) && before != '&' {
			rest := text[i+utf8.RuneLen(r):]
			end := strings.IndexFunc(rest, func(r rune) bool { return !inHashtag(r) })
			if end < 0 {
				end = len(rest)
			}
			if key, ok := HashtagKey(rest[:end]); ok && !slices.Contains(tags, key) && len(tags) < MaxHashtags {
				tags = append(tags, key)
			}
		}
		before = r
	}
	return tags
}

// HashtagKey returns the form in which a hashtag is compared, without its "#":
// lower case, composed, wide letters narrow (Unicode NFKC). It is false for what
// is none.
func HashtagKey(tag string) (string, bool) {
	if !utf8.ValidString(tag) {
		return "", false
	}
	key := strings.ToLower(norm.NFKC.String(tag))
	n := utf8.RuneCountInString(key)
	if n < minHashtag || n > maxHashtag || strings.ContainsFunc(key, func(r rune) bool { return !inHashtag(r) }) {
		return "", false
	}
	return key, strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsDigit(r) })
}

func inHashtag(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}
