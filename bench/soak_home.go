package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	bookTopic = "shop.book:"
	// homePeople is how many people share a place in the soak. They belong to no
	// other place, so each place knows what every answer must be.
	homePeople = 5
	// longestStay is how long somebody stays at most.
	longestStay = 60 * time.Second
	// callEvery is the longest time between two of a home who are called.
	callEvery = 18 * time.Second
	soakBooks = 200 // that are followed, and bid in
)

// person is one of a home. The first session is the one in use.
type person struct {
	i        int
	sessions []int64
	renamed  int
}

// home is a place from which its people connect, one visit after the other.
type home struct {
	*soak
	random *rand.Rand
	people []*person
	quit   <-chan struct{} // closed when everybody is to leave
}

// newHome returns the n-th of so many homes. Its people live far from each other
// in the crowd, so none are friends.
func newHome(s *soak, n, homes int) *home {
	h := &home{soak: s, random: rand.New(rand.NewPCG(soakSeed, uint64(n)))} //nolint:gosec // a load, not a secret
	for k := range homePeople {
		i := n + k*homes
		h.people = append(h.people, &person{i: i, sessions: s.throng.sessions(i, s.each)})
	}
	return h
}

// visit is something that people do. Its share is how often, of all.
type visit struct {
	name  string
	share int
	run   func(h *home, ctx context.Context) error
}

func visits() []visit {
	return []visit{
		{"visits", 86, (*home).stay},
		{"visits with two tabs", 16, (*home).tabs},
		{"visits of nobody", 12, (*home).anonymous},
		{"visits with a ticket", 10, (*home).ticket},
		{"second sessions refused", 10, (*home).refused},
		{"second sessions let in when the first left", 8, (*home).freed},
		{"takeovers", 12, (*home).takeover},
		{"visits with malformed frames", 8, (*home).malformed},
		{"visits against the protocol", 8, (*home).nonsense},
		{"readers that stopped", 1, (*home).slow},
		{"readers that paused", 4, (*home).doze},
		{"inboxes resumed", 10, (*home).resume},
		{"renames", 8, (*home).rename},
		{"friendships made and ended", 8, (*home).befriend},
	}
}

// live makes one visit after the other until quit is closed. First everybody comes
// once when they are called: then what is kept of each of them is there.
func (h *home) live(ctx context.Context, quit <-chan struct{}, called bool) {
	h.quit = quit
	h.pause(rampUp)
	for i := 0; called && i < len(h.people) && !h.over(); i++ {
		h.note("roll call", h.answer(ctx, h.people[i]))
		h.pause(callEvery)
	}
	all := visits()
	for !h.over() && ctx.Err() == nil {
		v := choose(all, h.random)
		h.note(v.name, v.run(h, ctx))
		h.pause(time.Second)
	}
}

// answer comes, and goes at once.
func (h *home) answer(ctx context.Context, p *person) error {
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	return h.leave(l)
}

func (h *home) note(visit string, err error) {
	if err != nil {
		h.tally.wrong(visit, err)
		return
	}
	h.tally.count(visit)
}

// choose draws a visit, each as often as its share says.
func choose(all []visit, r *rand.Rand) visit {
	sum := 0
	for _, v := range all {
		sum += v.share
	}
	n := r.IntN(sum)
	for _, v := range all {
		if n -= v.share; n < 0 {
			return v
		}
	}
	return all[0]
}

func (h *home) over() bool {
	select {
	case <-h.quit:
		return true
	default:
		return false
	}
}

// pause waits a random time up to most.
func (h *home) pause(most time.Duration) { h.pauseFor(time.Duration(h.random.Int64N(int64(most)))) }

func (h *home) pauseFor(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-h.quit:
	}
}

// life is how long somebody stays: from one second to longestStay.
func (h *home) life() time.Duration {
	return time.Second + time.Duration(h.random.Int64N(int64(longestStay-time.Second)))
}

// anybody returns somebody of the home, and somebody else of it.
func (h *home) anybody() (one, other *person) {
	list := h.random.Perm(len(h.people))
	return h.people[list[0]], h.people[list[1]]
}

// anybodyTwice returns somebody who is logged in twice, or nil.
func (h *home) anybodyTwice() *person {
	for _, i := range h.random.Perm(len(h.people)) {
		if len(h.people[i].sessions) > 1 {
			return h.people[i]
		}
	}
	return nil
}

// token is what shows who it is, in one of their sessions.
func (h *home) token(p *person, session int64) (string, error) {
	return h.throng.tokenOf(h.key, p.i, session, time.Now())
}

// knock connects with a cookie or a header and reads hello alone.
func (h *home) knock(ctx context.Context, p *person, session int64) (*line, error) {
	token, err := h.token(p, session)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Authorization": {"Bearer " + token}}
	if h.random.IntN(2) == 0 {
		header = http.Header{"Cookie": {"rally-access=" + token}}
	}
	l, err := h.open(ctx, "", header)
	if err != nil {
		return nil, err
	}
	return l, h.greeted(l, h.id(p))
}

// id is the user's.
func (h *home) id(p *person) int64 { return h.throng.user + int64(p.i) }

// greeted reads hello, which must greet the user; 0 is nobody.
func (h *home) greeted(l *line, user int64) error {
	n, err := l.expect("hello", func(n news) bool { return n.topic == "hello" })
	if err == nil && (user == 0) != (n.User == nil) || n.User != nil && *n.User != user {
		err = fmt.Errorf("hello greets the wrong one, not %d", user)
	}
	if err != nil {
		l.reset()
	}
	return err
}

// enter connects in the session in use, and reads until all snapshots are there.
// It returns where the inbox stands.
func (h *home) enter(ctx context.Context, p *person) (*line, int64, error) {
	l, err := h.knock(ctx, p, p.sessions[0])
	if err != nil {
		return nil, 0, err
	}
	last, err := seated(l)
	if err != nil {
		l.reset()
	}
	return l, last, err
}

// seated reads what somebody gets who has the seat.
func seated(l *line) (inbox int64, err error) {
	if err := session(l, "here"); err != nil {
		return 0, err
	}
	if _, err := l.expect("the friends who are there", func(n news) bool { return n.topic == "friends" && n.Friends != nil }); err != nil {
		return 0, err
	}
	n, err := l.expect("the state of the inbox", func(n news) bool { return n.topic == "inbox" && n.Notification == nil })
	return n.Last, err
}

// session reads the next state of the session, which must be this one.
func session(l *line, state string) error {
	n, err := l.expect("session "+state, func(n news) bool { return n.topic == "session" })
	if err == nil && n.State != state {
		err = fmt.Errorf("the session is %q, not %q", n.State, state)
	}
	return err
}

// leave ends a line in one of the ways in which lines end.
func (h *home) leave(l *line) error {
	switch h.random.IntN(4) {
	case 0:
		l.hangUp()
	case 1:
		l.reset()
	default:
		return l.bye()
	}
	return nil
}

// wander follows books, is idle, and comes back, for as long as it takes.
func (h *home) wander(l *line, d time.Duration) error {
	steps := 1 + h.random.IntN(4)
	for range steps {
		var err error
		switch h.random.IntN(4) {
		case 0:
			err = l.say(`{"idle":true}`)
		case 1:
			err = l.say(`{"idle":false}`)
		default:
			err = h.follow(l, 1+h.random.IntN(4))
		}
		if err == nil {
			err = l.stays(h.quit, d/time.Duration(steps))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow subscribes to books, waits for their states, and sometimes leaves again.
func (h *home) follow(l *line, n int) error {
	names := h.books(n)
	if err := l.say(`{"sub":` + names + `}`); err != nil {
		return err
	}
	for range n {
		if _, err := l.expect("a book", func(n news) bool { return strings.HasPrefix(n.topic, bookTopic) }); err != nil {
			return err
		}
	}
	if h.random.IntN(2) == 0 {
		return l.say(`{"unsub":` + names + `}`)
	}
	return nil
}

// books names n books that run on, as a JSON array.
func (h *home) books(n int) string {
	names := make([]string, n)
	first := h.random.IntN(soakBooks)
	for i := range names {
		names[i] = bookTopic + strconv.FormatInt(h.goods.size((first+i)%soakBooks), 10)
	}
	text, _ := json.Marshal(names) // strings always encode
	return string(text)
}
