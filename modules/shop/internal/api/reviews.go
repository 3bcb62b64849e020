package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/platform/auth"
	"rally/platform/blob"
	"rally/platform/web"
)

func (a *API) registerReviews(api huma.API) {
	const comments, comment, replies, reply = "/api/shop/productinfos/{id}/comments/", "/api/shop/comments/{id}/", "/api/shop/comments/{id}/replies/", "/api/shop/replies/{id}/"
	huma.Register(api, web.Op(http.MethodGet, comments, "shop-comments", tag, "List the comments on an article", web.Errors(404),
		web.Describe("Newest first, each with its replies, oldest first. The address of the next page is in the header Link (RFC 8288), as rel=\"next\".")), a.listComments)
	huma.Register(api, web.Op(http.MethodPost, comments, "shop-comment-create", tag, "Comment on an article", web.Login(), created(), web.Errors(404, 429),
		web.Describe("1 to 500 characters of plain text: show it as such. At most 30 comments and replies in 10 minutes.")), a.addComment)
	huma.Register(api, web.Op(http.MethodGet, comment, "shop-comment", tag, "Read a comment", web.Errors(404)), a.readComment)
	huma.Register(api, web.Op(http.MethodPatch, comment, "shop-comment-patch", tag, "Change my comment", web.Login(), web.Errors(403, 404)), a.editComment)
	huma.Register(api, web.Op(http.MethodDelete, comment, "shop-comment-delete", tag, "Delete my comment and its replies", web.Login(), noContent(), web.Errors(403, 404),
		web.Describe("The staff deletes anybody's.")), remove(a, shop.KindComment))
	huma.Register(api, web.Op(http.MethodGet, replies, "shop-replies", tag, "List the replies to a comment, oldest first", web.Errors(404)), a.listReplies)
	huma.Register(api, web.Op(http.MethodPost, replies, "shop-reply-create", tag, "Reply to a comment", web.Login(), created(), web.Errors(404, 409, 429),
		web.Describe("`to_profile` is the comment's writer or somebody who replied to it; the writer by default. A comment has at most 100 replies.")), a.addReply)
	huma.Register(api, web.Op(http.MethodGet, reply, "shop-reply", tag, "Read a reply", web.Errors(404)), a.readReply)
	huma.Register(api, web.Op(http.MethodPatch, reply, "shop-reply-patch", tag, "Change my reply", web.Login(), web.Errors(403, 404)), a.editReply)
	huma.Register(api, web.Op(http.MethodDelete, reply, "shop-reply-delete", tag, "Delete my reply", web.Login(), noContent(), web.Errors(403, 404),
		web.Describe("The staff deletes anybody's.")), remove(a, shop.KindReply))
	for kind, path := range map[shop.RemarkKind]string{shop.KindComment: comment, shop.KindReply: reply} {
		name := "shop-" + string(kind)
		huma.Register(api, web.Op(http.MethodPatch, path+"like/", name+"-like", tag, "Toggle whether I like a "+string(kind), web.Login(), web.Errors(404),
			web.Describe("`value` sets it instead of toggling.")), like(a, kind))
		huma.Register(api, web.Op(http.MethodGet, path+"likes/", name+"-likes", tag, "List who likes a "+string(kind), web.Errors(404)), likes(a, kind))
	}
}

// personBody is somebody who speaks.
type personBody struct {
	UserID      int64   `json:"user_id" example:"7"`
	UserName    string  `json:"user_name" example:"mina"`
	ProfileName string  `json:"profile_name" example:"a3f09c1"`
	Image       *string `json:"image" doc:"Address of the picture, or null."`
}

func (a *API) toPerson(ctx context.Context, p *accounts.Profile) *personBody {
	if p == nil {
		return nil
	}
	return &personBody{UserID: p.UserID, UserName: p.UserName, ProfileName: p.ProfileName, Image: blob.Address(web.BaseURL(ctx), p.Image)}
}

// addresseeBody is somebody who is spoken to.
type addresseeBody struct {
	UserID      int64  `json:"user_id" example:"3"`
	ProfileName string `json:"profile_name" example:"08b7103"`
}

// liked is whether the caller likes something: true, false or, when nobody is
// logged in, loginRequired.
type liked struct{ known, yes bool }

const loginRequired = "login required"

func likedBy(ctx context.Context, yes bool) liked {
	_, known := auth.From(ctx)
	return liked{known, yes}
}

// Schema implements huma.SchemaProvider.
func (liked) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "Whether the caller likes it.", Examples: []any{false},
		OneOf: []*huma.Schema{{Type: huma.TypeBoolean}, {Type: huma.TypeString, Enum: []any{loginRequired}}},
	}
}

// MarshalJSON implements json.Marshaler.
func (l liked) MarshalJSON() ([]byte, error) {
	if !l.known {
		return []byte(strconv.Quote(loginRequired)), nil
	}
	return strconv.AppendBool(nil, l.yes), nil
}

// SaidBody is what comments and replies share.
type SaidBody struct {
	ID        int64       `json:"id" example:"5"`
	Content   string      `json:"content" doc:"Plain text. Empty: its writer's account was erased, and others had replied."`
	CreatedBy *personBody `json:"created_by" doc:"Null: somebody who left."`
	CreatedAt time.Time   `json:"created_at"`
	EditedAt  *time.Time  `json:"edited_at"`
	NumLikes  int64       `json:"num_likes" example:"1"`
	Liked     liked       `json:"liked"`
}

func (a *API) toSaid(ctx context.Context, s shop.Said) SaidBody {
	return SaidBody{
		ID: s.ID, Content: s.Content, CreatedBy: a.toPerson(ctx, s.By), CreatedAt: s.CreatedAt, EditedAt: s.EditedAt,
		NumLikes: s.NumLikes, Liked: likedBy(ctx, s.Liked),
	}
}

type replyBody struct {
	SaidBody
	ToProfile *addresseeBody `json:"to_profile" doc:"Whom it speaks to. Null: somebody who left."`
}

func (a *API) toReply(ctx context.Context, s shop.Said) replyBody {
	body := replyBody{SaidBody: a.toSaid(ctx, s)}
	if s.To != nil {
		body.ToProfile = &addresseeBody{UserID: s.To.UserID, ProfileName: s.To.ProfileName}
	}
	return body
}

func (a *API) toReplies(ctx context.Context, said []shop.Said) []replyBody {
	out := make([]replyBody, len(said))
	for i, s := range said {
		out[i] = a.toReply(ctx, s)
	}
	return out
}

type commentBody struct {
	SaidBody
	Bought  bool        `json:"bought" doc:"Its writer has bought the article here."`
	Replies []replyBody `json:"replies" doc:"Oldest first."`
}

func (a *API) toComment(ctx context.Context, t shop.Thread) commentBody {
	return commentBody{SaidBody: a.toSaid(ctx, t.Said), Bought: t.Bought, Replies: a.toReplies(ctx, t.Replies)}
}

// PlaceInput asks for a page of a list that belongs to one thing.
type PlaceInput struct {
	IDInput
	web.CursorInput
}

type commentsOutput struct {
	Link string `header:"Link" doc:"The next page, as <address>; rel=\"next\", where there is one."`
	Body []commentBody
}

func (a *API) listComments(ctx context.Context, in *PlaceInput) (*commentsOutput, error) {
	r, err := in.Request(shop.CommentList(in.ID))
	if err != nil {
		return nil, err
	}
	threads, err := a.shop.Comments(ctx, in.ID, r)
	if err != nil {
		return nil, err
	}
	body := web.NewCursorBody(ctx, &in.CursorInput, threads, func(t shop.Thread) commentBody { return a.toComment(ctx, t) })
	out := &commentsOutput{Body: body.Results}
	if body.Next != nil {
		out.Link = "<" + *body.Next + `>; rel="next"`
	}
	return out, nil
}

// ContentInput is what is written.
type ContentInput struct {
	IDInput
	Body struct {
		Content string `json:"content" doc:"1…500 characters." example:"발볼이 좁아서 반 사이즈 크게 샀어요."`
	}
}

func (a *API) addComment(ctx context.Context, in *ContentInput) (*reply[commentBody], error) {
	t, err := a.shop.AddComment(ctx, in.ID, in.Body.Content)
	return answer(a.toComment(ctx, t)), err
}

func (a *API) readComment(ctx context.Context, in *IDInput) (*reply[commentBody], error) {
	t, err := a.shop.Thread(ctx, shop.KindComment, in.ID)
	return answer(a.toComment(ctx, t)), err
}

func (a *API) editComment(ctx context.Context, in *ContentInput) (*reply[commentBody], error) {
	t, err := a.shop.EditRemark(ctx, shop.KindComment, in.ID, in.Body.Content)
	return answer(a.toComment(ctx, t)), err
}

func (a *API) listReplies(ctx context.Context, in *IDInput) (*reply[[]replyBody], error) {
	t, err := a.shop.Thread(ctx, shop.KindComment, in.ID)
	return answer(a.toReplies(ctx, t.Replies)), err
}

type newReplyInput struct {
	IDInput
	Body struct {
		Content   string `json:"content" doc:"1…500 characters." example:"정사이즈 맞나요?"`
		ToProfile *int64 `json:"to_profile,omitempty" doc:"User id of whom it speaks to." example:"3"`
	}
}

func (a *API) addReply(ctx context.Context, in *newReplyInput) (*reply[replyBody], error) {
	t, err := a.shop.Reply(ctx, shop.NewReply{CommentID: in.ID, Content: in.Body.Content, ToUserID: in.Body.ToProfile})
	return answer(a.toReply(ctx, t.Said)), err
}

func (a *API) readReply(ctx context.Context, in *IDInput) (*reply[replyBody], error) {
	t, err := a.shop.Thread(ctx, shop.KindReply, in.ID)
	return answer(a.toReply(ctx, t.Said)), err
}

func (a *API) editReply(ctx context.Context, in *ContentInput) (*reply[replyBody], error) {
	t, err := a.shop.EditRemark(ctx, shop.KindReply, in.ID, in.Body.Content)
	return answer(a.toReply(ctx, t.Said)), err
}

func remove(a *API, kind shop.RemarkKind) func(context.Context, *IDInput) (*noBody, error) {
	return func(ctx context.Context, in *IDInput) (*noBody, error) {
		return nil, a.shop.DeleteRemark(ctx, kind, in.ID)
	}
}

type likeInput struct {
	IDInput
	Body *struct {
		Value *bool `json:"value,omitempty"`
	}
}

type likeBody struct {
	Detail   string `json:"detail" example:"Liked."`
	Liked    bool   `json:"liked"`
	NumLikes int64  `json:"num_likes" example:"2"`
}

func like(a *API, kind shop.RemarkKind) func(context.Context, *likeInput) (*reply[likeBody], error) {
	return func(ctx context.Context, in *likeInput) (*reply[likeBody], error) {
		var value *bool
		if in.Body != nil {
			value = in.Body.Value
		}
		yes, n, err := a.shop.SetLike(ctx, kind, in.ID, value)
		body := likeBody{Detail: "Not liked any more.", Liked: yes, NumLikes: n}
		if yes {
			body.Detail = "Liked."
		}
		return answer(body), err
	}
}

type likedByBody struct {
	Profile   *personBody `json:"profile" doc:"Null: somebody who left."`
	CreatedAt time.Time   `json:"created_at"`
}

func likes(a *API, kind shop.RemarkKind) func(context.Context, *PlaceInput) (*reply[web.CursorBody[likedByBody]], error) {
	return func(ctx context.Context, in *PlaceInput) (*reply[web.CursorBody[likedByBody]], error) {
		r, err := in.Request(shop.LikeList(kind, in.ID))
		if err != nil {
			return nil, err
		}
		found, err := a.shop.Likes(ctx, kind, in.ID, r)
		if err != nil {
			return nil, err
		}
		return answer(web.NewCursorBody(ctx, &in.CursorInput, found, func(l shop.LikeBy) likedByBody {
			return likedByBody{Profile: a.toPerson(ctx, l.By), CreatedAt: l.CreatedAt}
		})), nil
	}
}
