// Package talkwire is how people, and what they say of each other, look on the
// wire: for the operations of every module that shows people.
package talkwire

import (
	"context"
	"time"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/platform/blob"
	"rally/platform/web"
)

// PersonBody is somebody who speaks, writes or likes.
type PersonBody struct {
	UserID      int64        `json:"user_id" example:"7"`
	UserName    string       `json:"user_name" example:"mina"`
	ProfileName string       `json:"profile_name" example:"a3f09c1"`
	Image       *string      `json:"image" doc:"Address of the picture, or null."`
	Following   web.Relation `json:"following" doc:"Whether the caller follows them; null for oneself."`
}

// Person returns the body of somebody as the caller of ctx meets them, or nil for
// nobody.
func Person(ctx context.Context, p *talk.Person) *PersonBody {
	if p == nil {
		return nil
	}
	return &PersonBody{
		UserID: p.UserID, UserName: p.UserName, ProfileName: p.ProfileName, Image: blob.Address(web.BaseURL(ctx), p.Image),
		Following: web.NewRelation(ctx, p.UserID, p.Following),
	}
}

// AddresseeBody is somebody who is spoken to, or mentioned.
type AddresseeBody struct {
	UserID      int64  `json:"user_id" example:"3"`
	ProfileName string `json:"profile_name" example:"08b7103"`
}

// Addressee returns the body of a profile.
func Addressee(p accounts.Profile) AddresseeBody {
	return AddresseeBody{UserID: p.UserID, ProfileName: p.ProfileName}
}

// Mentions returns who is mentioned in a text.
func Mentions(profiles []accounts.Profile) []AddresseeBody {
	bodies := make([]AddresseeBody, len(profiles))
	for i, p := range profiles {
		bodies[i] = Addressee(p)
	}
	return bodies
}

// LikeBody answers who likes something, or doesn't any more.
type LikeBody struct {
	Detail   string `json:"detail" example:"Liked."`
	Liked    bool   `json:"liked"`
	NumLikes int64  `json:"num_likes" example:"2"`
}

// Like returns the answer.
func Like(liked bool, likes int64) LikeBody {
	body := LikeBody{Detail: "Not liked any more.", Liked: liked, NumLikes: likes}
	if liked {
		body.Detail = "Liked."
	}
	return body
}

// LikedByBody is a row of who likes something.
type LikedByBody struct {
	Profile   *PersonBody `json:"profile" doc:"Null: somebody who left."`
	CreatedAt time.Time   `json:"created_at"`
}

// LikedBy returns the row of somebody, or of nobody.
func LikedBy(ctx context.Context, by *talk.Person, at time.Time) LikedByBody {
	return LikedByBody{Profile: Person(ctx, by), CreatedAt: at}
}

// ToggleInput toggles something about one thing, or sets it.
type ToggleInput struct {
	ID   int64 `path:"id" example:"12"`
	Body *struct {
		Value *bool `json:"value,omitempty" doc:"Sets it instead of toggling."`
	}
}

// Value is what to set, or nil: toggle.
func (in *ToggleInput) Value() *bool {
	if in.Body == nil {
		return nil
	}
	return in.Body.Value
}
