// Package api is talk on the wire: the same operations for each room, below the
// address of its module. A handler reads its input, calls one use case and shapes
// the answer.
package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/talk"
	"rally/modules/talk/talkwire"
	"rally/platform/web"
)

// API is the operations of all rooms.
type API struct {
	talk  *talk.Service
	rooms *talk.Rooms
}

// New returns the operations over a service.
func New(service *talk.Service, rooms *talk.Rooms) *API { return &API{service, rooms} }

// Register adds the operations of every room to the document.
func (a *API) Register(api huma.API) {
	for _, room := range a.rooms.All() {
		roomAPI{room, a.talk}.register(api)
	}
}

// roomAPI is the operations of one room.
type roomAPI struct {
	room *talk.Room
	talk *talk.Service
}

func (a roomAPI) register(api huma.API) {
	base := a.room.Base
	comments, comment, replies, reply := base+a.room.Collection+"/{id}/comments/", base+"comments/{id}/", base+"comments/{id}/replies/", base+"replies/{id}/"
	huma.Register(api, a.read(comments, "comments", "List the comments on the "+a.room.Place,
		web.Describe("Newest first, each with its replies, oldest first. The address of the next page is in the header Link (RFC 8288), as rel=\"next\".")), a.listComments)
	huma.Register(api, a.write(http.MethodPost, comments, "comment-create", "Comment on the "+a.room.Place, created(), web.Errors(404, 429),
		web.Describe(fmt.Sprintf("1 to %d characters of plain text: show it as such. At most %d comments and replies in 10 minutes. "+
			"\"@\" and a profile name, not in the middle of a word, mentions somebody.", a.room.Max, talk.MaxPosts))), a.addComment)
	huma.Register(api, a.read(replies, "replies", "List the replies to a comment, oldest first"), a.listReplies)
	huma.Register(api, a.write(http.MethodPost, replies, "reply-create", "Reply to a comment", created(), web.Errors(404, 409, 429),
		web.Describe(fmt.Sprintf("1 to %d characters. `to_profile` is the comment's writer or somebody who replied to it; the writer by default. A comment has at most %d replies.",
			a.room.Max, talk.MaxReplies))), a.addReply)
	huma.Register(api, a.read(comment, "comment", "Read a comment"), a.readComment)
	huma.Register(api, a.read(reply, "reply", "Read a reply"), a.readReply)
	huma.Register(api, a.write(http.MethodPatch, comment, "comment-patch", "Change my comment", web.Errors(403, 404)), a.editComment)
	huma.Register(api, a.write(http.MethodPatch, reply, "reply-patch", "Change my reply", web.Errors(403, 404)), a.editReply)
	deletes := []web.OpOption{web.Status(http.StatusNoContent), web.Errors(403, 404), web.Describe("The staff deletes anybody's.")}
	huma.Register(api, a.write(http.MethodDelete, comment, "comment-delete", "Delete my comment and its replies", deletes...), a.remove(talk.Comment))
	huma.Register(api, a.write(http.MethodDelete, reply, "reply-delete", "Delete my reply", deletes...), a.remove(talk.Reply))
	for kind, path := range map[talk.Kind]string{talk.Comment: comment, talk.Reply: reply} {
		name := string(kind)
		huma.Register(api, a.write(http.MethodPatch, path+"like/", name+"-like", "Toggle whether I like a "+name, web.Errors(404)), a.like(kind))
		huma.Register(api, a.read(path+"likes/", name+"-likes", "List who likes a "+name), a.likes(kind))
	}
}

// read describes an operation that reads: for everybody, or for members.
func (a roomAPI) read(path, id, summary string, options ...web.OpOption) huma.Operation {
	if a.room.Members {
		options = append(options, web.Login())
	}
	return web.Op(http.MethodGet, path, a.room.Module+"-"+id, a.room.Tag, summary, append(options, web.Errors(404))...)
}

func (a roomAPI) write(method, path, id, summary string, options ...web.OpOption) huma.Operation {
	return web.Op(method, path, a.room.Module+"-"+id, a.room.Tag, summary, append(options, web.Login())...)
}

func created() web.OpOption { return web.Status(http.StatusCreated) }

// IDInput is embedded by the inputs of operations on one thing. It is exported,
// like all that is embedded here, because huma looks at exported fields only.
type IDInput struct {
	ID int64 `path:"id" example:"12"`
}

// reply is an answer with a body.
type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{Body: body} }

type noBody struct{}

// PlaceInput asks for a page of a list that belongs to one thing.
type PlaceInput struct {
	IDInput
	web.CursorInput
}

type commentsOutput struct {
	Link string `header:"Link" doc:"The next page, as <address>; rel=\"next\", where there is one."`
	Body []commentBody
}

func (a roomAPI) listComments(ctx context.Context, in *PlaceInput) (*commentsOutput, error) {
	r, err := in.Request(a.room.CommentList(in.ID))
	if err != nil {
		return nil, err
	}
	threads, err := a.talk.Comments(ctx, a.room.Kind, in.ID, r)
	if err != nil {
		return nil, err
	}
	body := web.NewCursorBody(ctx, &in.CursorInput, threads, func(t talk.Thread) commentBody { return a.toComment(ctx, t) })
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
		Content string `json:"content" doc:"Plain text." example:"발볼이 좁아서 반 사이즈 크게 샀어요."`
	}
}

func (a roomAPI) addComment(ctx context.Context, in *ContentInput) (*reply[commentBody], error) {
	t, err := a.talk.AddComment(ctx, a.room.Kind, in.ID, in.Body.Content)
	return answer(a.toComment(ctx, t)), err
}

func (a roomAPI) readComment(ctx context.Context, in *IDInput) (*reply[commentBody], error) {
	t, err := a.talk.Thread(ctx, a.room.Kind, talk.Comment, in.ID)
	return answer(a.toComment(ctx, t)), err
}

func (a roomAPI) editComment(ctx context.Context, in *ContentInput) (*reply[commentBody], error) {
	t, err := a.talk.EditRemark(ctx, a.room.Kind, talk.Comment, in.ID, in.Body.Content)
	return answer(a.toComment(ctx, t)), err
}

func (a roomAPI) listReplies(ctx context.Context, in *IDInput) (*reply[[]replyBody], error) {
	t, err := a.talk.Thread(ctx, a.room.Kind, talk.Comment, in.ID)
	return answer(toReplies(ctx, t.Replies)), err
}

type newReplyInput struct {
	IDInput
	Body struct {
		Content   string `json:"content" doc:"Plain text." example:"정사이즈 맞나요?"`
		ToProfile *int64 `json:"to_profile,omitempty" doc:"User id of whom it speaks to." example:"3"`
	}
}

func (a roomAPI) addReply(ctx context.Context, in *newReplyInput) (*reply[replyBody], error) {
	t, err := a.talk.AddReply(ctx, a.room.Kind, talk.NewReply{CommentID: in.ID, Content: in.Body.Content, ToUserID: in.Body.ToProfile})
	return answer(toReply(ctx, t.Said)), err
}

func (a roomAPI) readReply(ctx context.Context, in *IDInput) (*reply[replyBody], error) {
	t, err := a.talk.Thread(ctx, a.room.Kind, talk.Reply, in.ID)
	return answer(toReply(ctx, t.Said)), err
}

func (a roomAPI) editReply(ctx context.Context, in *ContentInput) (*reply[replyBody], error) {
	t, err := a.talk.EditRemark(ctx, a.room.Kind, talk.Reply, in.ID, in.Body.Content)
	return answer(toReply(ctx, t.Said)), err
}

func (a roomAPI) remove(kind talk.Kind) func(context.Context, *IDInput) (*noBody, error) {
	return func(ctx context.Context, in *IDInput) (*noBody, error) {
		return nil, a.talk.DeleteRemark(ctx, a.room.Kind, kind, in.ID)
	}
}

func (a roomAPI) like(kind talk.Kind) func(context.Context, *talkwire.ToggleInput) (*reply[talkwire.LikeBody], error) {
	return func(ctx context.Context, in *talkwire.ToggleInput) (*reply[talkwire.LikeBody], error) {
		liked, likes, err := a.talk.SetLike(ctx, a.room.Kind, kind, in.ID, in.Value())
		return answer(talkwire.Like(liked, likes)), err
	}
}

func (a roomAPI) likes(kind talk.Kind) func(context.Context, *PlaceInput) (*reply[web.CursorBody[talkwire.LikedByBody]], error) {
	return func(ctx context.Context, in *PlaceInput) (*reply[web.CursorBody[talkwire.LikedByBody]], error) {
		r, err := in.Request(a.room.LikeList(kind, in.ID))
		if err != nil {
			return nil, err
		}
		found, err := a.talk.Likes(ctx, a.room.Kind, kind, in.ID, r)
		if err != nil {
			return nil, err
		}
		return answer(web.NewCursorBody(ctx, &in.CursorInput, found, func(l talk.LikeBy) talkwire.LikedByBody { return talkwire.LikedBy(ctx, l.By, l.CreatedAt) })), nil
	}
}
