package store

import (
	"context"
	"fmt"

	"rally/modules/talk"
	"rally/platform/db"
)

// Touched implements talk.KeeperStore.
func (s *Store) Touched(ctx context.Context, room *talk.Room, userID int64) ([]int64, error) {
	places, err := db.Select[int64](ctx, s.db, `SELECT place_id FROM remarks WHERE room = $1 AND user_id = $2
		UNION SELECT r.place_id FROM remark_likes l JOIN remarks r ON r.id = l.remark_id WHERE r.room = $1 AND l.user_id = $2 ORDER BY place_id`, room.Kind, userID)
	if err != nil {
		return nil, fmt.Errorf("list where a user spoke: %w", err)
	}
	return places, nil
}

// ForgetRemarks implements talk.KeeperStore. The places are held, so that only
// likes of other people come and go meanwhile.
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
	return nil
}

// Counts implements talk.KeeperStore.
func (s *Store) Counts(ctx context.Context, room *talk.Room, placeIDs []int64) (map[int64]int64, error) {
	type countRow struct {
		PlaceID int64 `bun:"place_id"`
		N       int64 `bun:"n"`
	}
	rows, err := db.Select[countRow](ctx, s.db, "SELECT r.place_id, count(*) AS n FROM remarks r WHERE r.room = $1 AND "+s.db.In("r.place_id", 2)+" AND "+shown+" GROUP BY r.place_id",
		room.Kind, db.List(s.db, placeIDs))
	if err != nil {
		return nil, fmt.Errorf("count remarks: %w", err)
	}
	counts := make(map[int64]int64, len(placeIDs))
	for _, id := range placeIDs {
		counts[id] = 0
	}
	for _, r := range rows {
		counts[r.PlaceID] = r.N
	}
	return counts, nil
}

// ImportRemarks implements talk.KeeperStore.
func (s *Store) ImportRemarks(ctx context.Context, room *talk.Room, p *talk.Past) error {
	var likes []likeRow
	like := func(remarkID int64, given []talk.Like) {
		for _, l := range given {
			likes = append(likes, likeRow{RemarkID: remarkID, UserID: l.UserID, CreatedAt: l.CreatedAt})
		}
	}
	comments := make([]remarkRow, len(p.Comments))
	for i, c := range p.Comments {
		comments[i] = fromRemark(room, c.Remark)
	}
	if err := db.InsertAll(ctx, s.db, comments, remarkID); err != nil {
		return err
	}
	for i, row := range comments {
		p.Comments[i].ID = row.ID
		like(row.ID, p.Comments[i].Likes)
	}
	replies := make([]remarkRow, len(p.Replies))
	for i := range p.Replies {
		p.Replies[i].CommentID = comments[p.Replies[i].Comment].ID
		replies[i] = fromRemark(room, p.Replies[i].Remark)
	}
	if err := db.InsertAll(ctx, s.db, replies, remarkID); err != nil {
		return err
	}
	for i, row := range replies {
		p.Replies[i].ID = row.ID
		like(row.ID, p.Replies[i].Likes)
	}
	return db.InsertAll(ctx, s.db, likes, func(l likeRow) int64 { return l.ID })
}

func remarkID(r remarkRow) int64 { return r.ID }
