package style

import (
	"context"
	"errors"
	"strconv"

	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/page"
)

// Report reports something to the staff: what the caller can see, and is not
// theirs. Who reported it before is thanked again.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields reason and note,
// ErrReportOneself, ErrTooManyReports, or the fault of what isn't there.
func (s *Service) Report(ctx context.Context, object ObjectType, id int64, reason, note string) error {
	by, err := s.viewer(ctx, true)
	if err != nil {
		return err
	}
	now := s.now()
	r := Report{UserID: by.UserID, Reason: reason, Note: note, CreatedAt: now}
	if err := r.clean(); err != nil {
		return err
	}
	author, err := s.authorOf(ctx, object, id, by)
	if err != nil {
		return err
	}
	if author == by.UserID {
		return ErrReportOneself
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		reported, began, err := s.store.CountReport(ctx, by.UserID, now.Add(-reportWindow), now)
		if err != nil {
			return err
		}
		if reported > maxReports {
			return tooMany(ErrTooManyReports, began, reportWindow, now)
		}
		_, err = s.store.AddReport(ctx, object, id, r)
		return err
	})
}

// authorOf returns whose thing it is, if a viewer can see it.
func (s *Service) authorOf(ctx context.Context, object ObjectType, id int64, by talk.Viewer) (int64, error) {
	switch object {
	case ObjectPost:
		row, err := s.post(ctx, id, by)
		return row.UserID, err
	case ObjectProfile:
		who, _, err := s.person(ctx, id)
		return who.UserID, err
	}
	r, err := s.remarks.Seen(ctx, RoomKind, remarkKind(object), id, by)
	return r.UserID, err
}

func remarkKind(object ObjectType) talk.Kind {
	if object == ObjectReply {
		return talk.Reply
	}
	return talk.Comment
}

// Cases lists what people reported, for the staff, the newest first.
func (s *Service) Cases(ctx context.Context, state CaseState, r page.CursorRequest) (page.Slice[ShownCase], error) {
	none := page.Slice[ShownCase]{}
	if _, err := auth.RequireStaff(ctx); err != nil {
		return none, err
	}
	rows, err := s.store.Cases(ctx, state, notesShown, r)
	if err != nil {
		return none, err
	}
	slice := page.Keyset(r, rows, func(c Case) []int64 { return []int64{c.ID} })
	shown, err := s.cases(ctx, slice.Rows)
	return page.Slice[ShownCase]{Rows: shown, Next: slice.Next, Previous: slice.Previous}, err
}

// cases adds what cases are about, in a number of statements that doesn't depend on
// theirs.
func (s *Service) cases(ctx context.Context, list []Case) ([]ShownCase, error) {
	var posts, remarks, users []int64
	for _, c := range list {
		switch c.ObjectType {
		case ObjectPost:
			posts = append(posts, c.ObjectID)
		case ObjectProfile:
			users = append(users, c.ObjectID)
		default:
			remarks = append(remarks, c.ObjectID)
		}
	}
	foundPosts, err := s.store.AnyPosts(ctx, posts)
	if err != nil {
		return nil, err
	}
	foundRemarks, err := s.remarks.Excerpts(ctx, RoomKind, remarks)
	if err != nil {
		return nil, err
	}
	for _, p := range foundPosts {
		users = append(append(users, p.UserID), talk.Linked(p.Content)...)
	}
	for _, r := range foundRemarks {
		users = append(users, r.UserID)
	}
	people, err := s.people.Meet(ctx, talk.Viewer{Staff: true}, distinct(users))
	if err != nil {
		return nil, err
	}
	out := make([]ShownCase, len(list))
	for i, c := range list {
		out[i] = ShownCase{Case: c}
		switch c.ObjectType {
		case ObjectPost:
			if p, there := foundPosts[c.ObjectID]; there {
				out[i].showPost(p, people)
			}
		case ObjectProfile:
			out[i].Author = among(people, c.ObjectID)
			if who := out[i].Author; who != nil {
				out[i].Excerpt, out[i].Picture = who.Introduction, who.Image
			}
		default:
			if r, there := foundRemarks[c.ObjectID]; there {
				out[i].Excerpt, out[i].PostID, out[i].Author = r.Content, r.PlaceID, among(people, r.UserID)
			}
		}
	}
	return out, nil
}

func (c *ShownCase) showPost(p Post, people map[int64]talk.Person) {
	c.Excerpt, _ = talk.Spoken(p.Content, people)
	c.PostID, c.Author = p.ID, among(people, p.UserID)
	if len(p.Pictures) > 0 {
		c.Picture = p.Pictures[0].Key
	}
}

// Decide closes a case, or opens it again: CaseHidden hides what it is about from
// all but its author and the staff, every other state shows it. Only the staff
// may; the audit log keeps it with the reason.
//
// It returns ErrReportNotFound, ErrNotHideable for a person, or the fault of what
// isn't there any more.
func (s *Service) Decide(ctx context.Context, id int64, state CaseState, reason string) (ShownCase, error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return ShownCase{}, err
	}
	var decided Case
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.store.HoldCase(ctx, id, notesShown)
		if err != nil {
			return err
		}
		before := c
		decided = c
		if c.State == state {
			return nil
		}
		if (state == CaseHidden) != (c.State == CaseHidden) {
			err := s.hide(ctx, c, state == CaseHidden)
			// What is gone can be neither hidden nor shown, but its case can be closed.
			gone := errors.Is(err, ErrPostNotFound) || errors.Is(err, ErrCommentNotFound) || errors.Is(err, ErrReplyNotFound)
			if err != nil && (!gone || state != CaseDismissed) {
				return err
			}
		}
		decided.State, decided.UpdatedAt = state, s.now()
		if err := s.store.SetCase(ctx, id, state, decided.UpdatedAt); err != nil {
			return err
		}
		target := string(c.ObjectType) + ":" + strconv.FormatInt(c.ObjectID, 10)
		return s.audit.Record(ctx, "style.report."+string(state), target, reason, auditedCase(before), auditedCase(decided))
	})
	if err != nil {
		return ShownCase{}, err
	}
	shown, err := s.cases(ctx, []Case{decided})
	if err != nil {
		return ShownCase{}, err
	}
	return shown[0], nil
}

type auditCase struct {
	State   CaseState        `json:"state"`
	Count   int64            `json:"count"`
	Reasons map[string]int64 `json:"reasons"`
}

func auditedCase(c Case) auditCase { return auditCase{c.State, c.Count, c.Reasons} }

// hide hides what a case is about, or shows it again.
func (s *Service) hide(ctx context.Context, c Case, hidden bool) error {
	switch c.ObjectType {
	case ObjectProfile:
		return ErrNotHideable
	case ObjectPost:
		return s.hidePost(ctx, c.ObjectID, hidden)
	}
	kind := remarkKind(c.ObjectType)
	return s.remarks.Hide(ctx, RoomKind, kind, c.ObjectID, hidden)
}

func (s *Service) hidePost(ctx context.Context, id int64, hidden bool) error {
	p, err := s.store.HoldPost(ctx, id)
	if err != nil || p.Hidden == hidden {
		return err
	}
	if err := s.store.SetHidden(ctx, id, hidden); err != nil {
		return err
	}
	step := int64(1)
	if hidden {
		step = -1
	}
	return s.store.AddPosts(ctx, p.UserID, step)
}
