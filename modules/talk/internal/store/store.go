// Package store keeps remarks and likes in the database. It alone knows talk's
// tables.
package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
)

// Store implements talk.Store on both engines.
type Store struct{ db *db.DB }

// New returns a store in d.
func New(d *db.DB) *Store { return &Store{d} }

var _ talk.Store = (*Store)(nil)

type remarkRow struct {
	bun.BaseModel `bun:"table:remarks,alias:r"`

	ID        int64      `bun:"id,pk,autoincrement"`
	Room      string     `bun:"room"`
	PlaceID   int64      `bun:"place_id"`
	CommentID *int64     `bun:"comment_id"`
	UserID    int64      `bun:"user_id"`
	ToUserID  *int64     `bun:"to_user_id"`
	Content   string     `bun:"content"`
	NumLikes  int64      `bun:"num_likes"`
	CreatedAt time.Time  `bun:"created_at"`
	EditedAt  *time.Time `bun:"edited_at"`
	HiddenAt  *time.Time `bun:"hidden_at"`
	Hidden    bool       `bun:"hidden,scanonly"`
	Liked     bool       `bun:"liked,scanonly"`
}

func (r remarkRow) toDomain() talk.Remark {
	out := talk.Remark{
		ID: r.ID, PlaceID: r.PlaceID, UserID: r.UserID, Content: r.Content, NumLikes: r.NumLikes, CreatedAt: r.CreatedAt.UTC(), EditedAt: db.UTC(r.EditedAt),
		HiddenAt: db.UTC(r.HiddenAt), Hidden: r.Hidden, Liked: r.Liked,
	}
	if r.CommentID != nil && r.ToUserID != nil {
		out.CommentID, out.ToUserID = *r.CommentID, *r.ToUserID
	}
	return out
}

func fromRemark(room *talk.Room, r talk.Remark) remarkRow {
	row := remarkRow{
		ID: r.ID, Room: room.Kind, PlaceID: r.PlaceID, UserID: r.UserID, Content: r.Content, NumLikes: r.NumLikes,
		CreatedAt: r.CreatedAt, EditedAt: r.EditedAt, HiddenAt: r.HiddenAt,
	}
	if r.CommentID != 0 {
		row.CommentID, row.ToUserID = &r.CommentID, &r.ToUserID
	}
	return row
}

type likeRow struct {
	bun.BaseModel `bun:"table:remark_likes,alias:l"`

	ID        int64     `bun:"id,pk,autoincrement"`
	RemarkID  int64     `bun:"remark_id"`
	UserID    int64     `bun:"user_id"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r likeRow) toDomain() talk.Like {
	return talk.Like{ID: r.ID, RemarkID: r.RemarkID, UserID: r.UserID, CreatedAt: r.CreatedAt.UTC()}
}

func convert[R interface{ toDomain() D }, D any](rows []R) []D {
	out := make([]D, len(rows))
	for i, r := range rows {
		out[i] = r.toDomain()
	}
	return out
}

// remarkColumns are what is stored, and whether it, or what it stands under, is
// hidden.
const remarkColumns = `r.id, r.place_id, r.comment_id, r.user_id, r.to_user_id, r.content, r.created_at, r.edited_at, r.hidden_at,
	r.hidden_at IS NOT NULL OR EXISTS (SELECT 1 FROM remarks h WHERE h.id = r.comment_id AND h.hidden_at IS NOT NULL) AS hidden`

// remarks reads those that a viewer, $1, sees; $2 is whom they don't, and whose
// likes they don't count. What stands below something hidden is the caller's to
// leave out.
func (s *Store) remarks(by talk.Viewer) (query string, args []any) {
	query = fmt.Sprintf(`SELECT %s,
	r.num_likes - (SELECT count(*) FROM remark_likes l WHERE l.remark_id = r.id AND %s) AS num_likes,
	EXISTS (SELECT 1 FROM remark_likes l WHERE l.remark_id = r.id AND l.user_id = $1) AS liked
	FROM remarks r WHERE NOT (%s)`, remarkColumns, s.db.In("l.user_id", 2), s.db.In("r.user_id", 2))
	if !by.Staff {
		query += " AND (r.hidden_at IS NULL OR r.user_id = $1)"
	}
	return query, []any{by.UserID, db.List(s.db, by.Hidden)}
}

// Comments implements talk.RemarkStore.
func (s *Store) Comments(ctx context.Context, room *talk.Room, placeID int64, by talk.Viewer, r page.CursorRequest) ([]talk.Remark, error) {
	query, args := s.comments(room, placeID, by, r)
	rows, err := db.Select[remarkRow](ctx, s.db, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list comments: %w", err)
	}
	return convert(rows), nil
}

func (s *Store) comments(room *talk.Room, placeID int64, by talk.Viewer, r page.CursorRequest) (query string, args []any) {
	query, args = s.remarks(by)
	beside, key := db.Past("r.id", r, 5)
	return query + " AND r.room = $3 AND r.place_id = $4 AND r.comment_id IS NULL" + beside + " LIMIT $6", append(args, room.Kind, placeID, key, r.Limit())
}

// Replies implements talk.RemarkStore.
func (s *Store) Replies(ctx context.Context, commentIDs []int64, by talk.Viewer) ([]talk.Remark, error) {
	query, args := s.remarks(by)
	rows, err := db.Select[remarkRow](ctx, s.db, query+" AND "+s.db.In("r.comment_id", 3)+" ORDER BY r.id", append(args, db.List(s.db, commentIDs))...)
	if err != nil {
		return nil, fmt.Errorf("list replies: %w", err)
	}
	return convert(rows), nil
}

// Remark implements talk.RemarkStore.
func (s *Store) Remark(ctx context.Context, room *talk.Room, kind talk.Kind, id int64, by talk.Viewer) (talk.Remark, error) {
	query, args := s.remarks(by)
	query += " AND r.room = $3 AND r.id = $4"
	if kind == talk.Comment {
		query += " AND r.comment_id IS NULL"
	} else {
		// A thread is seen as a whole or not at all, but nobody loses sight of
		// their own words.
		unseen := s.db.In("c.user_id", 2)
		if !by.Staff {
			unseen += " OR c.hidden_at IS NOT NULL AND c.user_id <> $1"
		}
		query += " AND r.comment_id IS NOT NULL AND (r.user_id = $1 OR NOT EXISTS (SELECT 1 FROM remarks c WHERE c.id = r.comment_id AND (" + unseen + ")))"
	}
	row, err := db.Get[remarkRow](ctx, s.db, query, append(args, room.Kind, id)...)
	switch {
	case db.NotFound(err):
		return talk.Remark{}, room.NotFound(kind)
	case err != nil:
		return talk.Remark{}, fmt.Errorf("read a %s: %w", kind, err)
	}
	return row.toDomain(), nil
}

// HoldRemark implements talk.LikeStore. It takes the row first and reads it
// afterwards: one statement would read the row anew that it waited for, but
// not the likes beside it.
func (s *Store) HoldRemark(ctx context.Context, room *talk.Room, kind talk.Kind, id int64, by talk.Viewer) (talk.Remark, error) {
	if s.db.Dialect == db.Postgres {
		if _, err := db.Select[int64](ctx, s.db, "SELECT id FROM remarks WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
			return talk.Remark{}, err
		}
	}
	return s.Remark(ctx, room, kind, id, by)
}

// allRemarks reads remarks whatever their state, as nobody sees them.
const allRemarks = "SELECT " + remarkColumns + ", r.num_likes FROM remarks r WHERE r.room = $1 AND "

// RemarksOf implements talk.RemarkStore.
func (s *Store) RemarksOf(ctx context.Context, room *talk.Room, userID int64, p page.Request) (page.List[talk.Remark], error) {
	out := page.List[talk.Remark]{Page: p}
	rows, err := db.Select[remarkRow](ctx, s.db, allRemarks+"r.user_id = $2 ORDER BY r.id DESC LIMIT $3 OFFSET $4", room.Kind, userID, p.Size, p.Offset())
	if err != nil {
		return out, fmt.Errorf("list what a user wrote: %w", err)
	}
	out.Rows = convert(rows)
	out.Count, err = db.Get[int](ctx, s.db, "SELECT count(*) FROM remarks WHERE room = $1 AND user_id = $2", room.Kind, userID)
	return out, err
}

// RemarksByID implements talk.RemarkStore.
func (s *Store) RemarksByID(ctx context.Context, room *talk.Room, ids []int64) ([]talk.Remark, error) {
	rows, err := db.Select[remarkRow](ctx, s.db, allRemarks+s.db.In("r.id", 2), room.Kind, db.List(s.db, ids))
	if err != nil {
		return nil, fmt.Errorf("read remarks: %w", err)
	}
	return convert(rows), nil
}

// InsertRemark implements talk.RemarkWriter.
func (s *Store) InsertRemark(ctx context.Context, room *talk.Room, r *talk.Remark) error {
	row := fromRemark(room, *r)
	id, err := db.Get[int64](ctx, s.db, "INSERT INTO remarks (room, place_id, comment_id, user_id, to_user_id, content, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
		row.Room, row.PlaceID, row.CommentID, row.UserID, row.ToUserID, row.Content, row.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert a %s: %w", r.Kind(), err)
	}
	r.ID = id
	return nil
}

// EditRemark implements talk.RemarkWriter.
func (s *Store) EditRemark(ctx context.Context, r talk.Remark) error {
	_, err := db.Exec(ctx, s.db, "UPDATE remarks SET content = $2, edited_at = $3 WHERE id = $1", r.ID, r.Content, r.EditedAt)
	return err
}

// dropHusks deletes comments without words that nobody replies to any more.
const dropHusks = "DELETE FROM remarks WHERE content = '' AND comment_id IS NULL AND NOT EXISTS (SELECT 1 FROM remarks a WHERE a.comment_id = remarks.id) AND "

// DeleteRemark implements talk.RemarkWriter. The foreign keys delete replies
// and likes.
func (s *Store) DeleteRemark(ctx context.Context, r talk.Remark) error {
	if _, err := db.Exec(ctx, s.db, "DELETE FROM remarks WHERE id = $1", r.ID); err != nil {
		return fmt.Errorf("delete a %s: %w", r.Kind(), err)
	}
	if r.Kind() == talk.Comment {
		return nil
	}
	_, err := db.Exec(ctx, s.db, dropHusks+"id = $1", r.CommentID)
	return err
}

// SetHidden implements talk.RemarkWriter.
func (s *Store) SetHidden(ctx context.Context, id int64, since *time.Time) error {
	_, err := db.Exec(ctx, s.db, "UPDATE remarks SET hidden_at = $2 WHERE id = $1", id, since)
	return err
}

// shown is the condition that everybody sees a remark.
const shown = "r.hidden_at IS NULL AND NOT EXISTS (SELECT 1 FROM remarks h WHERE h.id = r.comment_id AND h.hidden_at IS NOT NULL)"

// Shown implements talk.RemarkWriter.
func (s *Store) Shown(ctx context.Context, commentID int64) (int64, error) {
	return db.Get[int64](ctx, s.db, "SELECT count(*) FROM remarks r WHERE (r.id = $1 OR r.comment_id = $1) AND "+shown, commentID)
}

// Clear implements talk.RemarkWriter. The foreign keys delete likes.
func (s *Store) Clear(ctx context.Context, room *talk.Room, placeIDs []int64) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM remarks WHERE room = $1 AND "+s.db.In("place_id", 2), room.Kind, db.List(s.db, placeIDs))
	return err
}

// CountPost implements talk.RemarkRules.
func (s *Store) CountPost(ctx context.Context, userID int64, since, now time.Time) (int, time.Time, error) {
	type quotaRow struct {
		Posts       int       `bun:"posts"`
		WindowStart time.Time `bun:"window_start"`
	}
	row, err := db.Get[quotaRow](ctx, s.db, `INSERT INTO remark_quotas (user_id, window_start, posts) VALUES ($1, $2, 1) ON CONFLICT (user_id) DO UPDATE SET
		posts = CASE WHEN remark_quotas.window_start > $3 THEN remark_quotas.posts + 1 ELSE 1 END,
		window_start = CASE WHEN remark_quotas.window_start > $3 THEN remark_quotas.window_start ELSE $2 END
		RETURNING posts, window_start`, userID, now, since)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count what a user writes: %w", err)
	}
	return row.Posts, row.WindowStart.UTC(), nil
}

// Thread implements talk.RemarkRules.
func (s *Store) Thread(ctx context.Context, commentID, userID int64) (int, bool, error) {
	type threadRow struct {
		Replies   int  `bun:"replies"`
		TakesPart bool `bun:"takes_part"`
	}
	row, err := db.Get[threadRow](ctx, s.db, `SELECT (SELECT count(*) FROM remarks WHERE comment_id = $1) AS replies,
		EXISTS (SELECT 1 FROM remarks WHERE (id = $1 OR comment_id = $1) AND user_id = $2) AS takes_part`, commentID, userID)
	return row.Replies, row.TakesPart, err
}

// SetLike implements talk.LikeStore. The remark is held, and it is not as it
// shall be.
func (s *Store) SetLike(ctx context.Context, l talk.Like, on bool) error {
	step := int64(1)
	var n int64
	var err error
	if on {
		n, err = db.Exec(ctx, s.db, "INSERT INTO remark_likes (remark_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", l.RemarkID, l.UserID, l.CreatedAt)
	} else {
		step = -1
		n, err = db.Exec(ctx, s.db, "DELETE FROM remark_likes WHERE remark_id = $1 AND user_id = $2", l.RemarkID, l.UserID)
	}
	if err != nil || n == 0 {
		return err
	}
	_, err = db.Exec(ctx, s.db, "UPDATE remarks SET num_likes = num_likes + $2 WHERE id = $1", l.RemarkID, step)
	return err
}

// Likes implements talk.LikeStore.
func (s *Store) Likes(ctx context.Context, remarkID int64, by talk.Viewer, r page.CursorRequest) ([]talk.Like, error) {
	beside, key := db.Past("id", r, 3)
	rows, err := db.Select[likeRow](ctx, s.db, "SELECT id, remark_id, user_id, created_at FROM remark_likes WHERE remark_id = $1 AND NOT ("+s.db.In("user_id", 2)+")"+beside+" LIMIT $4",
		remarkID, db.List(s.db, by.Hidden), key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list likes: %w", err)
	}
	return convert(rows), nil
}
