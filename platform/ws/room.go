package ws

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"rally/platform/fault"
)

// room is a topic with at least one follower. Its snapshots are read one at a
// time, each by a goroutine that ends with it; see takeOffLocked.
//
// Locks are taken in the order hub.mu, room.mu, socket.mu.
type room struct {
	hub   *Hub
	topic *Topic
	name  string
	arg   string

	mu      sync.Mutex
	subs    map[*socket]struct{}  // up to date: they get everything
	waiting map[*socket]*newcomer // came after the present read began, or there is none
	boarded map[*socket]*newcomer // get the result of the present read

	reading   bool
	changed   bool      // since the last read for all began
	notBefore time.Time // of the next read for all
	failures  int       // of reads for all, in a row
	last      []byte    // what everybody in subs has; nil where that differs
	stopTimer func() bool
	gone      bool
}

// newcomer is a follower that still lacks its snapshot.
type newcomer struct {
	held  []*frame // published meanwhile; sent after the snapshot
	again bool     // too many to hold: a later snapshot will contain them
}

// addLocked makes s a follower. The caller holds hub.mu too.
func (r *room) addLocked(s *socket) {
	if r.topic.Snapshot == nil {
		r.subs[s] = struct{}{}
		return
	}
	if r.boarded[s] != nil || r.waiting[s] != nil {
		return
	}
	delete(r.subs, s)
	r.waiting[s] = &newcomer{}
	r.takeOffLocked()
}

func (r *room) removeLocked(s *socket) {
	delete(r.subs, s)
	delete(r.waiting, s)
	delete(r.boarded, s)
}

func (r *room) hasLocked(s *socket) bool {
	_, sub := r.subs[s]
	return sub || r.waiting[s] != nil || r.boarded[s] != nil
}

func (r *room) emptyLocked() bool {
	return len(r.subs)+len(r.waiting)+len(r.boarded) == 0
}

// endLocked is called once, when the last follower left.
func (r *room) endLocked() {
	r.gone = true
	r.cancelTimerLocked()
}

func (r *room) cancelTimerLocked() {
	if r.stopTimer != nil {
		r.stopTimer()
		r.stopTimer = nil
	}
}

// publish sends an encoded event to the followers.
func (r *room) publish(data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := newFrame(data, len(r.subs))
	for s := range r.subs {
		s.enqueue(f)
	}
	for _, newcomers := range []map[*socket]*newcomer{r.waiting, r.boarded} {
		for _, n := range newcomers {
			if len(n.held) >= r.hub.cfg.Queue/2 {
				n.held, n.again = nil, true
			}
			if !n.again {
				n.held = append(n.held, f)
			}
		}
	}
}

// change notes that the state is another one.
func (r *room) change() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed = true
	r.takeOffLocked()
}

// wake is the timer's end.
func (r *room) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopTimer = nil
	r.takeOffLocked()
}

// takeOffLocked starts the next read when one is due: for newcomers at once,
// for a change when the state interval allows. A change that comes while a
// read is under way makes another read due, because the one under way may
// have missed it.
func (r *room) takeOffLocked() {
	if r.reading || r.gone {
		return
	}
	now := r.hub.clock.Now()
	forAll := r.changed && !now.Before(r.notBefore)
	if r.changed && !forAll && r.stopTimer == nil {
		r.stopTimer = r.hub.clock.AfterFunc(r.notBefore.Sub(now), r.wake)
	}
	if !forAll && len(r.waiting) == 0 {
		return
	}
	if forAll {
		r.changed = false
		r.cancelTimerLocked()
	}
	r.reading = true
	r.boarded, r.waiting = r.waiting, make(map[*socket]*newcomer)
	// There is a follower, so a reading goroutine is counted already.
	r.hub.running.Add(1)
	go r.read(forAll)
}

// read takes one snapshot, for everyone or only for newcomers.
func (r *room) read(forAll bool) {
	defer r.hub.running.Done()
	var data []byte
	err := r.hub.call(r.hub.ctx, func(ctx context.Context) error {
		state, err := r.topic.Snapshot(ctx, r.arg)
		if err == nil {
			data, err = encode(r.name, state)
		}
		return err
	})
	if err == nil {
		r.land(data, forAll)
		return
	}
	f := r.hub.explain(err, r.name)
	for _, s := range r.crash(f, forAll) {
		// First out, then told: who subscribes again upon the error stays.
		r.hub.expel(s, r)
		s.tell(f, r.name)
	}
}

// land delivers a snapshot.
func (r *room) land(data []byte, forAll bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := newFrame(data, len(r.subs)+len(r.boarded))
	if forAll {
		r.failures = 0
		r.notBefore = r.hub.clock.Now().Add(r.hub.cfg.StateInterval)
		if !bytes.Equal(data, r.last) { // else they have it
			for s := range r.subs {
				s.enqueue(f)
			}
		}
		r.last = data
	} else if !bytes.Equal(data, r.last) {
		r.last = nil // newcomers know more than the others
	}
	for s, n := range r.boarded {
		if n.again {
			r.waiting[s] = &newcomer{}
			continue
		}
		s.enqueue(f)
		for _, held := range n.held {
			s.enqueue(held)
		}
		r.subs[s] = struct{}{}
	}
	r.boarded = nil
	r.reading = false
	r.takeOffLocked()
}

// crash notes that a read failed, and returns who can't stay: newcomers, and
// when the topic itself is no more, everyone. Followers of a state that could
// not be read just now get it later; the pauses grow.
func (r *room) crash(f *fault.Error, forAll bool) []*socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	lost := slices.Collect(maps.Keys(r.boarded))
	if forAll && passes(f.Kind) {
		pause := r.hub.cfg.StateInterval << min(r.failures, maxRetryDoubling)
		r.failures++
		r.changed = true
		r.notBefore = r.hub.clock.Now().Add(pause)
	} else if forAll {
		lost = slices.AppendSeq(lost, maps.Keys(r.subs))
		clear(r.subs)
	}
	r.boarded = nil
	r.reading = false
	r.takeOffLocked()
	return lost
}

// passes reports whether a failure of this kind may go away by itself.
func passes(k fault.Kind) bool {
	switch k {
	case fault.Internal, fault.Unavailable, fault.RateLimited, fault.Conflict:
		return true
	case fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.TooLarge:
	}
	return false
}
