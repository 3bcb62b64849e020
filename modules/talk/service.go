package talk

import (
	"context"
	"errors"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// Service is what people do in rooms, which each call names by its kind. It is
// safe for concurrent use.
type Service struct {
	tx     Transactions
	store  Store
	rooms  *Rooms
	people *People
	events Events
	audit  Auditor
	now    func() time.Time
}

// Deps is what a Service is built of.
type Deps struct {
	Tx     Transactions
	Store  Store
	Rooms  *Rooms
	People *People
	Events Events
	Audit  Auditor
	Clock  func() time.Time // returns UTC
}

// NewService returns a service.
func NewService(d Deps) *Service {
	return &Service{tx: d.Tx, store: d.Store, rooms: d.Rooms, people: d.People, events: d.Events, audit: d.Audit, now: d.Clock}
}

// reader returns a room and who reads in it. Where only members may, it returns
// auth.ErrRequired for others.
func (s *Service) reader(ctx context.Context, kind string) (*Room, Viewer, error) {
	room, err := s.rooms.Of(kind)
	if err != nil {
		return nil, Viewer{}, err
	}
	by, err := s.people.Viewer(ctx)
	if err == nil && room.Members && by.UserID == 0 {
		err = auth.ErrRequired
	}
	return room, by, err
}

// writer is reader for what takes a login.
func (s *Service) writer(ctx context.Context, kind string) (*Room, Viewer, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, Viewer{}, err
	}
	return s.reader(ctx, kind)
}

// Comments lists the comments on a place, newest first, each with its replies. The
// number of statements doesn't depend on theirs.
//
// It returns the host's fault when there is no such place for the caller, and
// auth.ErrRequired where only members may read.
func (s *Service) Comments(ctx context.Context, kind string, placeID int64, r page.CursorRequest) (page.Slice[Thread], error) {
	room, by, err := s.reader(ctx, kind)
	if err != nil {
		return page.Slice[Thread]{}, err
	}
	if err := room.Host.Admit(ctx, placeID, by); err != nil {
		return page.Slice[Thread]{}, err
	}
	rows, err := s.store.Comments(ctx, room, placeID, by, r)
	if err != nil {
		return page.Slice[Thread]{}, err
	}
	slice := page.Keyset(r, rows, func(r Remark) []int64 { return []int64{r.ID} })
	threads, err := s.threads(ctx, room, slice.Rows, by)
	return page.Slice[Thread]{Rows: threads, Next: slice.Next, Previous: slice.Previous}, err
}

// threads adds the replies of comments on one place, and everybody's profile.
func (s *Service) threads(ctx context.Context, room *Room, comments []Remark, by Viewer) ([]Thread, error) {
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
	if err := mark(ctx, room, said[:len(comments)]); err != nil {
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

// mark says of comments on one place whose writers bear its mark.
func mark(ctx context.Context, room *Room, comments []Said) error {
	if room.Marks == nil {
		return nil
	}
	writers := make([]int64, len(comments))
	for i, c := range comments {
		writers[i] = c.UserID
	}
	bought, err := room.Marks.Bought(ctx, comments[0].PlaceID, writers)
	if err != nil {
		return err
	}
	bears := make(map[int64]bool, len(bought))
	for _, id := range bought {
		bears[id] = true
	}
	for i := range comments {
		comments[i].Bought = bears[comments[i].UserID]
	}
	return nil
}

// said adds the profiles of those who speak, are spoken to and are mentioned, but
// for whom the viewer doesn't see.
func (s *Service) said(ctx context.Context, remarks []Remark, by Viewer) ([]Said, error) {
	people, err := s.people.Meet(ctx, by, peopleIn(remarks))
	if err != nil {
		return nil, err
	}
	said := make([]Said, len(remarks))
	for i, r := range remarks {
		var mentions []accounts.Profile
		r.Content, mentions = Spoken(r.Content, people)
		said[i] = Said{Remark: r, By: among(people, r.UserID), To: among(people, r.ToUserID), Mentions: mentions}
	}
	return said, nil
}

// find returns a remark as it is stored, if the viewer sees it and its place.
// Nobody loses sight of their own words.
func find(ctx context.Context, store RemarkStore, room *Room, kind Kind, id int64, by Viewer) (Remark, error) {
	r, err := store.Remark(ctx, room, kind, id, by)
	if err != nil || r.UserID == by.UserID {
		return r, err
	}
	if err := room.Host.Admit(ctx, r.PlaceID, by); err != nil {
		return Remark{}, room.gone(err, kind)
	}
	return r, nil
}

// gone turns the fault of a place that isn't there into that of a remark.
func (r *Room) gone(err error, kind Kind) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.NotFound {
		return r.NotFound(kind)
	}
	return err
}

// Thread returns a comment with its replies, or a reply by itself, or the room's
// fault.
func (s *Service) Thread(ctx context.Context, roomKind string, kind Kind, id int64) (Thread, error) {
	room, by, err := s.reader(ctx, roomKind)
	if err != nil {
		return Thread{}, err
	}
	r, err := find(ctx, s.store, room, kind, id, by)
	if err != nil {
		return Thread{}, err
	}
	return s.thread(ctx, room, r, by)
}

func (s *Service) thread(ctx context.Context, room *Room, r Remark, by Viewer) (Thread, error) {
	if r.Kind() == Comment {
		threads, err := s.threads(ctx, room, []Remark{r}, by)
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

// Likes lists who likes a remark, newest first.
func (s *Service) Likes(ctx context.Context, roomKind string, kind Kind, id int64, r page.CursorRequest) (page.Slice[LikeBy], error) {
	room, by, err := s.reader(ctx, roomKind)
	if err != nil {
		return page.Slice[LikeBy]{}, err
	}
	if _, err := find(ctx, s.store, room, kind, id, by); err != nil {
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
	people, err := s.people.Meet(ctx, by, ids)
	if err != nil {
		return page.Slice[LikeBy]{}, err
	}
	return page.MapSlice(slice, func(l Like) LikeBy { return LikeBy{Like: l, By: among(people, l.UserID)} }), nil
}
