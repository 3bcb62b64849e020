package style

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/fault"
)

// Upload opens a picture that somebody sent. It is opened once.
type Upload func() (io.ReadCloser, error)

// NewPost is a post that somebody makes.
type NewPost struct {
	Content string
	Ratio   *float64 // nil: that of the first picture
	Tags    []Tag
	Uploads []Upload
}

// AddPost posts for the caller: words, pictures or both.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields content, image,
// image_ratio, tags and productinfo_ids, the faults of blob, or ErrTooManyPosts.
func (s *Service) AddPost(ctx context.Context, in NewPost) (Shown, error) {
	by, err := s.viewer(ctx, true)
	if err != nil {
		return Shown{}, err
	}
	p := Post{UserID: by.UserID, Tags: in.Tags, Ratio: 1}
	if p.Content, err = normaliseContent(in.Content); err != nil {
		return Shown{}, err
	}
	if in.Ratio != nil {
		if p.Ratio, err = normaliseRatio(*in.Ratio); err != nil {
			return Shown{}, err
		}
	}
	if err := checkWhole(p, len(in.Uploads)); err != nil {
		return Shown{}, err
	}
	if err := s.checkArticles(ctx, p.Tags); err != nil {
		return Shown{}, err
	}
	if p.Pictures, err = s.save(ctx, in.Uploads); err != nil {
		return Shown{}, err
	}
	if in.Ratio == nil && len(p.Pictures) > 0 {
		p.Ratio, _ = normaliseRatio(float64(p.Pictures[0].Width) / float64(p.Pictures[0].Height))
	}
	if err = s.insert(ctx, &p, by); err != nil {
		discard(ctx, s.pictures, err, keysOf(p.Pictures)...)
		return Shown{}, err
	}
	return s.shownOne(ctx, Row{Post: p}, by)
}

func (s *Service) insert(ctx context.Context, p *Post, by talk.Viewer) error {
	typed := p.Content
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		posted, began, err := s.store.CountPosting(ctx, p.UserID, now.Add(-postWindow), now)
		if err != nil {
			return err
		}
		if posted > maxPosts {
			return tooMany(ErrTooManyPosts, began, postWindow, now)
		}
		found, err := s.link(ctx, p, typed, by)
		if err != nil {
			return err
		}
		p.ID, p.CreatedAt = 0, now
		if err := s.store.InsertPost(ctx, p, found); err != nil {
			return err
		}
		if err := s.articles.AddShares(ctx, infoIDs(p.Tags), 1); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, Posted{*p}); err != nil {
			return err
		}
		return s.mention(ctx, *p, found.Mentions, nil)
	})
}

// link puts people's ids in place of their names, and returns what the post is
// found by.
func (s *Service) link(ctx context.Context, p *Post, typed string, by talk.Viewer) (Index, error) {
	names, err := s.people.Resolve(ctx, by, typed)
	if err != nil {
		return Index{}, err
	}
	found := Index{Hashtags: Hashtags(typed)}
	p.Content, found.Mentions = talk.Link(typed, names)
	found.Words = searchWords(p.Content)
	return found, nil
}

// mention tells whom a post mentions now and didn't before.
func (s *Service) mention(ctx context.Context, p Post, now, before []int64) error {
	var fresh []int64
	for _, id := range now {
		if id != p.UserID && !slices.Contains(before, id) {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return s.events.Emit(ctx, Mentioned{Post: p, UserIDs: fresh})
}

// checkWhole makes sure that a post with so many pictures is one.
func checkWhole(p Post, pictures int) error {
	switch {
	case pictures > MaxPictures:
		return fault.ErrInvalid.WithField("image", "must be at most "+strconv.Itoa(MaxPictures)+" pictures")
	case pictures == 0 && p.Content == "":
		return fault.ErrInvalid.WithField("content", "must not be empty without a picture")
	}
	return checkTags(p.Tags, pictures)
}

// checkArticles makes sure that articles exist.
func (s *Service) checkArticles(ctx context.Context, tags []Tag) error {
	found, err := s.articles.Listings(ctx, infoIDs(tags))
	if err != nil {
		return err
	}
	for _, t := range tags {
		if _, ok := found[t.InfoID]; !ok {
			return fault.ErrInvalid.WithField("productinfo_ids", fmt.Sprintf("there is no article %d", t.InfoID))
		}
	}
	return nil
}

// save stores pictures in their order: all, or none.
func (s *Service) save(ctx context.Context, uploads []Upload) ([]Picture, error) {
	var saved []Picture
	for i, open := range uploads {
		p, err := s.saveWith(ctx, s.pictures, open)
		if err != nil {
			s.pictures.Delete(context.WithoutCancel(ctx), keysOf(saved)...)
			return nil, atPicture(err, i)
		}
		saved = append(saved, p)
	}
	return saved, nil
}

// discard deletes pictures that a transaction refused. After any other error they
// stay for the sweep: a COMMIT that fails may have happened all the same, and a row
// must never be without its picture.
func discard(ctx context.Context, pictures Pictures, err error, keys ...string) {
	var refused *fault.Error
	if errors.As(err, &refused) {
		pictures.Delete(context.WithoutCancel(ctx), keys...)
	}
}

// atPicture says which picture is wrong.
func atPicture(err error, i int) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	return f.With("index", i).WithField("image", f.Message)
}

func (s *Service) saveWith(ctx context.Context, into Pictures, open Upload) (Picture, error) {
	file, err := open()
	if err != nil {
		return Picture{}, err
	}
	defer func() { _ = file.Close() }()
	return into.Save(ctx, file)
}

func keysOf(list []Picture) []string {
	keys := make([]string, len(list))
	for i, p := range list {
		keys[i] = p.Key
	}
	return keys
}

// DeletePost deletes a post of the caller with its pictures, likes and comments;
// the staff deletes anybody's.
//
// It returns auth.ErrRequired, ErrPostNotFound or auth.ErrForbidden.
func (s *Service) DeletePost(ctx context.Context, id int64) error {
	by, err := s.viewer(ctx, true)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		p, err := s.held(ctx, id, by)
		if err != nil {
			return err
		}
		if p.UserID != by.UserID {
			if !by.Staff {
				return auth.ErrForbidden
			}
			if err := s.audit.Record(ctx, "style.post.delete", "post:"+strconv.FormatInt(id, 10), "", auditedPost(p), nil); err != nil {
				return err
			}
		}
		r := removal{s.store, s.remarks, s.articles, s.pictures}
		return r.remove(ctx, p)
	})
}

// audited is what the audit log keeps of a post.
type audited struct {
	UserID    int64     `json:"user_id"`
	Content   string    `json:"content"`
	Pictures  int       `json:"pictures"`
	Hidden    bool      `json:"hidden"`
	CreatedAt time.Time `json:"created_at"`
}

func auditedPost(p Post) audited {
	return audited{p.UserID, talk.Plain(p.Content, func(id int64) (string, bool) { return "#" + strconv.FormatInt(id, 10), true }), len(p.Pictures), p.Hidden, p.CreatedAt}
}

// removal takes away a post that is held, and all that hangs on it.
type removal struct {
	store interface {
		DeletePost(ctx context.Context, id int64) error
		AddPosts(ctx context.Context, userID, step int64) error
	}
	remarks interface {
		Clear(ctx context.Context, room string, placeIDs ...int64) error
	}
	articles interface {
		AddShares(ctx context.Context, infoIDs []int64, step int64) error
	}
	pictures interface {
		DeleteAfterCommit(ctx context.Context, key string)
	}
}

func (r removal) remove(ctx context.Context, p Post) error {
	if err := r.remarks.Clear(ctx, RoomKind, p.ID); err != nil {
		return err
	}
	if err := r.store.DeletePost(ctx, p.ID); err != nil {
		return err
	}
	if !p.Hidden {
		if err := r.store.AddPosts(ctx, p.UserID, -1); err != nil {
			return err
		}
	}
	if err := r.articles.AddShares(ctx, infoIDs(p.Tags), -1); err != nil {
		return err
	}
	for _, picture := range p.Pictures {
		r.pictures.DeleteAfterCommit(ctx, picture.Key)
	}
	return nil
}

// SetLike toggles whether the caller likes a post, or sets it when value is given.
// It reports whether they like it now, and how many do.
//
// It returns auth.ErrRequired or ErrPostNotFound.
func (s *Service) SetLike(ctx context.Context, id int64, value *bool) (liked bool, likes int64, err error) {
	by, err := s.viewer(ctx, true)
	if err != nil {
		return false, 0, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		p, err := s.held(ctx, id, by)
		if err != nil {
			return err
		}
		was, err := s.store.Liked(ctx, id, by.UserID)
		if err != nil {
			return err
		}
		liked, likes = !was, p.NumLikes
		if value != nil {
			liked = *value
		}
		if liked == was {
			return nil
		}
		if err := s.store.SetLike(ctx, Like{PostID: id, UserID: by.UserID, CreatedAt: s.now()}, liked); err != nil {
			return err
		}
		if liked {
			likes++
		} else {
			likes--
		}
		return s.events.Emit(ctx, PostLiked{Post: p, By: by.UserID, On: liked})
	})
	return liked, likes, err
}
