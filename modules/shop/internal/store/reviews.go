package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

type remarkRow struct {
	bun.BaseModel `bun:"table:remarks,alias:r"`

	ID        int64      `bun:"id,pk,autoincrement"`
	InfoID    int64      `bun:"info_id"`
	CommentID *int64     `bun:"comment_id"`
	UserID    int64      `bun:"user_id"`
	ToUserID  *int64     `bun:"to_user_id"`
	Content   string     `bun:"content"`
	NumLikes  int64      `bun:"num_likes"`
	CreatedAt time.Time  `bun:"created_at"`
	EditedAt  *time.Time `bun:"edited_at"`
	Liked     bool       `bun:"liked,scanonly"`
	Bought    bool       `bun:"bought,scanonly"`
}

func (r remarkRow) toDomain() shop.Remark {
	out := shop.Remark{
		ID: r.ID, InfoID: r.InfoID, UserID: r.UserID, Content: r.Content, NumLikes: r.NumLikes, CreatedAt: r.CreatedAt.UTC(), EditedAt: utc(r.EditedAt),
		Liked: r.Liked, Bought: r.Bought,
	}
	if r.CommentID != nil && r.ToUserID != nil {
		out.CommentID, out.ToUserID = *r.CommentID, *r.ToUserID
	}
	return out
}

func fromRemark(r shop.Remark) remarkRow {
	row := remarkRow{ID: r.ID, InfoID: r.InfoID, UserID: r.UserID, Content: r.Content, NumLikes: r.NumLikes, CreatedAt: r.CreatedAt, EditedAt: r.EditedAt}
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

func (r likeRow) toDomain() shop.Like {
	return shop.Like{ID: r.ID, RemarkID: r.RemarkID, UserID: r.UserID, CreatedAt: r.CreatedAt.UTC()}
}

// selectRemarks reads remarks as the user of parameter $1 sees them.
const selectRemarks = `SELECT r.id, r.info_id, r.comment_id, r.user_id, r.to_user_id, r.content, r.created_at, r.edited_at,
	r.num_likes - (SELECT count(*) FROM remark_likes l WHERE l.remark_id = r.id AND %s) AS num_likes,
	EXISTS (SELECT 1 FROM remark_likes l WHERE l.remark_id = r.id AND l.user_id = $1) AS liked,
	r.comment_id IS NULL AND EXISTS (SELECT 1 FROM orders o WHERE o.info_id = r.info_id AND o.buyer_id = r.user_id AND o.status = '` + shop.OrderSettled + `') AS bought
	FROM remarks r WHERE NOT (%s)`

// remarks reads those that a viewer sees; $2 is whom they don't, and whose likes
// they don't count.
func (s *Store) remarks() string {
	return fmt.Sprintf(selectRemarks, s.db.In("l.user_id", 2), s.db.In("r.user_id", 2))
}

// Comments implements shop.RemarkStore.
func (s *Store) Comments(ctx context.Context, infoID int64, by shop.Viewer, r page.CursorRequest) ([]shop.Remark, error) {
	beside, key := db.Past("r.id", r, 4)
	rows, err := db.Select[remarkRow](ctx, s.db, s.remarks()+" AND r.info_id = $3 AND r.comment_id IS NULL"+beside+" LIMIT $5", by.UserID, db.List(s.db, by.Hidden), infoID, key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list comments: %w", err)
	}
	return convert(rows), nil
}

// Replies implements shop.RemarkStore.
func (s *Store) Replies(ctx context.Context, commentIDs []int64, by shop.Viewer) ([]shop.Remark, error) {
	rows, err := db.Select[remarkRow](ctx, s.db, s.remarks()+" AND "+s.db.In("r.comment_id", 3)+" ORDER BY r.id", by.UserID, db.List(s.db, by.Hidden), db.List(s.db, commentIDs))
	if err != nil {
		return nil, fmt.Errorf("list replies: %w", err)
	}
	return convert(rows), nil
}

// Remark implements shop.RemarkStore.
func (s *Store) Remark(ctx context.Context, kind shop.RemarkKind, id int64, by shop.Viewer) (shop.Remark, error) {
	where := " AND r.id = $3 AND r.comment_id IS NULL"
	if kind == shop.KindReply {
		// A thread is seen as a whole or not at all, but nobody loses sight of
		// their own words.
		where = " AND r.id = $3 AND r.comment_id IS NOT NULL AND (r.user_id = $1 OR NOT EXISTS (SELECT 1 FROM remarks c WHERE c.id = r.comment_id AND " + s.db.In("c.user_id", 2) + "))"
	}
	return one[remarkRow](ctx, s, kind.NotFound(), s.remarks()+where, by.UserID, db.List(s.db, by.Hidden), id)
}

// HoldRemark implements shop.LikeStore. It takes the row first and reads it
// afterwards: one statement would read the row anew that it waited for, but
// not the likes beside it.
func (s *Store) HoldRemark(ctx context.Context, kind shop.RemarkKind, id int64, by shop.Viewer) (shop.Remark, error) {
	if err := s.lock(ctx, "SELECT id FROM remarks WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
		return shop.Remark{}, err
	}
	return s.Remark(ctx, kind, id, by)
}

// RemarksOf implements shop.RemarkStore.
func (s *Store) RemarksOf(ctx context.Context, userID int64, p page.Request) (page.List[shop.Placed[shop.Remark]], error) {
	type placedRow struct {
		remarkRow

		EngName   string `bun:"eng_name"`
		KorName   string `bun:"kor_name"`
		BrandName string `bun:"brand_name"`
	}
	out := page.List[shop.Placed[shop.Remark]]{Page: p}
	rows, err := db.Select[placedRow](ctx, s.db, `SELECT r.id, r.info_id, r.comment_id, r.user_id, r.to_user_id, r.content, r.num_likes, r.created_at, r.edited_at, i.eng_name, i.kor_name, b.name AS brand_name
		FROM remarks r JOIN product_infos i ON i.id = r.info_id JOIN brands b ON b.id = i.brand_id WHERE r.user_id = $1 ORDER BY r.id DESC LIMIT $2 OFFSET $3`, userID, p.Size, p.Offset())
	if err != nil {
		return out, fmt.Errorf("list what a user wrote: %w", err)
	}
	out.Rows = make([]shop.Placed[shop.Remark], len(rows))
	for i, r := range rows {
		out.Rows[i] = shop.Placed[shop.Remark]{Row: r.toDomain(), Article: shop.Article{InfoID: r.InfoID, EngName: r.EngName, KorName: r.KorName, BrandName: r.BrandName}}
	}
	out.Count, err = db.Get[int](ctx, s.db, "SELECT count(*) FROM remarks WHERE user_id = $1", userID)
	return out, err
}

// CountRemarks implements shop.RemarkWriter.
func (s *Store) CountRemarks(ctx context.Context, infoID, step int64) error {
	n, err := db.Exec(ctx, s.db, "UPDATE product_infos SET comments = comments + $2 WHERE id = $1", infoID, step)
	return changed(n, err, shop.ErrInfoNotFound)
}

// InsertRemark implements shop.RemarkWriter.
func (s *Store) InsertRemark(ctx context.Context, r *shop.Remark) error {
	row := fromRemark(*r)
	id, err := db.Get[int64](ctx, s.db, "INSERT INTO remarks (info_id, comment_id, user_id, to_user_id, content, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
		row.InfoID, row.CommentID, row.UserID, row.ToUserID, row.Content, row.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert a %s: %w", r.Kind(), err)
	}
	r.ID = id
	return nil
}

// EditRemark implements shop.RemarkWriter.
func (s *Store) EditRemark(ctx context.Context, r shop.Remark) error {
	n, err := db.Exec(ctx, s.db, "UPDATE remarks SET content = $2, edited_at = $3 WHERE id = $1", r.ID, r.Content, r.EditedAt)
	return changed(n, err, r.Kind().NotFound())
}

// dropHusks deletes comments without words that nobody replies to any more.
const dropHusks = "DELETE FROM remarks WHERE content = '' AND comment_id IS NULL AND NOT EXISTS (SELECT 1 FROM remarks a WHERE a.comment_id = remarks.id) AND "

// DeleteRemark implements shop.RemarkWriter. The foreign keys delete replies
// and likes.
func (s *Store) DeleteRemark(ctx context.Context, r shop.Remark) (int64, error) {
	n, err := db.Get[int64](ctx, s.db, "SELECT count(*) FROM remarks WHERE id = $1 OR comment_id = $1", r.ID)
	if err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, s.db, "DELETE FROM remarks WHERE id = $1", r.ID); err != nil {
		return 0, fmt.Errorf("delete a %s: %w", r.Kind(), err)
	}
	if r.Kind() == shop.KindComment {
		return n, nil
	}
	husks, err := db.Exec(ctx, s.db, dropHusks+"id = $1", r.CommentID)
	return n + husks, err
}

// CountPost implements shop.RemarkRules.
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

// Thread implements shop.RemarkRules.
func (s *Store) Thread(ctx context.Context, commentID, userID int64) (int, bool, error) {
	type threadRow struct {
		Replies   int  `bun:"replies"`
		TakesPart bool `bun:"takes_part"`
	}
	row, err := db.Get[threadRow](ctx, s.db, `SELECT (SELECT count(*) FROM remarks WHERE comment_id = $1) AS replies,
		EXISTS (SELECT 1 FROM remarks WHERE (id = $1 OR comment_id = $1) AND user_id = $2) AS takes_part`, commentID, userID)
	return row.Replies, row.TakesPart, err
}

// SetLike implements shop.LikeStore. The remark is held, and it is not as it
// shall be.
func (s *Store) SetLike(ctx context.Context, l shop.Like, on bool) error {
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

// Likes implements shop.LikeStore.
func (s *Store) Likes(ctx context.Context, remarkID int64, by shop.Viewer, r page.CursorRequest) ([]shop.Like, error) {
	beside, key := db.Past("id", r, 3)
	rows, err := db.Select[likeRow](ctx, s.db, "SELECT id, remark_id, user_id, created_at FROM remark_likes WHERE remark_id = $1 AND NOT ("+s.db.In("user_id", 2)+")"+beside+" LIMIT $4",
		remarkID, db.List(s.db, by.Hidden), key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list likes: %w", err)
	}
	return convert(rows), nil
}

// recount sets the counts of articles that are held.
func (s *Store) recount(ctx context.Context, infoIDs []int64) error {
	_, err := db.Exec(ctx, s.db, "UPDATE product_infos SET comments = (SELECT count(*) FROM remarks r WHERE r.info_id = product_infos.id) WHERE "+s.db.In("id", 1), db.List(s.db, infoIDs))
	return err
}

// ForgetRemarks implements shop.ReviewStore. The articles are held, so that
// only likes of other people come and go meanwhile.
func (s *Store) ForgetRemarks(ctx context.Context, userID int64) error {
	if _, err := db.Exec(ctx, s.db, "DELETE FROM remark_quotas WHERE user_id = $1", userID); err != nil {
		return err
	}
	liked, err := db.Select[int64](ctx, s.db, "DELETE FROM remark_likes WHERE user_id = $1 RETURNING remark_id", userID)
	if err != nil {
		return fmt.Errorf("forget likes: %w", err)
	}
	if _, err := db.Exec(ctx, s.db, "UPDATE remarks SET num_likes = num_likes - 1 WHERE "+s.db.In("id", 1), db.List(s.db, liked)); err != nil {
		return err
	}
	touched, err := db.Select[int64](ctx, s.db, "SELECT DISTINCT info_id FROM remarks WHERE user_id = $1", userID)
	if err != nil || len(touched) == 0 {
		return err
	}
	threads, err := db.Select[int64](ctx, s.db, "DELETE FROM remarks WHERE user_id = $1 AND comment_id IS NOT NULL RETURNING comment_id", userID)
	if err != nil {
		return fmt.Errorf("forget replies: %w", err)
	}
	// What is left are comments: some become husks, others keep their thread.
	if _, err := db.Exec(ctx, s.db, "UPDATE remarks SET content = '', edited_at = NULL WHERE user_id = $1", userID); err != nil {
		return fmt.Errorf("forget comments: %w", err)
	}
	if _, err := db.Exec(ctx, s.db, dropHusks+"(user_id = $1 OR "+s.db.In("id", 2)+")", userID, db.List(s.db, threads)); err != nil {
		return fmt.Errorf("forget comments: %w", err)
	}
	return s.recount(ctx, touched)
}

// ImportRemarks implements shop.ReviewStore.
func (s *Store) ImportRemarks(ctx context.Context, r *shop.Reviews) error {
	var likes []likeRow
	like := func(remarkID int64, given []shop.Like) {
		for _, l := range given {
			likes = append(likes, likeRow{RemarkID: remarkID, UserID: l.UserID, CreatedAt: l.CreatedAt})
		}
	}
	var infos []int64
	comments := make([]remarkRow, len(r.Comments))
	for i, c := range r.Comments {
		comments[i] = fromRemark(c.Remark)
		infos = append(infos, c.InfoID)
	}
	if err := insertAll(ctx, s, comments, remarkID); err != nil {
		return err
	}
	for i, row := range comments {
		r.Comments[i].ID = row.ID
		like(row.ID, r.Comments[i].Likes)
	}
	replies := make([]remarkRow, len(r.Replies))
	for i := range r.Replies {
		r.Replies[i].CommentID = comments[r.Replies[i].Comment].ID
		replies[i] = fromRemark(r.Replies[i].Remark)
	}
	if err := insertAll(ctx, s, replies, remarkID); err != nil {
		return err
	}
	for i, row := range replies {
		r.Replies[i].ID = row.ID
		like(row.ID, r.Replies[i].Likes)
	}
	if err := insertAll(ctx, s, likes, func(l likeRow) int64 { return l.ID }); err != nil {
		return err
	}
	return s.recount(ctx, infos)
}

func remarkID(r remarkRow) int64 { return r.ID }
