package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rally/modules/style"
	"rally/platform/db"
)

// maxWritten is how many posts are remembered; about 1 KB each.
const maxWritten = 8192

// written is what an author writes of a post, which is most of it, and seldom
// changes. Lists read the rest of a row, with its version, and take this from
// memory while the version is the same: so nothing in it grows old.
type written struct {
	version int64
	post    style.Post
}

// timeless is when everything is remembered.
func timeless() time.Time { return time.Time{} }

// sketch is what changes of a post without its author, and the viewer's part.
type sketch struct {
	id, userID, likes, comments, version, place int64
	liked, following                            bool
}

// listed reads a list of up to limit posts, in one statement; in a second one what
// is not remembered. It is not for transactions, whose own writes may never be.
func (s *Store) listed(ctx context.Context, query string, limit int, args ...any) ([]style.Row, error) {
	found := make([]sketch, 0, limit)
	if err := db.Each(ctx, s.db, query, args, func(rows *sql.Rows) error {
		var k sketch
		err := rows.Scan(&k.id, &k.userID, &k.likes, &k.comments, &k.version, &k.liked, &k.following, &k.place)
		if len(found) < limit {
			found = append(found, k)
		}
		return err
	}); err != nil {
		return nil, fmt.Errorf("list posts: %w", err)
	}
	texts, err := s.writtenOf(ctx, found)
	if err != nil {
		return nil, err
	}
	list := make([]style.Row, 0, len(found))
	for _, k := range found {
		w, there := texts[k.id]
		if !there { // deleted a moment ago
			continue
		}
		row := style.Row{Post: w.post, Liked: k.liked, Following: k.following, Place: k.place}
		row.UserID, row.NumLikes, row.NumComments = k.userID, k.likes, k.comments
		row.Hidden, row.Absent = false, false // or it would not be listed
		list = append(list, row)
	}
	return list, nil
}

// writtenOf returns what authors wrote, by post.
func (s *Store) writtenOf(ctx context.Context, of []sketch) (map[int64]written, error) {
	texts := make(map[int64]written, len(of))
	mark := s.written.Mark()
	var missing []int64
	for _, k := range of {
		if w, _, ok := s.written.Get(k.id, timeless()); ok && w.version == k.version {
			texts[k.id] = w
		} else {
			missing = append(missing, k.id)
		}
	}
	if len(missing) == 0 {
		return texts, nil
	}
	rows, err := db.Select[postRow](ctx, s.db, "SELECT "+postColumns+", p.version FROM posts p WHERE "+s.db.In("p.id", 1), db.List(s.db, missing))
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	for _, r := range rows {
		row, err := r.toRow()
		if err != nil {
			return nil, err
		}
		w := written{r.Version, row.Post}
		texts[r.ID] = w
		s.written.Put(r.ID, w, timeless(), mark)
	}
	return texts, nil
}

// rows reads posts from the database alone.
func (s *Store) rows(ctx context.Context, query string, args ...any) ([]style.Row, error) {
	found, err := db.Select[postRow](ctx, s.db, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list posts: %w", err)
	}
	rows := make([]style.Row, len(found))
	for i, r := range found {
		if rows[i], err = r.toRow(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
