package talk

import (
	"context"
	"math"
	"slices"
	"strconv"

	"rally/platform/auth"
	"rally/platform/fault"
)

// AddComment writes a comment of the caller on a place.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the field content, the host's
// fault when there is no such place for them, or the room's TooManyRemarks.
func (s *Service) AddComment(ctx context.Context, kind string, placeID int64, content string) (Thread, error) {
	return s.post(ctx, kind, content, func(ctx context.Context, room *Room, by Viewer) (Remark, error) {
		return Remark{PlaceID: placeID}, room.Host.Admit(ctx, placeID, by)
	})
}

// NewReply is a reply that somebody gives.
type NewReply struct {
	CommentID int64
	Content   string
	ToUserID  *int64 // nil: the comment's writer
}

// AddReply writes a reply of the caller to a comment. It speaks to the comment's
// writer or to somebody who replied to it. A comment that is hidden takes none.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields content and
// to_profile, or the room's CommentNotFound, ThreadFull or TooManyRemarks.
func (s *Service) AddReply(ctx context.Context, kind string, in NewReply) (Thread, error) {
	return s.post(ctx, kind, in.Content, func(ctx context.Context, room *Room, by Viewer) (Remark, error) {
		c, err := find(ctx, s.store, room, Comment, in.CommentID, by)
		if err != nil {
			return Remark{}, err
		}
		r := Remark{PlaceID: c.PlaceID, CommentID: c.ID, ToUserID: c.UserID}
		if in.ToUserID != nil {
			r.ToUserID = *in.ToUserID
		}
		if !by.Sees(r.ToUserID) {
			return Remark{}, errNotInThread()
		}
		return r, nil
	})
}

// checkReply looks at the thread once more: its place is held by now.
func (s *Service) checkReply(ctx context.Context, room *Room, r Remark) error {
	if _, err := s.store.Remark(ctx, room, Comment, r.CommentID, Viewer{}); err != nil {
		return err
	}
	replies, takesPart, err := s.store.Thread(ctx, r.CommentID, r.ToUserID)
	switch {
	case err != nil:
		return err
	case !takesPart:
		return errNotInThread()
	case replies >= MaxReplies:
		return room.Faults.ThreadFull.With("limit", MaxReplies)
	}
	return nil
}

func errNotInThread() error {
	return fault.ErrInvalid.WithField("to_profile", "must be somebody who takes part in this thread")
}

// post writes a remark of the caller. Place says where it goes. The limit comes
// before the place is held, so that whoever floods one place waits for nobody but
// themselves.
func (s *Service) post(ctx context.Context, kind, content string, place func(context.Context, *Room, Viewer) (Remark, error)) (Thread, error) {
	room, by, err := s.writer(ctx, kind)
	if err != nil {
		return Thread{}, err
	}
	if content, err = NormaliseContent(content, room.Max); err != nil {
		return Thread{}, err
	}
	names, err := s.people.Resolve(ctx, by, content)
	if err != nil {
		return Thread{}, err
	}
	content, mentions := Link(content, names)
	var written Thread
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := place(ctx, room, by)
		if err != nil {
			return err
		}
		if err := s.countPost(ctx, room, by.UserID); err != nil {
			return err
		}
		if err := room.Host.Count(ctx, r.PlaceID, 1); err != nil {
			return err
		}
		if r.Kind() == Reply {
			if err := s.checkReply(ctx, room, r); err != nil {
				return err
			}
		}
		r.UserID, r.Content, r.CreatedAt = by.UserID, content, s.now()
		if err := s.store.InsertRemark(ctx, room, &r); err != nil {
			return err
		}
		if written, err = s.thread(ctx, room, r, by); err != nil {
			return err
		}
		owner, err := room.Host.Owner(ctx, r.PlaceID)
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(slices.Clone(mentions), func(id int64) bool { return id == by.UserID })
		return s.events.Emit(ctx, Wrote{Room: room.Kind, Remark: written.Remark, Owner: owner, Mentions: others})
	})
	return written, err
}

func (s *Service) countPost(ctx context.Context, room *Room, userID int64) error {
	now := s.now()
	posts, began, err := s.store.CountPost(ctx, userID, now.Add(-postWindow), now)
	if err == nil && posts > MaxPosts {
		wait := began.Add(postWindow).Sub(now)
		err = room.Faults.TooManyRemarks.With("retry_after", max(1, int(math.Ceil(wait.Seconds()))))
	}
	return err
}

// EditRemark changes what the caller wrote.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the field content, the room's
// fault or, for somebody else's, auth.ErrForbidden.
func (s *Service) EditRemark(ctx context.Context, roomKind string, kind Kind, id int64, content string) (Thread, error) {
	room, by, err := s.writer(ctx, roomKind)
	if err != nil {
		return Thread{}, err
	}
	var edited Thread
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := find(ctx, s.store, room, kind, id, by); err != nil {
			return err
		}
		r, err := s.store.HoldRemark(ctx, room, kind, id, by)
		if err != nil {
			return err
		}
		if r.UserID != by.UserID {
			return auth.ErrForbidden
		}
		text, err := NormaliseContent(content, room.Max)
		if err != nil {
			return err
		}
		if edited, err = s.thread(ctx, room, r, by); err != nil || text == edited.Content {
			return err
		}
		names, err := s.people.Resolve(ctx, by, text)
		if err != nil {
			return err
		}
		now := s.now()
		r.Content, _ = Link(text, names)
		r.EditedAt = &now
		if err := s.store.EditRemark(ctx, r); err != nil {
			return err
		}
		edited, err = s.thread(ctx, room, r, by)
		return err
	})
	return edited, err
}

// DeleteRemark deletes what the caller wrote; the staff deletes anybody's. A
// comment takes its replies and all likes along.
//
// It returns auth.ErrRequired, the room's fault or auth.ErrForbidden.
func (s *Service) DeleteRemark(ctx context.Context, roomKind string, kind Kind, id int64) error {
	room, by, err := s.writer(ctx, roomKind)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := find(ctx, s.store, room, kind, id, by)
		if err != nil {
			return err
		}
		if err := room.Host.Hold(ctx, []int64{r.PlaceID}); err != nil {
			return err
		}
		if r, err = s.store.Remark(ctx, room, kind, id, by); err != nil { // gone while we waited
			return err
		}
		if r.UserID != by.UserID {
			if !by.Staff {
				return auth.ErrForbidden
			}
			said, err := s.said(ctx, []Remark{r}, by)
			if err != nil {
				return err
			}
			action, target := room.Module+"."+string(kind)+".delete", string(kind)+":"+strconv.FormatInt(id, 10)
			if err := s.audit.Record(ctx, action, target, "", room.audited(said[0].Remark), nil); err != nil {
				return err
			}
		}
		return recounted(ctx, s.store, room, r, func() error { return s.store.DeleteRemark(ctx, r) })
	})
}

// audited is what the audit log keeps of a remark.
func (r *Room) audited(m Remark) map[string]any {
	return map[string]any{r.Place: m.PlaceID, "user": m.UserID, "content": m.Content}
}

// recounted changes something in the thread of a remark, whose place is held, and
// keeps the place's count.
func recounted(ctx context.Context, store Store, room *Room, r Remark, change func() error) error {
	before, err := store.Shown(ctx, r.root())
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := store.Shown(ctx, r.root())
	if err != nil || after == before {
		return err
	}
	return room.Host.Count(ctx, r.PlaceID, after-before)
}

// SetLike toggles whether the caller likes a remark, or sets it when value is
// given. It reports whether they like it now, and how many do. What is hidden
// can't be liked.
//
// It returns auth.ErrRequired or the room's fault.
func (s *Service) SetLike(ctx context.Context, roomKind string, kind Kind, id int64, value *bool) (liked bool, likes int64, err error) {
	room, by, err := s.writer(ctx, roomKind)
	if err != nil {
		return false, 0, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := find(ctx, s.store, room, kind, id, by); err != nil {
			return err
		}
		r, err := s.store.HoldRemark(ctx, room, kind, id, by)
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
		if liked && r.Hidden {
			return room.NotFound(kind)
		}
		if err := s.store.SetLike(ctx, Like{RemarkID: id, UserID: by.UserID, CreatedAt: s.now()}, liked); err != nil {
			return err
		}
		if liked {
			likes++
		} else {
			likes--
		}
		said, err := s.said(ctx, []Remark{r}, by)
		if err != nil {
			return err
		}
		return s.events.Emit(ctx, Liked{Room: room.Kind, Remark: said[0].Remark, By: by.UserID, On: liked})
	})
	return liked, likes, err
}
