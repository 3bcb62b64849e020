package friends_test

import (
	"testing"
	"time"

	"rally/modules/friends"
)

func TestTheStatusOfASeat(t *testing.T) {
	here, idle := friends.Part{}, friends.Part{Idle: true}
	left := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	soon := left.Add(time.Second)
	leaving := friends.Part{Left: &left}
	nodes := func(parts ...friends.Part) map[string]friends.Part {
		m := map[string]friends.Part{}
		for i, p := range parts {
			m[string(rune('a'+i))] = p
		}
		return m
	}
	cases := map[string]struct {
		seat   friends.Seat
		status friends.Status
		match  int64
	}{
		"nobody":                 {friends.Seat{}, friends.Offline, 0},
		"nobody, with a match":   {friends.Seat{Match: 7}, friends.Offline, 0},
		"one node":               {friends.Seat{Nodes: nodes(here)}, friends.Online, 0},
		"idle":                   {friends.Seat{Nodes: nodes(idle)}, friends.Idle, 0},
		"idle on one of two":     {friends.Seat{Nodes: nodes(idle, here)}, friends.Online, 0},
		"idle on both":           {friends.Seat{Nodes: nodes(idle, idle)}, friends.Idle, 0},
		"about to leave":         {friends.Seat{Nodes: nodes(leaving)}, friends.Online, 0},
		"plays, and is idle":     {friends.Seat{Match: 7, Nodes: nodes(idle)}, friends.InMatch, 7},
		"hidden":                 {friends.Seat{Hidden: true, Nodes: nodes(here)}, friends.Offline, 0},
		"hid a moment ago":       {friends.Seat{Hidden: true, Until: &soon, Nodes: nodes(idle)}, friends.Idle, 0},
		"hid a while ago":        {friends.Seat{Hidden: true, Until: &left, Nodes: nodes(here)}, friends.Offline, 0},
		"hidden, and in a match": {friends.Seat{Hidden: true, Match: 7, Nodes: nodes(here)}, friends.Offline, 0},
	}
	for name, c := range cases {
		if status, match := c.seat.Status(left); status != c.status || match != c.match {
			t.Errorf("%s: %s, match %d", name, status, match)
		}
	}
}
