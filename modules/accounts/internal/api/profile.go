package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/web"
)

func (a *API) registerProfile(api huma.API) {
	const path = base + "profile/"
	huma.Register(api, web.Op(http.MethodGet, path, "accounts-profile", tag, "What everybody sees of the caller", web.Login(),
		web.Describe("Their name on Rally, their introduction and their picture.")), a.profile)
	huma.Register(api, web.Op(http.MethodPatch, path, "accounts-profile-patch", tag, "Change the caller's profile", web.Login(), limited(),
		web.Describe("A new name shows at once wherever the old one is on a screen. A name has 2 to 15 letters, digits, dots, dashes or underscores, and nobody else has it; "+
			"an introduction has up to 100 characters. There may be ten new names in an hour.")), a.changeProfile)
}

type profileOutput struct{ Body profileBody }

func toProfile(ctx context.Context, p accounts.Profile) profileBody {
	return profileBody{
		UserID: p.UserID, UserName: p.UserName, ProfileName: p.ProfileName, Introduction: p.Introduction,
		Image: orNull(imageURL(ctx, p.Image)),
	}
}

func (a *API) profile(ctx context.Context, _ *struct{}) (*profileOutput, error) {
	p, err := a.service.MyProfile(ctx)
	return &profileOutput{toProfile(ctx, p)}, err
}

type profileInput struct {
	Body struct {
		ProfileName  *string `json:"profile_name,omitempty" example:"mina"`
		Introduction *string `json:"introduction,omitempty" example:"260 mm. I collect runners."`
	}
}

func (a *API) changeProfile(ctx context.Context, in *profileInput) (*profileOutput, error) {
	p, err := a.service.ChangeProfile(ctx, accounts.ProfileChange{ProfileName: in.Body.ProfileName, Introduction: in.Body.Introduction})
	return &profileOutput{toProfile(ctx, p)}, err
}
