package api

import (
	"context"
	"encoding/json"

	"rally/modules/inbox"
	"rally/platform/ws"
)

// Topic is the inbox on the live connection.
const Topic = "inbox"

type greetingBody struct {
	Unread int64 `json:"unread"`
	Last   int64 `json:"last"`
	Reset  bool  `json:"reset,omitempty"` // too much was missed: read the list again
}

// ToldBody is a notification that came or grew. Addresses are relative to the
// program's own.
type ToldBody struct {
	Notification notificationBody `json:"notification"`
	Unread       int64            `json:"unread"`
	Last         int64            `json:"last"`
}

// ReadBody is what another client of the person marked as read; with UpTo, all
// of it is what was told up to there.
type ReadBody struct {
	Unread int64 `json:"unread"`
	Last   int64 `json:"last"`
	Read   Marks `json:"read"`
	UpTo   int64 `json:"upto,omitempty"`
}

// Marks are the ids of notifications; none stand for all, "all" in JSON.
type Marks []int64

const allMarks = `"all"`

// MarshalJSON implements json.Marshaler.
func (m Marks) MarshalJSON() ([]byte, error) {
	if len(m) == 0 {
		return []byte(allMarks), nil
	}
	return json.Marshal([]int64(m))
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Marks) UnmarshalJSON(data []byte) error {
	if string(data) == allMarks {
		*m = nil
		return nil
	}
	return json.Unmarshal(data, (*[]int64)(m))
}

// ToReset is the frame that says: read the list again.
func ToReset(s inbox.State) any { return greetingBody{Unread: s.Unread, Last: s.Seq, Reset: true} }

// ToTold is the frame of a notification.
func ToTold(n inbox.Shown, s inbox.State) ToldBody {
	return ToldBody{toNotification("", n), s.Unread, s.Seq}
}

// ToRead is the frame of a reading.
func ToRead(ids []int64, upTo int64, s inbox.State) ReadBody {
	return ReadBody{Unread: s.Unread, Last: s.Seq, Read: ids, UpTo: upTo}
}

// Personal is the topic that everybody follows: where their inbox stands, then
// what comes; and after a break, what they missed.
func (a *API) Personal() ws.Personal {
	return ws.Personal{Name: Topic, Greet: func(ctx context.Context, userID, since int64) ([]any, error) {
		state, err := a.inbox.StateOf(ctx, userID)
		if err != nil {
			return nil, err
		}
		greeting := greetingBody{Unread: state.Unread, Last: state.Seq}
		if since < 0 || since >= state.Seq {
			return []any{greeting}, nil
		}
		missed, more, err := a.inbox.MissedBy(ctx, userID, since)
		if err != nil {
			return nil, err
		}
		if more {
			greeting.Reset = true
			return []any{greeting}, nil
		}
		frames := make([]any, len(missed))
		for i, n := range missed {
			frames[i] = ToldBody{toNotification("", n), state.Unread, n.Seq}
		}
		return append(frames, greeting), nil
	}}
}
