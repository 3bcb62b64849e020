package apptest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

func TestStyleTellsWhomItConcerns(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, a, b, c, d := s.Person(), s.Person(), s.Person(), s.Person(), s.Person()
		long := strings.Repeat("가나다 ", 30)
		mine := postShown(t, me, map[string][]string{"content": {" first\nline  " + long}}, drawn(t, 8, 8), drawn(t, 8, 9))
		bare := post(t, me, "bare")
		tell := func(what, want string) note {
			t.Helper()
			list := notesOf(t, s, me)
			if got := kindsOf(list); got != want {
				t.Fatalf("%s: told %s, want %s", what, got, want)
			}
			return list[0]
		}
		// Whoever likes the same joins; the newest three are named.
		for _, p := range []*apptest.Client{a, b, c, d} {
			s.Clock.Advance(time.Second)
			like(t, p, postPath(mine.ID, ""))
		}
		n := tell("likes", "liked×4")
		if n.by() != ids(d.UserID, c.UserID, b.UserID) || n.Target.Type != "post" || n.Target.ID != mine.ID || n.Target.Remark != 0 || n.Target.Post == nil || n.Target.Post.Image == nil || *n.Target.Post.Image != mine.Images[0] {
			t.Errorf("likes: %+v", n)
		}
		if excerpt := n.Target.Post.Excerpt; !strings.HasPrefix(excerpt, "first line 가나다") || !strings.HasSuffix(excerpt, "…") || len([]rune(excerpt)) > 61 {
			t.Errorf("the excerpt is %q", excerpt)
		}
		like(t, a, postPath(bare.ID, ""))
		if n = tell("another post", "liked×1 liked×4"); n.Target.ID != bare.ID || n.Target.Post.Image != nil || n.Target.Post.Excerpt != "bare" {
			t.Errorf("another post: %+v", n)
		}

		// What is taken back while it is unread is no news.
		c.Patch(postPath(mine.ID, "like/"), nil).Want(t, 200)
		if n = tell("one unlikes", "liked×3 liked×1"); n.by() != ids(d.UserID, b.UserID, a.UserID) || n.Target.ID != mine.ID || n.Target.Post == nil {
			t.Errorf("one unlikes: %+v", n)
		}
		unread := unreadOf(t, me)
		a.Patch(postPath(bare.ID, "like/"), nil).Want(t, 200)
		allTold(t, s)
		if n := unreadOf(t, me); n != unread-1 {
			t.Errorf("%d unread, then %d", unread, n)
		}
		read(t, me, M{"all": true})
		d.Patch(postPath(mine.ID, "like/"), nil).Want(t, 200)
		if n = notesOf(t, s, me)[0]; n.Count != 3 || unreadOf(t, me) != 0 {
			t.Errorf("one unlikes what was read: %+v", n)
		}
		like(t, d, postPath(mine.ID, ""))
		tell("liked once more", "liked×1 liked×3 liked×1")

		// Comments are the post's owner's to know, replies that of whom they speak to.
		said := say(t, a, mine.ID, "a comment")
		say(t, a, mine.ID, "another")
		n = tell("comments", "commented×2 liked×1 liked×3 liked×1")
		if n.by() != ids(a.UserID) || n.Target.Type != "post" || n.Target.ID != mine.ID || n.Target.Remark == 0 || n.Target.Post == nil {
			t.Errorf("comments: %+v", n)
		}
		answer := answerTo(t, b, said.ID, "a reply")
		if n = notesOf(t, s, a)[0]; kindsOf(notesOf(t, s, a)) != "replied×1" || n.by() != ids(b.UserID) || n.Target.Remark != answer.ID || n.Target.ID != mine.ID {
			t.Errorf("a reply: %+v", n)
		}
		if n = tell("a reply below", "commented×3 liked×1 liked×3 liked×1"); n.Target.Remark != answer.ID {
			t.Errorf("a reply below mine: %+v", n)
		}
		mineBelow := answerTo(t, me, said.ID, "mine") // to a, who isn't told twice
		if got := kindsOf(notesOf(t, s, a)); got != "replied×2" {
			t.Errorf("two replies: %s", got)
		}
		like(t, b, answerPath(mineBelow.ID, ""))
		like(t, b, saidPath(said.ID, ""))
		if n = tell("my reply is liked", "liked×1 commented×3 liked×1 liked×3 liked×1"); n.Target.ID != mine.ID || n.Target.Remark != mineBelow.ID {
			t.Errorf("my reply is liked: %+v", n)
		}
		if n = notesOf(t, s, a)[0]; n.Kind != "liked" || n.Target.Remark != said.ID {
			t.Errorf("their comment is liked: %+v", n)
		}

		// Followers join, too.
		s.Clock.Advance(time.Second)
		follow(t, a, me.UserID)
		s.Clock.Advance(time.Second)
		follow(t, b, me.UserID)
		if n = tell("followers", "followed×2 liked×1 commented×3 liked×1 liked×3 liked×1"); n.by() != ids(b.UserID, a.UserID) || n.Target.Type != "user" || n.Target.ID != b.UserID {
			t.Errorf("followers: %+v", n)
		}
		b.Patch(personPath(me.UserID, "follow/"), nil).Want(t, 200)
		if n = tell("one goes", "followed×1 liked×1 commented×3 liked×1 liked×3 liked×1"); n.by() != ids(a.UserID) {
			t.Errorf("one goes: %+v", n)
		}

		// Nobody is told what they did themselves.
		before := kindsOf(notesOf(t, s, me))
		for _, path := range []string{postPath(mine.ID, ""), answerPath(mineBelow.ID, "")} {
			like(t, me, path)
			me.Patch(path+"like/", nil).Want(t, 200)
		}
		own := say(t, me, mine.ID, "mine @"+nameOf(t, me))
		answerTo(t, me, own.ID, "to myself")
		post(t, me, "@"+nameOf(t, me))
		if after := kindsOf(notesOf(t, s, me)); after != before {
			t.Errorf("told of oneself: %s, before %s", after, before)
		}

		// Nobody follows a link to what is gone, or hidden.
		staff := s.Staff()
		hide(t, staff, a, postPath(bare.ID, ""))
		me.Delete(postPath(mine.ID, "")).Want(t, 204)
		for _, n := range notesOf(t, s, me) {
			if n.Target.Type == "post" && n.Target.Post != nil {
				t.Errorf("told of what is gone: %+v", n)
			}
		}
		wantInboxes(t, s)
	})
}

func TestStyleKindsAreSwitchedOff(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		mine := post(t, me, "mine")
		said := say(t, me, mine.ID, "said")
		deeds := map[string]func(){
			"liked":     func() { other.Patch(postPath(mine.ID, "like/"), nil).Want(t, 200) },
			"commented": func() { say(t, other, mine.ID, "words") },
			"replied":   func() { answerTo(t, other, said.ID, "words") },
			"followed":  func() { other.Patch(personPath(me.UserID, "follow/"), nil).Want(t, 200) },
			"mentioned": func() { post(t, other, "@"+nameOf(t, me)) },
		}
		want := 0
		for kind, do := range deeds {
			me.Do("PUT", inboxPath+"settings/", M{"kinds": M{kind: false}}).Want(t, 200)
			do()
			if list := notesOf(t, s, me); len(list) != want {
				t.Errorf("%s is switched off, and told: %s", kind, kindsOf(list))
			}
			me.Do("PUT", inboxPath+"settings/", M{"kinds": M{kind: true}}).Want(t, 200)
			if kind == "liked" || kind == "followed" {
				do() // takes it back
			}
			do()
			want++
			if list := notesOf(t, s, me); len(list) != want || list[0].Kind != kind {
				t.Fatalf("%s is switched on, and told: %s", kind, kindsOf(list))
			}
		}
		wantInboxes(t, s)
	})
}

func TestStyleMentionsAreTold(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, a, b, foe, left := s.Person(), s.Person(), s.Person(), s.Person(), s.Person()
		for c, name := range map[*apptest.Client]string{me: "me.me", a: "solbit", b: "가온", foe: "foe.foe", left: "left"} {
			rename(t, c, name)
		}
		blocks(foe, me.UserID).Want(t, 201)
		left.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		text := "@SolBit, @가온! (@solbit) me@solbit.example a@가온 @foe.foe @left @nobody.here @me.me"
		p := post(t, me, text)
		if p.Content != "@solbit, @가온! (@solbit) me@solbit.example a@가온 @foe.foe @left @nobody.here @me.me" || who(p.Mentions, func(p speaker) int64 { return p.UserID }) != ids(a.UserID, b.UserID, me.UserID) {
			t.Errorf("posted %+v", p)
		}
		for c, want := range map[*apptest.Client]string{a: "mentioned×1", b: "mentioned×1", foe: "", me: ""} {
			list := notesOf(t, s, c)
			if got := kindsOf(list); got != want {
				t.Errorf("person %d is told %q, want %q", c.UserID, got, want)
			}
			if want != "" && (list[0].by() != ids(me.UserID) || list[0].Target.Type != "post" || list[0].Target.ID != p.ID || !strings.HasPrefix(list[0].Target.Post.Excerpt, "@solbit, @가온!")) {
				t.Errorf("told %+v", list[0])
			}
		}

		// A change tells only who comes in with it, and a new name changes nothing.
		rename(t, a, "solbit.new")
		if now := readPost(t, s.Anonymous(), p.ID); !strings.HasPrefix(now.Content, "@solbit.new, @가온! (@solbit.new) me@solbit.example") || now.Mentions[0].ProfileName != "solbit.new" {
			t.Errorf("after the rename: %+v", now)
		}
		c := s.Person()
		rename(t, c, "solbit") // who takes the old name is not meant
		if list := notesOf(t, s, a); !strings.HasPrefix(list[0].Target.Post.Excerpt, "@solbit.new, ") {
			t.Errorf("the excerpt: %+v", list[0].Target.Post)
		}
		changed := apptest.Into[story](t, me.Patch(postPath(p.ID, ""), M{"content": readPost(t, me, p.ID).Content + " @solbit"}).Want(t, 200))
		if who(changed.Mentions, func(p speaker) int64 { return p.UserID }) != ids(a.UserID, b.UserID, me.UserID, c.UserID) {
			t.Errorf("changed: %+v", changed)
		}
		me.Patch(postPath(p.ID, ""), M{"image_ratio": 2}).Want(t, 200)
		for person, want := range map[*apptest.Client]string{a: "mentioned×1", b: "mentioned×1", c: "mentioned×1"} {
			if got := kindsOf(notesOf(t, s, person)); got != want {
				t.Errorf("after the change, person %d is told %q", person.UserID, got)
			}
		}
		if got := feedIDs(t, s, a, fmt.Sprintf("type=mentions&user_id=%d", c.UserID)); got != ids(p.ID) {
			t.Errorf("posts that mention them: %q", got)
		}
		me.Patch(postPath(p.ID, ""), M{"content": "nobody"}).Want(t, 200)
		if got := feedIDs(t, s, a, fmt.Sprintf("type=mentions&user_id=%d", a.UserID)); got != "" {
			t.Errorf("posts that mention them no more: %q", got)
		}

		// Words below a post mention, too: whom they tell anyway they tell once.
		said := say(t, a, p.ID, "@me.me and @가온")
		if got := kindsOf(notesOf(t, s, me)); got != "commented×1" {
			t.Errorf("whose post it is: %s", got)
		}
		list := notesOf(t, s, b)
		if kindsOf(list) != "mentioned×1 mentioned×1" || list[0].Target.ID != p.ID || list[0].Target.Remark != said.ID {
			t.Errorf("who is mentioned: %+v", list)
		}
		answerTo(t, b, said.ID, "@solbit.new @solbit")
		if got := kindsOf(notesOf(t, s, a)); got != "replied×1 mentioned×1" {
			t.Errorf("who is spoken to: %s", got)
		}
		if got := kindsOf(notesOf(t, s, c)); got != "mentioned×1 mentioned×1" {
			t.Errorf("who is mentioned: %s", got)
		}
		a.Patch(saidPath(said.ID, ""), M{"content": "@가온 @solbit"}).Want(t, 200)
		if got := kindsOf(notesOf(t, s, c)) + kindsOf(notesOf(t, s, b)); strings.Count(got, "mentioned") != 4 {
			t.Errorf("a comment that was changed: %s", got)
		}

		// Whom the reader doesn't see is not named to them, in none of the texts.
		blocks(c, b.UserID).Want(t, 201)
		p = post(t, me, "to @solbit")
		allTold(t, s)
		if got := readPost(t, b, p.ID); got.Content != "to @…" || len(got.Mentions) != 0 {
			t.Errorf("the hidden are named: %+v", got)
		}
		if got := readPost(t, s.Anonymous(), p.ID); got.Content != "to @solbit" {
			t.Errorf("others read %+v", got)
		}
		wantInboxes(t, s)
	})
}

func TestStylePostsAreActivities(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, friend, stranger := s.Person(), s.Person(), s.Person()
		befriend(t, me, friend)
		allTold(t, s)
		audience(t, me, "friendship", "nobody")
		shown := postShown(t, me, map[string][]string{"content": {"look @" + nameOf(t, stranger)}}, drawn(t, 8, 8))
		see := func(what, mine, friends, strangers string) {
			t.Helper()
			for by, want := range map[*apptest.Client]string{me: mine, friend: friends, stranger: strangers} {
				if got := did(t, s, by, me.UserID); got != want {
					t.Errorf("%s: seen are %q, want %q", what, got, want)
				}
			}
			if got := did(t, s, friend, 0); got != friends {
				t.Errorf("%s: the friend's list is %q, want %q", what, got, friends)
			}
		}
		see("at first", "post friendship", "post", "post")
		list := apptest.Into[pageOf[act]](t, friend.Get(inboxPath+"activity/").Want(t, 200)).Results
		if n := list[0]; n.Kind != "post" || n.Actor.UserID != me.UserID || n.Target.Type != "post" || n.Target.ID != shown.ID || n.Target.Post == nil || n.Target.Post.Excerpt != "look @"+nameOf(t, stranger) || n.Target.Post.Image == nil || *n.Target.Post.Image != shown.Images[0] {
			t.Errorf("an activity: %+v", n)
		}
		audience(t, me, "post", "friends")
		see("for friends", "post friendship", "post", "")
		audience(t, me, "post", "nobody")
		see("for nobody", "post friendship", "", "")
		post(t, me, "unseen")
		allTold(t, s)
		audience(t, me, "post", "everyone")
		see("what nobody could see is not kept", "post friendship", "post", "post")
		later := post(t, me, "later")
		see("for everyone", "post post friendship", "post post", "post post")
		staff := s.Staff()
		id := reportOf(t, staff, stranger, postPath(later.ID, ""))
		decide(t, staff, id, "hide/")
		see("hidden", "post friendship", "post", "post")
		decide(t, staff, id, "restore/")
		see("shown again", "post post friendship", "post post", "post post")
		me.Delete(postPath(shown.ID, "")).Want(t, 204)
		see("deleted", "post friendship", "post", "post")
	})
}

// Two who block each other are not shown each other's posts by what was told.
func TestStyleNewsHideTheBlocked(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, foe, other := s.Person(), s.Person(), s.Person()
		theirs := post(t, foe, "secret words for @"+nameOf(t, me))
		say(t, other, post(t, me, "mine").ID, "words")
		follow(t, foe, me.UserID)
		if n := len(notesOf(t, s, me)); n != 3 {
			t.Fatalf("told %d things", n)
		}
		for what, hidden := range map[string]struct{ begin, end func() }{
			"blocked": {func() { blocks(me, foe.UserID).Want(t, 201) }, func() { me.Delete(fmt.Sprintf("%s%d/", blocksPath, foe.UserID)).Want(t, 204) }},
			"muted":   {func() { mute(t, me, foe.UserID) }, func() { unmute(t, me, foe.UserID) }},
		} {
			hidden.begin()
			if r := me.Get(inboxPath).Want(t, 200); strings.Contains(string(r.Body), "secret") || mentions(t, r.Body, foe.UserID) {
				t.Errorf("told of the %s: %s", what, r.Body)
			}
			hidden.end()
			list := notesOf(t, s, me)
			if n := list[len(list)-1]; n.Kind != "mentioned" || n.Target.ID != theirs.ID || n.Target.Post == nil || n.by() != ids(foe.UserID) {
				t.Errorf("not %s any more: %+v", what, n)
			}
		}
	})
}

// Whoever is connected hears of it at once.
func TestStyleNewsComeLive(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		mine := post(t, me, "mine")
		live, _ := enter(t, s, token(t, me))
		like(t, other, postPath(mine.ID, ""))
		var f struct {
			Notification *note
			Unread       int64
		}
		if err := json.Unmarshal(live.expect("inbox"), &f); err != nil || f.Notification == nil {
			t.Fatalf("told %+v, %v", f, err)
		}
		if n := f.Notification; n.Kind != "liked" || n.by() != ids(other.UserID) || n.Target.Post == nil || n.Target.Post.Excerpt != "mine" || f.Unread == 0 {
			t.Errorf("told %+v", n)
		}
	})
}
