package inboxfx

import (
	"rally/modules/inbox"
	"rally/modules/pong"
)

func matchGroup(m pong.Match) string { return group("match", m.ID) }

// aboutMatch is a match as one of its sides sees it.
func aboutMatch(m pong.Match, side pong.Side) inbox.Target {
	t := inbox.Target{Type: inbox.TargetMatch, ID: m.ID, Other: m.Players[side.Other()]}
	if m.Cup != nil {
		t.Cup, t.Name = m.Cup.ID, m.Cup.Name
	}
	return t
}

// ofInvitation tells who is asked. Each stands alone: it leads to its match, and is
// no news a minute later.
func ofInvitation(e pong.Asked) []inbox.Entry {
	from, to := e.Match.Players[pong.Left], e.Match.Players[pong.Right]
	return []inbox.Entry{tell(inbox.Note{
		UserID: to, Kind: inbox.Invited, Group: matchGroup(e.Match), Actor: from, Target: inbox.Target{Type: inbox.TargetMatch, ID: e.Match.ID},
	})}
}

func ofAnswer(e pong.Answered) []inbox.Entry {
	return []inbox.Entry{undone(e.Match.Players[pong.Right], inbox.Invited, matchGroup(e.Match), 0, inbox.Target{})}
}

// ofCall tells both. The opponent is no actor: who is hidden from somebody plays them
// all the same.
func ofCall(e pong.Called) []inbox.Entry {
	entries := make([]inbox.Entry, len(e.Match.Players))
	for side, id := range e.Match.Players {
		entries[side] = tell(inbox.Note{UserID: id, Kind: inbox.CupCalled, Group: matchGroup(e.Match), Target: aboutMatch(e.Match, pong.Side(side))})
	}
	return entries
}

// ofMatch is what both did, if it was rated. The call to it is no news any more.
func ofMatch(e pong.Played) []inbox.Entry {
	m := e.Match
	var entries []inbox.Entry
	for i, id := range m.Players {
		side := pong.Side(i)
		if m.Rated {
			about := aboutMatch(m, side)
			about.Won, about.Score = *m.Winner == side, []int{m.Score[side], m.Score[side.Other()]}
			entries = append(entries, did(id, inbox.ActivityMatch, about))
		}
		if m.Cup != nil {
			entries = append(entries, undone(id, inbox.CupCalled, matchGroup(m), 0, inbox.Target{}))
		}
	}
	return entries
}

// ofCupWon tells all who were in a tournament who has won it. It is the champion's
// friends' to see.
func ofCupWon(e pong.CupWon) []inbox.Entry {
	about := inbox.Target{Type: inbox.TargetCup, ID: e.ID, Name: e.Name}
	entries := []inbox.Entry{did(e.Champion, inbox.ActivityChampion, about)}
	for _, id := range e.Players {
		note := inbox.Note{UserID: id, Kind: inbox.CupWon, Actor: e.Champion, Target: about}
		if id == e.Champion {
			note.Actor, note.Target.Won = 0, true
		}
		entries = append(entries, tell(note))
	}
	return entries
}
