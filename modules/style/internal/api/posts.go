package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/style"
	"rally/modules/talk"
	"rally/modules/talk/talkwire"
	"rally/platform/blob"
	"rally/platform/fault"
	"rally/platform/web"
)

// uploadSize is how large all pictures of a post may be together.
const uploadSize = style.MaxPictures * blob.MaxUpload

func (a *API) registerPosts(api huma.API) {
	const posts, post = base + "posts/", base + "posts/{id}/"
	files := web.Files("image", "Up to ten pictures (JPEG, PNG, GIF, WebP), of 10 MB each.", uploadSize)
	huma.Register(api, web.Op(http.MethodGet, posts, "style-posts", tag, "List posts", web.Errors(401),
		web.Describe("`latest` and `popular` are for everybody; `following` and `liked` need a login; `default` (what somebody posted) and `mentions` need `user_id`, `tag` a hashtag, `product` an `info_id`, `search` a `q`. "+
			"All but `popular` are in the order of time. `popular` stands still while somebody pages through it.")), a.listPosts)
	huma.Register(api, web.Op(http.MethodPost, posts, "style-post-create", tag, "Post words, pictures or both", web.Login(), web.Status(http.StatusCreated), web.Errors(413, 429), files,
		web.Describe("At most 20 in an hour. \"#\" makes a hashtag, \"@\" and a profile name mention somebody.")), a.addPost)
	huma.Register(api, web.Op(http.MethodGet, post, "style-post", tag, "Read a post", web.Errors(404)), a.readPost)
	describe := web.Describe("What is not sent stays. New pictures come behind those that stay; `images` says which do, in their new order.")
	for method, id := range map[string]string{http.MethodPut: "style-post-put", http.MethodPatch: "style-post-patch"} {
		huma.Register(api, web.Op(method, post, id, tag, "Change my post", web.Login(), web.Errors(403, 404, 413), files, describe), a.editPost)
	}
	huma.Register(api, web.Op(http.MethodDelete, post, "style-post-delete", tag, "Delete my post with all that hangs on it", web.Login(), web.Status(http.StatusNoContent), web.Errors(403, 404),
		web.Describe("The staff deletes anybody's.")), a.deletePost)
	huma.Register(api, web.Op(http.MethodPatch, post+"like/", "style-post-like", tag, "Toggle whether I like a post", web.Login(), web.Errors(404)), a.like)
	huma.Register(api, web.Op(http.MethodGet, post+"likes/", "style-post-likes", tag, "List who likes a post", web.Login(), web.Errors(404)), a.likes)
	huma.Register(api, web.Op(http.MethodPatch, base+"{object_type}/{object_id}/like/", "style-like-other", tag, "Refuse a like of anything else", web.Login(),
		web.Describe("Only posts, comments and replies can be liked: 400.")), refuseType)
	huma.Register(api, web.Op(http.MethodGet, base+"{object_type}/{object_id}/likes/", "style-likes-other", tag, "Refuse to list likes of anything else", web.Login(),
		web.Describe("Only posts, comments and replies can be liked: 400.")), refuseType)
}

// postBody is a post.
type postBody struct {
	ID          int64                    `json:"id" example:"120"`
	Content     string                   `json:"content" doc:"Plain text: show it as such." example:"비 오는 날엔 역시 이 신발 #오오티디"`
	Images      []string                 `json:"images" doc:"Addresses of the pictures. Each has a copy of at most 800 pixels, with -m before its ending, and of 320, with -s."`
	ImageRatio  float64                  `json:"image_ratio" doc:"Width by height of the frame of all pictures." example:"0.8"`
	CreatedBy   *talkwire.PersonBody     `json:"created_by"`
	CreatedAt   time.Time                `json:"created_at"`
	EditedAt    *time.Time               `json:"edited_at"`
	NumComments int64                    `json:"num_comments" doc:"Comments and replies." example:"3"`
	NumLikes    int64                    `json:"num_likes" example:"12"`
	Liked       web.Flag                 `json:"liked"`
	Products    []productBody            `json:"products"`
	Mentions    []talkwire.AddresseeBody `json:"mentions" doc:"Whom the text names as @profile_name."`
	Hidden      bool                     `json:"hidden,omitempty" doc:"The staff hid it: its author and the staff alone see it."`
}

// productBody is an article that a post shows. Prices are in won.
type productBody struct {
	InfoID        int64    `json:"info_id" example:"12"`
	EngName       string   `json:"eng_name"`
	KorName       string   `json:"kor_name"`
	Image         *string  `json:"image"`
	PurchasePrice *int64   `json:"purchase_price" doc:"The lowest ask now, or null." example:"139000"`
	SalesPrice    *int64   `json:"sales_price" doc:"The highest bid now, or null." example:"121000"`
	X             *float64 `json:"x" doc:"Where in the picture, as a part of its width, or null." example:"0.42"`
	Y             *float64 `json:"y" doc:"And of its height." example:"0.77"`
	Picture       int      `json:"picture" doc:"Which picture that is, from 0." example:"0"`
	Owned         *bool    `json:"owned,omitempty" doc:"The author bought it here. In lists of type product and in a single post."`
}

func toPost(ctx context.Context, p style.Shown) postBody {
	body := postBody{
		ID: p.ID, Content: p.Content, Images: make([]string, len(p.Pictures)), ImageRatio: p.Ratio,
		CreatedBy: talkwire.Person(ctx, &talk.Person{Profile: p.By, Following: p.Following}), CreatedAt: p.CreatedAt, EditedAt: p.EditedAt,
		NumComments: p.NumComments, NumLikes: p.NumLikes, Liked: web.NewFlag(ctx, p.Liked), Products: make([]productBody, len(p.Products)),
		Mentions: talkwire.Mentions(p.Mentions), Hidden: p.Hidden,
	}
	for i, image := range p.Pictures {
		body.Images[i] = *picture(ctx, image.Key)
	}
	for i, t := range p.Products {
		body.Products[i] = productBody{
			InfoID: t.Tag.InfoID, EngName: t.EngName, KorName: t.KorName, Image: picture(ctx, t.Listing.Picture),
			PurchasePrice: t.PurchasePrice, SalesPrice: t.SalesPrice, X: t.X, Y: t.Y, Picture: t.Tag.Picture, Owned: t.Owned,
		}
	}
	return body
}

type postsInput struct {
	web.CursorInput
	Type   string `query:"type" doc:"latest, popular, following, default, mentions, liked, tag, product or search." example:"latest"`
	UserID string `query:"user_id" doc:"Of default and mentions." example:"7"`
	InfoID string `query:"info_id" doc:"Of product: the article."`
	Tag    string `query:"tag" doc:"Of tag: a hashtag." example:"ootd"`
	Q      string `query:"q" doc:"Of search: 1…50 characters."`
}

func (in *postsInput) query() (style.Query, error) {
	q := style.Query{Type: style.Type(in.Type), Tag: in.Tag, Words: in.Q}
	for _, part := range []struct {
		field, text string
		into        **int64
	}{{"user_id", in.UserID, &q.UserID}, {"info_id", in.InfoID, &q.InfoID}} {
		if part.text == "" {
			continue
		}
		n, err := strconv.ParseInt(part.text, 10, 64)
		if err != nil {
			return q, fault.ErrInvalid.WithField(part.field, "must be a whole number")
		}
		*part.into = &n
	}
	return q, nil
}

func (a *API) listPosts(ctx context.Context, in *postsInput) (*reply[web.CursorBody[postBody]], error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	list, err := a.style.Feed(ctx, q, in.Cursor, in.PageSize)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(p style.Shown) postBody { return toPost(ctx, p) })), nil
}

// tagBody is where an article is in a picture.
type tagBody struct {
	InfoID  int64    `json:"info_id"`
	X       *float64 `json:"x"`
	Y       *float64 `json:"y"`
	Picture int      `json:"picture"`
}

// tagList is a list of tags, also as JSON in a text, for forms.
type tagList struct{ list []tagBody }

// Schema implements huma.SchemaProvider.
func (tagList) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "Where articles are: [{\"info_id\", \"x\", \"y\", \"picture\"}], also as a text. x and y are parts of the picture's width and height, 0…1.",
		Examples:    []any{[]any{map[string]any{"info_id": 12, "x": 0.42, "y": 0.77, "picture": 0}}},
		OneOf:       []*huma.Schema{{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject}}, {Type: huma.TypeString}},
	}
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *tagList) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		data = []byte(text)
	}
	if err := json.Unmarshal(data, &t.list); err != nil {
		return fault.ErrInvalid.WithField("tags", "must be a list of {info_id, x, y, picture}").WithCause(err)
	}
	return nil
}

// WrittenBody is what people write of a post.
type WrittenBody struct {
	Content    *string  `json:"content,omitempty" doc:"At most 1000 characters." example:"비 오는 날엔 역시 이 신발 #오오티디"`
	ImageRatio *float64 `json:"image_ratio,omitempty" doc:"Width by height of the frame of the pictures, above 0; by default that of the first. What is not within 0.2…5 becomes the nearest that is." example:"0.8"`
	ProductIDs *[]int64 `json:"productinfo_ids,omitempty" doc:"Articles that it shows, at most five with those of tags." example:"[12]"`
	Tags       *tagList `json:"tags,omitempty"`
}

// tags joins articles and where they are. It is nil when neither was sent.
func (b WrittenBody) tags() *[]style.Tag {
	if b.ProductIDs == nil && b.Tags == nil {
		return nil
	}
	list := []style.Tag{}
	if b.Tags != nil {
		for _, t := range b.Tags.list {
			list = append(list, style.Tag{InfoID: t.InfoID, X: t.X, Y: t.Y, Picture: t.Picture})
		}
	}
	if b.ProductIDs != nil {
		placed := map[int64]bool{}
		for _, t := range list {
			placed[t.InfoID] = true
		}
		for _, id := range *b.ProductIDs {
			if !placed[id] {
				placed[id] = true
				list = append(list, style.Tag{InfoID: id})
			}
		}
	}
	return &list
}

type newPostInput struct{ Body WrittenBody }

func (a *API) addPost(ctx context.Context, in *newPostInput) (*reply[postBody], error) {
	post := style.NewPost{Ratio: in.Body.ImageRatio, Uploads: uploads(ctx)}
	if in.Body.Content != nil {
		post.Content = *in.Body.Content
	}
	if tags := in.Body.tags(); tags != nil {
		post.Tags = *tags
	}
	p, err := a.style.AddPost(ctx, post)
	if err != nil {
		return nil, err
	}
	return answer(toPost(ctx, p)), nil
}

func (a *API) readPost(ctx context.Context, in *IDInput) (*reply[postBody], error) {
	p, err := a.style.Post(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(toPost(ctx, p)), nil
}

type editInput struct {
	IDInput
	Body struct {
		WrittenBody
		Images *[]string `json:"images,omitempty" doc:"Addresses of the pictures that stay, in their new order; without it, all of them."`
	}
}

func (a *API) editPost(ctx context.Context, in *editInput) (*reply[postBody], error) {
	change := style.PostChange{Content: in.Body.Content, Ratio: in.Body.ImageRatio, Tags: in.Body.tags(), Uploads: uploads(ctx)}
	if in.Body.Images != nil {
		keys := []string{}
		for _, address := range *in.Body.Images {
			if address != "" { // how a form says: none
				keys = append(keys, blob.KeyOf(address))
			}
		}
		change.Keep = &keys
	}
	p, err := a.style.EditPost(ctx, in.ID, change)
	if err != nil {
		return nil, err
	}
	return answer(toPost(ctx, p)), nil
}

func (a *API) deletePost(ctx context.Context, in *IDInput) (*noBody, error) {
	return nil, a.style.DeletePost(ctx, in.ID)
}

func (a *API) like(ctx context.Context, in *talkwire.ToggleInput) (*reply[talkwire.LikeBody], error) {
	liked, n, err := a.style.SetLike(ctx, in.ID, in.Value())
	return answer(talkwire.Like(liked, n)), err
}

func (a *API) likes(ctx context.Context, in *PlaceInput) (*reply[web.CursorBody[talkwire.LikedByBody]], error) {
	r, err := in.Request(style.LikeList(in.ID))
	if err != nil {
		return nil, err
	}
	list, err := a.style.Likes(ctx, in.ID, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(l style.LikeBy) talkwire.LikedByBody {
		return talkwire.LikedBy(ctx, l.By, l.CreatedAt)
	})), nil
}

type otherInput struct {
	ObjectType string `path:"object_type" example:"profiles"`
	ObjectID   string `path:"object_id" example:"3"`
}

func refuseType(context.Context, *otherInput) (*noBody, error) { return nil, style.ErrUnknownType }
