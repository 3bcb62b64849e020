package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/style"
	"rally/modules/talk"
	"rally/modules/talk/talkwire"
	"rally/platform/blob"
	"rally/platform/web"
)

func (a *API) registerProfiles(api huma.API) {
	const profiles, profile = base + "profiles/", base + "profiles/{id}/"
	file := web.Files("image", "A new picture, of 10 MB at most.", blob.MaxUpload)
	huma.Register(api, web.Op(http.MethodGet, profiles, "style-profiles", tag, "List everybody", web.Staff(),
		web.Describe("The newest first, or those whose names begin with `search`.")), a.listProfiles)
	huma.Register(api, web.Op(http.MethodGet, profile, "style-profile", tag, "Read what everybody sees of somebody", web.Errors(404)), a.readProfile)
	huma.Register(api, web.Op(http.MethodGet, base+"people/{profile_name}/", "style-profile-named", tag, "Read what everybody sees of who bears a name", web.Errors(404)), a.readNamed)
	for method, id := range map[string]string{http.MethodPut: "style-profile-put", http.MethodPatch: "style-profile-patch"} {
		huma.Register(api, web.Op(method, profile, id, tag, "Change my profile", web.Login(), web.Errors(403, 404, 413, 429), file,
			web.Describe("What is not sent stays. An empty `image` takes the picture away. A new name shows at once wherever the old one is on a screen; there may be ten in an hour.")), a.changeProfile)
	}
	huma.Register(api, web.Op(http.MethodGet, profile+"followers/", "style-followers", tag, "List who follows somebody", web.Login(), web.Errors(404)), a.followers)
	huma.Register(api, web.Op(http.MethodGet, profile+"followings/", "style-followings", tag, "List whom somebody follows", web.Login(), web.Errors(404)), a.followings)
	huma.Register(api, web.Op(http.MethodPatch, profile+"follow/", "style-follow", tag, "Toggle whether I follow somebody", web.Login(), web.Errors(404, 409)), a.follow)
}

// profileBody is what everybody sees of somebody.
type profileBody struct {
	UserID        int64        `json:"user_id" example:"7"`
	UserName      string       `json:"user_name" example:"mina"`
	ProfileName   string       `json:"profile_name" example:"948d791"`
	Introduction  string       `json:"introduction" example:"260 mm. I collect runners."`
	Image         *string      `json:"image" doc:"Address of the picture, or null."`
	NumPosts      int64        `json:"num_posts" example:"24"`
	NumFollowers  int64        `json:"num_followers" example:"31"`
	NumFollowings int64        `json:"num_followings" example:"18"`
	Following     web.Relation `json:"following"`
	Muted         *bool        `json:"muted,omitempty" doc:"I mute them. Only for who is logged in, of others."`
}

func toProfile(ctx context.Context, p style.ProfileView) profileBody {
	body := profileBody{
		UserID: p.UserID, UserName: p.UserName, ProfileName: p.ProfileName, Introduction: p.Introduction, Image: picture(ctx, p.Image),
		NumPosts: p.Posts, NumFollowers: p.Followers, NumFollowings: p.Followings, Following: web.NewRelation(ctx, p.UserID, p.Following),
	}
	if caller := callerOf(ctx); caller != 0 && caller != p.UserID {
		body.Muted = &p.Muted
	}
	return body
}

type profilesInput struct {
	web.CursorInput
	Search string `query:"search" doc:"The beginning of a profile name."`
}

func (a *API) listProfiles(ctx context.Context, in *profilesInput) (*reply[web.CursorBody[profileBody]], error) {
	r, err := in.Request(style.ProfileList(in.Search))
	if err != nil {
		return nil, err
	}
	list, err := a.style.Profiles(ctx, in.Search, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(p style.ProfileView) profileBody {
		p.Muted = false // nobody's business in this list
		body := toProfile(ctx, p)
		body.Muted = nil
		return body
	})), nil
}

func (a *API) readProfile(ctx context.Context, in *IDInput) (*reply[profileBody], error) {
	p, err := a.style.Profile(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(toProfile(ctx, p)), nil
}

type namedInput struct {
	ProfileName string `path:"profile_name" example:"948d791"`
}

func (a *API) readNamed(ctx context.Context, in *namedInput) (*reply[profileBody], error) {
	p, err := a.style.ProfileNamed(ctx, in.ProfileName)
	if err != nil {
		return nil, err
	}
	return answer(toProfile(ctx, p)), nil
}

type changeProfileInput struct {
	IDInput
	Body struct {
		ProfileName  *string `json:"profile_name,omitempty" doc:"2 to 15 letters, digits, dots, dashes or underscores." example:"mina"`
		Introduction *string `json:"introduction,omitempty" doc:"At most 100 characters." example:"260 mm. I collect runners."`
		Image        *string `json:"image,omitempty" maxLength:"300" doc:"Empty: no picture any more. Anything else is passed over: a picture is sent as a file."`
	}
}

func (a *API) changeProfile(ctx context.Context, in *changeProfileInput) (*reply[profileBody], error) {
	change := style.ProfileChange{ProfileName: in.Body.ProfileName, Introduction: in.Body.Introduction, NoImage: in.Body.Image != nil && *in.Body.Image == ""}
	if files := uploads(ctx); len(files) > 0 {
		change.Upload = files[len(files)-1]
	}
	p, err := a.style.ChangeProfile(ctx, in.ID, change)
	if err != nil {
		return nil, err
	}
	return answer(toProfile(ctx, p)), nil
}

type followerBody struct {
	FromProfile *talkwire.PersonBody `json:"from_profile"`
	CreatedAt   time.Time            `json:"created_at"`
}

type followingBody struct {
	ToProfile *talkwire.PersonBody `json:"to_profile"`
	CreatedAt time.Time            `json:"created_at"`
}

func (a *API) followers(ctx context.Context, in *PlaceInput) (*reply[web.CursorBody[followerBody]], error) {
	return follows(ctx, a, in, true, func(p *talk.Person, at time.Time) followerBody { return followerBody{talkwire.Person(ctx, p), at} })
}

func (a *API) followings(ctx context.Context, in *PlaceInput) (*reply[web.CursorBody[followingBody]], error) {
	return follows(ctx, a, in, false, func(p *talk.Person, at time.Time) followingBody { return followingBody{talkwire.Person(ctx, p), at} })
}

func follows[T any](ctx context.Context, a *API, in *PlaceInput, followers bool, body func(*talk.Person, time.Time) T) (*reply[web.CursorBody[T]], error) {
	r, err := in.Request(style.FollowList(in.ID, followers))
	if err != nil {
		return nil, err
	}
	list, err := a.style.FollowsOf(ctx, in.ID, followers, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(f style.FollowBy) T { return body(f.Other, f.CreatedAt) })), nil
}

type followBody struct {
	Detail       string `json:"detail" example:"Followed."`
	Following    bool   `json:"following"`
	NumFollowers int64  `json:"num_followers" example:"32"`
}

func (a *API) follow(ctx context.Context, in *talkwire.ToggleInput) (*reply[followBody], error) {
	following, n, err := a.style.SetFollow(ctx, in.ID, in.Value())
	body := followBody{Detail: "Not followed any more.", Following: following, NumFollowers: n}
	if following {
		body.Detail = "Followed."
	}
	return answer(body), err
}

type searchInput struct {
	Q string `query:"q" doc:"1…50 characters; \"@\" or \"#\" before it are passed over." example:"948"`
}

type searchBody struct {
	People []foundBody `json:"people"`
	Tags   []countBody `json:"tags"`
}

type foundBody struct {
	talkwire.PersonBody
	Introduction string `json:"introduction"`
}

type countBody struct {
	Tag      string `json:"tag" doc:"Without its \"#\"." example:"ootd"`
	NumPosts int    `json:"num_posts" doc:"At most 10000." example:"212"`
}

func (a *API) search(ctx context.Context, in *searchInput) (*reply[searchBody], error) {
	found, err := a.style.Search(ctx, in.Q)
	if err != nil {
		return nil, err
	}
	body := searchBody{People: make([]foundBody, len(found.People)), Tags: make([]countBody, len(found.Tags))}
	for i, p := range found.People {
		body.People[i] = foundBody{*talkwire.Person(ctx, &p), p.Introduction}
	}
	for i, t := range found.Tags {
		body.Tags[i] = countBody{t.Tag, t.Posts}
	}
	return answer(body), nil
}

type tagInput struct {
	Tag string `path:"tag" example:"ootd"`
}

func (a *API) tag(ctx context.Context, in *tagInput) (*reply[countBody], error) {
	t, err := a.style.Tag(ctx, in.Tag)
	if err != nil {
		return nil, err
	}
	return answer(countBody{t.Tag, t.Posts}), nil
}
