package friends_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rally/modules/friends"
)

// befriend makes two people friends, as it stands in the database.
func (h *hall) befriend(a int64, others ...int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, b := range others {
		h.ties[a] = append(h.ties[a], b)
		h.ties[b] = append(h.ties[b], a)
	}
}

// part ends what befriend began.
func (h *hall) part(a, b int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ties[a] = slices.DeleteFunc(h.ties[a], func(id int64) bool { return id == b })
	h.ties[b] = slices.DeleteFunc(h.ties[b], func(id int64) bool { return id == a })
}

// store keeps whether somebody hides, as the Service does before it tells.
func (h *hall) store(user int64, hidden bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hidden[user] = hidden
}

func (h *hall) AreFriends(_ context.Context, a, b int64) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Contains(h.ties[a], b), nil
}

func (h *hall) Ties(_ context.Context, user int64) ([]int64, bool, error) {
	h.mu.Lock()
	list, hidden, tied := slices.Clone(h.ties[user]), h.hidden[user], h.tied
	h.mu.Unlock()
	if tied != nil {
		tied()
	}
	return list, hidden, nil
}

func (h *hall) AskedBy(_ context.Context, user int64) ([]int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asked[user]), nil
}

func (h *hall) MarkSeen(_ context.Context, users []int64, at time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range users {
		if h.seen[id].Before(at) {
			h.seen[id] = at
		}
	}
	return h.markErr
}

// lastSeen returns how long ago somebody was last seen, or a minute when never.
func (h *hall) lastSeen(user int64) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, known := h.seen[user]
	if !known {
		return time.Minute
	}
	return h.clock.Now().Sub(at)
}

func (h *hall) PeopleOf(_ context.Context, users []int64) (map[int64]friends.Person, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	people := map[int64]friends.Person{}
	for _, id := range users {
		people[id] = friends.Person{UserID: id, ProfileName: fmt.Sprintf("p%d", id)}
	}
	return people, h.peopleErr
}

func (h *hall) Device(_ context.Context, session int64) (string, error) {
	return fmt.Sprintf("device %d", session), nil
}

// End ends a session, and with it its sockets on all nodes.
func (h *hall) End(_ context.Context, session int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.endErr != nil {
		return h.endErr
	}
	h.ended[session]++
	for _, n := range h.nodes {
		if n.crashed {
			continue
		}
		h.work.Go(func() {
			h.mu.Lock()
			var theirs []*tab
			for s := range n.sockets {
				if s.id.SessionID == session {
					theirs = append(theirs, s)
				}
			}
			h.mu.Unlock()
			for _, s := range theirs {
				s.Close(friends.CloseTakenOver, "")
			}
			n.SessionsEnded([]int64{session})
		})
	}
	return nil
}

func (h *hall) Ended(_ context.Context, sessions []int64) (list []int64, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range sessions {
		if h.ended[id] > 0 {
			list = append(list, id)
		}
	}
	return list, nil
}
