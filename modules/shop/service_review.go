package shop

import (
	"context"
	"math"
	"slices"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// Comments lists an article's comments, newest first, each with its replies.
// Anybody may read them. The number of statements doesn't depend on theirs.
func (s *Service) Comments(ctx context.Context, infoID int64, r page.CursorRequest) (page.Slice[Thread], error) {
	by, err := s.viewer(ctx)
	if err != nil {
		return page.Slice[Thread]{}, err
	}
	rows, err := s.store.Comments(ctx, infoID, by, r)
	if err != nil {
		return page.Slice[Thread]{}, err
	}
	if len(rows) == 0 {
		if _, err := s.store.Info(ctx, infoID); err != nil {
			return page.Slice[Thread]{}, err
		}
	}
	slice := page.Keyset(r, rows, func(r Remark) []int64 { return []int64{r.ID} })
	threads, err := s.threads(ctx, slice.Rows, by)
	return page.Slice[Thread]{Rows: threads, Next: slice.Next, Previous: slice.Previous}, err
}

// viewer is who reads remarks. The staff, who look after them, see everybody's.
func (s *Service) viewer(ctx context.Context) (Viewer, error) {
	caller, known := auth.From(ctx)
	if !known || caller.Staff {
		return Viewer{UserID: caller.UserID}, nil
	}
	hidden, err := s.blocks.Hidden(ctx, caller.UserID)
	return Viewer{UserID: caller.UserID, Hidden: hidden}, err
}

// threads adds the replies of comments, and everybody's profile.
func (s *Service) threads(ctx context.Context, comments []Remark, by Viewer) ([]Thread, error) {
	threads := make([]Thread, len(comments))
	if len(comments) == 0 {
		return threads, nil
	}
	ids, at := make([]int64, len(comments)), make(map[int64]int, len(comments))
	for i, c := range comments {
		ids[i], at[c.ID] = c.ID, i
	}
	replies, err := s.store.Replies(ctx, ids, by)
	if err != nil {
		return nil, err
	}
	said, err := s.said(ctx, append(comments[:len(comments):len(comments)], replies...), by)
	if err != nil {
		return nil, err
	}
	for i := range comments {
		threads[i].Said = said[i]
	}
	for _, reply := range said[len(comments):] {
		t := &threads[at[reply.CommentID]]
		t.Replies = append(t.Replies, reply)
	}
	return threads, nil
}

// said adds the profiles of those who speak and are spoken to, but for whom the
// viewer doesn't see.
func (s *Service) said(ctx context.Context, remarks []Remark, by Viewer) ([]Said, error) {
	people, err := s.profiles.ProfilesOf(ctx, idsOf(remarks))
	if err != nil {
		return nil, err
	}
	for _, id := range by.Hidden {
		delete(people, id)
	}
	said := make([]Said, len(remarks))
	for i, r := range remarks {
		said[i] = Said{Remark: r, By: among(people, r.UserID), To: among(people, r.ToUserID)}
	}
	return said, nil
}

func among(people map[int64]accounts.Profile, id int64) *accounts.Profile {
	if p, ok := people[id]; ok {
		return &p
	}
	return nil
}

// Thread returns a comment with its replies, or a reply by itself. Anybody may
// read it.
func (s *Service) Thread(ctx context.Context, kind RemarkKind, id int64) (Thread, error) {
	by, err := s.viewer(ctx)
	if err != nil {
		return Thread{}, err
	}
	r, err := s.store.Remark(ctx, kind, id, by)
	if err != nil {
		return Thread{}, err
	}
	return s.thread(ctx, r, by)
}

func (s *Service) thread(ctx context.Context, r Remark, by Viewer) (Thread, error) {
	if r.Kind() == KindComment {
		threads, err := s.threads(ctx, []Remark{r}, by)
		if err != nil {
			return Thread{}, err
		}
		return threads[0], nil
	}
	said, err := s.said(ctx, []Remark{r}, by)
	if err != nil {
		return Thread{}, err
	}
	return Thread{Said: said[0]}, nil
}

// AddComment writes a comment of the caller on an article.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the field content,
// ErrInfoNotFound or ErrTooManyRemarks.
func (s *Service) AddComment(ctx context.Context, infoID int64, content string) (Thread, error) {
	return s.post(ctx, content, func(context.Context, Viewer) (Remark, error) { return Remark{InfoID: infoID}, nil }, nil)
}

// NewReply is a reply that somebody gives.
type NewReply struct {
	CommentID int64
	Content   string
	ToUserID  *int64 // nil: the comment's writer
}

// Reply writes a reply of the caller to a comment. It speaks to the comment's
// writer or to somebody who replied to it.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields content and
// to_profile, ErrCommentNotFound, ErrThreadFull or ErrTooManyRemarks.
func (s *Service) Reply(ctx context.Context, in NewReply) (Thread, error) {
	place := func(ctx context.Context, by Viewer) (Remark, error) {
		c, err := s.store.Remark(ctx, KindComment, in.CommentID, by)
		if err != nil {
			return Remark{}, err
		}
		r := Remark{InfoID: c.InfoID, CommentID: c.ID, ToUserID: c.UserID}
		if in.ToUserID != nil {
			r.ToUserID = *in.ToUserID
		}
		if slices.Contains(by.Hidden, r.ToUserID) {
			return Remark{}, errNotInThread()
		}
		return r, nil
	}
	return s.post(ctx, in.Content, place, s.checkReply)
}

// checkReply looks at the thread once more: its article is held by now.
func (s *Service) checkReply(ctx context.Context, r Remark) error {
	if _, err := s.store.Remark(ctx, KindComment, r.CommentID, Viewer{}); err != nil {
		return err
	}
	replies, takesPart, err := s.store.Thread(ctx, r.CommentID, r.ToUserID)
	switch {
	case err != nil:
		return err
	case !takesPart:
		return errNotInThread()
	case replies >= maxReplies:
		return ErrThreadFull.With("limit", maxReplies)
	}
	return nil
}

func errNotInThread() error {
	return fault.ErrInvalid.WithField("to_profile", "must be somebody who takes part in this thread")
}

// post writes a remark of the caller. Place says where it goes; check, if set,
// is asked once the article is held. The limit comes first, so that whoever
// floods one article waits for nobody but themselves.
func (s *Service) post(ctx context.Context, content string, place func(context.Context, Viewer) (Remark, error), check func(context.Context, Remark) error) (Thread, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Thread{}, err
	}
	if content, err = NormaliseContent(content); err != nil {
		return Thread{}, err
	}
	by, err := s.viewer(ctx)
	if err != nil {
		return Thread{}, err
	}
	var written Thread
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := place(ctx, by)
		if err != nil {
			return err
		}
		if err := s.countPost(ctx, caller.UserID); err != nil {
			return err
		}
		if err := s.store.CountRemarks(ctx, r.InfoID, 1); err != nil {
			return err
		}
		if check != nil {
			if err := check(ctx, r); err != nil {
				return err
			}
		}
		r.UserID, r.Content, r.CreatedAt = caller.UserID, content, s.now()
		if err := s.store.InsertRemark(ctx, &r); err != nil {
			return err
		}
		// As everybody sees it from now on, with the "bought it" mark.
		if r, err = s.store.Remark(ctx, r.Kind(), r.ID, by); err != nil {
			return err
		}
		if written, err = s.thread(ctx, r, by); err != nil {
			return err
		}
		return s.events.Emit(ctx, Reviewed{Remark: r})
	})
	return written, err
}

func (s *Service) countPost(ctx context.Context, userID int64) error {
	now := s.now()
	posts, began, err := s.store.CountPost(ctx, userID, now.Add(-postWindow), now)
	if err == nil && posts > maxPosts {
		wait := began.Add(postWindow).Sub(now)
		err = ErrTooManyRemarks.With("retry_after", max(1, int(math.Ceil(wait.Seconds()))))
	}
	return err
}

// EditRemark changes what the caller wrote.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the field content,
// ErrCommentNotFound, ErrReplyNotFound or, for somebody else's,
// auth.ErrForbidden.
func (s *Service) EditRemark(ctx context.Context, kind RemarkKind, id int64, content string) (Thread, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Thread{}, err
	}
	by, err := s.viewer(ctx)
	if err != nil {
		return Thread{}, err
	}
	var edited Thread
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.store.HoldRemark(ctx, kind, id, by)
		if err != nil {
			return err
		}
		if r.UserID != caller.UserID {
			return auth.ErrForbidden
		}
		text, err := NormaliseContent(content)
		if err != nil {
			return err
		}
		if text != r.Content {
			now := s.now()
			r.Content, r.EditedAt = text, &now
			if err := s.store.EditRemark(ctx, r); err != nil {
				return err
			}
		}
		edited, err = s.thread(ctx, r, by)
		return err
	})
	return edited, err
}

// DeleteRemark deletes what the caller wrote; the staff deletes anybody's. A
// comment takes its replies and all likes along.
//
// It returns auth.ErrRequired, ErrCommentNotFound, ErrReplyNotFound or
// auth.ErrForbidden.
func (s *Service) DeleteRemark(ctx context.Context, kind RemarkKind, id int64) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	by, err := s.viewer(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.store.Remark(ctx, kind, id, by)
		if err != nil {
			return err
		}
		if err := s.store.LockInfo(ctx, r.InfoID); err != nil {
			return err
		}
		if r, err = s.store.Remark(ctx, kind, id, by); err != nil { // gone while we waited
			return err
		}
		if r.UserID != caller.UserID {
			if !caller.Staff {
				return auth.ErrForbidden
			}
			if err := s.audit.Record(ctx, "shop."+string(kind)+".delete", target(string(kind), id), "", auditedRemark(r), nil); err != nil {
				return err
			}
		}
		gone, err := s.store.DeleteRemark(ctx, r)
		if err != nil {
			return err
		}
		return s.store.CountRemarks(ctx, r.InfoID, -gone)
	})
}

// SetLike toggles whether the caller likes a remark, or sets it when value is
// given. It reports whether they like it now, and how many do.
//
// It returns auth.ErrRequired, ErrCommentNotFound or ErrReplyNotFound.
func (s *Service) SetLike(ctx context.Context, kind RemarkKind, id int64, value *bool) (liked bool, likes int64, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return false, 0, err
	}
	by, err := s.viewer(ctx)
	if err != nil {
		return false, 0, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.store.HoldRemark(ctx, kind, id, by)
		if err != nil {
			return err
		}
		liked, likes = !r.Liked, r.NumLikes
		if value != nil {
			liked = *value
		}
		if liked == r.Liked {
			return nil
		}
		if liked {
			likes++
		} else {
			likes--
		}
		return s.store.SetLike(ctx, Like{RemarkID: id, UserID: caller.UserID, CreatedAt: s.now()}, liked)
	})
	return liked, likes, err
}

// Likes lists who likes a remark, newest first. Anybody may read it.
func (s *Service) Likes(ctx context.Context, kind RemarkKind, id int64, r page.CursorRequest) (page.Slice[LikeBy], error) {
	by, err := s.viewer(ctx)
	if err != nil {
		return page.Slice[LikeBy]{}, err
	}
	if _, err := s.store.Remark(ctx, kind, id, by); err != nil {
		return page.Slice[LikeBy]{}, err
	}
	rows, err := s.store.Likes(ctx, id, by, r)
	if err != nil {
		return page.Slice[LikeBy]{}, err
	}
	slice := page.Keyset(r, rows, func(l Like) []int64 { return []int64{l.ID} })
	ids := make([]int64, len(slice.Rows))
	for i, l := range slice.Rows {
		ids[i] = l.UserID
	}
	people, err := s.profiles.ProfilesOf(ctx, ids)
	if err != nil {
		return page.Slice[LikeBy]{}, err
	}
	return page.MapSlice(slice, func(l Like) LikeBy { return LikeBy{Like: l, By: among(people, l.UserID)} }), nil
}
