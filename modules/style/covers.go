package style

import (
	"context"
	"strings"
	"unicode/utf8"

	"rally/modules/talk"
)

// Cover is a post in one line.
type Cover struct {
	PostID  int64
	UserID  int64  // its author
	Excerpt string // the beginning of its words
	Picture string // the key of its first picture, or empty
}

// Covers tells other modules what posts are. It stands beside Service. It is safe
// for concurrent use.
type Covers struct {
	store     CoverStore
	directory Directory
}

// CoverStore is what Covers read.
type CoverStore interface {
	AnyPosts(ctx context.Context, ids []int64) (map[int64]Post, error)
}

// NewCovers returns the covers of what a store holds.
func NewCovers(store CoverStore, directory Directory) *Covers { return &Covers{store, directory} }

// Of returns posts by their ids, in two statements at most whatever their number.
// What is gone, or hidden by the staff, isn't among them.
func (c *Covers) Of(ctx context.Context, ids []int64) (map[int64]Cover, error) {
	covers := make(map[int64]Cover, len(ids))
	if len(ids) == 0 {
		return covers, nil
	}
	posts, err := c.store.AnyPosts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var mentioned []int64
	for _, p := range posts {
		mentioned = append(mentioned, talk.Linked(p.Content)...)
	}
	profiles, err := c.directory.ProfilesOf(ctx, distinct(mentioned))
	if err != nil {
		return nil, err
	}
	for id, p := range posts {
		if p.Hidden || p.Absent {
			continue
		}
		plain, _ := spoken(p.Content, profiles, talk.Viewer{})
		cover := Cover{PostID: id, UserID: p.UserID, Excerpt: excerpt(plain)}
		if len(p.Pictures) > 0 {
			cover.Picture = p.Pictures[0].Key
		}
		covers[id] = cover
	}
	return covers, nil
}

const maxExcerpt = 60 // characters

// excerpt returns the beginning of a text in one line.
func excerpt(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) <= maxExcerpt {
		return line
	}
	return strings.TrimSpace(string([]rune(line)[:maxExcerpt])) + "…"
}
