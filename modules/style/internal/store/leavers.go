package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/style"
	"rally/platform/db"
)

var (
	_ style.LeaverStore  = (*Store)(nil)
	_ style.HostStore    = (*Store)(nil)
	_ style.ImportStore  = (*Store)(nil)
	_ style.ArchiveStore = (*Store)(nil)
)

// SetAbsent implements style.LeaverStore.
func (s *Store) SetAbsent(ctx context.Context, userID int64, absent bool) error {
	_, err := db.Exec(ctx, s.db, "UPDATE posts SET absent = $2 WHERE user_id = $1", userID, absent)
	return err
}

// HoldTouched implements style.LeaverStore.
func (s *Store) HoldTouched(ctx context.Context, userID int64, more []int64) error {
	return db.LockRows(ctx, s.db, "SELECT id FROM posts WHERE user_id = $1 OR id = ANY($2) OR id IN (SELECT post_id FROM post_likes WHERE user_id = $1) ORDER BY id FOR NO KEY UPDATE", userID, db.List(s.db, more))
}

// Forget implements style.LeaverStore.
func (s *Store) Forget(ctx context.Context, userID int64) error {
	for _, statement := range []string{
		"UPDATE posts SET num_likes = num_likes - 1, warm = true WHERE id IN (SELECT post_id FROM post_likes WHERE user_id = $1)",
		"DELETE FROM post_likes WHERE user_id = $1",
		"UPDATE style_people SET num_followers = num_followers - 1 WHERE user_id IN (SELECT to_id FROM follows WHERE from_id = $1)",
		"UPDATE style_people SET num_followings = num_followings - 1 WHERE user_id IN (SELECT from_id FROM follows WHERE to_id = $1)",
		"DELETE FROM follows WHERE from_id = $1",
		"DELETE FROM follows WHERE to_id = $1",
		"DELETE FROM post_mentions WHERE user_id = $1",
		"DELETE FROM reports WHERE user_id = $1",
		"DELETE FROM style_people WHERE user_id = $1",
	} {
		if _, err := db.Exec(ctx, s.db, statement, userID); err != nil {
			return fmt.Errorf("forget somebody's posts: %w", err)
		}
	}
	return nil
}

// ExportOf implements style.ArchiveStore.
func (s *Store) ExportOf(ctx context.Context, userID int64, limit int) (style.Export, error) {
	type likeRow struct {
		PostID    int64     `bun:"post_id"`
		CreatedAt time.Time `bun:"created_at"`
	}
	type reportRow struct {
		ObjectType string    `bun:"object_type"`
		ObjectID   int64     `bun:"object_id"`
		Reason     string    `bun:"reason"`
		Note       string    `bun:"note"`
		CreatedAt  time.Time `bun:"created_at"`
	}
	var e style.Export
	failed := func(what string, err error) (style.Export, error) {
		return style.Export{}, fmt.Errorf("export %s: %w", what, err)
	}
	rows, err := s.rows(ctx, "SELECT "+postColumns+", false AS liked, false AS following, p.id AS place FROM posts p WHERE p.user_id = $1 ORDER BY p.id DESC LIMIT $2", userID, limit)
	if err != nil {
		return failed("posts", err)
	}
	for _, r := range rows {
		e.Posts = append(e.Posts, r.Post)
	}
	likes, err := db.Select[likeRow](ctx, s.db, "SELECT post_id, created_at FROM post_likes WHERE user_id = $1 ORDER BY id DESC LIMIT $2", userID, limit)
	if err != nil {
		return failed("likes", err)
	}
	for _, l := range likes {
		e.Likes = append(e.Likes, style.Like{PostID: l.PostID, UserID: userID, CreatedAt: l.CreatedAt.UTC()})
	}
	follows, err := db.Select[followRow](ctx, s.db, "SELECT id, from_id, to_id, created_at FROM follows WHERE from_id = $1 ORDER BY id DESC LIMIT $2", userID, limit)
	if err != nil {
		return failed("follows", err)
	}
	for _, f := range follows {
		e.Follows = append(e.Follows, f.toDomain())
	}
	reports, err := db.Select[reportRow](ctx, s.db, `SELECT c.object_type, c.object_id, r.reason, r.note, r.created_at FROM reports r JOIN report_cases c ON c.id = r.case_id
		WHERE r.user_id = $1 ORDER BY r.created_at DESC, c.id DESC LIMIT $2`, userID, limit)
	if err != nil {
		return failed("reports", err)
	}
	for _, r := range reports {
		e.Reports = append(e.Reports, style.ReportOf{
			Report:     style.Report{UserID: userID, Reason: r.Reason, Note: r.Note, CreatedAt: r.CreatedAt.UTC()},
			ObjectType: style.ObjectType(r.ObjectType), ObjectID: r.ObjectID,
		})
	}
	return e, nil
}
