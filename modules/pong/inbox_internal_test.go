package pong

import (
	"sync"
	"testing"
)

func TestAnInboxDropsFramesAndNoCalls(t *testing.T) {
	var b inbox
	for range inboxFrames + 50 {
		b.put(message{kind: heard})
	}
	for range inboxCalls {
		b.put(message{kind: came})
	}
	list, full := b.empty()
	if len(list) != inboxFrames+inboxCalls || full {
		t.Fatalf("%d messages, full: %v", len(list), full)
	}
	if list[0].kind != heard || list[len(list)-1].kind != came {
		t.Error("out of order")
	}
	for range inboxFrames {
		b.put(message{kind: heard})
	}
	if list, full := b.empty(); len(list) != inboxFrames || full {
		t.Errorf("then %d messages, full: %v", len(list), full)
	}
	if list, full := b.empty(); len(list) != 0 || full {
		t.Errorf("then %d messages, full: %v", len(list), full)
	}
}

func TestAFullInboxSaysSo(t *testing.T) {
	var b inbox
	for range inboxCalls + 1 {
		if !b.put(message{kind: went}) {
			t.Fatal("closed")
		}
	}
	b.put(message{kind: known})
	if list, full := b.empty(); len(list) != inboxCalls+1 || !full || list[inboxCalls].kind != known {
		t.Errorf("%d messages, full: %v", len(list), full)
	}
}

func TestAClosedInboxGivesBackWhatNobodyTook(t *testing.T) {
	var b inbox
	b.put(message{kind: came, user: 7})
	if rest := b.close(); len(rest) != 1 || rest[0].user != 7 {
		t.Errorf("left: %+v", rest)
	}
	if b.put(message{kind: came}) {
		t.Error("takes more")
	}
}

// Nothing is lost and nothing comes twice, whoever puts while the table takes.
func TestAnInboxBearsManyAtOnce(t *testing.T) {
	const writers, each = 8, 500
	var b inbox
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				b.put(message{kind: known, user: int64(w), at: int64(i)})
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	next := [writers]int64{}
	take := func() {
		list, _ := b.empty()
		for _, m := range list {
			if m.at != next[m.user] {
				t.Errorf("writer %d: %d came, want %d", m.user, m.at, next[m.user])
			}
			next[m.user]++
		}
	}
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		take()
	}
	take()
	for w, n := range next {
		if n != each {
			t.Errorf("writer %d: %d came", w, n)
		}
	}
}
