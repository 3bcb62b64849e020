package api

import (
	"time"

	"rally/modules/friends"
)

type exportBody struct {
	Friends  []exportedFriend  `json:"friends"`
	Requests []exportedRequest `json:"requests"`
	Blocks   []exportedBlock   `json:"blocks"`
	Appear   string            `json:"appear"`
	LastSeen *time.Time        `json:"last_seen"`
}

type exportedFriend struct {
	UserID int64     `json:"user_id"`
	Since  time.Time `json:"since"`
}

type exportedRequest struct {
	ID        int64     `json:"id"`
	From      int64     `json:"from"`
	To        int64     `json:"to"`
	State     string    `json:"state"`
	CreatedAt time.Time `json:"created_at"`
}

type exportedBlock struct {
	UserID    int64     `json:"user_id"`
	Mute      bool      `json:"mute"`
	CreatedAt time.Time `json:"created_at"`
}

// ToExport is what is stored of somebody's friends, as JSON shows it.
func ToExport(e friends.Export) any {
	body := exportBody{
		Friends: make([]exportedFriend, len(e.Friends)), Requests: make([]exportedRequest, len(e.Requests)), Blocks: make([]exportedBlock, len(e.Blocks)),
		Appear: presenceOf(e.Hidden).Appear, LastSeen: e.LastSeen,
	}
	for i, t := range e.Friends {
		body.Friends[i] = exportedFriend{t.UserID, t.Since}
	}
	for i, r := range e.Requests {
		body.Requests[i] = exportedRequest{r.ID, r.From, r.To, r.State, r.CreatedAt}
	}
	for i, b := range e.Blocks {
		body.Blocks[i] = exportedBlock{b.UserID, b.Mute, b.CreatedAt}
	}
	return body
}
