package api

import (
	"time"

	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/blob"
)

// ExportBody is the feed's part of what a person may take with them. Of others it
// tells no more than their ids.
type ExportBody struct {
	Posts   []exportedPost   `json:"posts"`
	Remarks []exportedRemark `json:"comments"` // and replies
	Likes   []exportedLike   `json:"likes"`
	Follows []exportedFollow `json:"follows"`
	Reports []exportedReport `json:"reports"`
}

type exportedPost struct {
	ID          int64      `json:"id"`
	Content     string     `json:"content"`
	Images      []string   `json:"images"` // paths on this site
	Articles    []int64    `json:"productinfo_ids"`
	NumLikes    int64      `json:"num_likes"`
	NumComments int64      `json:"num_comments"`
	Hidden      bool       `json:"hidden"`
	CreatedAt   time.Time  `json:"created_at"`
	EditedAt    *time.Time `json:"edited_at"`
}

// exportedRemark is a comment, or a reply to the comment reply_to. It doesn't
// tell whom it speaks to.
type exportedRemark struct {
	ID        int64      `json:"id"`
	PostID    int64      `json:"post_id"`
	ReplyTo   *int64     `json:"reply_to"`
	Content   string     `json:"content"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
}

type exportedLike struct {
	PostID    int64     `json:"post_id"`
	CreatedAt time.Time `json:"created_at"`
}

type exportedFollow struct {
	UserID    int64     `json:"user_id"`
	CreatedAt time.Time `json:"created_at"`
}

type exportedReport struct {
	ObjectType string    `json:"object_type"`
	ObjectID   int64     `json:"object_id"`
	Reason     string    `json:"reason"`
	Note       string    `json:"note"`
	CreatedAt  time.Time `json:"created_at"`
}

// ToExport shapes an export for the person whom it is about.
func ToExport(e style.Export) ExportBody {
	return ExportBody{
		Posts: convert(e.Posts, func(p style.Post) exportedPost {
			return exportedPost{
				ID: p.ID, Content: p.Content, Images: convert(p.Pictures, func(p style.Picture) string { return blob.URL(p.Key) }),
				Articles: convert(p.Tags, func(t style.Tag) int64 { return t.InfoID }), NumLikes: p.NumLikes, NumComments: p.NumComments, Hidden: p.Hidden,
				CreatedAt: p.CreatedAt, EditedAt: p.EditedAt,
			}
		}),
		Remarks: convert(e.Remarks, func(r talk.Remark) exportedRemark {
			out := exportedRemark{ID: r.ID, PostID: r.PlaceID, Content: r.Content, CreatedAt: r.CreatedAt, EditedAt: r.EditedAt}
			if r.Kind() == talk.Reply {
				out.ReplyTo = &r.CommentID
			}
			return out
		}),
		Likes:   convert(e.Likes, func(l style.Like) exportedLike { return exportedLike{l.PostID, l.CreatedAt} }),
		Follows: convert(e.Follows, func(f style.Follow) exportedFollow { return exportedFollow{f.To, f.CreatedAt} }),
		Reports: convert(e.Reports, func(r style.ReportOf) exportedReport {
			return exportedReport{string(r.ObjectType), r.ObjectID, r.Reason, r.Note, r.CreatedAt}
		}),
	}
}

func convert[T, U any](list []T, body func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = body(v)
	}
	return out
}
