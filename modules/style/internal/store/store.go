// Package store keeps the feed in the database. It alone knows the tables of
// style.
package store

import (
	"encoding/json"
	"fmt"
	"time"

	"rally/modules/style"
	"rally/platform/db"
	"rally/platform/recent"
)

// Store implements style.Store on both engines.
type Store struct {
	db      *db.DB
	written *recent.Cache[int64, written]
}

// New returns a store in d.
func New(d *db.DB) *Store {
	return &Store{d, recent.New[int64, written](maxWritten, 1)}
}

var (
	_ style.Store     = (*Store)(nil)
	_ style.RankStore = (*Store)(nil)
)

type pictureJSON struct {
	Key    string `json:"key"`
	Width  int    `json:"w"`
	Height int    `json:"h"`
}

type tagJSON struct {
	InfoID  int64    `json:"info"`
	X       *float64 `json:"x,omitempty"`
	Y       *float64 `json:"y,omitempty"`
	Picture int      `json:"picture,omitempty"`
}

type postRow struct {
	ID          int64      `bun:"id"`
	UserID      int64      `bun:"user_id"`
	Content     string     `bun:"content"`
	Pictures    string     `bun:"pictures"`
	Ratio       float64    `bun:"ratio"`
	Tags        string     `bun:"tags"`
	NumLikes    int64      `bun:"num_likes"`
	NumComments int64      `bun:"num_comments"`
	Hidden      bool       `bun:"hidden"`
	Absent      bool       `bun:"absent"`
	CreatedAt   time.Time  `bun:"created_at"`
	EditedAt    *time.Time `bun:"edited_at"`
	Version     int64      `bun:"version"`
	Liked       bool       `bun:"liked"`
	Following   bool       `bun:"following"`
	Place       int64      `bun:"place"`
}

const postColumns = "p.id, p.user_id, p.content, p.pictures, p.ratio, p.tags, p.num_likes, p.num_comments, p.hidden, p.absent, p.created_at, p.edited_at"

// toRow fails for a row that this program did not write.
func (r postRow) toRow() (style.Row, error) {
	post := style.Post{
		ID: r.ID, UserID: r.UserID, Content: r.Content, Ratio: r.Ratio, NumLikes: r.NumLikes, NumComments: r.NumComments,
		Hidden: r.Hidden, Absent: r.Absent, CreatedAt: r.CreatedAt.UTC(), EditedAt: db.UTC(r.EditedAt),
	}
	if r.Pictures != empty {
		var list []pictureJSON
		if err := json.Unmarshal([]byte(r.Pictures), &list); err != nil {
			return style.Row{}, fmt.Errorf("the pictures of post %d: %w", r.ID, err)
		}
		post.Pictures = make([]style.Picture, len(list))
		for i, p := range list {
			post.Pictures[i] = style.Picture(p)
		}
	}
	if r.Tags != empty {
		var list []tagJSON
		if err := json.Unmarshal([]byte(r.Tags), &list); err != nil {
			return style.Row{}, fmt.Errorf("the tags of post %d: %w", r.ID, err)
		}
		post.Tags = make([]style.Tag, len(list))
		for i, t := range list {
			post.Tags[i] = style.Tag(t)
		}
	}
	return style.Row{Post: post, Liked: r.Liked, Following: r.Following, Place: r.Place}, nil
}

// empty is the JSON of an empty list.
const empty = "[]"

func picturesJSON(list []style.Picture) string {
	out := make([]pictureJSON, len(list))
	for i, p := range list {
		out[i] = pictureJSON(p)
	}
	return encode(out)
}

func tagsJSON(list []style.Tag) string {
	out := make([]tagJSON, len(list))
	for i, t := range list {
		out[i] = tagJSON(t)
	}
	return encode(out)
}

func encode(v any) string {
	b, _ := json.Marshal(v) // numbers and texts always have a JSON form
	return string(b)
}
