package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/style"
	"rally/platform/db"
)

type importedPost struct {
	bun.BaseModel `bun:"table:posts"`

	ID        int64     `bun:"id,pk,autoincrement"`
	UserID    int64     `bun:"user_id"`
	Content   string    `bun:"content"`
	Pictures  string    `bun:"pictures"`
	Ratio     float64   `bun:"ratio"`
	Tags      string    `bun:"tags"`
	NumLikes  int64     `bun:"num_likes"`
	Heat      float64   `bun:"heat"`
	CreatedAt time.Time `bun:"created_at"`
}

type importedLike struct {
	bun.BaseModel `bun:"table:post_likes"`

	ID        int64     `bun:"id,pk,autoincrement"`
	PostID    int64     `bun:"post_id"`
	UserID    int64     `bun:"user_id"`
	CreatedAt time.Time `bun:"created_at"`
}

type importedFollow struct {
	bun.BaseModel `bun:"table:follows"`

	ID        int64     `bun:"id,pk,autoincrement"`
	From      int64     `bun:"from_id"`
	To        int64     `bun:"to_id"`
	CreatedAt time.Time `bun:"created_at"`
}

// ImportPosts implements style.ImportStore.
func (s *Store) ImportPosts(ctx context.Context, posts []style.ImportedPost, found []style.Index) error {
	rows := make([]importedPost, len(posts))
	for i, p := range posts {
		rows[i] = importedPost{
			UserID: p.UserID, Content: p.Content, Pictures: picturesJSON(p.Pictures), Ratio: p.Ratio, Tags: tagsJSON(p.Tags),
			NumLikes: p.NumLikes, Heat: style.Heat(p.NumLikes, 0, p.CreatedAt), CreatedAt: p.CreatedAt,
		}
	}
	if err := db.InsertAll(ctx, s.db, rows, func(r importedPost) int64 { return r.ID }); err != nil {
		return err
	}
	var likes []importedLike
	counts := map[int64]int64{}
	for i, r := range rows {
		posts[i].ID = r.ID
		counts[r.UserID]++
		if err := s.index(ctx, posts[i].Post, found[i]); err != nil {
			return err
		}
		for _, l := range posts[i].Likes {
			likes = append(likes, importedLike{PostID: r.ID, UserID: l.UserID, CreatedAt: l.CreatedAt})
		}
	}
	if err := db.InsertAll(ctx, s.db, likes, nil); err != nil {
		return err
	}
	for user, n := range counts {
		if err := s.HoldPeople(ctx, user); err != nil {
			return err
		}
		if err := s.AddPosts(ctx, user, n); err != nil {
			return err
		}
	}
	return nil
}

// ImportFollows implements style.ImportStore.
func (s *Store) ImportFollows(ctx context.Context, list []style.Follow) error {
	rows := make([]importedFollow, len(list))
	people := map[int64]bool{}
	for i, f := range list {
		rows[i] = importedFollow{From: f.From, To: f.To, CreatedAt: f.CreatedAt}
		people[f.From], people[f.To] = true, true
	}
	if err := db.InsertAll(ctx, s.db, rows, nil); err != nil {
		return err
	}
	for user := range people {
		if err := s.HoldPeople(ctx, user); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, s.db, `UPDATE style_people SET num_followers = (SELECT count(*) FROM follows WHERE to_id = $1),
			num_followings = (SELECT count(*) FROM follows WHERE from_id = $1) WHERE user_id = $1`, user); err != nil {
			return err
		}
	}
	return nil
}
