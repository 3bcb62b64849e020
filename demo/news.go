package demo

import (
	"time"

	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
)

// past is what there is to tell of.
type past struct {
	market         *market
	reviews, talks *talk.Past
	ties           *friends.World
	feed           *style.World
	games          *pong.World
}

// newNews is what happened lately, as the modules would have told it. Only the
// logins have an inbox: nobody reads the others'.
func newNews(seed uint64, now time.Time, all past, userIDs []int64) inbox.Past {
	rnd := stream(seed, "news", 0)
	news := inbox.Past{ReadBefore: now.Add(-lookedAgo), Readers: userIDs[:loginCount], Chosen: map[int64]inbox.Settings{}}
	since := now.AddDate(0, 0, -newsDays)
	add := func(at time.Time, event any) {
		if at.After(since) {
			news.Events = append(news.Events, inbox.PastEvent{At: at, Event: event})
		}
	}
	for _, id := range userIDs[loginCount:] {
		if chance(rnd, 0.35) { // lets friends see what they trade
			news.Chosen[id] = inbox.Settings{Audience: map[inbox.ActivityKind]inbox.Audience{inbox.ActivityTrade: inbox.Friends}}
		}
	}
	for i := range all.market.Trades {
		t := &all.market.Trades[i]
		add(t.Order.CreatedAt, shop.Traded{Order: t.Order})
		for _, step := range t.Steps {
			moved := t.Order
			moved.Status, moved.StatusAt = step.Status, step.CreatedAt
			add(step.CreatedAt, shop.OrderMoved{Order: moved, Action: step.Action, Actor: step.Actor})
		}
	}
	said(add, all.reviews, nil)
	owners := map[int64]int64{}
	for i := range all.feed.Posts {
		p := &all.feed.Posts[i]
		owners[p.ID] = p.UserID
		add(p.CreatedAt, style.Posted{Post: p.Post})
		if named := talk.Linked(p.Content); len(named) > 0 {
			add(p.CreatedAt, style.Mentioned{Post: p.Post, UserIDs: named})
		}
		for _, l := range p.Likes {
			if l.UserID != p.UserID {
				add(l.CreatedAt, style.PostLiked{Post: p.Post, By: l.UserID, On: true})
			}
		}
	}
	said(add, all.talks, owners)
	for _, f := range all.feed.Follows {
		add(f.CreatedAt, style.Followed{Follow: f, On: true})
	}
	for _, f := range all.ties.Friendships {
		add(f.Since, friends.Befriended{From: f.A, To: f.B})
	}
	for _, q := range all.ties.Requests {
		add(q.CreatedAt, friends.Requested{Request: q})
	}
	played(add, all.games)
	return news
}

// played tells of matches, and of tournaments that have their champion.
func played(add func(time.Time, any), w *pong.World) {
	for i := range w.Matches {
		m := w.Matches[i].Match
		if m.Cup != nil {
			add(m.CreatedAt, pong.Called{Match: m})
		}
		add(*m.EndedAt, pong.Played{Match: m})
	}
	for i := range w.Cups {
		if c := w.Cups[i]; c.Champion != 0 {
			add(*c.EndedAt, pong.CupWon{ID: c.ID, Name: c.Name, Champion: c.Champion, Players: c.Bracket.Seeds, At: *c.EndedAt})
		}
	}
}

// said tells what people said in a room, and who likes it. Owners are whose the
// places are.
func said(add func(time.Time, any), p *talk.Past, owners map[int64]int64) {
	tell := func(r talk.Remark, likes []talk.Like) {
		add(r.CreatedAt, talk.Wrote{Room: p.Room, Remark: r, Owner: owners[r.PlaceID]})
		for _, l := range likes {
			add(l.CreatedAt, talk.Liked{Room: p.Room, Remark: r, By: l.UserID, On: true})
		}
	}
	for i := range p.Comments {
		tell(p.Comments[i].Remark, p.Comments[i].Likes)
	}
	for i := range p.Replies {
		tell(p.Replies[i].Remark, p.Replies[i].Likes)
	}
}
