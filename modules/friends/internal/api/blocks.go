package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/friends"
	"rally/platform/page"
	"rally/platform/web"
)

func (a *API) registerBlocks(api huma.API) {
	const blocks, mutes = "/api/friends/blocks/", "/api/friends/mutes/"
	huma.Register(api, web.Op(http.MethodGet, blocks, "friend-blocks", tag, "List whom I block, newest first", web.Login()), a.blocks(false))
	huma.Register(api, web.Op(http.MethodPost, blocks, "friend-block-create", tag, "Block somebody", web.Login(), web.Status(http.StatusCreated), web.Errors(404, 409),
		web.Describe("Hides each from the other: in searches, requests, posts and comments. Friendship, requests and follows of both end. 200 when the block stood.")), block(a.friends.Block))
	huma.Register(api, web.Op(http.MethodDelete, blocks+"{user_id}/", "friend-block-delete", tag, "Unblock somebody", web.Login(), web.Status(http.StatusNoContent),
		web.Describe("204 also when there was no block.")), unblock(a.friends.Unblock))
	huma.Register(api, web.Op(http.MethodGet, mutes, "friend-mutes", tag, "List whom I mute, newest first", web.Login()), a.blocks(true))
	huma.Register(api, web.Op(http.MethodPost, mutes, "friend-mute-create", tag, "Mute somebody", web.Login(), web.Status(http.StatusCreated), web.Errors(404, 409),
		web.Describe("Their posts, comments and what they do are not shown to me any more. They don't learn of it, and nothing else changes. 200 when I mute or block them already.")), block(a.friends.Mute))
	huma.Register(api, web.Op(http.MethodDelete, mutes+"{user_id}/", "friend-mute-delete", tag, "Hear somebody again", web.Login(), web.Status(http.StatusNoContent),
		web.Describe("204 also when I didn't mute them.")), unblock(a.friends.Unmute))
	alsoOK(api, blocks)
	alsoOK(api, mutes)
}

type blockBody struct {
	PersonBody
	CreatedAt *time.Time `json:"created_at,omitempty"`
}

func (a *API) blocks(mutes bool) func(context.Context, *web.CursorInput) (*reply[web.CursorBody[blockBody]], error) {
	of := page.CursorList{Name: "friends.blocks"}
	if mutes {
		of.Name = "friends.mutes"
	}
	return func(ctx context.Context, in *web.CursorInput) (*reply[web.CursorBody[blockBody]], error) {
		r, err := in.Request(of)
		if err != nil {
			return nil, err
		}
		list, err := a.friends.BlocksOf(ctx, mutes, r)
		if err != nil {
			return nil, err
		}
		return answer(web.NewCursorBody(ctx, in, list, func(b friends.Blocked) blockBody {
			return blockBody{personBody(ctx, b.Other), &b.CreatedAt}
		})), nil
	}
}

func block(hide func(context.Context, int64, string) (friends.Person, bool, error)) func(context.Context, *whoInput) (*statusReply[blockBody], error) {
	return func(ctx context.Context, in *whoInput) (*statusReply[blockBody], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		who, isNew, err := hide(ctx, in.Body.UserID, in.Body.ProfileName)
		if err != nil {
			return nil, err
		}
		status := http.StatusOK
		if isNew {
			status = http.StatusCreated
		}
		return &statusReply[blockBody]{status, blockBody{PersonBody: personBody(ctx, who)}}, nil
	}
}

func unblock(show func(context.Context, int64) error) func(context.Context, *userInput) (*noBody, error) {
	return func(ctx context.Context, in *userInput) (*noBody, error) { return nil, show(ctx, in.UserID) }
}
