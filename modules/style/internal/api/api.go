// Package api is the feed on the wire: the operations under /api/styles/ and their
// bodies; what is said under posts is talk's. A handler reads its input, calls one
// use case and shapes the answer.
package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/style"
	"rally/platform/auth"
	"rally/platform/blob"
	"rally/platform/web"
)

const (
	tag  = "Styles"
	base = "/api/styles/"
)

// API is the operations of the feed.
type API struct{ style *style.Service }

// New returns the operations over a service.
func New(service *style.Service) *API { return &API{service} }

// Register adds the operations to the document.
func (a *API) Register(api huma.API) {
	a.registerProfiles(api)
	a.registerPosts(api)
	a.registerReports(api)
	huma.Register(api, web.Op(http.MethodGet, base+"search/", "style-search", tag, "Find people and hashtags by how they begin",
		web.Describe("At most ten of each. Posts are found by `posts/?type=search`.")), a.search)
	huma.Register(api, web.Op(http.MethodGet, base+"tags/{tag}/", "style-tag", tag, "Count the posts of a hashtag"), a.tag)
}

// IDInput is embedded by the inputs of operations on one thing. It is exported,
// like all that is embedded here, because huma looks at exported fields only.
type IDInput struct {
	ID int64 `path:"id" example:"12"`
}

// PlaceInput asks for a page of a list that belongs to one thing.
type PlaceInput struct {
	IDInput
	web.CursorInput
}

type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{body} }

type noBody struct{}

func callerOf(ctx context.Context) int64 {
	caller, _ := auth.From(ctx)
	return caller.UserID
}

func picture(ctx context.Context, key string) *string { return blob.Address(web.BaseURL(ctx), key) }

// uploads returns how to open the files of a request.
func uploads(ctx context.Context) []style.Upload {
	files := web.FilesOf(ctx)
	list := make([]style.Upload, len(files))
	for i, f := range files {
		list[i] = web.Opener(f)
	}
	return list
}
