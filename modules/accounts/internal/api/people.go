package api

import (
	"rally/modules/accounts"
	"rally/platform/blob"
)

// PeopleFrameBody is a frame of the live topic `people`: whoever shows one of
// these shows them as they are here.
type PeopleFrameBody struct {
	Changed []PublicBody `json:"changed"`
}

// PublicBody is what pages show wherever somebody appears. A frame is one for
// all, so the picture's address has no host.
type PublicBody struct {
	UserID      int64   `json:"user_id"`
	ProfileName string  `json:"profile_name"`
	Image       *string `json:"image"`
}

// PeopleFrame is the frame of some changes.
func PeopleFrame(list []accounts.Public) PeopleFrameBody {
	body := PeopleFrameBody{Changed: make([]PublicBody, len(list))}
	for i, p := range list {
		body.Changed[i] = PublicBody{UserID: p.UserID, ProfileName: p.ProfileName, Image: blob.Address("", p.Image)}
	}
	return body
}
