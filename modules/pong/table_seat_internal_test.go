package pong

import (
	"encoding/binary"
	"testing"
)

func TestWhoSitsWhere(t *testing.T) {
	for _, c := range []struct {
		mode Mode
		user int64
		want role
	}{
		{Quick, ann, roleLeft}, {Quick, bob, roleRight}, {Quick, guest, roleWatcher}, {Quick, 0, roleWatcher},
		{Local, ann, roleBoth}, {Local, bob, roleWatcher}, {Local, 0, roleWatcher},
		{AI, ann, roleLeft}, {AI, 0, roleWatcher}, // nobody is not the robot
	} {
		b := newBench(t, matchOf(c.mode))
		f := b.sit(c.user).frames[0]
		if f[0] != frameWelcome || role(f[1]) != c.want || f[2] != ProtocolVersion || f[3] != modeNumber(c.mode) || binary.LittleEndian.Uint32(f[8:]) != 4 || f[14] != 11 {
			t.Errorf("%s, user %d: welcomed with %x", c.mode, c.user, f)
		}
	}
}

func TestAMatchBeginsWhenBothAreReady(t *testing.T) {
	b := newBench(t, matchOf(Invite))
	left := b.sit(ann)
	b.say(left, frameReady, 0)
	b.tick(100)
	right := b.sit(bob)
	b.tick(100)
	if left.phase() != waiting || b.begun != 0 {
		t.Fatalf("phase %d with one who is ready", left.phase())
	}
	b.say(right, frameReady, 0)
	b.tick(1)
	if right.phase() != playing || b.begun != 1 {
		t.Fatalf("phase %d with two who are ready", right.phase())
	}
	b.tick(StartHold)
	if b.state.VX == 0 {
		t.Error("nobody served")
	}
}

func TestARobotAndOneKeyboardBeginWithOne(t *testing.T) {
	for _, mode := range []Mode{AI, Local} {
		b := newBench(t, matchOf(mode))
		p := b.sit(ann)
		b.tick(100)
		b.say(p, frameReady, 0)
		b.tick(1)
		if p.phase() != playing {
			t.Errorf("%s: phase %d", mode, p.phase())
		}
	}
}

// What becomes of a match to which not everybody has come, or is ready.
func TestWhenTheTimeToComeIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		mode   Mode
		come   []int64
		state  MatchState
		reason Reason
		winner Side
		begins bool
	}{
		"both are there, and not ready":      {mode: Quick, come: []int64{ann, bob}, begins: true},
		"a robot's player is there":          {mode: AI, come: []int64{ann}, begins: true},
		"one came":                           {mode: Quick, come: []int64{ann}, state: Void, reason: ByNoShow},
		"one came, who was invited":          {mode: Invite, come: []int64{bob}, state: Void, reason: ByNoShow},
		"nobody came":                        {mode: Invite, come: []int64{guest}, state: Void, reason: ByNoShow},
		"a tournament's, and the left came":  {mode: Tournament, come: []int64{ann}, state: Over, reason: ByNoShow, winner: Left},
		"a tournament's, and the right came": {mode: Tournament, come: []int64{guest, bob}, state: Over, reason: ByNoShow, winner: Right},
		"a tournament's, and nobody came":    {mode: Tournament, come: []int64{guest}, state: Void, reason: ByNoShow},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, matchOf(c.mode))
			for _, user := range c.come {
				b.sit(user)
			}
			b.tick(3 * TicksPerSecond)
			if b.phase != waiting {
				t.Fatalf("phase %d before the time", b.phase)
			}
			b.deadline = 0
			b.tick(TicksPerSecond)
			if c.begins {
				if b.phase != playing || len(b.results) != 0 {
					t.Fatalf("phase %d, %+v", b.phase, b.results)
				}
				return
			}
			b.wantResult(c.state, c.reason, c.winner)
			if b.results[0].Replay != nil || b.begun != 0 {
				t.Error("something was played")
			}
		})
	}
}

// A seat is held twice, for fifteen seconds each, and the third loss forfeits.
func TestAThirdLossForfeits(t *testing.T) {
	b, left, right := duel(t, Quick)
	for range seatLosses {
		b.leave(right)
		b.tick(1)
		if left.phase() != paused || binary.LittleEndian.Uint16(left.last(frameSnapshot)[60:]) != 15 {
			t.Fatalf("phase %d, wait %x", left.phase(), left.last(frameSnapshot)[60:62])
		}
		was := b.state
		b.tick(seatHeld - 2)
		right = b.sit(bob)
		if right.phase() != playing || b.state.X != was.X || b.state.VX != was.VX {
			t.Fatalf("after the pause: phase %d, %+v, before %+v", right.phase(), b.state, was)
		}
		b.tick(10)
	}
	b.leave(right)
	b.tick(1)
	b.wantResult(Over, ByForfeit, Left)
}

func TestWhoStaysAwayForfeits(t *testing.T) {
	b, left, _ := duel(t, Tournament)
	b.leave(left)
	b.tick(seatHeld)
	if b.phase != paused {
		t.Fatalf("phase %d before fifteen seconds", b.phase)
	}
	b.tick(1)
	b.wantResult(Over, ByForfeit, Right)
}

func TestAMatchThatBothLeaveIsNobodys(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.leave(left)
	b.tick(400)
	b.leave(right)
	b.tick(seatHeld - 400)
	if b.phase != paused {
		t.Fatalf("phase %d before fifteen seconds", b.phase)
	}
	b.tick(2)
	b.wantResult(Void, ByAbandon, Left)
	if b.results[0].Replay == nil {
		t.Error("what was played is forgotten")
	}
}

// Each loss has its own fifteen seconds: what somebody used up in an earlier pause
// is not taken from them in one that another caused.
func TestALossInAnothersPauseHasItsWholeTime(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.leave(left)
	b.tick(seatHeld - 10)
	left = b.sit(ann)
	b.tick(ResumeHold)
	b.leave(right)
	b.tick(1)
	b.leave(left)
	b.tick(20)
	right = b.sit(bob)
	b.tick(seatHeld - 60)
	if b.phase != paused {
		t.Fatalf("phase %d: the seat was given up too soon; %+v", b.phase, b.results)
	}
	if b.seats[Left].losses != 2 {
		t.Errorf("%d losses are counted", b.seats[Left].losses)
	}
	b.sit(ann)
	if right.phase() != playing {
		t.Errorf("phase %d with both there", right.phase())
	}
}

// Who comes and goes in one pause has no more time by that, and no more losses.
func TestComingAndGoingInAPauseGainsNothing(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.leave(left)
	b.leave(right)
	b.tick(1)
	for range 10 {
		b.leave(b.sit(bob))
		b.tick(40)
	}
	b.sit(ann)
	if b.phase != paused || b.seats[Right].losses != 1 {
		t.Fatalf("phase %d, %d losses", b.phase, b.seats[Right].losses)
	}
	b.tick(seatHeld - 10*40 - 4)
	if b.phase != paused {
		t.Fatalf("phase %d before fifteen seconds", b.phase)
	}
	b.tick(4)
	b.wantResult(Over, ByForfeit, Left)
}

func TestTheNewestLineOfAPlayerPlays(t *testing.T) {
	b, left, right := duel(t, Quick)
	other := b.sit(bob)
	b.tick(1)
	if right.code != CloseReplaced || other.code != 0 || b.phase != playing || b.seats[Right].losses != 0 {
		t.Fatalf("closed with %d and %d, phase %d", right.code, other.code, b.phase)
	}
	b.leave(right) // its end is heard late
	b.tick(1)
	if left.phase() != playing {
		t.Fatal("the end of the old line took the seat")
	}
	if f := left.last(frameSnapshot); f[2]&(flagHere<<Right) == 0 {
		t.Error("right is said to be away")
	}
}

func TestOnlySoManyWatch(t *testing.T) {
	b, left, _ := duel(t, Quick)
	var all []*paper
	for range watchersLimit + 2 {
		p := &paper{b: b}
		b.inbox.put(message{kind: came, line: p})
		all = append(all, p)
	}
	b.tick(2)
	if n := binary.LittleEndian.Uint16(left.last(frameSnapshot)[54:]); n != watchersLimit {
		t.Errorf("%d watch", n)
	}
	if all[watchersLimit-1].code != 0 || all[watchersLimit].code != CloseUnknown {
		t.Errorf("closed with %d and %d", all[watchersLimit-1].code, all[watchersLimit].code)
	}
	b.leave(all[0])
	b.sit(ann) // players always may
	if p := b.sit(guest); p.code != 0 || p.last(frameWelcome) == nil {
		t.Errorf("a place that is free again is refused with %d", p.code)
	}
}

func TestGivingUp(t *testing.T) {
	b := newBench(t, matchOf(Quick))
	left, _ := b.sit(ann), b.sit(bob)
	b.say(left, frameResign, 0)
	b.tick(1)
	b.wantResult(Void, ByAbandon, Left) // it had not begun

	b = newBench(t, matchOf(Tournament))
	left, _ = b.sit(ann), b.sit(bob)
	b.say(left, frameResign, 0)
	b.tick(1)
	b.wantResult(Over, ByForfeit, Right)

	b, _, right := duel(t, Quick)
	b.say(right, frameResign, 0)
	b.say(right, frameResign, 0)
	b.tick(2)
	b.wantResult(Over, ByForfeit, Left)

	b = newBench(t, matchOf(Local))
	both := b.sit(ann)
	b.say(both, frameReady, 0)
	b.tick(1)
	b.say(both, frameResign, 0)
	b.tick(1)
	b.wantResult(Void, ByAbandon, Left)

	b = newBench(t, matchOf(AI))
	p, watcher := b.sit(ann), b.sit(guest)
	b.say(watcher, frameResign, 0)
	b.say(p, frameReady, 0)
	b.tick(2)
	if len(b.results) != 0 {
		t.Fatalf("a watcher gave up: %+v", b.results)
	}
	b.say(p, frameResign, 0)
	b.tick(1)
	b.wantResult(Over, ByForfeit, Right)
}

// After its end a table stays a minute, tells latecomers how it came out, and closes
// its lines.
func TestATableStaysAMinute(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.say(right, frameResign, 0)
	b.tick(2 * lingers)
	if left.last(frameEnded) != nil || left.code != 0 {
		t.Fatal("the end is told before it is stored")
	}
	b.settle()
	b.tick(1)
	late := b.sit(guest)
	for _, p := range []*paper{left, right, late} {
		if f := p.last(frameEnded); f == nil || f[1] != 0 || f[2] != byte(Left) || f[3] != 1 {
			t.Errorf("told the end as %x", f)
		}
	}
	if b.tick(lingers - 10) {
		b.tick(20)
	}
	if left.code != CloseDone || late.code != CloseDone || len(b.lines) != 0 {
		t.Errorf("closed with %d and %d", left.code, late.code)
	}
}

// What others ended ends here, and what was played is kept.
func TestAMatchThatOthersEnded(t *testing.T) {
	b, left, _ := duel(t, Quick)
	b.tick(300)
	m := b.match
	winner := Right
	m.State, m.Reason, m.Winner = Over, ByForfeit, &winner
	b.inbox.put(message{kind: known, m: m})
	b.tick(1)
	at := b.state
	b.tick(100)
	if f := left.last(frameEnded); f == nil || f[2] != byte(Right) || b.replays != 1 || len(b.results) != 0 || b.state != at || left.phase() != done {
		t.Errorf("told %x, %d replays, %d results", f, b.replays, len(b.results))
	}
}

func TestATableThatIsAnothersByNow(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.inbox.put(message{kind: abandoned})
	if b.tick(3) {
		t.Error("it goes on")
	}
	if left.code != CloseGoingAway || right.code != CloseGoingAway || len(b.results) != 0 {
		t.Errorf("closed with %d and %d; %+v", left.code, right.code, b.results)
	}
}

// A table that lost a call stands on nothing: its match is void, and it goes the way
// of all others.
func TestATableWhoseInboxOverflows(t *testing.T) {
	b, left, _ := duel(t, Quick)
	for range inboxCalls + 1 {
		b.inbox.put(message{kind: went, line: &paper{b: b}})
	}
	b.tick(1)
	b.wantResult(Void, ByStuck, Left)
	b.settle()
	b.tick(2)
	if f := left.last(frameEnded); f == nil || f[1] != 1 || f[3] != 5 {
		t.Errorf("told the end as %x", f)
	}
	if left.phase() != done {
		t.Errorf("phase %d", left.phase())
	}
	if b.tick(lingers + 1) {
		t.Error("the table is never cleared away")
	}
	if left.code != CloseDone {
		t.Errorf("closed with %d", left.code)
	}
}

// However many calls wait, the end of a match is among them.
func TestTheEndIsHeardInAFullInbox(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.say(right, frameResign, 0)
	b.tick(1)
	for range inboxCalls + 1 {
		b.inbox.put(message{kind: went, line: &paper{b: b}})
	}
	b.settle()
	b.tick(1)
	if f := left.last(frameEnded); f == nil || f[2] != byte(Left) {
		t.Errorf("told the end as %x", f)
	}
}
