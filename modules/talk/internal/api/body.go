package api

import (
	"context"
	"time"

	"rally/modules/talk"
	"rally/modules/talk/talkwire"
	"rally/platform/web"
)

// SaidBody is what comments and replies share.
type SaidBody struct {
	ID        int64                    `json:"id" example:"5"`
	Content   string                   `json:"content" doc:"Plain text. Empty: its writer's account was erased, and others had replied."`
	CreatedBy *talkwire.PersonBody     `json:"created_by" doc:"Null: somebody who left."`
	CreatedAt time.Time                `json:"created_at"`
	EditedAt  *time.Time               `json:"edited_at"`
	NumLikes  int64                    `json:"num_likes" example:"1"`
	Liked     web.Flag                 `json:"liked" doc:"Whether the caller likes it."`
	Mentions  []talkwire.AddresseeBody `json:"mentions" doc:"Who is mentioned in the text, as \"@\" and their profile name."`
	Hidden    bool                     `json:"hidden,omitempty" doc:"The staff hid it: only its writer and they see it."`
}

func toSaid(ctx context.Context, s talk.Said) SaidBody {
	return SaidBody{
		ID: s.ID, Content: s.Content, CreatedBy: talkwire.Person(ctx, s.By), CreatedAt: s.CreatedAt, EditedAt: s.EditedAt,
		NumLikes: s.NumLikes, Liked: web.NewFlag(ctx, s.Liked), Mentions: talkwire.Mentions(s.Mentions), Hidden: s.Hidden,
	}
}

type replyBody struct {
	SaidBody
	ToProfile *talkwire.AddresseeBody `json:"to_profile" doc:"Whom it speaks to. Null: somebody who left."`
}

func toReply(ctx context.Context, s talk.Said) replyBody {
	body := replyBody{SaidBody: toSaid(ctx, s)}
	if s.To != nil {
		to := talkwire.Addressee(s.To.Profile)
		body.ToProfile = &to
	}
	return body
}

func toReplies(ctx context.Context, said []talk.Said) []replyBody {
	out := make([]replyBody, len(said))
	for i, s := range said {
		out[i] = toReply(ctx, s)
	}
	return out
}

type commentBody struct {
	SaidBody
	Bought  *bool       `json:"bought,omitempty" doc:"On an article: its writer has bought it here." example:"true"`
	Replies []replyBody `json:"replies" doc:"Oldest first."`
}

func (a roomAPI) toComment(ctx context.Context, t talk.Thread) commentBody {
	body := commentBody{SaidBody: toSaid(ctx, t.Said), Replies: toReplies(ctx, t.Replies)}
	if a.room.Marks != nil {
		body.Bought = &t.Bought
	}
	return body
}
